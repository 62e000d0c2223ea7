"""Gather the summary of a job: its result, what it changed, and the best earlier run of the same model and data."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from jsft_tui.core.common.errors import Problem
from jsft_tui.core.jobs.compare.comparison import ComparedJob
from jsft_tui.core.jobs.cost import cost_so_far
from jsft_tui.core.jobs.metrics.log_metrics import Progress
from jsft_tui.core.jobs.metrics.objective import best
from jsft_tui.core.jobs.metrics.objective_curve import objective_curve
from jsft_tui.core.jobs.reports.gain import Gain, earlier_runs, gain
from jsft_tui.core.jobs.reports.summary import Summary
from jsft_tui.core.jobs.training_job import JobStatus, TrainingJob
from jsft_tui.services.jobs.training_jobs import Jobs
from jsft_tui.services.preflight.prices import Prices

EARLIER_JOBS = 20
"""The newest completed jobs among which an earlier run is looked for: each costs a DescribeTrainingJob."""


class JobSummaries:
    """The summaries of one target's jobs."""

    def __init__(
        self,
        jobs: Jobs,
        prices: Prices,
        changed: Callable[[TrainingJob], Mapping[str, str]],
        batch: Callable[[TrainingJob], str],
    ) -> None:
        """Create them.

        Args:
            jobs: the training jobs.
            prices: of their instances.
            changed: returns the hyperparameters of a job that differ from its model's defaults.
            batch: returns the batch size of a job, spread over its GPUs.
        """
        self._jobs, self._prices, self._changed, self._batch = jobs, prices, changed, batch

    def of(self, measured: ComparedJob, now: float) -> Summary:
        """Return the summary of a job whose metrics were read; earlier runs are asked for if it has completed.

        Args:
            measured: the job with its metrics.
            now: epoch seconds.
        """
        job, curve = measured.job, objective_curve(measured.metrics)
        is_running = not job.status.is_final
        return Summary(
            job,
            now,
            cost=cost_so_far(job, self._prices.table(), now),
            best=best(measured.metrics),
            values=curve.values if curve else (),
            gain=self.gain(measured) if job.status is JobStatus.COMPLETED else None,
            changed=self.changed(job),
            progress=self._progress(job) if is_running else None,
        )

    def gain(self, measured: ComparedJob) -> Gain | None:
        """Compare a job with the best earlier run of the same model and data.

        None without one, and where jobs may not be listed. The best value of the earlier run is that of its log;
        which run is the best is decided by the last values of the service, as a log has to be read whole.
        """
        try:
            earlier = earlier_runs(measured.job, self._jobs.newest(JobStatus.COMPLETED, EARLIER_JOBS))
            if not earlier:
                return None
            before = self._jobs.measured(earlier[0])
        except Problem:
            return None  # a comparison is optional
        return gain(best(measured.metrics), before.job.name, best(before.metrics))

    def changed(self, job: TrainingJob) -> Mapping[str, str]:
        """Return the hyperparameters of a job that differ from its model's defaults; none of an unknown model."""
        try:
            return self._changed(job)
        except Problem:
            return {}  # no JumpStart job, or a model that the catalog no longer has

    def batch(self, job: TrainingJob) -> str:
        """Return the batch size of a job, spread over its GPUs; empty if that is not known."""
        try:
            return self._batch(job)
        except Problem:
            return ""  # as above

    def _progress(self, job: TrainingJob) -> Progress | None:
        try:
            return self._jobs.progress(job.name)
        except Problem:
            return None  # as for a job whose log does not tell
