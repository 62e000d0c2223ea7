"""What the app and background work may ask of the screen that is shown; `WorkScreen` answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, TypeVar

from textual.screen import Screen

from jsft_tui.tui.base.dialog import Dialog
from jsft_tui.tui.keymap.action import ScreenId
from jsft_tui.tui.theme.themes import Status

R = TypeVar("R")


class ShownScreen(Screen[None]):
    """What the app and background work ask of a screen."""

    WHERE: ClassVar[ScreenId]

    def refresh_data(self) -> None:
        """The target, the draft or a fact may be another: load where needed, and draw."""
        raise NotImplementedError

    def load(self) -> None:
        """Another target was opened: forget what was shown, and ask for what to show."""

    def step_back(self) -> bool:
        """Go back within the screen; whether there was anything to go back from."""
        return False

    @property
    def shown_jobs(self) -> tuple[str, ...] | None:
        """The jobs whose rows are on screen; None for a screen that shows no list of jobs."""
        return None

    @property
    def shown_curves(self) -> tuple[str, ...]:
        """The jobs whose curves are on screen."""
        return ()

    def jobs_changed(self) -> None:
        """The board of jobs has another state."""

    def target_closed(self) -> None:
        """The target is not open any more, and what was under way has ended."""

    @property
    def would_lose(self) -> str:
        """What would be lost by leaving now, in a sentence; empty when nothing."""
        return ""

    def key(self, action_id: str) -> str:
        """The key of an action, as a sentence names it."""
        raise NotImplementedError

    def ask_person(self, dialog: Dialog[R], then: Callable[[R | None], None]) -> None:
        """Put a question that comes of an answer."""
        raise NotImplementedError

    def forget(self, name: str) -> None:
        """Drop the answer to a question of this screen."""
        raise NotImplementedError

    def say(self, text: str, sign: Status | None = None) -> None:
        """Show a message in the status line."""
        raise NotImplementedError
