"""The list of a target's jobs, kept current with as few questions as can be: one owner, immutable states."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from jsft_tui.aws.training import PAGE_SIZE, JobPage, TrainingJobs
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.jobs.metrics.objective import Points
from jsft_tui.core.jobs.objective_curve import JobCurve
from jsft_tui.core.jobs.training_job import JobStatus, JobSummary, TrainingJob
from jsft_tui.services.background.tasks import map_parallel
from jsft_tui.services.jobs.objective_curves import JobCurves

DESCRIBE_WORKERS = 4
"""Jobs described at once; AWS publishes no limit for DescribeTrainingJob, so few."""
CALLS_PER_MINUTE = 6
"""What a list that is watched may ask for in a minute, once every job on screen was described."""
CURVES_PER_MINUTE = 1
"""Of those, how many are for curves: CloudWatch's values are by the minute, and each that is asked for is paid for."""
LONGEST_PAUSE = 300.0
"""Seconds between two questions while they fail."""
LIVELY = 5
"""So many running jobs are watched closely in a sandbox on this machine."""


@dataclass(frozen=True)
class Pace:
    """How often to ask.

    Attributes:
        period: seconds between two lists.
        describes: how many jobs may be described again in a minute.
        curves: seconds between two questions for the curves of the jobs on screen.
    """

    period: float
    describes: int
    curves: float = 60.0


def pace(running: int, *, is_shown: bool, is_local: bool) -> Pace | None:
    """The pace for so many running jobs; None when nothing can change that anybody would see.

    Args:
        running: jobs that are not final.
        is_shown: whether the list is on screen, or only the header.
        is_local: whether the service is on this machine, where a question costs nothing.
    """
    if not running and not is_shown:
        return None
    if is_shown and is_local and 0 < running <= LIVELY:
        return Pace(1.0, 60, curves=2.0)
    period = 20.0 if is_local or (is_shown and running) else 60.0
    return Pace(period, CALLS_PER_MINUTE - round(60 / period) - CURVES_PER_MINUTE)


@dataclass(frozen=True)
class JobListState:
    """The jobs that are known, newest first.

    Attributes:
        jobs: of a job that was not described (yet) only what its row says is known; see `is_described`.
        has_more: whether there are older jobs that were not asked for.
        asked: when the list was last read, in epoch seconds; None before the first time.
        problem: why it could not be read the last time.
        curves: job -> the curve of its objective, as far as it is known.
    """

    jobs: tuple[TrainingJob, ...] = ()
    has_more: bool = False
    asked: float | None = None
    problem: Problem | None = None
    curves: Mapping[str, JobCurve] = field(default_factory=dict)

    @property
    def running(self) -> tuple[TrainingJob, ...]:
        """The jobs that are not final."""
        return tuple(job for job in self.jobs if is_running(job))

    def get(self, name: str) -> TrainingJob | None:
        """A job by its name."""
        return next((job for job in self.jobs if job.name == name), None)


def is_running(job: TrainingJob) -> bool:
    """Whether a job may still change and cost."""
    return job.status in (JobStatus.IN_PROGRESS, JobStatus.STOPPING)


def is_described(job: TrainingJob) -> bool:
    """Whether more is known of a job than its row in the list."""
    return bool(job.request)


@dataclass(frozen=True)
class _Described:
    """A job, and the modification time that its row had when it was described."""

    job: TrainingJob
    modified: float | None


class JobListStore:
    """Its methods ask the service and may be called in any thread; each gives the state that it comes to."""

    def __init__(
        self,
        jobs: TrainingJobs,
        *,
        is_local: bool,
        curves: JobCurves | None = None,
        now: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """`curves` are not told of without them; `now` gives epoch seconds, `monotonic` seconds that only grow."""
        self._jobs = jobs
        self._curves = curves
        self._curves_asked = float("-inf")
        self._curves_seen: set[str] = set()
        self._is_local = is_local
        self._now, self._monotonic = now, monotonic
        self._lock = threading.RLock()
        self._asking = threading.Lock()
        self._rows: dict[str, JobSummary] = {}
        self._described: dict[str, _Described] = {}
        self._refused: set[str] = set()
        self._later: set[str] = set()
        self._tags: dict[str, Mapping[str, str]] = {}
        self._older_token: str | None = None
        self._is_first = True
        self._is_to_forget = False
        self._ticks = 0
        self._failures = 0
        self._again: deque[float] = deque()
        self._state = JobListState()

    @property
    def state(self) -> JobListState:
        """What is known."""
        return self._state

    def pause(self, *, is_shown: bool) -> float | None:
        """Seconds until the next `refresh` is due; None when none is.

        While questions fail it grows: 2, 4, 8 times as long.
        """
        found, state = self._pace(is_shown=is_shown), self._state
        if self._failures:
            is_over = found is None and (state.asked is not None or (state.problem and not state.problem.retryable))
            return None if is_over else min(LONGEST_PAUSE, max(found.period if found else 0.0, 5.0) * 2**self._failures)
        return found.period if found else None

    def _pace(self, *, is_shown: bool) -> Pace | None:
        return pace(len(self._state.running), is_shown=is_shown, is_local=self._is_local)

    def is_refused(self, name: str) -> bool:
        """Whether a job could not be described: for good, or until the list is read the next time."""
        return name in self._refused or name in self._later

    def is_new(self, name: str) -> bool:
        """Whether a job was not described yet, and may be."""
        return name not in self._described and not self.is_refused(name)

    def is_curve_new(self, name: str) -> bool:
        """Whether the curve of a job was not asked for yet, and may be."""
        return self._curves is not None and name in self._described and name not in self._curves_seen

    # Asking

    def refresh(
        self,
        visible: Iterable[str] | None = None,
        each: Callable[[JobListState], None] = lambda _: None,
        curves: Iterable[str] = (),
    ) -> JobListState:
        """Read the list once (one ListTrainingJobs), then describe what has to be.

        Args:
            visible: the jobs that are on screen; None when the list is not shown.
            each: is given the state as soon as the list is read.
            curves: the jobs whose curves are on screen.

        Raises:
            Problem: the list cannot be read. What was known stays.
        """
        with self._asking:
            if self._is_to_forget:
                self._forget_now()
            try:
                page, is_newest = self._list()
            except Problem as problem:
                self._failures = min(self._failures + 1, 8)
                with self._lock:
                    self._state = replace(self._state, problem=problem)
                raise
            self._failures = 0
            self._later.clear()
            self._take(page, is_newest=is_newest)
            with self._lock:
                self._state = replace(self._state, asked=self._now(), problem=None)
            each(self._state)
            found = self._pace(is_shown=visible is not None)
            self._describe_missing([*(visible or ()), *(job.name for job in self._state.running)])
            self._describe_again(visible or (), found.describes if found else 0)
            if found is not None:
                self._read_curves(curves, found.curves)
            return self._state

    def more(self) -> JobListState:
        """Read the next page of older jobs.

        Raises:
            Problem: it cannot be read.
        """
        with self._asking:
            token = self._older_token
            if token is None:
                return self._state
            page = self._jobs.page(token=token)
            with self._lock:
                self._older_token = page.token
                self._rows.update((row.name, row) for row in page.jobs)
                self._publish()
            return self._state

    def describe(self, visible: Iterable[str], curves: Iterable[str] = ()) -> JobListState:
        """Describe those of the jobs on screen that never were; ask for those of `curves` that never were asked for."""
        with self._asking:
            self._describe_missing(visible)
            found = self._pace(is_shown=True)
            self._read_curves(curves, found.curves if found else 0.0)
            return self._state

    def forget(self) -> None:
        """Read everything anew the next time: jobs that were deleted go, what was denied is asked for again."""
        self._is_to_forget = True
        if self._curves is not None:
            self._curves.forget_refusal()

    def _forget_now(self) -> None:
        with self._lock:
            self._rows.clear()
            self._described.clear()
            self._refused.clear()
            self._curves_seen.clear()
            self._older_token, self._is_first, self._ticks = None, True, 0
        self._is_to_forget = False

    def learn(self, job: TrainingJob) -> JobListState:
        """Take over what somebody else was told of a job."""
        with self._lock:
            known = self._rows.get(job.name)
            modified = known.modified if known else None
            self._described[job.name] = _Described(job, modified)
            self._tags[job.arn] = job.tags
            self._rows[job.name] = JobSummary(
                job.name, job.arn, job.status, job.created, modified, job.ended, job.secondary_status
            )
            self._publish()
            return self._state

    def learn_curve(self, job: TrainingJob, series: Mapping[str, Points]) -> None:
        """Take over the metrics that somebody else read of a job; see `JobCurves.learn`."""
        if self._curves is not None:
            self._curves.learn(job, series)
            with self._lock:
                self._publish()

    def _read_curves(self, names: Iterable[str], pause: float) -> None:
        """Ask for the curves of these jobs, all together: once in so many seconds, and of new ones at once."""
        described = [name for name in names if name in self._described and name in self._rows]
        now = self._monotonic()
        is_due = now - self._curves_asked >= pause
        wanted = described if is_due else [name for name in described if name not in self._curves_seen]
        if self._curves is None or not wanted:
            return
        if is_due:
            self._curves_asked = now
        self._curves_seen.update(wanted)
        self._curves.read_on([self._merged(self._rows[name]) for name in wanted], self._now())
        with self._lock:
            self._publish()

    def _list(self) -> tuple[JobPage, bool]:
        """The newest jobs; now and then, where older ones still run, the jobs that changed instead."""
        self._ticks += 1
        since = self._changed_since()
        if since is not None and self._ticks % 2 == 0:
            return self._jobs.changed(since), False
        return self._jobs.page(), True

    def _changed_since(self) -> float | None:
        """The last change that is known of, where running jobs are too old for the page of the newest."""
        newest = sorted(self._rows.values(), key=lambda row: row.created, reverse=True)
        too_old = newest[PAGE_SIZE:]
        if not any(row.status in (JobStatus.IN_PROGRESS, JobStatus.STOPPING) for row in too_old):
            return None
        return max((row.modified or 0.0 for row in newest), default=0.0) - 1.0

    def _take(self, page: JobPage, *, is_newest: bool) -> None:
        with self._lock:
            self._rows.update((row.name, row) for row in page.jobs)
            if self._is_first and is_newest:
                self._is_first, self._older_token = False, page.token
            elif is_newest and page.token is None:
                # All jobs are on this page: what is not on it was deleted.
                names = {row.name for row in page.jobs}
                self._rows = {name: row for name, row in self._rows.items() if name in names}
            self._publish()

    # Describing

    def _describe_missing(self, names: Iterable[str]) -> None:
        wanted = [name for name in dict.fromkeys(names) if name in self._rows and name not in self._described]
        self._describe([name for name in wanted if not self.is_refused(name)])

    def _describe_again(self, visible: Iterable[str], most: int) -> None:
        """Describe jobs on screen that changed so that more than their row tells it, within what a minute allows."""
        now = self._monotonic()
        while self._again and now - self._again[0] >= 60:
            self._again.popleft()
        due = [name for name in visible if self._is_stale(name)]
        # The start of a job decides on its cost; the end changes little more.
        due.sort(key=lambda name: self._described[name].job.started is not None)
        chosen = due[: max(0, most - len(self._again))]
        self._again.extend([now] * len(chosen))
        self._describe(chosen)

    def _is_stale(self, name: str) -> bool:
        row, known = self._rows.get(name), self._described.get(name)
        if row is None or known is None or self.is_refused(name):
            return False
        if row.status.is_final and not known.job.status.is_final:
            return True
        return known.job.started is None and not row.status.is_final and row.modified != known.modified

    def _describe(self, names: Sequence[str]) -> None:
        if not names:
            return
        for name, job in map_parallel(self._ask, names, DESCRIBE_WORKERS):
            with self._lock:
                self._keep(name, job)
        with self._lock:
            self._publish()

    def _ask(self, name: str) -> TrainingJob:
        row = self._rows[name]
        return self._jobs.describe(name, self._tags.get(row.arn))

    def _keep(self, name: str, job: TrainingJob | Problem) -> None:
        row = self._rows.get(name)
        if row is None:
            return
        if isinstance(job, TrainingJob):
            self._described[name] = _Described(job, row.modified)
            self._tags[job.arn] = job.tags
        elif job.code == "NoSuchJob":  # deleted since it was listed
            del self._rows[name]
        else:
            (self._later if job.retryable else self._refused).add(name)

    # The state

    def _publish(self) -> None:
        rows = sorted(self._rows.values(), key=lambda row: (row.created, row.name), reverse=True)
        jobs = tuple(self._merged(row) for row in rows)
        curves = self._curves.of(jobs) if self._curves is not None else {}
        self._state = replace(self._state, jobs=jobs, has_more=self._older_token is not None, curves=curves)

    def _merged(self, row: JobSummary) -> TrainingJob:
        """What was described, as current as the row is."""
        known = self._described.get(row.name)
        if known is None:
            return TrainingJob.from_summary(row)
        job = known.job
        if job.status.is_final or (job.status, job.secondary_status) == (row.status, row.secondary_status):
            return job
        return replace(job, status=row.status, secondary_status=row.secondary_status, ended=row.ended)
