"""Metrics of jobs side by side: each log is read once; the logs of running jobs are then read incrementally."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from jsft_tui.aws.jobs.logs import TrainingLogs
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.jobs.compare.comparison import ComparedJob
from jsft_tui.core.jobs.metrics.log_metrics import EpochMark, LogLine, Point, series
from jsft_tui.core.jobs.phases.timeline import noting_epochs
from jsft_tui.core.jobs.training_job import TrainingJob
from jsft_tui.metric_search.scraper import MetricScraper
from jsft_tui.services.background.tasks import map_parallel
from jsft_tui.services.jobs.log_tail import LogTail
from jsft_tui.services.jobs.training_jobs import DESCRIBE_WORKERS, Jobs

LATE = 60.0
"""Seconds after a job's end when its log is certainly complete. Not checked against AWS."""


class ComparedJobs:
    """The jobs selected for comparison. Call its methods from one thread at a time."""

    def __init__(self, jobs: Jobs, logs: TrainingLogs, names: Sequence[str]) -> None:
        self.names = tuple(names)
        self._jobs = jobs
        self._logs = logs
        self._readers: dict[str, _LogReader] = {}

    @property
    def unfinished(self) -> tuple[str, ...]:
        """The jobs whose logs may still grow: they run, or their last lines have not arrived."""
        return tuple(name for name in self.names if (reader := self._readers.get(name)) and not reader.is_finished)

    def is_whole(self, name: str) -> bool:
        """Return whether the job has ended and its log was read to the end."""
        reader = self._readers.get(name)
        return reader is not None and reader.is_finished and not reader.is_denied

    def read(self, now: float) -> Iterator[ComparedJob | Problem]:
        """Read all jobs from the start; yield each as it arrives, or the problem of one that cannot be read.

        Args:
            now: epoch seconds.
        """
        self._readers.clear()
        yield from self._in_parallel(self.names, {}, now)

    def read_on(self, current: Mapping[str, TrainingJob], now: float) -> list[ComparedJob | Problem]:
        """Return the unfinished jobs with what they wrote since the last read.

        Args:
            current: their latest known state; a job that is missing here, or has ended, is described again.
            now: epoch seconds.
        """
        return list(self._in_parallel(self.unfinished, current, now))

    def _in_parallel(
        self, names: Sequence[str], current: Mapping[str, TrainingJob], now: float
    ) -> Iterator[ComparedJob | Problem]:
        def one(name: str) -> ComparedJob:
            return self._compared(name, current.get(name), now)

        for _, found in map_parallel(one, names, DESCRIBE_WORKERS):
            yield found

    def _compared(self, name: str, job: TrainingJob | None, now: float) -> ComparedJob:
        reader = self._readers.get(name)
        if reader is not None and reader.job.status.is_final:
            job = reader.job  # the job itself does not change any more, only its log may grow
        elif job is None or (reader is not None and job.status.is_final):
            job = self._jobs.get(name)  # a row of the list does not tell what a job that has just ended cost
        if reader is None:
            reader = _LogReader(job, LogTail(self._logs, name), MetricScraper(job.metric_definitions))
            if not job.status.is_final:
                self._readers[name] = reader  # a running job is read again even if this read fails
        is_read = reader.read(job, now)
        self._readers[name] = reader
        if not is_read:
            return ComparedJob(job, self._jobs.metrics(job))
        metrics = {metric: tuple(points) for metric, points in reader.metrics.items()}
        return ComparedJob(job, metrics, tuple(reader.scraper.unused), tuple(reader.marks))


@dataclass
class _LogReader:
    """The position in a job's log, and the metrics found so far.

    Attributes:
        job: its state before the last read.
        is_finished: whether it had ended and its log is complete.
        is_denied: whether access to its log was denied.
    """

    job: TrainingJob
    tail: LogTail
    scraper: MetricScraper
    metrics: dict[str, list[tuple[float, float]]] = field(default_factory=dict)
    marks: list[EpochMark] = field(default_factory=list)
    is_finished: bool = False
    is_denied: bool = False
    _was_read_after_end: bool = False

    def read(self, job: TrainingJob, now: float) -> bool:
        """Read everything new in the log; return False if access is denied.

        Args:
            job: its state before the read.
            now: epoch seconds.
        """
        before, self.is_denied = self.tail.lines_read, False
        try:
            self.tail.collect()
            while self.tail.is_behind:
                self._take_lines(self.tail.take())
                self.tail.collect()
            self._finish(job, now, is_quiet=self.tail.lines_read == before)
            self._take_lines(self.tail.take_all() if self.is_finished else self.tail.take())
            if self.is_finished:
                self._take(self.scraper.last_points())
        except Problem as problem:
            if problem.code != "AccessDenied":
                raise
            self.is_denied = True
            self._finish(job, now, is_quiet=False)  # the values of CloudWatch, used instead, arrive late, too
        finally:
            self.scraper.close()
        self.job = job  # only now: the end counts once the last lines were read
        return not self.is_denied

    def _finish(self, job: TrainingJob, now: float, *, is_quiet: bool) -> None:
        """Finish an ended job after one more read without news: lines arrive late (guide, logging-cloudwatch)."""
        if not job.status.is_final:
            return
        is_long_ago = job.ended is not None and now - job.ended > LATE
        self.is_finished = is_long_ago or (is_quiet and self._was_read_after_end)
        self._was_read_after_end = True

    def _take_lines(self, lines: Sequence[LogLine]) -> None:
        self._take(self.scraper.points([*noting_epochs(lines, self.marks)]))

    def _take(self, points: Sequence[Point]) -> None:
        for name, found in series(points).items():
            self.metrics.setdefault(name, []).extend(found)
