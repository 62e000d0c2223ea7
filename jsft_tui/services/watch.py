"""Following a job: phases, log lines, metrics and progress as events, until it has ended and its log is complete."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from jsft_tui.aws.logs import TrainingLogs
from jsft_tui.aws.training import TrainingJobs
from jsft_tui.core.errors import Problem
from jsft_tui.core.jobs import TrainingJob, Transition
from jsft_tui.core.metrics import LogLine, MetricScraper, Point, Progress, progress


@dataclass(frozen=True)
class Cadence:
    """How often to ask, in seconds.

    AWS's own SDK reads logs each 10 s and describes each 30 s (`sagemaker.session.logs_for_job`).
    """

    logs: float
    status: float
    patience: float = 120.0
    """The longest pause after errors that may pass."""


REMOTE = Cadence(logs=5.0, status=15.0)
LOCAL = Cadence(logs=0.4, status=0.6)


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
    """The training is further."""

    progress: Progress


@dataclass(frozen=True)
class Trouble:
    """A question that failed and is asked again later."""

    problem: Problem
    pause: float


@dataclass(frozen=True)
class Ended:
    """The job is final and its log was read to the end."""

    job: TrainingJob


Event = PhaseChanged | Logged | Measured | Progressed | Trouble | Ended


class Watcher:
    """Follows jobs of one target."""

    def __init__(
        self, jobs: TrainingJobs, logs: TrainingLogs, cadence: Cadence, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._jobs = jobs
        self._logs = logs
        self._cadence = cadence
        self._sleep = sleep

    def follow(self, name: str) -> Iterator[Event]:
        """Events until the job has ended. Troubles that may pass (throttling, network) do not end it.

        Without permission for the logs the phases are still followed.

        Raises:
            Problem: there is no such job, or it may not be described any more (denied, signed out).
        """
        job: TrainingJob | None = None
        tail, scraper = LogTail(self._logs, name), MetricScraper(())
        phases, asked, pause = 0, 0.0, self._cadence.logs
        while True:
            try:
                if job is None:
                    job, asked = self._jobs.describe(name), time.monotonic()
                    scraper = MetricScraper(job.metric_definitions)
                final = job.status.is_final
                if final:  # lines arrive late (guide, logging-cloudwatch): one more look after the end
                    tail.collect()
                    self._sleep(min(2.0, self._cadence.logs))
                tail.collect()
                yield from tail.troubles()
                new_phases, phases = job.transitions[phases:], len(job.transitions)
                yield from _in_order(new_phases, tail.take(), job, scraper)
                if final:
                    yield Ended(job)
                    return
                self._sleep(self._cadence.logs)
                if time.monotonic() - asked >= self._cadence.status:
                    job, asked = self._jobs.describe(name), time.monotonic()
                pause = self._cadence.logs
            except Problem as problem:
                if not problem.retryable:
                    raise
                pause = min(pause * 2, self._cadence.patience)
                yield Trouble(problem, pause)
                self._sleep(pause)


class LogTail:
    """Reads on in all log streams of a job; what was read is kept until it is taken, whatever fails meanwhile."""

    def __init__(self, logs: TrainingLogs, job: str) -> None:
        self._logs = logs
        self._job = job
        self._tokens: dict[str, str | None] = {}
        self._lines: list[LogLine] = []
        self._denied: Problem | None = None
        self._told = False

    def collect(self) -> None:
        """Read all lines since the last time. A missing permission is kept for `troubles`, not raised."""
        if self._denied is not None:
            return
        try:
            for stream in self._logs.streams(self._job):
                self._tokens.setdefault(stream, None)
            for stream in self._tokens:
                self._read_on(stream)
        except Problem as problem:
            if problem.code != "AccessDenied":
                raise
            self._denied = problem

    def _read_on(self, stream: str) -> None:
        while True:
            page = self._logs.read(stream, self._tokens[stream])
            self._lines += page.lines
            moved = page.token is not None and page.token != self._tokens[stream]
            self._tokens[stream] = page.token or self._tokens[stream]
            if not moved:  # an empty page whose token moved is not the end (GetLogEvents)
                return

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


def _log_events(lines: Sequence[LogLine], scraper: MetricScraper) -> Iterator[Event]:
    if not lines:
        return
    yield Logged(tuple(lines))
    if points := tuple(point for line in lines for point in scraper.points(line)):
        yield Measured(points)
    if seen := [found for line in lines if (found := progress(line.text))]:
        yield Progressed(seen[-1])
