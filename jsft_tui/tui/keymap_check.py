"""Whether the keys of a person can be: none twice on a screen, none that its lists, texts or charts have already."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from textual.binding import Binding
from textual.dom import DOMNode
from textual.keys import KEY_NAME_REPLACEMENTS, Keys
from textual.screen import Screen
from textual.widgets import Input

from jsft_tui.core.common.errors import Problem, usage
from jsft_tui.core.common.text import did_you_mean
from jsft_tui.tui.base.dialog import Dialog
from jsft_tui.tui.dialogs.choice import ChoiceDialog
from jsft_tui.tui.dialogs.folder import FolderDialog
from jsft_tui.tui.keymap.action import KEY_NAMES, Action, ScreenId, keys_of
from jsft_tui.tui.keymap.actions import BY_SCREEN
from jsft_tui.tui.screens.customize.table import WayTable
from jsft_tui.tui.screens.instance.settings_view import SettingsView
from jsft_tui.tui.screens.job.charts import JobCharts
from jsft_tui.tui.widgets.chart import Chart
from jsft_tui.tui.widgets.log.view import LogView
from jsft_tui.tui.widgets.table.virtual_table import VirtualTable
from jsft_tui.tui.widgets.text.text_pane import TextPane

Kind = type[DOMNode]
"""A class with bindings of its own."""

# Keys that terminal multiplexers take for themselves (k9s #31, #1391): no action may need them.
RESERVED = frozenset({"ctrl+a", "ctrl+b"})

FOCUSED: Mapping[ScreenId, tuple[Kind, ...]] = {
    ScreenId.MODELS: (VirtualTable, TextPane),
    ScreenId.CUSTOMIZE: (WayTable, TextPane, VirtualTable),
    ScreenId.DATA: (VirtualTable, TextPane),
    ScreenId.INSTANCE: (VirtualTable, TextPane, SettingsView),
    ScreenId.HYPERPARAMETERS: (VirtualTable, TextPane),
    ScreenId.REVIEW: (VirtualTable, TextPane),
    ScreenId.JOBS: (VirtualTable, TextPane),
    ScreenId.JOB: (LogView, TextPane, VirtualTable, Chart, JobCharts),
    ScreenId.TUNING: (VirtualTable, TextPane),
    ScreenId.COMPARE: (VirtualTable, Chart),
    ScreenId.ENDPOINTS: (VirtualTable, TextPane, LogView),
    ScreenId.ASK: (TextPane,),
    ScreenId.SETTINGS: (VirtualTable, TextPane),
    ScreenId.WELCOME: (VirtualTable, TextPane),
}
"""What may have the focus on a screen, lines to type into apart: a key goes there first."""

OVER_ALL = (Input, Dialog, ChoiceDialog, FolderDialog)
"""What an action that works over everything must leave its keys to, beside what may have the focus."""

_KIND_NAMES: Mapping[Kind, str] = {
    Screen: "on every screen",
    VirtualTable: "in lists",
    TextPane: "in texts",
    WayTable: "in the table of recipes",
    SettingsView: "in texts",
    LogView: "in the log",
    Chart: "in charts",
    JobCharts: "in charts",
    Input: "where one types",
    Dialog: "in dialogs",
    ChoiceDialog: "in dialogs",
    FolderDialog: "in dialogs",
}
_NAMED_KEYS = frozenset({key.value for key in Keys} | set(KEY_NAME_REPLACEMENTS.values()))
_CHORD = re.compile(r"^((ctrl|shift|alt)\+)+")


def check_keymap(keymap: Mapping[str, str], file: Path) -> None:
    """Look at the person's own keys.

    Args:
        keymap: action -> its keys.
        file: the settings that they are from, to be named.

    Raises:
        Problem: an action or a key that does not exist, a key that a multiplexer takes, or one that something else
            on the same screen has (code `BadConfig`).
    """
    try:
        _check(keymap)
    except Problem as problem:
        raise usage(problem.code, f"{file}: {problem.message}", problem.remedy) from None


def _check(keymap: Mapping[str, str]) -> None:
    known = {action.id: action for actions in BY_SCREEN.values() for action in actions}
    for name in keymap:
        if name not in known:
            hint = did_you_mean(name, known) or f"Known: {', '.join(sorted(known))}."
            raise usage("BadConfig", f"keys: there is no action {name!r}.", hint)
        for key in keys_of(known[name], keymap):
            _check_key(name, key)
    for where, actions in BY_SCREEN.items():
        everywhere = () if where is ScreenId.ANYWHERE else BY_SCREEN[ScreenId.ANYWHERE]
        _check_twice((*actions, *everywhere), keymap)
        for action in actions:
            if action.id in keymap:
                _check_taken(action, where, keymap)


def _check_key(name: str, key: str) -> None:
    if key in RESERVED:
        raise usage("BadConfig", f"keys: {key} belongs to tmux and screen.", "Use another key.")
    bare = _CHORD.sub("", key)
    if len(bare) != 1 and bare not in KEY_NAMES and bare not in _NAMED_KEYS:
        hint = "A key is a character, or a name like ctrl+y, space, delete, f5, question_mark."
        raise usage("BadConfig", f"keys: {name} has {key!r}, which is no key.", hint)


def _check_twice(actions: Sequence[Action], keymap: Mapping[str, str]) -> None:
    seen: dict[str, str] = {}
    for action in actions:
        for key in keys_of(action, keymap):
            other = seen.setdefault(one_name(key), action.id)
            if other != action.id and {other, action.id} & set(keymap):
                message = f"keys: {key} would be both {other} and {action.id}."
                raise usage("BadConfig", message, "Give one of them another key.")


def _check_taken(action: Action, where: ScreenId, keymap: Mapping[str, str]) -> None:
    """Not a key that something on the screen has for itself; the table's own keys are meant to be as they are."""
    usual = {one_name(key) for key in action.keys}
    added = {one_name(key): key for key in keys_of(action, keymap) if one_name(key) not in usual}
    for kind in _kinds(action, where):
        for key, what in own_keys(kind).items():
            if key in added:
                message = f'keys: {added[key]} would be both {action.id} and "{what}" {_KIND_NAMES[kind]}.'
                raise usage("BadConfig", message, f"Give {action.id} another key.")
    if action.over_all and (typed := [key for key in added.values() if _is_typed(key)]):
        message = f"keys: {action.id} works while one types, too: {typed[0]} could not be typed any more."
        raise usage("BadConfig", message, f"Give {action.id} a key like ctrl+y or f5.")


def _kinds(action: Action, where: ScreenId) -> Iterator[Kind]:
    yield Screen
    if where is not ScreenId.ANYWHERE:
        yield from FOCUSED[where]
        return
    yield from dict.fromkeys(kind for kinds in FOCUSED.values() for kind in kinds)
    if action.over_all:
        yield from OVER_ALL


def own_keys(kind: Kind) -> dict[str, str]:
    """Return the keys that a class binds by itself, and what each does."""
    bindings = Binding.make_bindings(vars(kind).get("BINDINGS", ()))
    return {binding.key: binding.description.lower() for binding in bindings}


def one_name(key: str) -> str:
    """Return Textual's name of a key: `?` is `question_mark`."""
    return next(iter(Binding.make_bindings([(key, "", "")]))).key


def _is_typed(key: str) -> bool:
    return len(key) == 1 or key == "space" or (not _CHORD.match(key) and key in KEY_NAMES and key != "escape")
