"""Following a job: phases, log lines, metrics and progress as events, until it has ended and its log is complete."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass

from jsft_tui.aws.logs import TrainingLogs
from jsft_tui.aws.training import TrainingJobs
from jsft_tui.core.common.errors import SIGNED_OUT, Problem
from jsft_tui.core.jobs.metrics.log_metrics import LogLine, Point, Progress, progress
from jsft_tui.core.jobs.timeline import EpochMark
from jsft_tui.core.jobs.training_job import TrainingJob, Transition
from jsft_tui.services.jobs.log_tail import LogTail
from jsft_tui.services.jobs.metric_scraper import MetricScraper


@dataclass(frozen=True)
class Cadence:
    """How often to ask, in seconds.

    AWS's own SDK reads logs each 10 s and describes each 30 s (`sagemaker.session.logs_for_job`).
    """

    logs: float
    status: float
    patience: float = 120.0
    """The longest pause after errors that may pass."""

    def after(self, quiet: int) -> float:
        """Seconds until the log is read on when the last so many times nothing was new: up to those of the status."""
        return min(max(self.logs, self.status), self.logs * SLOWER ** min(quiet, 50))


SLOWER = 1.25
"""By so much the pause grows each time that the log has nothing new."""


def _wait(event: threading.Event, seconds: float) -> None:
    event.wait(seconds)


@dataclass(frozen=True)
class Clock:
    """What time it is, and how to let it pass."""

    now: Callable[[], float] = time.time
    """Epoch seconds, for people."""
    ticks: Callable[[], float] = time.monotonic
    """Seconds that nobody sets back."""
    wait: Callable[[threading.Event, float], None] = _wait
    """Let so many seconds pass, or fewer if the event is set."""


REMOTE = Cadence(logs=5.0, status=15.0)
LOCAL = Cadence(logs=0.4, status=0.6)


@dataclass(frozen=True)
class Described:
    """What the service said of the job just now."""

    job: TrainingJob


@dataclass(frozen=True)
class PhaseChanged:
    """A job went into another phase."""

    transition: Transition
    job: TrainingJob


@dataclass(frozen=True)
class Logged:
    """Lines that the job wrote."""

    lines: tuple[LogLine, ...]


@dataclass(frozen=True)
class Measured:
    """Metric values found in the log."""

    points: tuple[Point, ...]


@dataclass(frozen=True)
class Progressed:
    """The training is further; the marks are in the order of time, the last one says how far."""

    marks: tuple[EpochMark, ...]

    @property
    def progress(self) -> Progress:
        """How far."""
        return self.marks[-1].progress


@dataclass(frozen=True)
class Trouble:
    """A question that failed and is asked again later; never again when the pause is 0.

    Attributes:
        problem: what came instead of an answer.
        pause: seconds until it is asked again.
        since: epoch seconds when the first question in a row failed.
        last_seen: epoch seconds of the last answer; None when there was none yet.
    """

    problem: Problem
    pause: float
    since: float = 0.0
    last_seen: float | None = None

    @property
    def since_when(self) -> str:
        """`offline since 12:00:31`."""
        return f"{_WHAT_IT_IS.get(self.problem.code, 'no answer')} since {_time_of_day(self.since)}"

    @property
    def text(self) -> str:
        """`Offline since 12:00:31, last seen 12:00:26, trying again in 8 s: could not ...`."""
        seen = f", last seen {_time_of_day(self.last_seen)}" if self.last_seen is not None else ""
        since = self.since_when
        return f"{since[0].upper()}{since[1:]}{seen}, trying again in {self.pause:g} s: {self.problem.message}"


_WHAT_IT_IS = {
    "NoConnection": "offline",
    "Timeout": "offline",
    "Throttled": "slowed down by AWS",
    **dict.fromkeys(SIGNED_OUT, "signed out"),
}


def _time_of_day(moment: float) -> str:
    return time.strftime("%H:%M:%S", time.localtime(moment))


@dataclass(frozen=True)
class Unsearched:
    """Metric definitions that find nothing here, each in one sentence; what else is there goes on."""

    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Current:
    """All that the job wrote until now was told. Told once, and again after whatever kept the watch from reading on."""

    job: TrainingJob


@dataclass(frozen=True)
class Ended:
    """The job is final and its log was read to the end."""

    job: TrainingJob


Event = Described | PhaseChanged | Logged | Measured | Progressed | Unsearched | Trouble | Current | Ended


class JobFollowers:
    """Follows jobs of one target."""

    def __init__(self, jobs: TrainingJobs, logs: TrainingLogs, cadence: Cadence, clock: Clock | None = None) -> None:
        self._jobs = jobs
        self._logs = logs
        self._cadence = cadence
        self._clock = clock or Clock()

    def watch(self, name: str, sign_in_within: float = math.inf) -> JobFollower:
        """A watch over a job that can be put aside and taken up again; see `JobFollower`."""
        return JobFollower(self._jobs, LogTail(self._logs, name), self._cadence, self._clock, name, sign_in_within)

    def follow(self, name: str, sign_in_within: float = math.inf) -> Iterator[Event]:
        """Events until the job has ended; see `JobFollower.events`."""
        return self.watch(name, sign_in_within).events()


class JobFollower:
    """Follows one job. `events` may be iterated in one thread while another puts the watch aside.

    Args:
        jobs, tail: where the answers come from.
        cadence: how often to ask.
        clock: the time.
        name: the job.
        sign_in_within: seconds that the person has to sign in again once the sign-in is over.
    """

    def __init__(
        self, jobs: TrainingJobs, tail: LogTail, cadence: Cadence, clock: Clock, name: str, sign_in_within: float
    ) -> None:
        self.name = name
        self._jobs = jobs
        self._tail = tail
        self._cadence = cadence
        self._clock = clock
        self._sign_in_within = sign_in_within
        self._aside = threading.Event()
        self._job: TrainingJob | None = None
        self._scraper = MetricScraper(())
        self._told_unused = 0
        self._phases = 0
        self._asked = -math.inf
        self._quiet = 0
        """How often in a row the log had nothing new."""
        self._is_current = False
        self._log_denied: Problem | None = None
        self._pause = cadence.logs
        self._since: float | None = None
        """When the first of the questions in a row failed (epoch seconds)."""
        self._last_seen: float | None = None

    def pause(self) -> None:
        """End the iteration soon (it waits for nothing any more); whatever was read is told before."""
        self._aside.set()

    def resume(self) -> None:
        """Let the next iteration run; it goes on where the last one ended."""
        self._aside.clear()

    def events(self) -> Iterator[Event]:
        """Events until the job has ended, or until the watch is put aside.

        Troubles that may pass (throttling, network, a sign-in that is over) do not end it. Without permission for the
        logs the phases are still followed. Iterated again, it goes on: no line is read or told twice.

        Raises:
            Problem: there is no such job, it may not be described any more, or nobody signed in again in time.
        """
        self._is_current = False
        try:
            while not self._aside.is_set():
                try:
                    job = yield from self._describe()
                    yield from self._read_on(job)
                    self._pause, self._since = self._cadence.logs, None
                    if job.status.is_final:
                        if not self._aside.is_set():
                            yield from self._measured(self._scraper.last_points())
                            yield Ended(job)
                        return
                    yield from self._say_current(job)
                    if not self._is_behind:
                        self._wait(self._cadence.after(self._quiet))
                except Problem as problem:
                    trouble = self._trouble(problem)
                    yield trouble
                    self._wait(trouble.pause)
        finally:
            self._scraper.close()

    def _trouble(self, problem: Problem) -> Trouble:
        """What is to be told of a question that failed.

        Raises:
            Problem: it will not pass.
        """
        self._is_current = False
        since = self._since = self._clock.now() if self._since is None else self._since
        if problem.retryable:
            self._pause = min(self._pause * 2, self._cadence.patience)
        elif problem.code in SIGNED_OUT and self._clock.now() - since < self._sign_in_within:
            self._pause = self._cadence.status  # somebody signs in by hand, and then looks here
        else:
            raise problem
        return Trouble(problem, self._pause, since, self._last_seen)

    def _wait(self, seconds: float) -> None:
        self._clock.wait(self._aside, seconds)

    @property
    def _is_behind(self) -> bool:
        return self._log_denied is None and self._tail.is_behind

    def _say_current(self, job: TrainingJob) -> Iterator[Event]:
        was, self._is_current = self._is_current, not self._is_behind
        if self._is_current and not was:
            yield Current(job)

    def _describe(self) -> Generator[Event, None, TrainingJob]:
        """The job as it is now, asked for when that is due."""
        known = self._job
        is_due = self._clock.ticks() - self._asked >= self._cadence.status
        if known is not None and (known.status.is_final or not is_due):
            return known
        job = self._jobs.describe(self.name, known.tags if known else None)
        self._asked, self._last_seen = self._clock.ticks(), self._clock.now()
        if known is None:
            self._scraper = MetricScraper(job.metric_definitions)
        self._job = job
        yield Described(job)
        return job

    def _read_on(self, job: TrainingJob) -> Iterator[Event]:
        """What is new in the log, and the phases that belong before, between and after it."""
        if job.status.is_final:
            yield from self._read_late_lines()
            # What waits for the lines of other hosts waits on until those were read, too.
            is_whole = not (self._is_behind or self._aside.is_set())
            lines = self._tail.take_all() if is_whole else self._tail.take()
            yield from self._tell(lines, job.transitions if is_whole else ())
            return
        yield from self._collect()
        yield from self._tell(self._tail.take(), () if self._is_behind else job.transitions)

    def _read_late_lines(self) -> Iterator[Event]:
        """Lines arrive late (guide, logging-cloudwatch): look again until nothing is new, or it is put aside."""
        for look in range(MOST_LOOKS):
            if self._aside.is_set():
                return
            before = self._tail.lines_read
            yield from self._read_to_the_end()
            if look and self._tail.lines_read == before:
                return
            self._wait(min(2.0, self._cadence.logs))

    def _read_to_the_end(self) -> Iterator[Event]:
        yield from self._collect()
        while self._is_behind and not self._aside.is_set():
            yield from self._tell(self._tail.take(), ())
            yield from self._collect()

    def _collect(self) -> Iterator[Event]:
        """Read on in the log; that it may not be read is told once."""
        if self._log_denied is not None:
            return
        try:
            self._tail.collect()
            self._last_seen = self._clock.now()
        except Problem as problem:
            if problem.code != "AccessDenied":
                raise
            self._log_denied = problem
            yield Trouble(problem, 0.0)

    def _tell(self, lines: Sequence[LogLine], transitions: Sequence[Transition]) -> Iterator[Event]:
        phases = transitions[self._phases :]
        # Counted before they are told: an iteration that is given up in between tells nothing twice.
        self._phases = max(self._phases, len(transitions))
        self._quiet = 0 if lines else self._quiet + 1
        yield from self._in_order(phases, lines)

    def _in_order(self, phases: Sequence[Transition], lines: Sequence[LogLine]) -> Iterator[Event]:
        """Phases and lines of one tick in the order in which they happened."""
        job, written = self._job, 0
        if job is None:
            raise AssertionError("a job is described before its log is told")
        for phase in phases:
            before = written
            while written < len(lines) and lines[written].time < phase.start:
                written += 1
            yield from self._log_events(lines[before:written])
            yield PhaseChanged(phase, job)
        yield from self._log_events(lines[written:])

    def _log_events(self, lines: Sequence[LogLine]) -> Iterator[Event]:
        for start in range(0, len(lines), LINES_AT_ONCE):
            some = lines[start : start + LINES_AT_ONCE]
            yield Logged(tuple(some))
            yield from self._measured(self._scraper.points(some))
            if marks := tuple(EpochMark(line.time, found) for line in some if (found := progress(line.text))):
                yield Progressed(marks)

    def _measured(self, points: Sequence[Point]) -> Iterator[Event]:
        """What was found, and the definitions that it turned out meanwhile not to be found with."""
        if points:
            yield Measured(tuple(points))
        if unused := self._scraper.unused[self._told_unused :]:
            self._told_unused += len(unused)
            yield Unsearched(tuple(unused))


MOST_LOOKS = 10
"""So often the log of a job that has ended is looked at for lines that come late."""
LINES_AT_ONCE = 1_000
"""Lines of one event: whoever shows them has other things to do, too."""
