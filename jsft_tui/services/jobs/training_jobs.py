"""Training jobs with their logs and metrics."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence

from jsft_tui.aws.account import Account
from jsft_tui.aws.jobs.training import PAGE_SIZE
from jsft_tui.core.account.read_only import writing_refused
from jsft_tui.core.common.errors import Problem, usage
from jsft_tui.core.instances.types import instance_type
from jsft_tui.core.jobs.compare.comparison import ComparedJob
from jsft_tui.core.jobs.metrics.log_metrics import EpochMark, LogLine, Point, Progress, progress, series
from jsft_tui.core.jobs.metrics.utilization import JobUtilization, gpu_shares, latest_use
from jsft_tui.core.jobs.phases.timeline import noting_epochs
from jsft_tui.core.jobs.training_job import JobStatus, JobSummary, TrainingJob
from jsft_tui.core.run.name import is_gone
from jsft_tui.metric_search.scraper import MetricScraper
from jsft_tui.services.background.tasks import map_parallel
from jsft_tui.services.jobs.log_tail import LAST_LINES, last_lines, whole_log

DESCRIBE_WORKERS = 8
"""Jobs described at once; AWS publishes no limit for DescribeTrainingJob, so few."""


def stopping(name: str) -> str:
    """Return the confirmation that a job is being stopped."""
    return f"Stopping {name}. What it has saved so far will be uploaded."


class Jobs:
    """The training jobs of one target."""

    def __init__(self, account: Account, priced: Callable[[TrainingJob], TrainingJob] = lambda job: job) -> None:
        """`priced` returns a described job with what its price depends on."""
        self._account = account
        self._priced = priced

    def get(self, name: str) -> TrainingJob:
        """Return one job.

        Raises:
            Problem: there is no job of that name (code `NoSuchJob`).
        """
        return self._priced(self._account.training.describe(name))

    def newest(self, status: JobStatus | None, limit: int) -> list[TrainingJob]:
        """Return the newest jobs, described; a job that cannot be described has only the values of its row.

        Raises:
            Problem: none of them could be described.
        """
        rows = self._rows(status, limit)
        described: dict[str, TrainingJob] = {}
        failed: Problem | None = None
        for row, job in map_parallel(lambda row: self.get(row.name), rows, DESCRIBE_WORKERS):
            if isinstance(job, TrainingJob):
                described[row.name] = job
            elif not is_gone(row.name, job.code):
                described[row.name], failed = TrainingJob.from_summary(row), job
        if failed is not None and all(not job.request for job in described.values()):
            raise failed
        return [described[row.name] for row in rows if row.name in described]

    def not_stopped(self, job: TrainingJob) -> Problem | None:
        """Return why a job cannot be stopped; None if it can."""
        if job.status.is_final:
            return usage("AlreadyEnded", f"{job.name} has already ended ({job.status.value}).")
        return writing_refused(self._account.target, f"{job.name} is not stopped")

    def stop(self, name: str) -> None:
        """Stop a job."""
        self._account.training.stop(name)

    def log(self, name: str) -> Iterator[LogLine]:
        """Yield the log of a job so far, in time order; pages are read as lines are consumed.

        Raises:
            Problem: there is no such job (code `NoSuchJob`), or its log cannot be read.
        """
        lines = whole_log(self._account.logs, name)
        first = next(lines, None)
        if first is None:
            self.get(name)  # an unknown name is an error, not an empty log
            return
        yield first
        yield from lines

    def log_text(self, name: str) -> Iterator[str]:
        """Yield the log exactly as the job wrote it, with control characters, as the parts of a file."""
        return (f"{line.raw}\n" for line in self.log(name))

    def use(self, job: TrainingJob, since: float, until: float) -> JobUtilization:
        """Return the utilization of the job's instances between two times (epoch seconds); empty for an unknown type.

        Raises:
            Problem: CloudWatch cannot be read.
        """
        hardware = instance_type(job.instance_type)
        if hardware is None:
            return JobUtilization()
        hosts = [f"algo-{number}" for number in range(1, job.instance_count + 1)]
        readings = self._account.metrics.instance_readings(job.name, hosts, since, until)
        return JobUtilization(latest_use(readings, hardware), gpu_shares(readings, hardware))

    def last_lines(self, name: str) -> list[LogLine]:
        """Return the end of a job's log.

        Raises:
            Problem: access denied, or no answer.
        """
        return list(last_lines(self._account.logs, name, LAST_LINES))

    def progress(self, name: str) -> Progress | None:
        """Return the progress of a job according to the end of its log; None if that does not tell.

        Raises:
            Problem: access denied, or no answer.
        """
        lines = self.last_lines(name)
        return next((found for line in reversed(lines) if (found := progress(line.text))), None)

    def metrics(self, job: TrainingJob) -> Mapping[str, Sequence[tuple[float, float]]]:
        """Return metric -> (time, value) pairs; see `measured`."""
        return self.measured(job).metrics

    def measured(self, job: TrainingJob) -> ComparedJob:
        """Return a job with its metrics: exact from the log, or by the minute from CloudWatch if the log is denied."""
        scraper = MetricScraper(job.metric_definitions)
        marks: list[EpochMark] = []
        try:
            found = series(scraper.all_points(noting_epochs(self.log(job.name), marks)))
        except Problem as problem:
            if problem.code != "AccessDenied":
                raise
            return ComparedJob(job, series(self._from_cloudwatch(job)))
        return ComparedJob(job, found, tuple(scraper.unused), tuple(marks))

    def with_metrics(self, name: str) -> ComparedJob:
        """Return a job by its name, with its metrics.

        Raises:
            Problem: there is no job of that name (code `NoSuchJob`).
        """
        return self.measured(self.get(name))

    def _from_cloudwatch(self, job: TrainingJob) -> list[Point]:
        names = [name for name, _ in job.metric_definitions]
        try:
            return self._account.metrics.points(job.name, names, job.created, job.ended or time.time())
        except Problem as problem:
            if problem.code != "AccessDenied":
                raise
            return [Point(name, job.ended or job.created, value) for name, value in job.final_metrics.items()]

    def _rows(self, status: JobStatus | None, limit: int) -> list[JobSummary]:
        rows: list[JobSummary] = []
        token = None
        while True:
            page = self._account.training.page(status, token=token, size=PAGE_SIZE)
            rows += page.jobs
            token = page.token
            if token is None or len(rows) >= limit:
                return rows[:limit]
