"""Jobs that are compared: their logs are read once, and those of jobs that run are read on, not anew."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from jsft_tui.aws.logs import TrainingLogs
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.jobs.comparison import Compared
from jsft_tui.core.jobs.metrics.log_metrics import Point, series
from jsft_tui.core.jobs.training_job import TrainingJob
from jsft_tui.services.background.tasks import map_parallel
from jsft_tui.services.jobs.log_tail import LogTail
from jsft_tui.services.jobs.metric_scraper import MetricScraper
from jsft_tui.services.jobs.training_jobs import DESCRIBE_WORKERS, Jobs

LATE = 60.0
"""Seconds after a job's end from which on no line of its log is on its way any more. Not checked against AWS."""


class ComparedJobs:
    """A choice of jobs. Its methods are called in one thread at a time."""

    def __init__(self, jobs: Jobs, logs: TrainingLogs, names: Sequence[str]) -> None:
        self.names = tuple(names)
        self._jobs = jobs
        self._logs = logs
        self._read: dict[str, _Read] = {}

    @property
    def unfinished(self) -> tuple[str, ...]:
        """The jobs that are read on: they run, or their last lines may still be on their way."""
        return tuple(name for name in self.names if (read := self._read.get(name)) and not read.is_finished)

    def is_whole(self, name: str) -> bool:
        """Whether all of a job's log was read, and the job had ended: its metrics are those of the log to the end."""
        read = self._read.get(name)
        return read is not None and read.is_finished and not read.is_denied

    def read(self, now: float) -> Iterator[Compared | Problem]:
        """All of them, in the order in which they come; of one that cannot be read, why.

        Args:
            now: epoch seconds.
        """
        self._read.clear()
        yield from self._together(self.names, {}, now)

    def read_on(self, current: Mapping[str, TrainingJob], now: float) -> list[Compared | Problem]:
        """The unfinished ones, with what they wrote since.

        Args:
            current: what is known of them by now; one that is not there, or has ended, is asked for.
            now: epoch seconds.
        """
        return list(self._together(self.unfinished, current, now))

    def _together(
        self, names: Sequence[str], current: Mapping[str, TrainingJob], now: float
    ) -> Iterator[Compared | Problem]:
        def one(name: str) -> Compared:
            return self._compared(name, current.get(name), now)

        for _, found in map_parallel(one, names, DESCRIBE_WORKERS):
            yield found

    def _compared(self, name: str, job: TrainingJob | None, now: float) -> Compared:
        read = self._read.get(name)
        if read is not None and read.job.status.is_final:
            job = read.job  # nothing changes in it any more, only its log may grow
        elif job is None or (read is not None and job.status.is_final):
            job = self._jobs.get(name)  # of one that has ended just now a list does not know what it cost
        if read is None:
            read = _Read(job, LogTail(self._logs, name), MetricScraper(job.metric_definitions))
            if not job.status.is_final:
                self._read[name] = read  # one that runs is asked for again, also when this fails
        is_read = read.on(job, now)
        self._read[name] = read
        if not is_read:
            return Compared(job, self._jobs.metrics(job))
        metrics = {metric: tuple(points) for metric, points in read.metrics.items()}
        return Compared(job, metrics, tuple(read.scraper.unused))


@dataclass
class _Read:
    """How far a job's log was read, and the values that were found in it.

    Attributes:
        job: as it was before its log was read the last time.
        is_finished: whether it had ended, and there is no more to come.
        is_denied: whether its log may not be read.
    """

    job: TrainingJob
    tail: LogTail
    scraper: MetricScraper
    metrics: dict[str, list[tuple[float, float]]] = field(default_factory=dict)
    is_finished: bool = False
    is_denied: bool = False
    _was_read_after_end: bool = False

    def on(self, job: TrainingJob, now: float) -> bool:
        """Read all that is new in its log; whether that may be read.

        Args:
            job: as it is before its log is read.
            now: epoch seconds.
        """
        before, self.is_denied = self.tail.lines_read, False
        try:
            self.tail.collect()
            while self.tail.is_behind:
                self._take(self.scraper.points(self.tail.take()))
                self.tail.collect()
            self._finish(job, now, is_quiet=self.tail.lines_read == before)
            self._take(self.scraper.points(self.tail.take_all() if self.is_finished else self.tail.take()))
            if self.is_finished:
                self._take(self.scraper.last_points())
        except Problem as problem:
            if problem.code != "AccessDenied":
                raise
            self.is_denied = True
            self._finish(job, now, is_quiet=False)  # what CloudWatch tells in its place comes late, too
        finally:
            self.scraper.close()
        self.job = job  # only now: an end counts once what it wrote last was read
        return not self.is_denied

    def _finish(self, job: TrainingJob, now: float, *, is_quiet: bool) -> None:
        """Lines arrive late (guide, logging-cloudwatch): one more reading has to bring nothing new."""
        if not job.status.is_final:
            return
        is_long_ago = job.ended is not None and now - job.ended > LATE
        self.is_finished = is_long_ago or (is_quiet and self._was_read_after_end)
        self._was_read_after_end = True

    def _take(self, points: Sequence[Point]) -> None:
        for name, found in series(points).items():
            self.metrics.setdefault(name, []).extend(found)
