"""Keeps the list of jobs current, as often as somebody would see it."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from jsft_tui.core.common.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.timer import Timer

    from jsft_tui.services.background.tasks import Reporter
    from jsft_tui.services.jobs.listed.job_list_state import JobListState
    from jsft_tui.services.session.session import Session
    from jsft_tui.tui.base.app_base import BaseApp

GROUP = "job list"


class JobPoller:
    """Asks the board in threads, and tells the screen that is shown."""

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
        session, visible = self._session, self._visible
        if session is None or self._is_asking:
            self._again = self._is_asking  # what happened meanwhile may not be in the answer
            return
        self._cancel_timer()
        self._is_asking = True
        self._app.start(GROUP, partial(self._ask, session, visible))

    async def _ask(self, session: Session, visible: tuple[str, ...] | None) -> None:
        curves = screen.shown_curves if (screen := self._app.work_screen) is not None else ()

        def refresh(reporter: Reporter[JobListState]) -> Mapping[str, float]:
            session.job_list.refresh(visible, reporter.tell, curves)
            return session.services.journal.caps()

        with suppress(Problem):  # the list's state has it; only the Jobs screen has something to say about it
            session.caps = await self._app.call_with_progress(refresh, self._show)
        self._is_asking = False
        self._show(session.job_list.state)
        again, self._again = self._again, False
        if again:
            self.ask_now()
        else:
            self._schedule()

    def refresh_data(self) -> None:
        """Another screen is shown: the list is wanted more often, or less."""
        if self._session is None or self._is_asking:
            return
        if self._visible is not None:
            self.ask_now()
        else:
            self._schedule()

    @property
    def _visible(self) -> tuple[str, ...] | None:
        screen = self._app.work_screen
        return screen.shown_jobs if screen is not None else None

    def _show(self, state: JobListState) -> None:
        del state  # the session's job list holds it
        if (screen := self._app.work_screen) is not None:
            screen.jobs_changed()
        self._app.look_at_jobs()

    def _schedule(self) -> None:
        self._cancel_timer()
        if self._session is None:
            return
        pause = self._session.job_list.pause(is_shown=self._visible is not None)
        if pause is not None:
            self._timer = self._app.set_timer(pause, self.ask_now, name="job list")

    def _cancel_timer(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
