"""Quotas of training instances, less what running jobs hold."""

from __future__ import annotations

import time
from collections.abc import Iterable

from jsft_tui.aws.quotas import Quotas
from jsft_tui.aws.training import TrainingJobs
from jsft_tui.core.checks.check import QuotaFacts
from jsft_tui.core.errors import Problem
from jsft_tui.core.jobs import JobStatus, TrainingJob
from jsft_tui.services.tasks import map_parallel

LONGEST_JOB = 30 * 86_400
"""Seconds that a job can last in all, waiting included (CreateTrainingJob, StoppingCondition)."""
DESCRIBE_WORKERS = 8

ON_DEMAND = "{} for training job usage"
SPOT = "{} for spot training job usage"


def quota_name(instance_type: str, *, spot: bool) -> str:
    """The name of the quota that a job needs (SageMaker endpoints and quotas, general reference)."""
    return (SPOT if spot else ON_DEMAND).format(instance_type)


class QuotaBook:
    """The quotas of one target; both sides are asked once."""

    def __init__(self, quotas: Quotas, jobs: TrainingJobs) -> None:
        self._quotas = quotas
        self._jobs = jobs
        self._applied: dict[str, float] | None = None
        self._running: list[TrainingJob] | Problem | None = None

    def applied(self) -> dict[str, float]:
        """Every quota's value by its name."""
        if self._applied is None:
            self._applied = self._quotas.applied()
        return self._applied

    def applied_for(self, instance_types: Iterable[str]) -> dict[str, float]:
        """Instance type -> its on-demand quota, for those that are listed."""
        applied = self.applied()
        names = {name: ON_DEMAND.format(name) for name in instance_types}
        return {name: applied[quota] for name, quota in names.items() if quota in applied}

    def facts(self, instance_type: str, *, spot: bool) -> QuotaFacts:
        """The quota of an instance type and what of it is in use."""
        name = quota_name(instance_type, spot=spot)
        return QuotaFacts(name, self.applied().get(name), self.in_use(instance_type, spot=spot))

    def in_use(self, instance_type: str, *, spot: bool) -> int:
        """Instances of a type that running jobs hold.

        Raises:
            Problem: the jobs cannot be listed; asked once, however often this is called.
        """
        if self._running is None:
            self._running = self._ask_running()
        if isinstance(self._running, Problem):
            raise self._running
        held = (job for job in self._running if job.instance_type == instance_type and job.spot == spot)
        return sum(job.instance_count for job in held)

    def _ask_running(self) -> list[TrainingJob] | Problem:
        try:
            return self._running_jobs()
        except Problem as problem:
            return problem

    def _running_jobs(self) -> list[TrainingJob]:
        since = time.time() - LONGEST_JOB
        names = [
            job.name
            for status in (JobStatus.IN_PROGRESS, JobStatus.STOPPING)
            for job in self._jobs.all_since(status, since)
        ]
        found = []
        for _, job in map_parallel(self._jobs.find, names, DESCRIBE_WORKERS):
            if isinstance(job, Problem):
                raise job
            if job is not None:
                found.append(job)
        return found
