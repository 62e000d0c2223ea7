"""What an action is, and what is made from the table of them: bindings, footer, help and the person's own keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from rich.cells import cell_len
from textual.binding import Binding, BindingType


class ScreenId(Enum):
    """The screens, by the name under which the app knows them; `ANYWHERE` is every screen."""

    ANYWHERE = "anywhere"
    MODELS = "models"
    CUSTOMIZE = "customize"
    DATA = "data"
    INSTANCE = "instance"
    HYPERPARAMETERS = "hyperparameters"
    REVIEW = "review"
    JOBS = "jobs"
    JOB = "job"
    TUNING = "tuning"
    COMPARE = "compare"
    ENDPOINTS = "endpoints"
    ASK = "ask"
    SETTINGS = "settings"
    WELCOME = "welcome"

    @property
    def title(self) -> str:
        """The screen's name for people."""
        return self.value.capitalize()


SCREENS = (
    ScreenId.MODELS,
    ScreenId.DATA,
    ScreenId.INSTANCE,
    ScreenId.HYPERPARAMETERS,
    ScreenId.REVIEW,
    ScreenId.JOBS,
    ScreenId.ENDPOINTS,
)
"""The screens with a number key, in that order."""


RIGHT = -1
"""Priority of the keys that stand at the right end of the footer, always."""


@dataclass(frozen=True)
class Action:
    """Something a person can do.

    Attributes:
        id: its name in the `keys` setting and for Textual's keymap.
        keys: the keys, the first is shown; none: only in the palette.
        label: one or two words for the footer.
        help: a sentence for the help screen and the palette.
        run: Textual's action string.
        priority: its rank in the footer; the highest number is dropped first, None is never in the footer.
        over_all: whether it works over dialogs and while one types, too.
        short: the label where there is less room; empty: the same.
        former: keys of an earlier version, which work for one release more and say which key it is now.
        brief: two to four words for the page of keys; empty: the label.
    """

    id: str
    keys: tuple[str, ...]
    label: str
    help: str
    run: str
    priority: int | None = 5
    over_all: bool = False
    short: str = ""
    former: tuple[str, ...] = ()
    brief: str = ""


KEY_NAMES = {
    "question_mark": "?",
    "slash": "/",
    "ampersand": "&",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "equals_sign": "=",
    "escape": "esc",
    "comma": ",",
    "colon": ":",
    "backspace": "bksp",
    "delete": "del",
}
"""Keys that people write in another way than Textual."""


_KEY_WORDS = {"backspace": "backspace", "delete": "delete"}


def key_name(key: str) -> str:
    """Return a key as people write it, where there is little room."""
    if key.startswith("ctrl+"):
        return f"^{key.removeprefix('ctrl+')}"
    return KEY_NAMES.get(key, key)


def key_word(key: str) -> str:
    """Return a key as a sentence names it."""
    return _KEY_WORDS.get(key) or KEY_NAMES.get(key, key)


def keys_of(action: Action, keymap: Mapping[str, str]) -> tuple[str, ...]:
    """Return the keys of an action: the person's own, where there are some (`id: key` or `id: key,key`)."""
    own = keymap.get(action.id)
    return action.keys if own is None else tuple(key.strip() for key in own.split(","))


def bindings(actions: Sequence[Action]) -> list[BindingType]:
    """Return the key bindings of actions."""
    return [
        *(
            Binding(",".join(action.keys), action.run, action.label, False, priority=action.over_all, id=action.id)
            for action in actions
            if action.keys
        ),
        *(
            Binding(key, f"screen.former('{action.id}', '{key}')", action.label, False)
            for action in actions
            for key in action.former
        ),
    ]


def hints(actions: Sequence[Action], keymap: Mapping[str, str]) -> list[Hint]:
    """Return the footer of a screen."""
    shown = [(action, keys_of(action, keymap)) for action in actions if action.priority is not None]
    return [Hint(key_name(keys[0]), a.label, a.priority or 0, a.run, a.short) for a, keys in shown if keys]


class Hint(NamedTuple):
    """A key and what it does. When there is no room for all, those with the highest priority number go first."""

    key: str
    label: str
    priority: int = 0
    action: str = ""
    """What a click runs; posted as `Chosen`."""
    short: str = ""
    """The label where there is less room; empty: the same."""

    @property
    def width(self) -> int:
        """Cells it takes."""
        return cell_len(self.key) + 1 + cell_len(self.label)
