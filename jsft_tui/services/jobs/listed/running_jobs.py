"""The running jobs of a target, in a file that all jsft processes share: together they ask AWS once a minute."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jsft_tui.core.common.errors import Problem
from jsft_tui.core.jobs.metrics.log_metrics import EpochMark, Progress, progress, series
from jsft_tui.core.jobs.metrics.objective_curve import objective_curve
from jsft_tui.core.jobs.phases.timeline import eta_seconds
from jsft_tui.core.jobs.reports.running import MOST_JOBS, RunningJob, RunningReport, running_job
from jsft_tui.core.jobs.training_job import TrainingJob
from jsft_tui.metric_search.scraper import MetricScraper
from jsft_tui.paths import private_folder, try_lock, write_cache
from jsft_tui.services.background.tasks import map_parallel
from jsft_tui.services.jobs.listed.job_list_state import is_running
from jsft_tui.services.jobs.log_tail import LAST_LINES, last_lines

if TYPE_CHECKING:
    from jsft_tui.aws.account import Account
    from jsft_tui.core.sizing.pricing import Price
    from jsft_tui.services.jobs.listed.job_list_state import JobListState

VERSION = 1
REMOTE_PERIOD, LOCAL_PERIOD = 60.0, 2.0
"""Seconds between two calls: for AWS, and for a server on this machine, where calls cost nothing."""
WRITE_EVERY = 10.0
"""Seconds between two writes of what an open jsft knows, unless other jobs run."""


class RunningJobs:
    """The running jobs of one target. `current` asks, `learn` keeps what the job list has asked for anyway."""

    def __init__(
        self,
        account: Account,
        prices: Callable[[], Mapping[str, Price]],
        file: Path,
        *,
        flags: str = "",
        now: Callable[[], float] = time.time,
    ) -> None:
        """Create it.

        Args:
            account: of the target.
            prices: returns the prices by instance type.
            file: shared by all processes.
            flags: options of the command line that lead to the target.
            now: returns epoch seconds.
        """
        self._account, self._prices, self._file, self._flags, self._now = account, prices, file, flags, now
        self.period = LOCAL_PERIOD if account.target.endpoint else REMOTE_PERIOD
        self._learning = threading.Lock()
        self._definitions: dict[str, tuple[tuple[str, str], ...]] = {}
        """Job -> its metric definitions."""
        self._written_at = float("-inf")

    def cached(self) -> RunningReport | None:
        """Return the last report of any process; None without one."""
        return read_report(self._file)

    def is_due(self, report: RunningReport | None) -> bool:
        """Return whether the list, or the progress of a job in it, is older than the period."""
        return report is None or self._is_list_due(report) or bool(self._due(report))

    def is_busy(self) -> bool:
        """Return whether another process is asking at the moment."""
        private_folder(self._file.parent)
        with try_lock(self._file) as is_ours:
            return not is_ours

    def current(self) -> RunningReport:
        """Return a report that is at most a period old; ask for it unless another process does.

        Raises:
            Problem: nothing is known, and the jobs cannot be listed. Where something is, the report has the code.
        """
        private_folder(self._file.parent)
        with try_lock(self._file) as is_ours:
            known = self.cached()
            if not is_ours or not self.is_due(known):
                return known or RunningReport(0.0, flags=self._flags)
            try:
                report = self._ask(known)
            except Problem as problem:
                failed = replace(known or RunningReport(0.0), asked=self._now(), ended=(), problem=problem.code)
                write_report(self._file, replace(failed, flags=self._flags))
                if known is None:
                    raise
                return failed
            write_report(self._file, report)
            return report

    def learn(self, state: JobListState) -> None:
        """Keep what an open jsft knows of its list, so that no other process has to ask for it."""
        if state.asked is None:
            return
        with self._learning:
            known = self.cached()
            before = {job.name: job for job in known.jobs} if known else {}
            names = [job.name for job in state.running]
            if list(before) == names and self._now() - self._written_at < WRITE_EVERY:
                return
            self._written_at = self._now()
            prices = self._prices()
            jobs = tuple(
                replace(running_job(job, prices), value=curve.last if (curve := state.curves.get(job.name)) else None)
                for job in state.running
            )
            jobs = tuple(job.with_details_of(before.get(job.name)) for job in jobs)
            write_report(self._file, RunningReport(state.asked, jobs, flags=self._flags))

    # Calls

    def _is_list_due(self, report: RunningReport) -> bool:
        return not 0 <= self._now() - report.asked < self.period

    def _due(self, report: RunningReport) -> list[RunningJob]:
        """Return the jobs of a report whose progress is to be read."""
        return [
            job
            for job in report.jobs[:MOST_JOBS]
            if job.phase == "Training" and not 0 <= self._now() - job.read < self.period
        ]

    def _ask(self, known: RunningReport | None) -> RunningReport:
        report = self._list(known) if known is None or self._is_list_due(known) else replace(known, ended=())
        due = {job.name for job in self._due(report)}
        return replace(report, jobs=tuple(self._detailed(job) if job.name in due else job for job in report.jobs))

    def _list(self, known: RunningReport | None) -> RunningReport:
        """Ask for the newest jobs, and describe the running ones, also those that are too old for the list."""
        now, before = self._now(), {job.name: job for job in (known.jobs if known else ())}
        rows = {row.name: TrainingJob.from_summary(row) for row in self._account.training.page().jobs}
        running = [name for name, job in rows.items() if is_running(job)]
        older = [name for name in before if name not in rows]
        described = self._described([*running[:MOST_JOBS], *older])
        jobs = [described.get(name, rows[name]) for name in running] + [described[n] for n in older if n in described]
        prices = self._prices()
        found = tuple(running_job(job, prices).with_details_of(before.get(job.name)) for job in jobs if is_running(job))
        still = {job.name for job in found}
        ends = {**rows, **described}
        ended = tuple((name, ends[name].status.value) for name in before if name not in still and name in ends)
        return RunningReport(now, found, ended, flags=self._flags)

    def _described(self, names: Iterable[str]) -> dict[str, TrainingJob]:
        """Describe jobs, without their tags; leave out those that cannot be."""
        describe = self._account.training.describe
        found = map_parallel(lambda name: describe(name, {}), list(names), MOST_JOBS)
        jobs = {name: job for name, job in found if isinstance(job, TrainingJob)}
        self._definitions |= {name: job.metric_definitions for name, job in jobs.items()}
        return jobs

    def _detailed(self, job: RunningJob) -> RunningJob:
        """Read the end of a job's log for its progress and the last value of its objective."""
        now = self._now()
        try:
            definitions = self._definitions.get(job.name)
            if definitions is None:  # the list is another process's
                definitions = self._account.training.describe(job.name, {}).metric_definitions
            lines = last_lines(self._account.logs, job.name, LAST_LINES)
        except Problem:
            return replace(job, read=now)  # the line goes without; asked again after the period
        marks = [EpochMark(line.time, found) for line in lines if (found := progress(line.text))]
        scraper = MetricScraper(definitions)
        curve = objective_curve(series(scraper.all_points(iter(lines))))
        left = eta_seconds(marks, now)
        return replace(
            job,
            progress=marks[-1].progress if marks else job.progress,
            value=curve.last if curve else job.value,
            ends=now + left if left is not None else None,
            read=now,
        )


def reports_since(folder: Path, moment: float) -> list[RunningReport]:
    """Return the reports in a folder, one per target, that were asked for after a moment (epoch seconds)."""
    with suppress(OSError):
        found = [read_report(file) for file in sorted(folder.glob("*.json"))]
        return [report for report in found if report is not None and report.asked >= moment]
    return []


def write_report(file: Path, report: RunningReport) -> None:
    """Write a report; ignore that it cannot be written."""
    write_cache(file, json.dumps({"version": VERSION, **asdict(report)}).encode())


def read_report(file: Path) -> RunningReport | None:
    """Read a report; None if the file is missing, unreadable, or of another version."""
    try:
        data = json.loads(file.read_bytes())
        if data["version"] != VERSION:
            return None
        ended = tuple((str(name), str(status)) for name, status in data["ended"])
        jobs = tuple(_job(each) for each in data["jobs"])
        return RunningReport(float(data["asked"]), jobs, ended, str(data["problem"]), str(data["flags"]))
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def _job(data: Mapping[str, Any]) -> RunningJob:
    done = data["progress"]
    return RunningJob(
        str(data["name"]),
        str(data["phase"]),
        _number(data["started"]),
        _number(data["usd_per_hour"]),
        Progress(int(done["epoch"]), int(done["epochs"])) if done else None,
        _number(data["value"]),
        _number(data["ends"]),
        float(data["read"]),
    )


def _number(value: Any) -> float | None:
    return None if value is None else float(value)
