"""All actions, screen by screen: bindings, footer, help and palette are made from them.

A screen's actions are declared in `screens`, in the module of its name, which is imported when they are first needed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path

from jsft_tui.tui.keymap import screens
from jsft_tui.tui.keymap.action import Action, ScreenId


@cache
def action_modules() -> Mapping[str, str]:
    """Return the dotted names of the modules below `screens`, by their last part.

    Only their files are looked at: `pkgutil.walk_packages` imports what it walks through, and more, before the first
    frame.
    """
    root = Path(screens.__path__[0])
    found = (file.relative_to(root).with_suffix("").parts for file in root.rglob("*.py"))
    return {parts[-1]: ".".join((screens.__name__, *parts)) for parts in found if parts[-1] != "__init__"}


class _DeclaredActions(Mapping[ScreenId, tuple[Action, ...]]):
    """What the modules of the screens declare."""

    def __getitem__(self, where: ScreenId) -> tuple[Action, ...]:
        actions: tuple[Action, ...] = import_module(action_modules()[where.value]).ACTIONS
        return actions

    def __iter__(self) -> Iterator[ScreenId]:
        return iter(ScreenId)

    def __len__(self) -> int:
        return len(ScreenId)


BY_SCREEN: Mapping[ScreenId, tuple[Action, ...]] = _DeclaredActions()


def find_action(action_id: str) -> tuple[ScreenId, Action]:
    """Return an action, and the first screen that has it.

    Raises:
        KeyError: there is none of that id.
    """
    for where, actions in BY_SCREEN.items():
        for action in actions:
            if action.id == action_id:
                return where, action
    raise KeyError(action_id)
