"""Leave, or leave the target; what would be lost is asked about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jsft_tui.tui.base.app_base import BaseApp
from jsft_tui.tui.base.flow import flow
from jsft_tui.tui.widgets.text.text_pane import line

if TYPE_CHECKING:
    from jsft_tui.services.session.open import SessionFactory


class LeavingApp(BaseApp):
    """Asks before something is lost."""

    @flow("leave")
    async def action_leave(self) -> None:
        """Leave; ask only when something would be lost."""
        if await self._agrees_to_losses("Leave?", "leave"):
            self.exit()

    async def switch_target(self, session_factory: SessionFactory) -> None:
        """Open another target; ask when something under way would be lost."""
        if await self._agrees_to_losses("Switch all the same?", "switch"):
            self.open_target(session_factory)

    async def _agrees_to_losses(self, question: str, label: str) -> bool:
        """Ask before what is under way on any screen ends, where that would be a loss."""
        from jsft_tui.tui.dialogs.confirm import ConfirmDialog

        losses = [loss for screen in self.work_screens if (loss := screen.would_lose)]
        if self.deploying:
            losses.append(f"{self.deploying} is being deployed. What there is of it stays on the list of endpoints.")
        dialog = ConfirmDialog(question, [line(loss) for loss in losses], label=label)
        return not losses or await self.open_dialog(dialog) is True
