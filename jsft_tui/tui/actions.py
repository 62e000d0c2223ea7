"""Every action once: its keys, its words, where it works. Bindings, footer, help and palette are made from this."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from textual.binding import Binding

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


@dataclass(frozen=True)
class Action:
    """Something a person can do.

    Attributes:
        id: its name in the `keys` setting and for Textual's keymap.
        keys: the keys, the first is shown.
        label: one or two words for the footer.
        help: a sentence for the help screen and the palette.
        where: where it works.
        run: Textual's action string.
        priority: its rank in the footer; the highest number is dropped first, None is never in the footer.
    """

    id: str
    keys: tuple[str, ...]
    label: str
    help: str
    where: Where
    run: str
    priority: int | None = 5


SCREENS = (Where.MODELS, Where.DATA, Where.INSTANCE, Where.HYPERPARAMETERS, Where.REVIEW, Where.JOBS)
"""The screens with a number key, in that order."""

_GO_TO = tuple(
    Action(
        f"go_{where.value}",
        (str(number),),
        where.value,
        f"Go to the screen {where.value}.",
        Where.ANYWHERE,
        f"app.go('{where.value}')",
        None,
    )
    for number, where in enumerate(SCREENS, start=1)
)

ACTIONS: tuple[Action, ...] = (
    *_GO_TO,
    Action("help", ("question_mark",), "help", "Show every key of this screen.", Where.ANYWHERE, "app.help", 1),
    Action("palette", ("ctrl+p",), "commands", "Find any action by its name.", Where.ANYWHERE, "app.palette", 2),
    Action("back", ("escape",), "back", "Go back.", Where.ANYWHERE, "app.back", None),
    Action("quit", ("q",), "quit", "Leave; jobs go on running.", Where.ANYWHERE, "app.leave", 6),
    Action("redraw", ("ctrl+l",), "redraw", "Draw the whole screen anew.", Where.ANYWHERE, "app.redraw", None),
    Action("suspend", ("ctrl+z",), "suspend", "Put jsft aside.", Where.ANYWHERE, "app.suspend_process", None),
    Action("filter", ("slash",), "filter", "Filter the list as you type.", Where.MODELS, "screen.filter", 1),
    Action("pick_model", ("enter",), "choose", "Take this model into the run.", Where.MODELS, "screen.pick", 0),
    Action("facet_task", ("t",), "task", "Only models of the next task.", Where.MODELS, "screen.next_task", 3),
    Action("facet_framework", ("f",), "framework", "Only this framework.", Where.MODELS, "screen.next_framework", 4),
    Action("all_models", ("a",), "all", "Also models that cannot be fine-tuned.", Where.MODELS, "screen.toggle_all", 4),
    Action("card", ("e",), "card", "Show or hide the model's card.", Where.MODELS, "screen.toggle_card", 4),
    Action("reload_models", ("r",), "reload", "Ask for the catalogue again.", Where.MODELS, "screen.reload", 6),
)

# Keys that terminal multiplexers take for themselves (k9s #31, #1391): no action may need them.
RESERVED = frozenset({"ctrl+a", "ctrl+b"})

_KEY_NAMES = {
    "question_mark": "?",
    "slash": "/",
    "escape": "esc",
    "space": "space",
    "comma": ",",
    "ctrl+p": "^p",
    "ctrl+l": "^l",
    "ctrl+z": "^z",
}


def key_name(key: str) -> str:
    """A key as people write it."""
    return _KEY_NAMES.get(key, key)


def with_keymap(actions: Sequence[Action], keymap: Mapping[str, str]) -> tuple[Action, ...]:
    """The actions with the person's own keys (`id: key` or `id: key,key`).

    Raises:
        Problem: an action that does not exist, or a key that a multiplexer takes.
    """
    known = {action.id for action in actions}
    for name, keys in keymap.items():
        if name not in known:
            hint = did_you_mean(name, known) or f"Known: {', '.join(sorted(known))}."
            raise usage("BadConfig", f"keys: there is no action {name!r}.", hint)
        if taken := RESERVED & set(keys.split(",")):
            raise usage("BadConfig", f"keys: {', '.join(taken)} belongs to tmux and screen.", "Use another key.")
    return tuple(
        replace(action, keys=tuple(keymap[action.id].split(","))) if action.id in keymap else action
        for action in actions
    )


def actions_of(where: Where, actions: Sequence[Action] = ACTIONS) -> list[Action]:
    """What can be done on a screen: its own actions, then those that work anywhere."""
    own = [action for action in actions if action.where is where]
    return own + [action for action in actions if action.where is Where.ANYWHERE]


def bindings(where: Where, actions: Sequence[Action] = ACTIONS) -> list[Binding]:
    """The key bindings of a screen's own actions (of the app for `ANYWHERE`)."""
    return [
        Binding(",".join(action.keys), action.run, action.label, show=False, id=action.id, tooltip=action.help)
        for action in actions
        if action.where is where
    ]


def hints(where: Where, actions: Sequence[Action] = ACTIONS) -> list[Hint]:
    """The footer of a screen."""
    shown = [action for action in actions_of(where, actions) if action.priority is not None]
    return [Hint(key_name(a.keys[0]), a.label, a.priority or 0, a.run) for a in shown]
