"""Keeps the list of endpoints current: what runs costs money on every screen. What waits to scale, it lets scale."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.status import Status
from jsft_tui.tui.background.list_poller import ListPoller

if TYPE_CHECKING:
    from jsft_tui.services.background.tasks import Reporter
    from jsft_tui.services.serving.endpoint_list import EndpointListState
    from jsft_tui.services.session.session import Session


class EndpointPoller(ListPoller):
    """Asks for the endpoints, and on their screen for the transform jobs as well."""

    GROUP = "endpoint list"

    async def _refresh(self, session: Session) -> None:
        store, is_shown = session.endpoint_list, self._is_shown

        def refresh(reporter: Reporter[EndpointListState]) -> dict[str, Problem | None]:
            state = store.refresh_all(reporter.tell) if is_shown else store.refresh()
            return session.services.deploying.scale_waiting(state.endpoints) if state.endpoints else {}

        scaled = await self._app.call_with_progress(refresh, lambda _: self._show())
        for name, problem in scaled.items():
            self._tell(name, problem)

    @property
    def _is_shown(self) -> bool:
        screen = self._app.work_screen
        return screen is not None and screen.shows_endpoints

    def _show(self) -> None:
        if (screen := self._app.work_screen) is not None:
            screen.endpoints_changed()

    def _tell(self, name: str, problem: Problem | None) -> None:
        """Say that an endpoint scales now, or that it does not: its instances cost money without requests."""
        if (screen := self._app.work_screen) is None:
            return
        if problem is None:
            screen.say(f"{name} scales to zero from now on.", Status.COMPLETED)
        else:
            screen.say(f"{name} does not scale to zero: {problem}", Status.FAILED)

    def _pause(self, session: Session) -> float | None:
        return session.endpoint_list.pause(is_shown=self._is_shown)
