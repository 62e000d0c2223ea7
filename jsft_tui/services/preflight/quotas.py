"""Quotas of training instances, and their use by running jobs."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from jsft_tui.aws.jobs.training import TrainingJobs
from jsft_tui.aws.quotas import AppliedQuota, Quotas
from jsft_tui.core.account.quotas import OtherQuota, QuotaFacts
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.jobs.training_job import JobStatus, TrainingJob
from jsft_tui.core.run.run import InstanceChoice
from jsft_tui.services.background.tasks import BackgroundCall, TtlCache, map_parallel
from jsft_tui.services.preflight.quota_cache import QuotaCache

LONGEST_JOB = 30 * 86_400
"""Seconds that a job can last in all, waiting included (CreateTrainingJob, StoppingCondition)."""
DESCRIBE_WORKERS = 8

KEEP_QUOTAS = 600.0
"""Seconds that quotas are cached: listing them takes seconds, and an increase takes hours to be granted."""
PATIENCE = 3.0
"""Seconds after which quotas on disk are used for the moment."""
KEEP_RUNNING = 10.0
"""Seconds that running jobs are cached: a table requests every type at once."""

ON_DEMAND = "{} for training job usage"
SPOT = "{} for spot training job usage"
WARM_POOL = "{} for training warm pool usage"
ALL_ON_DEMAND = "Number of instances across all training jobs"
ALL_SPOT = "Number of instances across all spot training jobs"
PER_JOB = "Maximum number of instances per training job"
LONGEST_RUN = "Longest run time for a training job"
LONGEST_KEEP_ALIVE = "Keep alive period for cluster reuse"


def quota_name(instance_type: str, *, spot: bool) -> str:
    """Return the name of the quota that a job needs (SageMaker endpoints and quotas, general reference)."""
    return (SPOT if spot else ON_DEMAND).format(instance_type)


def quotas_by_type(applied: Mapping[str, float], *, spot: bool) -> dict[str, float]:
    """Return the limits by instance type, from quotas by name."""
    ending = quota_name("", spot=spot)
    return {name.removesuffix(ending): value for name, value in applied.items() if name.endswith(ending)}


class QuotaBook:
    """The quotas of one target and their use, both cached for a while."""

    def __init__(self, quotas: Quotas, jobs: TrainingJobs, cache: QuotaCache) -> None:
        self._quotas = quotas
        self._jobs = jobs
        self._cache = cache
        self._listing: BackgroundCall[dict[str, AppliedQuota]] | None = None
        self._is_old = False
        self._applied = TtlCache(self._fetch_applied, KEEP_QUOTAS)
        self._running = TtlCache(self._fetch_running, KEEP_RUNNING)
        self._seen_running: frozenset[str] = frozenset()

    def applied(self) -> dict[str, float]:
        """Return the value of each quota by its name."""
        return {name: quota.value for name, quota in self._applied.value().items()}

    def applied_for(self, instance_types: Iterable[str]) -> dict[str, float]:
        """Return on-demand quotas by instance type, for those that are listed."""
        applied = self.applied()
        names = {name: ON_DEMAND.format(name) for name in instance_types}
        return {name: applied[quota] for name, quota in names.items() if quota in applied}

    def facts(self, choice: InstanceChoice, supported: Sequence[str] = (), jobs: int = 1) -> QuotaFacts:
        """Return the quotas that a run needs, and what is free of the types that its model supports.

        Quotas from disk are fetched again before they block a run: they may have been raised.

        Args:
            choice: the instances of one job.
            supported: the types of the model.
            jobs: how many of such jobs run at the same time.

        Raises:
            Problem: the quotas cannot be read.
        """
        found = self._facts(choice, supported, jobs)
        if self._is_old and self._listing is not None and _is_lacking(found, choice.count * jobs):
            self._applied.keep(self._listing.result())
            self._is_old = False
            found = self._facts(choice, supported, jobs)
        return found

    def _facts(self, choice: InstanceChoice, supported: Sequence[str], jobs: int) -> QuotaFacts:
        applied = self._applied.value()
        name = quota_name(choice.type, spot=choice.spot)
        quota = applied.get(name)
        running = self._running.value()
        held = {} if isinstance(running, Problem) else held_by(running, spot=choice.spot)
        return QuotaFacts(
            name,
            quota.value if quota else None,
            None if isinstance(running, Problem) else held.get(choice.type, 0),
            quota.code if quota else "",
            tuple(_others(choice, applied, held, jobs)),
            _free(supported, applied, held, spot=choice.spot),
        )

    def in_use(self, instance_type: str, *, spot: bool) -> int:
        """Return the number of instances of a type that running jobs use.

        Raises:
            Problem: the jobs cannot be listed; cached, however often this is called.
        """
        return self.held(spot=spot).get(instance_type, 0)

    def held(self, *, spot: bool) -> Mapping[str, int]:
        """Return the instances in use by type; unused types are absent.

        Raises:
            Problem: the jobs cannot be listed; cached, however often this is called.
        """
        running = self._running.value()
        if isinstance(running, Problem):
            raise running
        return held_by(running, spot=spot)

    def forget_jobs(self) -> None:
        """Ask for the running jobs again the next time."""
        self._running.forget()

    def notice(self, running: Iterable[str]) -> None:
        """Ask for the running jobs again the next time, if other ones run than when this was last called."""
        names = frozenset(running)
        if names != self._seen_running:
            self._seen_running = names
            self.forget_jobs()

    def forget(self) -> None:
        """Ask for everything again the next time."""
        self._applied.forget()
        self.forget_jobs()

    def _fetch_applied(self) -> dict[str, AppliedQuota]:
        """Fetch the quotas; use those on disk when the service is slow, but not when it denies access."""
        listing = self._listing = BackgroundCall(self._quotas.applied, "reading the quotas")
        cached = None if listing.is_done(PATIENCE) else self._cache.read()
        self._is_old = cached is not None
        if cached is not None:
            return cached
        found = listing.result()
        BackgroundCall(lambda: self._cache.write(found), "saving the quotas")
        return found

    def _fetch_running(self) -> list[TrainingJob] | Problem:
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


def held_by(jobs: Iterable[TrainingJob], *, spot: bool) -> Mapping[str, int]:
    """Return the instances that jobs use by type, on demand or spot."""
    count: Counter[str] = Counter()
    for job in jobs:
        if job.spot == spot:
            count.update(job.instances)
    return count


def _is_lacking(found: QuotaFacts, wanted: int) -> bool:
    """Return whether the quotas are missing or too small, regardless of their use."""
    return (
        found.limit is None
        or found.limit < wanted
        or any(other.limit - other.in_use < other.wanted for other in found.others)
    )


def _others(
    choice: InstanceChoice, applied: Mapping[str, AppliedQuota], held: Mapping[str, int], jobs: int
) -> Iterator[OtherQuota]:
    """Yield the quotas that are not the type's own; one that the account does not list is no limit."""
    wanted: list[tuple[str, float, float]] = [
        (ALL_SPOT if choice.spot else ALL_ON_DEMAND, sum(held.values()), choice.count * jobs),
        (PER_JOB, 0, choice.count),
        (LONGEST_RUN, 0, choice.max_runtime),
    ]
    if choice.keep_alive:
        wanted.append((WARM_POOL.format(choice.type), 0, choice.count))
        wanted.append((LONGEST_KEEP_ALIVE, 0, choice.keep_alive))
    for name, used, needed in wanted:
        if name in applied:
            yield OtherQuota(name, applied[name].value, used, needed, applied[name].code)


def _free(
    instance_types: Iterable[str], applied: Mapping[str, AppliedQuota], held: Mapping[str, int], *, spot: bool
) -> dict[str, float]:
    """Return the free quota by instance type; types that are not listed are absent."""
    quotas = {name: applied.get(quota_name(name, spot=spot)) for name in instance_types}
    return {name: max(0.0, quota.value - held.get(name, 0)) for name, quota in quotas.items() if quota is not None}
