"""Training jobs as people ask for them: one, many, their logs and their metrics."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence

from jsft_tui.aws.account import Account
from jsft_tui.aws.training import PAGE_SIZE
from jsft_tui.core.account.read_only import writing_refused
from jsft_tui.core.common.errors import Problem, usage
from jsft_tui.core.instances.types import instance_type
from jsft_tui.core.jobs.comparison import Compared
from jsft_tui.core.jobs.metrics.log_metrics import LogLine, Point, series
from jsft_tui.core.jobs.training_job import JobStatus, JobSummary, TrainingJob
from jsft_tui.core.jobs.utilization import MachineUse, gpu_shares, latest_use
from jsft_tui.services.background.tasks import map_parallel
from jsft_tui.services.jobs.log_tail import whole_log
from jsft_tui.services.jobs.metric_scraper import MetricScraper

DESCRIBE_WORKERS = 8
"""Jobs described at once; AWS publishes no limit for DescribeTrainingJob, so few."""


def stopping(name: str) -> str:
    """What is said of a job that was asked to stop."""
    return f"Stopping {name}. What it has saved so far will be uploaded."


class Jobs:
    """The training jobs of one target."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def get(self, name: str) -> TrainingJob:
        """One job.

        Raises:
            Problem: there is none of that name (code `NoSuchJob`).
        """
        return self._account.training.describe(name)

    def newest(self, status: JobStatus | None, limit: int) -> list[TrainingJob]:
        """The newest jobs, with what DescribeTrainingJob tells of each; of one that is denied only its row.

        Raises:
            Problem: none of them could be described.
        """
        rows = self._rows(status, limit)
        described: dict[str, TrainingJob] = {}
        failed: Problem | None = None
        for row, job in map_parallel(lambda row: self.get(row.name), rows, DESCRIBE_WORKERS):
            if isinstance(job, TrainingJob):
                described[row.name] = job
            elif job.code != "NoSuchJob":  # one that was deleted since it was listed is simply gone
                described[row.name], failed = TrainingJob.from_summary(row), job
        if failed is not None and all(not job.instance_type for job in described.values()):
            raise failed
        return [described[row.name] for row in rows if row.name in described]

    def not_stopped(self, job: TrainingJob) -> Problem | None:
        """Why a job cannot be stopped; None when it can."""
        if job.status.is_final:
            return usage("AlreadyEnded", f"{job.name} is {job.status.value} already.", "There is nothing to stop.")
        return writing_refused(self._account.target, f"{job.name} is not stopped")

    def stop(self, name: str) -> None:
        """Ask a job to stop."""
        self._account.training.stop(name)

    def log(self, name: str) -> Iterator[LogLine]:
        """All that a job has written so far, in the order of time; read as it is taken.

        Raises:
            Problem: there is no such job (code `NoSuchJob`), or its log cannot be read.
        """
        lines = whole_log(self._account.logs, name)
        first = next(lines, None)
        if first is None:
            self.get(name)  # a name that is wrong is said to be wrong, not silent
            return
        yield first
        yield from lines

    def log_text(self, name: str) -> Iterator[str]:
        """The same as the parts of a file, exactly as the job wrote it: control characters, progress bars and all."""
        return (f"{line.exact}\n" for line in self.log(name))

    def use(self, job: TrainingJob, since: float, until: float) -> MachineUse:
        """What the job's instances were busy with between two times (epoch seconds); nothing for an unknown type.

        Raises:
            Problem: CloudWatch may not be read, or cannot be.
        """
        machine = instance_type(job.instance_type)
        if machine is None:
            return MachineUse()
        hosts = [f"algo-{number}" for number in range(1, job.instance_count + 1)]
        readings = self._account.metrics.machine(job.name, hosts, since, until)
        return MachineUse(latest_use(readings, machine), gpu_shares(readings, machine))

    def metrics(self, job: TrainingJob) -> Mapping[str, Sequence[tuple[float, float]]]:
        """Metric -> (time, value) pairs; see `measured`."""
        return self.measured(job).metrics

    def measured(self, job: TrainingJob) -> Compared:
        """A job with its metrics: exact from the log, by the minute from CloudWatch where that is denied."""
        scraper = MetricScraper(job.metric_definitions)
        try:
            found = series(scraper.all_points(self.log(job.name)))
        except Problem as problem:
            if problem.code != "AccessDenied":
                raise
            return Compared(job, series(self._from_cloudwatch(job)))
        return Compared(job, found, tuple(scraper.unused))

    def with_metrics(self, name: str) -> Compared:
        """A job by its name, with its metrics.

        Raises:
            Problem: there is none of that name (code `NoSuchJob`).
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
