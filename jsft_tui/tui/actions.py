"""What an action is, and what is made from the table of them: bindings, footer, help and the person's own keys."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from textual.binding import Binding, BindingType
from textual.keys import KEY_NAME_REPLACEMENTS, Keys

from jsft_tui.core.errors import usage
from jsft_tui.core.text import did_you_mean
from jsft_tui.tui.widgets.key_hints import Hint


class Where(Enum):
    """The screens, by the name under which the app knows them; `ANYWHERE` is every screen."""

    ANYWHERE = "anywhere"
    MODELS = "models"
    DATA = "data"
    INSTANCE = "instance"
    HYPERPARAMETERS = "hyperparameters"
    REVIEW = "review"
    JOBS = "jobs"
    JOB = "job"
    COMPARE = "compare"
    SETTINGS = "settings"
    WELCOME = "welcome"

    @property
    def title(self) -> str:
        """The screen's name for people."""
        return self.value.capitalize()


SCREENS = (Where.MODELS, Where.DATA, Where.INSTANCE, Where.HYPERPARAMETERS, Where.REVIEW, Where.JOBS)
"""The screens with a number key, in that order."""


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
    """

    id: str
    keys: tuple[str, ...]
    label: str
    help: str
    run: str
    priority: int | None = 5
    over_all: bool = False


# Keys that terminal multiplexers take for themselves (k9s #31, #1391): no action may need them.
RESERVED = frozenset({"ctrl+a", "ctrl+b"})

_KEY_NAMES = {
    "question_mark": "?",
    "slash": "/",
    "ampersand": "&",
    "right_square_bracket": "]",
    "escape": "esc",
    "comma": ",",
    "backspace": "bksp",
    "delete": "del",
}


_NAMED_KEYS = frozenset({key.value for key in Keys} | set(KEY_NAME_REPLACEMENTS.values()))


_KEY_WORDS = {"backspace": "backspace", "delete": "delete"}


def key_name(key: str) -> str:
    """A key as people write it, where there is little room."""
    if key.startswith("ctrl+"):
        return f"^{key.removeprefix('ctrl+')}"
    return _KEY_NAMES.get(key, key)


def key_word(key: str) -> str:
    """A key as a sentence names it."""
    return _KEY_WORDS.get(key) or _KEY_NAMES.get(key, key)


def keys_of(action: Action, keymap: Mapping[str, str]) -> tuple[str, ...]:
    """The keys of an action: the person's own, where there are some (`id: key` or `id: key,key`)."""
    own = keymap.get(action.id)
    return action.keys if own is None else tuple(key.strip() for key in own.split(","))


def check_keymap(keymap: Mapping[str, str], by_screen: Mapping[Where, Sequence[Action]]) -> None:
    """Look at the person's own keys.

    Raises:
        Problem: an action or a key that does not exist, a key that a multiplexer takes, or one that something else
            on the same screen has (code `BadConfig`).
    """
    known = {action.id: action for actions in by_screen.values() for action in actions}
    for name in keymap:
        if name not in known:
            hint = did_you_mean(name, known) or f"Known: {', '.join(sorted(known))}."
            raise usage("BadConfig", f"keys: there is no action {name!r}.", hint)
        for key in keys_of(known[name], keymap):
            _check_key(name, key)
    for where, actions in by_screen.items():
        everywhere = () if where is Where.ANYWHERE else by_screen[Where.ANYWHERE]
        _check_twice((*actions, *everywhere), keymap)


def _check_key(name: str, key: str) -> None:
    if key in RESERVED:
        raise usage("BadConfig", f"keys: {key} belongs to tmux and screen.", "Use another key.")
    bare = re.sub(r"^((ctrl|shift|alt)\+)+", "", key)
    if len(bare) != 1 and bare not in _KEY_NAMES and bare not in _NAMED_KEYS:
        hint = "A key is a character, or a name like ctrl+y, space, delete, f5, question_mark."
        raise usage("BadConfig", f"keys: {name} has {key!r}, which is no key.", hint)


def _check_twice(actions: Sequence[Action], keymap: Mapping[str, str]) -> None:
    seen: dict[str, str] = {}
    for action in actions:
        for key in keys_of(action, keymap):
            other = seen.setdefault(_one_name(key), action.id)
            if other != action.id and {other, action.id} & set(keymap):
                message = f"keys: {key} would be both {other} and {action.id}."
                raise usage("BadConfig", message, "Give one of them another key.")


def _one_name(key: str) -> str:
    """A key under the one of its names that the table of actions uses."""
    return next((name for name, shown in _KEY_NAMES.items() if shown == key), key)


def bindings(actions: Sequence[Action]) -> list[BindingType]:
    """The key bindings of some actions."""
    return [
        Binding(",".join(action.keys), action.run, action.label, False, priority=action.over_all, id=action.id)
        for action in actions
        if action.keys
    ]


def hints(actions: Sequence[Action], keymap: Mapping[str, str]) -> list[Hint]:
    """The footer of a screen."""
    shown = [(action, keys_of(action, keymap)) for action in actions if action.priority is not None]
    return [Hint(key_name(keys[0]), a.label, a.priority or 0, a.run) for a, keys in shown if keys]
