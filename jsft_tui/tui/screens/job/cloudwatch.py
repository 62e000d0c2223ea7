"""Read what CloudWatch has of a job: how busy its instances are, and its metrics where the log may not be read."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.status import Status
from jsft_tui.core.jobs.alerts import IDLE_MINUTES
from jsft_tui.core.jobs.metrics.utilization import JobUtilization
from jsft_tui.services.jobs.listed.job_list_state import is_running

if TYPE_CHECKING:
    from jsft_tui.core.jobs.training_job import TrainingJob
    from jsft_tui.services.jobs.job_view_model import JobViewModel
    from jsft_tui.tui.base.screens.work_screen import WorkScreen

PERIOD = 60.0
"""Seconds between two requests: CloudWatch has one value for each minute, and each request is paid for."""
BACK = (IDLE_MINUTES + 2) * 60.0
"""Seconds of the past that are asked for: whether GPUs were idle takes some minutes to tell."""
FLOWS = ("use", "metrics")


class CloudWatchReader:
    """Reads for the job that a screen shows."""

    def __init__(self, screen: WorkScreen, changed: Callable[[], None]) -> None:
        """Create it; `changed` is called when there is something new to draw."""
        self._screen, self._changed = screen, changed
        self.begin()

    def begin(self) -> None:
        """Begin with another job."""
        self.use = JobUtilization()
        self.has_asked = self._is_denied = False

    def ask(self, view_model: JobViewModel, job: TrainingJob) -> None:
        """Ask for what is missing, of a job that is described."""
        self.has_asked = True
        screen = self._screen
        if is_running(job) and job.secondary_status == "Training" and not self._is_denied:
            screen.start("use", lambda: self._read_use(job))
        if view_model.log_denied is not None and (is_running(job) or not view_model.metrics):
            screen.start("metrics", lambda: self._read_metrics(view_model, job))

    async def _read_use(self, job: TrainingJob) -> None:
        """Read the utilization. It is optional: a missing permission is said once, all else is tried again later."""
        jobs, now = self._screen.session.services.jobs, self._screen.session.now()
        try:
            self.use = await self._screen.call(lambda: jobs.use(job, now - BACK, now))
        except Problem as problem:
            self.use = JobUtilization()
            if problem.code == "AccessDenied" and not self._is_denied:
                self._is_denied = True
                self._screen.say(f"How busy the instances are is not known: {problem}", Status.WARNING)
        self._changed()

    async def _read_metrics(self, view_model: JobViewModel, job: TrainingJob) -> None:
        jobs = self._screen.session.services.jobs
        view_model.add_series(await self._screen.call(lambda: jobs.metrics(job)))
        self._changed()
