"""Keeps the terminal's tab at the job that matters: the one that is watched, else the newest that runs or ran."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from jsft_tui.core.jobs.metrics.objective_curve import final_value
from jsft_tui.core.jobs.reports.tab import tab_progress, tab_title
from jsft_tui.services.jobs.listed.job_list_state import is_running
from jsft_tui.tui.terminal.background_color import asked
from jsft_tui.tui.terminal.tab import TerminalTab, draws_progress

if TYPE_CHECKING:
    from jsft_tui.core.jobs.training_job import TrainingJob
    from jsft_tui.services.session.session import Session
    from jsft_tui.tui.base.app_base import BaseApp


class TabWriter:
    """Tells the terminal of the open target's jobs."""

    def __init__(self, app: BaseApp) -> None:
        self._app = app
        self._tab = TerminalTab(app.write_sequence)
        self._ran = ""
        """The job that was seen running last."""

    def show(self) -> None:
        """Show how the job is now; at most once per percent and value."""
        session = self._app.session
        if session is None or os.environ.get("TERM") == "linux" or (job := self._job(session)) is None:
            return
        progress = session.job_progress.get(job.name)
        self._tab.show(
            tab_title(job, progress, _value(session, job)), tab_progress(job, progress) if self._draws else ""
        )

    def restore(self) -> str:
        """Return what gives the terminal its own title back."""
        return self._tab.restore()

    @property
    def _draws(self) -> bool:
        setting = self._app.session_factory.config.progress
        if setting == "auto":
            question = asked()
            return question is not None and draws_progress(question.version)
        return setting == "on"

    def _job(self, session: Session) -> TrainingJob | None:
        state = session.job_list.state
        watched = state.get(self._app.job_name) if self._app.job_name else None
        if watched is None or not is_running(watched):
            watched = next(iter(state.running), None)
        if watched is not None:
            self._ran = watched.name
        return state.get(self._ran) if self._ran else None


def _value(session: Session, job: TrainingJob) -> float | None:
    final, curve = final_value(job), session.job_list.state.curves.get(job.name)
    if job.status.is_final and final is not None:
        return final[1]
    return curve.last if curve is not None else None
