"""Keeps the list of endpoints current: what runs costs money on every screen. What waits to scale, it lets scale."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.status import Status

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.timer import Timer

    from jsft_tui.services.background.tasks import Reporter
    from jsft_tui.services.serving.endpoint_list import EndpointListState
    from jsft_tui.services.session.session import Session
    from jsft_tui.tui.base.app_base import BaseApp

GROUP = "endpoint list"


class EndpointPoller:
    """Asks in threads, and tells the screen that is shown."""

    def __init__(self, app: BaseApp) -> None:
        self._app = app
        self._session: Session | None = None
        self._timer: Timer | None = None
        self._is_asking = self._again = False

    def start(self, session: Session) -> None:
        """Poll for a target that was just opened."""
        self.stop()
        self._session = session
        self.ask_now()

    def stop(self) -> None:
        """Poll no more; an answer that is under way is dropped."""
        self._cancel_timer()
        self._app.cancel(GROUP)
        self._session, self._is_asking, self._again = None, False, False

    def ask_now(self) -> None:
        """Ask at once: something happened, or the list came on screen."""
        session = self._session
        if session is None or self._is_asking:
            self._again = self._is_asking  # what happened meanwhile may not be in the answer
            return
        self._cancel_timer()
        self._is_asking = True
        self._app.start(GROUP, partial(self._ask, session))

    def refresh_data(self) -> None:
        """Another screen is shown: the list is wanted more often, or less."""
        if self._session is None or self._is_asking:
            return
        if self._is_shown:
            self.ask_now()
        else:
            self._schedule()

    async def _ask(self, session: Session) -> None:
        store, is_shown = session.endpoint_list, self._is_shown
        scaled: dict[str, Problem | None] = {}

        def refresh(reporter: Reporter[EndpointListState]) -> None:
            state = store.refresh_all(reporter.tell) if is_shown else store.refresh()
            if state.endpoints:
                scaled.update(session.services.deploying.scale_waiting(state.endpoints))

        with suppress(Problem):  # the list's state has it; only the Endpoints screen has something to say about it
            await self._app.call_with_progress(refresh, self._show)
        self._is_asking = False
        self._show(store.state)
        self._tell(scaled)
        again, self._again = self._again, False
        if again:
            self.ask_now()
        else:
            self._schedule()

    @property
    def _is_shown(self) -> bool:
        screen = self._app.work_screen
        return screen is not None and screen.shows_endpoints

    def _show(self, state: EndpointListState) -> None:
        del state  # the session's list holds it
        if (screen := self._app.work_screen) is not None:
            screen.endpoints_changed()

    def _tell(self, scaled: Mapping[str, Problem | None]) -> None:
        """Say what scales now, and what does not: its instances cost money without requests."""
        if (screen := self._app.work_screen) is None:
            return
        for name, problem in scaled.items():
            if problem is None:
                screen.say(f"{name} scales to zero from now on.", Status.COMPLETED)
            else:
                screen.say(f"{name} does not scale to zero: {problem}", Status.FAILED)

    def _schedule(self) -> None:
        self._cancel_timer()
        if self._session is None:
            return
        pause = self._session.endpoint_list.pause(is_shown=self._is_shown)
        if pause is not None:
            self._timer = self._app.set_timer(pause, self.ask_now, name=GROUP)

    def _cancel_timer(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
