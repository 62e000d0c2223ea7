"""Following a job: phases, log lines, metrics and progress as events, until it has ended and its log is complete."""

from __future__ import annotations

import threading
import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass

from jsft_tui.aws.logs import TrainingLogs
from jsft_tui.aws.training import TrainingJobs
from jsft_tui.core.errors import Problem
from jsft_tui.core.jobs import TrainingJob, Transition
from jsft_tui.core.metrics import LogLine, MetricScraper, Point, Progress, progress
from jsft_tui.core.timeline import EpochMark


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
    """A question that failed and is asked again later."""

    problem: Problem
    pause: float


@dataclass(frozen=True)
class Current:
    """All that the job wrote until now was told. Told once, and again after whatever kept the watch from reading on."""

    job: TrainingJob


@dataclass(frozen=True)
class Ended:
    """The job is final and its log was read to the end."""

    job: TrainingJob


Event = Described | PhaseChanged | Logged | Measured | Progressed | Trouble | Current | Ended


class Watcher:
    """Follows jobs of one target."""

    def __init__(self, jobs: TrainingJobs, logs: TrainingLogs, cadence: Cadence) -> None:
        self._jobs = jobs
        self._logs = logs
        self._cadence = cadence

    def watch(self, name: str) -> Watch:
        """A watch over a job that can be put aside and taken up again."""
        return Watch(self._jobs, LogTail(self._logs, name), self._cadence, name)

    def follow(self, name: str) -> Iterator[Event]:
        """Events until the job has ended; see `Watch.events`."""
        return self.watch(name).events()


class Watch:
    """Follows one job. `events` may be iterated in one thread while another puts the watch aside."""

    def __init__(self, jobs: TrainingJobs, tail: LogTail, cadence: Cadence, name: str) -> None:
        self.name = name
        self._jobs = jobs
        self._tail = tail
        self._cadence = cadence
        self._aside = threading.Event()
        self._job: TrainingJob | None = None
        self._scraper = MetricScraper(())
        self._phases = 0
        self._asked = 0.0
        self._quiet = 0
        """How often in a row the log had nothing new."""
        self._is_current = False

    def put_aside(self) -> None:
        """End the iteration soon (it waits for nothing any more); whatever was read is told before."""
        self._aside.set()

    def take_up(self) -> None:
        """Let the next iteration run; it goes on where the last one ended."""
        self._aside.clear()

    def events(self) -> Iterator[Event]:
        """Events until the job has ended, or until the watch is put aside.

        Troubles that may pass (throttling, network) do not end it. Without permission for the logs the phases are
        still followed. Iterated again, it goes on: no line is read or told twice.

        Raises:
            Problem: there is no such job, or it may not be described any more (denied, signed out).
        """
        pause = self._cadence.logs
        self._is_current = False
        while not self._aside.is_set():
            try:
                job = yield from self._describe()
                yield from self._read_on(job)
                pause = self._cadence.logs
                if job.status.is_final:
                    if not self._aside.is_set():
                        yield Ended(job)
                    return
                yield from self._say_current(job)
                if not self._tail.is_behind:
                    self._aside.wait(self._cadence.after(self._quiet))
            except Problem as problem:
                self._is_current = False
                if not problem.retryable:
                    raise
                pause = min(pause * 2, self._cadence.patience)
                yield Trouble(problem, pause)
                self._aside.wait(pause)

    def _say_current(self, job: TrainingJob) -> Iterator[Event]:
        was, self._is_current = self._is_current, not self._tail.is_behind
        if self._is_current and not was:
            yield Current(job)

    def _describe(self) -> Generator[Event, None, TrainingJob]:
        """The job as it is now, asked for when that is due."""
        known = self._job
        is_due = time.monotonic() - self._asked >= self._cadence.status
        if known is not None and (known.status.is_final or not is_due):
            return known
        job = self._jobs.describe(self.name, known.tags if known else None)
        self._asked = time.monotonic()
        if known is None:
            self._scraper = MetricScraper(job.metric_definitions)
        self._job = job
        yield Described(job)
        return job

    def _read_on(self, job: TrainingJob) -> Iterator[Event]:
        """What is new in the log, and the phases that belong before, between and after it."""
        if job.status.is_final:  # lines arrive late (guide, logging-cloudwatch): one more look after the end
            yield from self._read_to_the_end()
            self._aside.wait(min(2.0, self._cadence.logs))
        self._tail.collect()
        yield from self._tail.troubles()
        yield from self._tell(() if self._tail.is_behind else job.transitions)

    def _read_to_the_end(self) -> Iterator[Event]:
        self._tail.collect()
        while self._tail.is_behind and not self._aside.is_set():
            yield from self._tell(())
            self._tail.collect()

    def _tell(self, transitions: Sequence[Transition]) -> Iterator[Event]:
        job, phases = self._job, transitions[self._phases :]
        if job is None:
            raise AssertionError("a job is described before its log is told")
        # Counted before they are told: an iteration that is given up in between tells nothing twice.
        self._phases = max(self._phases, len(transitions))
        lines = self._tail.take()
        self._quiet = 0 if lines else self._quiet + 1
        yield from _in_order(phases, lines, job, self._scraper)


PAGES_AT_ONCE = 4
"""Pages of a stream (up to 10,000 lines or 1 MB each, GetLogEvents) that are read before they are told."""


class LogTail:
    """Reads on in all log streams of a job; what was read is kept until it is taken, whatever fails meanwhile."""

    def __init__(self, logs: TrainingLogs, job: str) -> None:
        self._logs = logs
        self._job = job
        self._tokens: dict[str, str | None] = {}
        self._lines: list[LogLine] = []
        self._behind: set[str] = set()
        self._denied: Problem | None = None
        self._told = False

    @property
    def is_behind(self) -> bool:
        """Whether there was more to read than was read the last time."""
        return bool(self._behind)

    @property
    def is_denied(self) -> bool:
        """Whether the log may not be read."""
        return self._denied is not None

    def collect(self) -> None:
        """Read lines since the last time; of a long log only a part. A missing permission is kept for `troubles`."""
        if self._denied is not None:
            return
        try:
            if not self._behind:
                for stream in self._logs.streams(self._job):
                    self._tokens.setdefault(stream, None)
            for stream in self._tokens:
                self._read_on(stream)
        except Problem as problem:
            if problem.code != "AccessDenied":
                raise
            self._denied = problem
            self._behind.clear()

    def _read_on(self, stream: str) -> None:
        # Lines of several instances are put in order of time, so all of them have to be there.
        self._behind.discard(stream)
        pages = 0
        while pages < PAGES_AT_ONCE or len(self._tokens) > 1:
            page = self._logs.read(stream, self._tokens[stream])
            pages += 1
            self._lines += page.lines
            moved = page.token is not None and page.token != self._tokens[stream]
            self._tokens[stream] = page.token or self._tokens[stream]
            if not moved:  # an empty page whose token moved is not the end (GetLogEvents)
                return
        self._behind.add(stream)

    def take(self) -> list[LogLine]:
        """The lines collected since the last time, in the order of time."""
        lines, self._lines = self._lines, []
        return sorted(lines, key=lambda line: line.time) if len(self._tokens) > 1 else lines

    def troubles(self) -> Iterator[Trouble]:
        """A missing permission, told once."""
        if self._denied is not None and not self._told:
            self._told = True
            yield Trouble(self._denied, 0.0)


def _in_order(
    phases: Sequence[Transition], lines: Sequence[LogLine], job: TrainingJob, scraper: MetricScraper
) -> Iterator[Event]:
    """Phases and lines of one tick in the order in which they happened."""
    written = 0
    for phase in phases:
        before = written
        while written < len(lines) and lines[written].time < phase.start:
            written += 1
        yield from _log_events(lines[before:written], scraper)
        yield PhaseChanged(phase, job)
    yield from _log_events(lines[written:], scraper)


LINES_AT_ONCE = 2_000
"""Lines of one event: whoever shows them has other things to do, too."""


def _log_events(lines: Sequence[LogLine], scraper: MetricScraper) -> Iterator[Event]:
    for start in range(0, len(lines), LINES_AT_ONCE):
        some = lines[start : start + LINES_AT_ONCE]
        yield Logged(tuple(some))
        if points := tuple(point for line in some for point in scraper.points(line)):
            yield Measured(points)
        if marks := tuple(EpochMark(line.time, found) for line in some if (found := progress(line.text))):
            yield Progressed(marks)
