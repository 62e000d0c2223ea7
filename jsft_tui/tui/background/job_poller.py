"""Keeps the list of jobs current."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jsft_tui.tui.background.list_poller import ListPoller

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jsft_tui.services.background.tasks import Reporter
    from jsft_tui.services.jobs.listed.job_list_state import JobListState
    from jsft_tui.services.session.session import Session


class JobPoller(ListPoller):
    """Asks for the jobs, first for those that are on the screen."""

    GROUP = "job list"

    async def _refresh(self, session: Session) -> None:
        visible = self._visible
        curves = screen.shown_curves if (screen := self._app.work_screen) is not None else ()

        def refresh(reporter: Reporter[JobListState]) -> Mapping[str, float]:
            session.job_list.refresh(visible, reporter.tell, curves)
            return session.services.journal.caps()

        session.caps = await self._app.call_with_progress(refresh, lambda _: self._show())

    @property
    def _visible(self) -> tuple[str, ...] | None:
        screen = self._app.work_screen
        return screen.shown_jobs if screen is not None else None

    @property
    def _is_shown(self) -> bool:
        return self._visible is not None

    def _show(self) -> None:
        if (screen := self._app.work_screen) is not None:
            screen.jobs_changed()
        self._app.look_at_jobs()

    def _pause(self, session: Session) -> float | None:
        return session.job_list.pause(is_shown=self._is_shown)
