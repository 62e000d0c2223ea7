"""Which modules are imported late, and when: the first frame needs one screen, and nothing of a session."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from textual.screen import Screen

    from jsft_tui.tui.keymap.action import ScreenId

_DRAWN_OF_A_SESSION = (
    "jsft_tui.core.jobs.cost",
    "jsft_tui.services.preflight.quotas",
    "jsft_tui.services.session.steps",
    "jsft_tui.tui.background.notifications",
)


def screen_module(name: str) -> ModuleType:
    """Return the module of a screen, `screen` in the folder of its name, imported when it is first asked for."""
    return import_module(f"jsft_tui.tui.screens.{name}.screen")


def screen_factory(where: ScreenId) -> Callable[[], Screen[None]]:
    """Return what makes a screen; its module is imported when it is first shown."""

    def make() -> Screen[None]:
        module = screen_module(where.value)
        screen: Screen[None] = getattr(module, f"{where.title}Screen")()
        return screen

    return make


def import_for_session() -> None:
    """Import what is drawn as soon as there is a session; in the thread that opens it, so that no key waits."""
    for name in _DRAWN_OF_A_SESSION:
        import_module(name)
