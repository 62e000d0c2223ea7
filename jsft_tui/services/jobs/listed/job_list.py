"""Keep the job list of a target up to date with few API calls. Single owner, immutable snapshots."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from jsft_tui.aws.jobs.training import PAGE_SIZE, JobPage, TrainingJobs
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.jobs.metrics.objective import Points
from jsft_tui.core.jobs.training_job import JobStatus, JobSummary, TrainingJob
from jsft_tui.core.run.name import is_gone
from jsft_tui.core.tuning.results.progress import Search
from jsft_tui.services.background.tasks import map_parallel
from jsft_tui.services.jobs.listed.job_list_state import JobListState
from jsft_tui.services.jobs.listed.objective_curves import JobCurves
from jsft_tui.services.jobs.listed.pace import Pace, pace
from jsft_tui.services.jobs.listed.searches_beside import SearchesBeside

DESCRIBE_WORKERS = 4
"""Jobs described at once; AWS publishes no limit for DescribeTrainingJob, so few."""
LONGEST_PAUSE = 300.0
"""The most seconds between two calls while they fail."""


@dataclass(frozen=True)
class _Described:
    """A job, and the modification time in its row when it was described."""

    job: TrainingJob
    modified: float | None


class JobListStore:
    """The owner of the job list. Its methods call the service, may run in any thread, and return the new state."""

    def __init__(
        self,
        jobs: TrainingJobs,
        *,
        is_local: bool,
        curves: JobCurves | None = None,
        priced: Callable[[TrainingJob], TrainingJob] = lambda job: job,
        on_refresh: Callable[[JobListState], None] = lambda _: None,
        now: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Create an empty list; without `curves` the states have none. `now` returns epoch seconds.

        `priced` returns a described job with what its price depends on; it is called in the thread that describes.
        `on_refresh` is called with the state after each refresh, in its thread.
        """
        self._jobs, self._priced = jobs, priced
        self._curves = curves
        self._searches: SearchesBeside | None = None
        self._on_refresh = on_refresh
        self._curves_read_at = float("-inf")
        self._curves_seen: set[str] = set()
        self._is_local = is_local
        self._now, self._monotonic = now, monotonic
        self._lock = threading.RLock()
        self._calling = threading.Lock()
        self._rows: dict[str, JobSummary] = {}
        self._described: dict[str, _Described] = {}
        self._denied: set[str] = set()
        self._retry_later: set[str] = set()
        self._tags: dict[str, Mapping[str, str]] = {}
        self._older_token: str | None = None
        self._is_first = True
        self._is_reset_due = False
        self._ticks = 0
        self._failures = 0
        self._described_again: deque[float] = deque()
        self._state = JobListState()

    def add_searches(self, searches: SearchesBeside) -> None:
        """List searches beside the jobs, and take their trials out of them."""
        self._searches = searches

    @property
    def state(self) -> JobListState:
        """The latest state."""
        return self._state

    def pause(self, *, is_shown: bool) -> float | None:
        """Return the seconds until the next `refresh` is due; None if none is.

        While calls fail it grows: 2, 4, 8 times as long.
        """
        found, state = self._pace(is_shown=is_shown), self._state
        if self._failures:
            if found is None and (state.asked is not None or (state.problem and not state.problem.retryable)):
                return None
            period = found.period if found else 0.0
            return min(LONGEST_PAUSE, max(period, 5.0) * 2.0**self._failures)
        return found.period if found else None

    def _pace(self, *, is_shown: bool) -> Pace | None:
        return pace(len(self._state.running), is_shown=is_shown, is_local=self._is_local)

    def is_refused(self, name: str) -> bool:
        """Return whether describing a job failed: permanently, or until the list is read again."""
        return name in self._denied or name in self._retry_later

    def is_new(self, name: str) -> bool:
        """Return whether a job was never described, or a search never read, and may be."""
        if name in self._state.searches:
            return self._searches is not None and self._searches.is_new(name)
        return name not in self._described and not self.is_refused(name) and self._search_of(name) is None

    def is_curve_new(self, name: str) -> bool:
        """Return whether the curve of a job was never requested, and may be."""
        return self._curves is not None and name in self._described and name not in self._curves_seen

    # Calls

    def refresh(
        self,
        visible: Iterable[str] | None = None,
        each: Callable[[JobListState], None] = lambda _: None,
        curves: Iterable[str] = (),
    ) -> JobListState:
        """Read the list once (one ListTrainingJobs), then describe the jobs that need it.

        Args:
            visible: the jobs on screen; None if the list is not shown.
            each: called with the state as soon as the list is read.
            curves: the jobs whose curves are on screen.

        Raises:
            Problem: the list cannot be read. The known jobs stay.
        """
        with self._calling:
            if self._is_reset_due:
                self._reset()
            try:
                page, is_newest = self._list()
            except Problem as problem:
                self._failures = min(self._failures + 1, 8)
                with self._lock:
                    self._state = replace(self._state, problem=problem)
                raise
            self._failures = 0
            self._retry_later.clear()
            self._take(page, is_newest=is_newest)
            with self._lock:
                self._state = replace(self._state, asked=self._now(), problem=None)
            each(self._state)
            found = self._pace(is_shown=visible is not None)
            self._read_searches(visible, found)
            self._describe_missing([*(visible or ()), *(job.name for job in self._state.running)])
            self._describe_again(visible or (), found.describes if found else 0)
            if found is not None:
                self._read_curves(curves, found.curves)
            self._on_refresh(self._state)
            return self._state

    def more(self) -> JobListState:
        """Read the next page of older jobs.

        Raises:
            Problem: it cannot be read.
        """
        with self._calling:
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
        """Describe the jobs on screen that never were; request those of `curves` that never were."""
        with self._calling:
            visible = list(visible)
            if self._searches is not None:
                self._searches.read_new(visible)
            self._describe_missing(visible)
            found = self._pace(is_shown=True)
            self._read_curves(curves, found.curves if found else 0.0)
            return self._state

    def forget(self) -> None:
        """Read everything again the next time: deleted jobs disappear, and denied calls are tried again."""
        self._is_reset_due = True
        if self._searches is not None:
            self._searches.forget()
        if self._curves is not None:
            self._curves.forget_refusal()

    def _reset(self) -> None:
        with self._lock:
            self._rows.clear()
            self._described.clear()
            self._denied.clear()
            self._curves_seen.clear()
            self._older_token, self._is_first, self._ticks = None, True, 0
        self._is_reset_due = False

    def learn(self, job: TrainingJob) -> JobListState:
        """Store a job that was described elsewhere."""
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

    def learn_search(self, search: Search) -> None:
        """Store a search that was read elsewhere."""
        if self._searches is not None:
            self._searches.learn(search)
            self._publish()

    def _search_of(self, name: str) -> str | None:
        return self._searches.search_of(name) if self._searches is not None else None

    def _read_searches(self, visible: Iterable[str] | None, found: Pace | None) -> None:
        """Keep the searches current while the list is on screen."""
        if self._searches is not None and visible is not None and found is not None:
            self._searches.refresh(visible, self._monotonic(), found.curves)
            self._publish()

    def learn_curve(self, job: TrainingJob, series: Mapping[str, Points]) -> None:
        """Store the metrics of a job that were read elsewhere; see `JobCurves.learn`."""
        if self._curves is not None:
            self._curves.learn(job, series)
            self._publish()

    def _read_curves(self, names: Iterable[str], pause: float) -> None:
        """Request the curves of all these jobs when `pause` seconds have passed, else only those never requested."""
        described = [name for name in names if name in self._described and name in self._rows]
        now = self._monotonic()
        is_due = now - self._curves_read_at >= pause
        wanted = described if is_due else [name for name in described if name not in self._curves_seen]
        if self._curves is None or not wanted:
            return
        if is_due:
            self._curves_read_at = now
        self._curves_seen.update(wanted)
        self._curves.read_on([self._merged(self._rows[name]) for name in wanted], self._now())
        self._publish()

    def _list(self) -> tuple[JobPage, bool]:
        """Return a page, and whether it is that of the newest jobs.

        If jobs run that are too old for that page, every second page is that of the jobs that changed.
        """
        self._ticks += 1
        since = self._changed_since()
        if since is not None and self._ticks % 2 == 0:
            return self._jobs.changed(since), False
        return self._jobs.page(), True

    def _changed_since(self) -> float | None:
        """Return the time of the last known change; None if the page of the newest jobs has all running ones."""
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
                # All jobs fit on this page: one that is missing was deleted.
                names = {row.name for row in page.jobs}
                self._rows = {name: row for name, row in self._rows.items() if name in names}
            self._publish()

    # Describing

    def _describe_missing(self, names: Iterable[str]) -> None:
        wanted = [name for name in dict.fromkeys(names) if name in self._rows and name not in self._described]
        # Trials are as many as a search has: what their search tells of them is enough for a list.
        self._describe([name for name in wanted if not self.is_refused(name) and self._search_of(name) is None])

    def _describe_again(self, visible: Iterable[str], most: int) -> None:
        """Describe the jobs on screen that changed in more than their row shows, within the limit per minute."""
        now = self._monotonic()
        while self._described_again and now - self._described_again[0] >= 60:
            self._described_again.popleft()
        due = [name for name in visible if self._is_stale(name)]
        # The start time of a job is needed for its cost; its end changes less.
        due.sort(key=lambda name: self._described[name].job.started is not None)
        chosen = due[: max(0, most - len(self._described_again))]
        self._described_again.extend([now] * len(chosen))
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
        for name, job in map_parallel(self._describe_one, names, DESCRIBE_WORKERS):
            with self._lock:
                self._keep(name, job)
        self._publish()

    def _describe_one(self, name: str) -> TrainingJob:
        row = self._rows[name]
        return self._priced(self._jobs.describe(name, self._tags.get(row.arn)))

    def _keep(self, name: str, job: TrainingJob | Problem) -> None:
        row = self._rows.get(name)
        if row is None:
            return
        if isinstance(job, TrainingJob):
            self._described[name] = _Described(job, row.modified)
            self._tags[job.arn] = job.tags
        elif is_gone(name, job.code):
            del self._rows[name]
        else:
            (self._retry_later if job.retryable else self._denied).add(name)

    # The state

    def _publish(self) -> None:
        with self._lock:
            self._make_state()

    def _make_state(self) -> None:
        rows = sorted(self._rows.values(), key=lambda row: (row.created, row.name), reverse=True)
        every = [self._merged(row) for row in rows]
        trials = tuple(job for job in every if self._search_of(job.name) is not None)
        jobs = tuple(job for job in every if self._search_of(job.name) is None) if trials else tuple(every)
        self._state = replace(
            self._state,
            jobs=jobs,
            trials=trials,
            searches=self._searches.searches if self._searches is not None else {},
            has_more=self._older_token is not None,
            curves=self._curves.of((*jobs, *trials)) if self._curves is not None else {},
        )

    def _merged(self, row: JobSummary) -> TrainingJob:
        """Return the described job with the status of its row, which may be newer."""
        known = self._described.get(row.name)
        if known is None and self._searches is not None and self._search_of(row.name) is not None:
            return self._searches.trial(row)
        if known is None:
            return TrainingJob.from_summary(row)
        job = known.job
        if job.status.is_final or (job.status, job.secondary_status) == (row.status, row.secondary_status):
            return job
        return replace(job, status=row.status, secondary_status=row.secondary_status, ended=row.ended)
