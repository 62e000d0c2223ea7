"""What was read of the jobs on which the cursor rested, and what the detail is made from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jsft_tui.core.jobs.metrics.earlier_run import EarlierRun, best_earlier_run
from jsft_tui.core.jobs.metrics.objective_curve import final_value
from jsft_tui.core.jobs.phases.timeline import eta_seconds
from jsft_tui.core.jobs.reports.gain import Gain
from jsft_tui.core.jobs.training_job import JobStatus, TrainingJob
from jsft_tui.services.jobs.glance import JobGlance, JobGlances
from jsft_tui.services.jobs.listed.job_list_state import is_running

if TYPE_CHECKING:
    from jsft_tui.services.session.session import Session
    from jsft_tui.tui.base.screens.work_screen import WorkScreen
    from jsft_tui.tui.screens.jobs.detail import Ghost, KnownJob

PERIOD, LOCAL_PERIOD = 60.0, 2.0
"""Seconds after which a running job is read again: at AWS, and on this machine, where calls cost nothing."""


class Glances:
    """Reads for a screen that shows a list of jobs."""

    def __init__(self, screen: WorkScreen) -> None:
        self._screen = screen
        self._read: dict[str, JobGlance] = {}
        self._of: dict[str, JobStatus] = {}
        """Job -> its status when it was read."""
        self._cursor = ""

    def forget(self) -> None:
        """Read everything again."""
        self._read.clear()
        self._of.clear()

    def is_due(self, job: TrainingJob) -> bool:
        """Return whether a job is to be read: never read, or running and read a while ago."""
        self._cursor = job.name
        known = self._read.get(job.name)
        if known is None or self._of.get(job.name) is not job.status:
            return True
        period = LOCAL_PERIOD if self._screen.session.target.endpoint else PERIOD
        return is_running(job) and self._screen.session.now() - known.read >= period

    async def read(self, job: TrainingJob) -> None:
        """Read a job, from a flow of the screen."""
        services, now = self._screen.session.services, self._screen.session.now()
        known = self._read.get(job.name)
        glances = JobGlances(services.jobs, services.summaries)
        self._read[job.name] = await self._screen.call(lambda: glances.read(job, now, known))
        self._of[job.name] = job.status
        if (progress := self._read[job.name].progress) is not None:
            self._screen.session.job_progress[job.name] = progress

    @property
    def curves(self) -> tuple[str, ...]:
        """The jobs whose curves the detail draws beside the rows' own: the earlier run of the one under the cursor."""
        if not self._cursor or (job := self._screen.session.job_list.state.get(self._cursor)) is None:
            return ()
        earlier = self._earlier(job)
        return (earlier.job.name,) if earlier is not None else ()

    def seconds_left(self, job: TrainingJob) -> float | None:
        """Return the seconds that the training still takes; None if unknown."""
        glance = self._read.get(job.name)
        if glance is None or job.secondary_status != "Training":
            return None
        return eta_seconds(glance.marks, self._screen.session.now())

    def known(self, job: TrainingJob) -> KnownJob:
        """Return all that is known of a job."""
        from jsft_tui.tui.screens.jobs.detail import KnownJob

        session = self._screen.session
        curves = session.job_list.state.curves
        earlier = self._earlier(job)
        return KnownJob(
            job,
            session.now(),
            session.prices,
            curves.get(job.name),
            self._read.get(job.name),
            ghost_of(session, job),
            _gain(job, earlier),
            self._screen.key,
            session.services.flags,
        )

    def _earlier(self, job: TrainingJob) -> EarlierRun | None:
        state = self._screen.session.job_list.state
        final, curve = final_value(job), state.curves.get(job.name)
        metric = final[0] if final is not None else curve.metric if curve is not None else None
        return best_earlier_run(job, state.jobs, metric)


def ghost_of(session: Session, job: TrainingJob) -> Ghost | None:
    """Return the best earlier run of the same model and data, if its curve is known."""
    from jsft_tui.tui.screens.jobs.detail import Ghost

    state = session.job_list.state
    final, curve = final_value(job), state.curves.get(job.name)
    metric = final[0] if final is not None else curve.metric if curve is not None else None
    earlier = best_earlier_run(job, state.jobs, metric)
    found = state.curves.get(earlier.job.name) if earlier is not None else None
    return Ghost(earlier.job, found) if earlier is not None and found is not None else None


def _gain(job: TrainingJob, earlier: EarlierRun | None) -> Gain | None:
    """Return the difference of the last values, which the service tells; the Job screen compares the best ones."""
    final = final_value(job)
    if job.status is not JobStatus.COMPLETED or final is None or earlier is None or final[0] != earlier.metric:
        return None
    return Gain(final[0], final[1], earlier.job.name, earlier.value)
