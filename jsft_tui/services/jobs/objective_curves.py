"""The curves of many jobs' objectives: remembered over days, asked for with one question for all of them together."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jsft_tui.aws.metrics import MOST_QUERIES, TrainingMetrics, Wanted
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.jobs.metrics.objective import Points
from jsft_tui.core.jobs.objective_curve import LONGEST, JobCurve, candidates, objective_curve, period_seconds
from jsft_tui.core.jobs.training_job import TrainingJob
from jsft_tui.paths import write_cache

VERSION = 1
MOST_KEPT = 500
"""Jobs whose curves are remembered; less than a megabyte."""
SETTLED = 300.0
"""Seconds after a job's end from which on CloudWatch surely has all its values. Not checked against AWS."""
WRITE_EVERY = 60.0
"""Seconds between two writes to the disk while jobs run."""
WITHOUT_VALUES = frozenset({"Starting", "Pending", "LaunchingMLInstances", "PreparingTrainingStack"})
"""Phases in which a job cannot have measured anything."""


@dataclass(frozen=True)
class _Kept:
    """A curve; `is_whole` when nothing will be added to it. `created` tells apart jobs of the same name."""

    created: float
    curve: JobCurve
    is_whole: bool


class JobCurves:
    """Belongs to one target. `learn` may be called in any thread and touches no disk; all else is for one thread."""

    def __init__(
        self,
        metrics: TrainingMetrics,
        path: Path | None,
        *,
        shortest: int = 60,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """`path` is a file of the cache, `shortest` the seconds for which the service keeps a value of its own."""
        self._metrics = metrics
        self._path = path
        self._shortest = shortest
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._kept: dict[str, _Kept] = {}
        """ARN -> curve, the one that changed last at the end."""
        self._settled: set[str] = set()
        """ARNs of jobs that ended and were asked for: there is no more to come."""
        self._is_refused = False
        self._is_read = path is None
        self._is_changed = False
        self._written = float("-inf")

    def of(self, jobs: Iterable[TrainingJob]) -> dict[str, JobCurve]:
        """Job -> its curve, as far as it is known."""
        with self._lock:
            return {job.name: kept.curve for job in jobs if (kept := self._kept_of(job)) is not None}

    def learn(self, job: TrainingJob, series: Mapping[str, Points]) -> None:
        """Take over what somebody else read of a job: from its log, all of it so far.

        Args:
            job: as it was before the reading began: of one that had ended already nothing is added to the series.
            series: its metrics.
        """
        if (curve := objective_curve(series)) is not None:
            self._keep(job, curve, is_whole=job.status.is_final)

    def forget_refusal(self) -> None:
        """Ask again, where that was not allowed."""
        self._is_refused = False

    def read_on(self, jobs: Sequence[TrainingJob], now: float) -> None:
        """Bring the curves of these jobs up to date: one question at the most, none where nothing can be new.

        Args:
            jobs: described ones.
            now: epoch seconds.
        """
        self._read_file()
        due = [job for job in jobs if self._is_due(job, now)]
        wanted = [] if self._is_refused else self._wanted(due, now)
        if wanted:
            self._ask(due, wanted, now)
        self._write_file()

    def _is_due(self, job: TrainingJob, now: float) -> bool:
        kept = self._kept_of(job)
        is_known = job.arn in self._settled or (kept is not None and kept.is_whole)
        is_kept = now - (job.started or job.created) <= LONGEST
        return is_kept and not is_known and job.secondary_status not in WITHOUT_VALUES

    def _wanted(self, jobs: Sequence[TrainingJob], now: float) -> list[Wanted]:
        found: list[Wanted] = []
        for job in jobs:
            period = period_seconds((job.ended or now) - (job.started or job.created))
            period = self._shortest if period == 60 else period
            found += [Wanted(job.name, name, period) for name in candidates(name for name, _ in job.metric_definitions)]
        return found[:MOST_QUERIES]

    def _ask(self, jobs: Sequence[TrainingJob], wanted: Sequence[Wanted], now: float) -> None:
        start = min(job.started or job.created for job in jobs)
        try:
            answers = self._metrics.latest(wanted, start, now)
        except Problem as problem:
            self._is_refused = problem.code == "AccessDenied"
            return  # a nicety: the list says nothing of it, and asks again in a minute what may pass
        series: dict[str, dict[str, Points]] = {}
        for each, points in answers:
            series.setdefault(each.job, {})[each.metric] = points
        asked = {each.job for each in wanted}
        for job in jobs:
            if job.name in asked:
                self._take(job, objective_curve(series.get(job.name, {})), now)

    def _take(self, job: TrainingJob, curve: JobCurve | None, now: float) -> None:
        is_whole = job.ended is not None and job.status.is_final and now - job.ended >= SETTLED
        if is_whole:
            self._settled.add(job.arn)
        kept = self._kept_of(job)
        if kept is not None and (curve is None or curve.points[-1][0] <= kept.curve.points[-1][0]):
            curve = kept.curve  # read off the log, whose values have their own times
        if curve is not None:
            self._keep(job, curve, is_whole=is_whole)

    def _kept_of(self, job: TrainingJob) -> _Kept | None:
        kept = self._kept.get(job.arn)
        return kept if kept is not None and abs(kept.created - job.created) < 1 else None

    def _keep(self, job: TrainingJob, curve: JobCurve, *, is_whole: bool) -> None:
        kept = _Kept(job.created, curve, is_whole)
        with self._lock:
            if self._kept.get(job.arn) == kept:
                return
            self._kept.pop(job.arn, None)
            self._kept[job.arn] = kept
            while len(self._kept) > MOST_KEPT:
                del self._kept[next(iter(self._kept))]
            self._is_changed = True
            if is_whole:
                self._written = float("-inf")  # it is the last word on the job: it is written soon

    # The file

    def _read_file(self) -> None:
        if self._is_read or self._path is None:
            return
        self._is_read = True
        found = _read(self._path)
        with self._lock:
            self._kept = {**found, **self._kept}

    def _write_file(self) -> None:
        now = self._monotonic()
        if self._path is None or not self._is_changed or now - self._written < WRITE_EVERY:
            return
        with self._lock:
            self._is_changed, self._written = False, now
            document = {"version": VERSION, "curves": {arn: _document(kept) for arn, kept in self._kept.items()}}
        write_cache(self._path, json.dumps(document, separators=(",", ":")).encode())


def _document(kept: _Kept) -> list[Any]:
    points = [[round(time), float(f"{value:.6g}")] for time, value in kept.curve.points]
    return [kept.created, kept.is_whole, kept.curve.metric, points]


def _read(path: Path) -> dict[str, _Kept]:
    """What a file holds; nothing when there is none, or it is another program's."""
    try:
        data = json.loads(path.read_bytes())
        if data["version"] != VERSION:
            return {}
        return {
            str(arn): _Kept(
                float(created),
                JobCurve(str(metric), tuple((float(time), float(value)) for time, value in points)),
                bool(is_whole),
            )
            for arn, (created, is_whole, metric, points) in data["curves"].items()
            if points
        }
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}
