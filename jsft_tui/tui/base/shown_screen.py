"""What the app and background work may ask of the screen that is shown; `WorkScreen` answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, TypeVar

from textual.events import Resize
from textual.screen import Screen

from jsft_tui.core.common.status import Status
from jsft_tui.tui.keymap.action import ScreenId
from jsft_tui.tui.terminal.latest_size import leave_out_former_size

R = TypeVar("R")


class ShownScreen(Screen[None]):
    """What the app and background work ask of a screen."""

    WHERE: ClassVar[ScreenId]

    async def _on_resize(self, event: Resize) -> None:
        leave_out_former_size(self, event)

    def refresh_data(self) -> None:
        """Load where needed, and draw: the target, the draft or a fact may have changed."""
        raise NotImplementedError

    def load(self) -> None:
        """Another target was opened: forget what was shown, and ask for what to show."""

    def key_pressed(self) -> None:
        """Take away what was said: a key was pressed, so it is read."""

    def step_back(self) -> bool:
        """Go back within the screen; return whether there was anything to go back from."""
        return False

    @property
    def shown_jobs(self) -> tuple[str, ...] | None:
        """The jobs whose rows are on screen; None for a screen that shows no list of jobs."""
        return None

    @property
    def shown_curves(self) -> tuple[str, ...]:
        """The jobs whose curves are on screen."""
        return ()

    @property
    def subjects(self) -> Sequence[str]:
        """What is shown, as the screen's command on the command line names it: a model, an address, jobs."""
        return ()

    def jobs_changed(self) -> None:
        """Draw what has changed in the list of jobs."""

    @property
    def shows_endpoints(self) -> bool:
        """Whether the list of endpoints is on screen."""
        return False

    def endpoints_changed(self) -> None:
        """Draw what has changed in the list of endpoints."""

    def target_closed(self) -> None:
        """Forget what was under way: the target is closed."""

    @property
    def would_lose(self) -> str:
        """What would be lost by leaving now, in a sentence; empty when nothing."""
        return ""

    def key(self, action_id: str) -> str:
        """Return the key of an action, as a sentence names it."""
        raise NotImplementedError

    async def wait_for_turn(self) -> None:
        """Wait until a late dialog may be shown here."""
        raise NotImplementedError

    def cancel(self, *groups: str) -> None:
        """Cancel flows of this screen."""
        raise NotImplementedError

    def say(self, text: str, sign: Status | None = None) -> None:
        """Show a message in the status line."""
        raise NotImplementedError
