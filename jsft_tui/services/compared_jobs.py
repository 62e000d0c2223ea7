"""Jobs that are compared: their logs are read once, and those of jobs that run are read on, not anew."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from jsft_tui.aws.logs import TrainingLogs
from jsft_tui.core.comparison import Compared
from jsft_tui.core.errors import Problem
from jsft_tui.core.jobs import TrainingJob
from jsft_tui.core.metrics import LogLine, series
from jsft_tui.core.objective import Points
from jsft_tui.services.jobs import DESCRIBE_WORKERS, Jobs
from jsft_tui.services.log_tail import LogTail
from jsft_tui.services.metric_scraper import MetricScraper
from jsft_tui.services.tasks import map_parallel


class ComparedJobs:
    """A choice of jobs. Its methods are called in one thread at a time."""

    def __init__(self, jobs: Jobs, logs: TrainingLogs, names: Sequence[str]) -> None:
        self.names = tuple(names)
        self._jobs = jobs
        self._logs = logs
        self._read: dict[str, _Read] = {}

    @property
    def running(self) -> tuple[str, ...]:
        """The jobs that had not ended when they were read last."""
        return tuple(name for name in self.names if (read := self._read.get(name)) and not read.job.status.is_final)

    def read(self) -> Iterator[Compared | Problem]:
        """All of them, in the order in which they come; of one that cannot be read, why."""
        self._read.clear()
        yield from self._together(self.names, {})

    def read_on(self, current: Mapping[str, TrainingJob]) -> list[Compared | Problem]:
        """Those that ran, with what they wrote since.

        Args:
            current: what is known of them by now; one that is not there, or has ended, is asked for.
        """
        return list(self._together(self.running, current))

    def _together(self, names: Sequence[str], current: Mapping[str, TrainingJob]) -> Iterator[Compared | Problem]:
        for _, found in map_parallel(lambda name: self._compared(name, current.get(name)), names, DESCRIBE_WORKERS):
            yield found

    def _compared(self, name: str, job: TrainingJob | None) -> Compared:
        read = self._read.get(name)
        if job is None or (read is not None and job.status.is_final):
            job = self._jobs.get(name)  # of one that has ended just now a list does not know what it cost
        if read is None:
            read = self._read[name] = _Read(job, LogTail(self._logs, name), MetricScraper(job.metric_definitions))
        metrics = read.on(job)
        read.job = job  # only now: an end counts once what it wrote last was read
        return Compared(job, self._jobs.metrics(job) if metrics is None else metrics)


@dataclass
class _Read:
    """How far a job's log was read, and the values that were found in it."""

    job: TrainingJob
    tail: LogTail
    scraper: MetricScraper
    metrics: dict[str, list[tuple[float, float]]] = field(default_factory=dict)

    def on(self, job: TrainingJob) -> Mapping[str, Points] | None:
        """All values, with those of the lines that are new; None where the log may not be read.

        Args:
            job: as it was before its log is read: of one that has ended no host writes any more.
        """
        try:
            self.tail.collect()
            while self.tail.is_behind:
                self._search(self.tail.take())
                self.tail.collect()
            self._search(self.tail.take_all() if job.status.is_final else self.tail.take())
        except Problem as problem:
            if problem.code != "AccessDenied":
                raise
            return None
        finally:
            self.scraper.close()
        return {name: tuple(points) for name, points in self.metrics.items()}

    def _search(self, lines: Sequence[LogLine]) -> None:
        for name, points in series(self.scraper.points(lines)).items():
            self.metrics.setdefault(name, []).extend(points)
