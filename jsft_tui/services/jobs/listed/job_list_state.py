"""What is known of the jobs of a target."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from jsft_tui.core.common.errors import Problem
from jsft_tui.core.jobs.metrics.objective_curve import JobCurve
from jsft_tui.core.jobs.training_job import JobStatus, TrainingJob
from jsft_tui.core.tuning.results.listed import ListedSearch


@dataclass(frozen=True)
class JobListState:
    """The known jobs, newest first.

    Attributes:
        jobs: a job that was not described (yet) has only the values of its row; see `is_described`.
        has_more: whether there are older jobs that were not listed.
        asked: when the list was last read, in epoch seconds; None before the first time.
        problem: why the last read failed; None if it succeeded.
        curves: job -> the curve of its objective metric, as far as it is known.
        searches: the searches by name, the newest first.
        trials: the training jobs of those searches, which are not among `jobs`; none of them is described.
    """

    jobs: tuple[TrainingJob, ...] = ()
    has_more: bool = False
    asked: float | None = None
    problem: Problem | None = None
    curves: Mapping[str, JobCurve] = field(default_factory=dict)
    searches: Mapping[str, ListedSearch] = field(default_factory=dict)
    trials: tuple[TrainingJob, ...] = ()

    @property
    def running(self) -> tuple[TrainingJob, ...]:
        """The jobs that are not final, trials of searches as well."""
        return tuple(job for job in (*self.jobs, *self.trials) if is_running(job))

    def get(self, name: str) -> TrainingJob | None:
        """Return a job or a trial by its name; None if it is not in the list."""
        return next((job for job in (*self.jobs, *self.trials) if job.name == name), None)


def is_running(job: TrainingJob) -> bool:
    """Return whether a job may still change and incur cost."""
    return job.status in (JobStatus.IN_PROGRESS, JobStatus.STOPPING)


def is_described(job: TrainingJob) -> bool:
    """Return whether more of a job is known than its row in the list."""
    return bool(job.request)
