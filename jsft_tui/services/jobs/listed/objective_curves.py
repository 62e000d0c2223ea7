"""Curves of the objective metrics of many jobs: cached on disk, and requested with one call for all jobs."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jsft_tui.aws.jobs.metrics import MOST_QUERIES, TrainingMetrics, Wanted
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.jobs.metrics.objective import Points
from jsft_tui.core.jobs.metrics.objective_curve import MAX_SPAN, JobCurve, candidates, objective_curve, period_seconds
from jsft_tui.core.jobs.training_job import TrainingJob
from jsft_tui.paths import private_folder, try_lock, write_cache

VERSION = 1
MAX_CACHED = 500
"""The most jobs whose curves are cached; less than a megabyte."""
SETTLED = 300.0
"""Seconds after a job's end when CloudWatch certainly has all its values. Not checked against AWS."""
WRITE_EVERY = 60.0
"""Seconds between two writes of the file while jobs run."""
WITHOUT_VALUES = frozenset({"Starting", "Pending", "LaunchingMLInstances", "PreparingTrainingStack"})
"""Secondary statuses in which a job cannot have metrics yet."""


@dataclass(frozen=True)
class _CachedCurve:
    """A curve; `is_complete` if no point will be added. `created` tells jobs of the same name apart."""

    created: float
    curve: JobCurve
    is_complete: bool


class JobCurves:
    """The curves of one target. `learn` is thread-safe and touches no disk; call all else from one thread."""

    def __init__(
        self,
        metrics: TrainingMetrics,
        path: Path | None,
        *,
        shortest: int = 60,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Use the cache file `path` (None: no file); `shortest` is the finest period of the service in seconds."""
        self._metrics = metrics
        self._path = path
        self._shortest = shortest
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._curves: dict[str, _CachedCurve] = {}
        """ARN -> curve, in the order of the last change."""
        self._settled: set[str] = set()
        """ARNs of ended jobs whose final values were requested."""
        self._is_denied = False
        self._is_loaded = path is None
        self._is_changed = False
        self._written_at = float("-inf")

    def of(self, jobs: Iterable[TrainingJob]) -> dict[str, JobCurve]:
        """Return job -> curve, for those that have one."""
        with self._lock:
            return {job.name: cached.curve for job in jobs if (cached := self._cached_of(job)) is not None}

    def learn(self, job: TrainingJob, series: Mapping[str, Points]) -> None:
        """Store the metrics of a job that were read from its whole log so far.

        Args:
            job: its state before the log was read: if it had ended, the series are complete.
            series: its metrics.
        """
        if (curve := objective_curve(series)) is not None:
            self._put(job, curve, is_complete=job.status.is_final)

    def forget_refusal(self) -> None:
        """Request curves again after access was denied."""
        self._is_denied = False

    def read_on(self, jobs: Sequence[TrainingJob], now: float) -> None:
        """Update the curves of these jobs with one call at most, or none if nothing can be new.

        Args:
            jobs: described jobs.
            now: epoch seconds.
        """
        self._load_file()
        due = [job for job in jobs if self._is_due(job, now)]
        wanted = [] if self._is_denied else self._wanted(due, now)
        if wanted:
            self._request(due, wanted, now)
        self._write_file()

    def _is_due(self, job: TrainingJob, now: float) -> bool:
        cached = self._cached_of(job)
        is_known = job.arn in self._settled or (cached is not None and cached.is_complete)
        is_kept = now - (job.started or job.created) <= MAX_SPAN
        return is_kept and not is_known and job.secondary_status not in WITHOUT_VALUES

    def _wanted(self, jobs: Sequence[TrainingJob], now: float) -> list[Wanted]:
        found: list[Wanted] = []
        for job in jobs:
            period = period_seconds((job.ended or now) - (job.started or job.created))
            period = self._shortest if period == 60 else period
            found += [Wanted(job.name, name, period) for name in candidates(name for name, _ in job.metric_definitions)]
        return found[:MOST_QUERIES]

    def _request(self, jobs: Sequence[TrainingJob], wanted: Sequence[Wanted], now: float) -> None:
        start = min(job.started or job.created for job in jobs)
        try:
            answers = self._metrics.latest(wanted, start, now)
        except Problem as problem:
            self._is_denied = problem.code == "AccessDenied"
            return  # curves are optional: the list reports nothing, and tries again in a minute
        series: dict[str, dict[str, Points]] = {}
        for each, points in answers:
            series.setdefault(each.job, {})[each.metric] = points
        requested = {each.job for each in wanted}
        for job in jobs:
            if job.name in requested:
                self._take(job, objective_curve(series.get(job.name, {})), now)

    def _take(self, job: TrainingJob, curve: JobCurve | None, now: float) -> None:
        is_complete = job.ended is not None and job.status.is_final and now - job.ended >= SETTLED
        if is_complete:
            self._settled.add(job.arn)
        cached = self._cached_of(job)
        if cached is not None and (curve is None or curve.points[-1][0] <= cached.curve.points[-1][0]):
            curve = cached.curve  # from the log, whose values have exact times
        if curve is not None:
            self._put(job, curve, is_complete=is_complete)

    def _cached_of(self, job: TrainingJob) -> _CachedCurve | None:
        cached = self._curves.get(job.arn)
        return cached if cached is not None and abs(cached.created - job.created) < 1 else None

    def _put(self, job: TrainingJob, curve: JobCurve, *, is_complete: bool) -> None:
        cached = _CachedCurve(job.created, curve, is_complete)
        with self._lock:
            if self._curves.get(job.arn) == cached:
                return
            self._curves.pop(job.arn, None)
            self._curves[job.arn] = cached
            while len(self._curves) > MAX_CACHED:
                del self._curves[next(iter(self._curves))]
            self._is_changed = True
            if is_complete:
                self._written_at = float("-inf")  # complete curves are written with the next update

    # The file

    def _load_file(self) -> None:
        if self._is_loaded or self._path is None:
            return
        self._is_loaded = True
        found = _read(self._path)
        with self._lock:
            self._curves = {**found, **self._curves}

    def _write_file(self) -> None:
        now = self._monotonic()
        if self._path is None or not self._is_changed or now - self._written_at < WRITE_EVERY:
            return
        self._written_at = now
        with suppress(Problem):  # a read-only or full disk: the next run asks again
            private_folder(self._path.parent)
            with try_lock(self._path) as is_ours:
                if is_ours:  # else another jsft writes it at the moment: next time
                    self._merge_into(self._path)

    def _merge_into(self, path: Path) -> None:
        """Write the curves, and those that another jsft has added to the file meanwhile."""
        added = _read(path)
        with self._lock:
            self._is_changed = False
            self._curves = {**{arn: curve for arn, curve in added.items() if arn not in self._curves}, **self._curves}
            self._curves = dict([*self._curves.items()][-MAX_CACHED:])
            document = {"version": VERSION, "curves": {arn: _document(cached) for arn, cached in self._curves.items()}}
        write_cache(path, json.dumps(document, separators=(",", ":")).encode())


def _document(cached: _CachedCurve) -> list[Any]:
    points = [[round(time), float(f"{value:.6g}")] for time, value in cached.curve.points]
    return [cached.created, cached.is_complete, cached.curve.metric, points]


def _read(path: Path) -> dict[str, _CachedCurve]:
    """Read the file; return nothing if it is missing or unreadable."""
    try:
        data = json.loads(path.read_bytes())
        if data["version"] != VERSION:
            return {}
        return {
            str(arn): _CachedCurve(
                float(created),
                JobCurve(str(metric), tuple((float(time), float(value)) for time, value in points)),
                bool(is_complete),
            )
            for arn, (created, is_complete, metric, points) in data["curves"].items()
            if points
        }
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}
