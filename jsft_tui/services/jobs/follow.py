"""Follow a job: phases, log lines, metrics, and progress as events, until it has ended and its log is complete."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from jsft_tui.aws.jobs.logs import TrainingLogs
from jsft_tui.aws.jobs.training import TrainingJobs
from jsft_tui.core.common.errors import SIGNED_OUT, Problem
from jsft_tui.core.jobs.metrics.log_metrics import EpochMark, LogLine, Point, Progress, progress
from jsft_tui.core.jobs.training_job import TrainingJob, Transition
from jsft_tui.metric_search.scraper import MetricScraper
from jsft_tui.services.background.polling import Cadence, Clock
from jsft_tui.services.jobs.log_tail import LogTail

Priced = Callable[[TrainingJob], TrainingJob]
"""Returns a described job with what its price depends on."""


@dataclass(frozen=True)
class Described:
    """A new DescribeTrainingJob answer."""

    job: TrainingJob


@dataclass(frozen=True)
class PhaseChanged:
    """The job entered another phase (secondary status)."""

    transition: Transition
    job: TrainingJob


@dataclass(frozen=True)
class Logged:
    """New log lines."""

    lines: tuple[LogLine, ...]


@dataclass(frozen=True)
class Measured:
    """New metric values found in the log."""

    points: tuple[Point, ...]


@dataclass(frozen=True)
class Progressed:
    """The training progressed; the marks are in time order, the last one is the current state."""

    marks: tuple[EpochMark, ...]

    @property
    def progress(self) -> Progress:
        """The current progress."""
        return self.marks[-1].progress


@dataclass(frozen=True)
class Trouble:
    """A call failed and is repeated after a pause; a pause of 0 means that it is not repeated.

    Attributes:
        problem: the error.
        pause: seconds until the next try.
        since: epoch seconds of the first failure in a row.
        last_seen: epoch seconds of the last answer; None before the first one.
    """

    problem: Problem
    pause: float
    since: float = 0.0
    last_seen: float | None = None

    @property
    def since_when(self) -> str:
        """`offline since 12:00:31`."""
        return f"{_CONDITIONS.get(self.problem.code, 'no answer')} since {_time_of_day(self.since)}"

    @property
    def text(self) -> str:
        """`Offline since 12:00:31, last seen 12:00:26, trying again in 8 s: could not ...`."""
        seen = f", last seen {_time_of_day(self.last_seen)}" if self.last_seen is not None else ""
        since = self.since_when
        return f"{since[0].upper()}{since[1:]}{seen}, trying again in {self.pause:g} s: {self.problem.message}"


_CONDITIONS = {
    "NoConnection": "offline",
    "Timeout": "offline",
    "Throttled": "slowed down by AWS",
    **dict.fromkeys(SIGNED_OUT, "signed out"),
}


def _time_of_day(moment: float) -> str:
    return time.strftime("%H:%M:%S", time.localtime(moment))


@dataclass(frozen=True)
class Unsearched:
    """Metric definitions that are skipped, each with the reason in one sentence; the others are still searched for."""

    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Current:
    """The whole log so far was reported. Sent once, and again after a failure or a pause."""

    job: TrainingJob


@dataclass(frozen=True)
class Ended:
    """The job has ended and its log was read to the end."""

    job: TrainingJob


Event = Described | PhaseChanged | Logged | Measured | Progressed | Unsearched | Trouble | Current | Ended


class JobFollowers:
    """Create followers for the jobs of one target."""

    def __init__(
        self,
        jobs: TrainingJobs,
        logs: TrainingLogs,
        cadence: Cadence,
        clock: Clock | None = None,
        priced: Priced = lambda job: job,
    ) -> None:
        """`priced` returns a described job with what its price depends on."""
        self._jobs, self._priced = jobs, priced
        self._logs = logs
        self._cadence = cadence
        self._clock = clock or Clock()

    def watch(self, name: str, sign_in_within: float = math.inf) -> JobFollower:
        """Return a follower that can be paused and resumed; see `JobFollower`."""
        tail = LogTail(self._logs, name)
        return JobFollower(self._jobs, tail, self._cadence, self._clock, name, sign_in_within, self._priced)

    def follow(self, name: str, sign_in_within: float = math.inf) -> Iterator[Event]:
        """Yield events until the job has ended; see `JobFollower.events`."""
        return self.watch(name, sign_in_within).events()


class JobFollower:
    """Follow one job. One thread iterates `events`; another one may pause it.

    Args:
        jobs, tail: sources of the status and of the log.
        cadence: how often to ask.
        clock: the time.
        name: the job.
        sign_in_within: seconds that the user has to sign in again after the credentials expired.
        priced: returns a described job with what its price depends on.
    """

    def __init__(
        self,
        jobs: TrainingJobs,
        tail: LogTail,
        cadence: Cadence,
        clock: Clock,
        name: str,
        sign_in_within: float,
        priced: Priced = lambda job: job,
    ) -> None:
        self.name = name
        self._jobs, self._priced = jobs, priced
        self._tail = tail
        self._cadence = cadence
        self._clock = clock
        self._sign_in_within = sign_in_within
        self._paused = threading.Event()
        self._job: TrainingJob | None = None
        self._described_at = -math.inf
        self._scraper = MetricScraper(())
        self._reported_unused = 0
        self._reported_phases = 0
        self._quiet = 0
        """How often in a row the log had nothing new."""
        self._late_reads = 0
        """How often the log was read to its end after the job had ended."""
        self._lines_before = 0
        """Lines read by the last of these."""
        self._is_complete = False
        self._is_current = False
        self._log_denied: Problem | None = None
        self._pause = cadence.logs
        self._since: float | None = None
        """When the first of the failures in a row happened (epoch seconds)."""
        self._last_seen: float | None = None

    def pause(self) -> None:
        """End the iteration after the current turn, without any further wait."""
        self._paused.set()

    def resume(self) -> None:
        """Let the next iteration run; it continues where the last one ended."""
        self._paused.clear()

    def events(self) -> Iterator[Event]:
        """Poll until the job has ended, or until the follower is paused.

        Transient errors (throttling, network, expired credentials) do not end it. Without permission for the logs the
        phases are still followed. Iterated again, it continues: no line is read or reported twice.

        Raises:
            Problem: there is no such job, it may not be described any more, or nobody signed in again in time.
        """
        self._is_current = False
        try:
            while not self._paused.is_set():
                try:
                    yield from self.poll()
                    self._pause, self._since = self._cadence.logs, None
                    if self._is_complete:
                        return
                    if not self._is_behind:
                        self._wait(self._seconds_to_next_poll())
                except Problem as problem:
                    trouble = self._trouble(problem)
                    yield trouble
                    self._wait(trouble.pause)
        finally:
            self._scraper.close()

    def poll(self) -> Iterator[Event]:
        """Ask once: for the status when that is due, and for the next part of the log with the metrics in it.

        Raises:
            Problem: a call failed. What was read before is kept for the next poll.
        """
        job = self._job
        if job is None or self._is_status_due(job):
            job = self._describe()
            yield Described(job)
        if (denied := self._read_log()) is not None:
            yield Trouble(denied, 0.0)
        for lines, phase in self._take(job):
            for batch in _batches(lines):
                yield Logged(tuple(batch))
                yield from self._measured(self._scraper.points(batch))
                if marks := tuple(EpochMark(line.time, found) for line in batch if (found := progress(line.text))):
                    yield Progressed(marks)
            if phase is not None:
                yield PhaseChanged(phase, job)
        was_current, self._is_current = self._is_current, not (self._is_behind or job.status.is_final)
        if self._is_complete:
            yield from self._measured(self._scraper.last_points())
            yield Ended(job)
        elif self._is_current and not was_current:
            yield Current(job)

    @property
    def _is_behind(self) -> bool:
        return self._log_denied is None and self._tail.is_behind

    def _is_status_due(self, job: TrainingJob) -> bool:
        return not job.status.is_final and self._clock.ticks() - self._described_at >= self._cadence.status

    def _describe(self) -> TrainingJob:
        known = self._job
        self._job = job = self._priced(self._jobs.describe(self.name, known.tags if known else None))
        self._described_at, self._last_seen = self._clock.ticks(), self._clock.now()
        if known is None:
            self._scraper = MetricScraper(job.metric_definitions)
        return job

    def _read_log(self) -> Problem | None:
        """Read the next part of the log; return AccessDenied the first time, and do not ask again."""
        if self._log_denied is not None:
            return None
        try:
            self._tail.collect()
        except Problem as problem:
            if problem.code != "AccessDenied":
                raise
            self._log_denied = problem
            return problem
        self._last_seen = self._clock.now()
        return None

    def _take(self, job: TrainingJob) -> list[tuple[Sequence[LogLine], Transition | None]]:
        """Return the new lines and phases, in time order: each phase with the lines written before it."""
        is_whole = not self._is_behind
        if job.status.is_final and is_whole:
            # The lines stay in the tail until those that arrive late can be merged into them.
            is_whole = self._is_complete = self._is_log_complete()
            lines = self._tail.take_all() if is_whole else []
        else:
            lines, self._is_complete = self._tail.take(), False
        phases = job.transitions[self._reported_phases :] if is_whole else ()
        # Counted before they are reported: an iteration that is abandoned in between reports nothing twice.
        self._reported_phases += len(phases)
        self._quiet = 0 if lines else self._quiet + 1
        return _in_order(phases, lines)

    def _is_log_complete(self) -> bool:
        """Return whether nothing was new since the last read; lines arrive late (guide, logging-cloudwatch)."""
        if self._paused.is_set():
            return False
        is_quiet = self._late_reads > 0 and self._tail.lines_read == self._lines_before
        self._late_reads, self._lines_before = self._late_reads + 1, self._tail.lines_read
        return is_quiet or self._late_reads >= MAX_LATE_READS

    def _measured(self, points: Sequence[Point]) -> list[Event]:
        """Return the points as events, and the metric definitions that turned out not to work meanwhile."""
        found: list[Event] = [Measured(tuple(points))] if points else []
        if unused := self._scraper.unused[self._reported_unused :]:
            self._reported_unused += len(unused)
            found.append(Unsearched(tuple(unused)))
        return found

    def _seconds_to_next_poll(self) -> float:
        if self._job is not None and self._job.status.is_final:
            return min(2.0, self._cadence.logs)
        return self._cadence.after(self._quiet)

    def _wait(self, seconds: float) -> None:
        self._clock.wait(self._paused, seconds)

    def _trouble(self, problem: Problem) -> Trouble:
        """Return the event of a failed poll, and choose the pause before the next one.

        Raises:
            Problem: the error is permanent.
        """
        self._is_current = False
        since = self._since = self._clock.now() if self._since is None else self._since
        if problem.retryable:
            self._pause = min(self._pause * 2, self._cadence.patience)
        elif problem.code in SIGNED_OUT and self._clock.now() - since < self._sign_in_within:
            self._pause = self._cadence.status  # the user signs in elsewhere, and then looks here
        else:
            raise problem
        return Trouble(problem, self._pause, since, self._last_seen)


MAX_LATE_READS = 10
"""How often the log of a job that has ended is read again for late lines."""
LINES_AT_ONCE = 1_000
"""Lines of one event, so that the thread that shows them can do other work in between."""


def _batches(lines: Sequence[LogLine]) -> list[Sequence[LogLine]]:
    return [lines[start : start + LINES_AT_ONCE] for start in range(0, len(lines), LINES_AT_ONCE)]


def _in_order(
    phases: Sequence[Transition], lines: Sequence[LogLine]
) -> list[tuple[Sequence[LogLine], Transition | None]]:
    """Return each phase with the lines that were written before it; the lines after the last phase stand alone."""
    found: list[tuple[Sequence[LogLine], Transition | None]] = []
    written = 0
    for phase in phases:
        before = written
        while written < len(lines) and lines[written].time < phase.start:
            written += 1
        found.append((lines[before:written], phase))
    return [*found, (lines[written:], None)]
