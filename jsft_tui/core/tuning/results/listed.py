"""Searches as rows of the list of jobs, and which training jobs are trials of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from jsft_tui.core.jobs.training_job import JobStatus, JobSummary, TrainingJob
from jsft_tui.core.sizing.pricing import Price
from jsft_tui.core.tuning.results.progress import Search
from jsft_tui.core.tuning.results.tuning_job import TuningJob, TuningStatus, TuningSummary

_TRIAL = re.compile(r"(?P<search>.+)-\d{3,}-[0-9a-f]{8}")
"""How the service names trials: the search, a number, a mark.

Not checked against AWS: that no trial has another name. One that had would stand in the list beside its search.
"""

_STATUSES = {
    TuningStatus.IN_PROGRESS: JobStatus.IN_PROGRESS,
    TuningStatus.COMPLETED: JobStatus.COMPLETED,
    TuningStatus.FAILED: JobStatus.FAILED,
    TuningStatus.STOPPING: JobStatus.STOPPING,
    TuningStatus.STOPPED: JobStatus.STOPPED,
    TuningStatus.DELETING: JobStatus.DELETING,
}


@dataclass(frozen=True)
class ListedSearch:
    """A search of the list; `search` is None before it was read."""

    summary: TuningSummary
    search: Search | None = None

    @property
    def name(self) -> str:
        """The name."""
        return self.summary.name

    @property
    def is_running(self) -> bool:
        """Whether it may still change and incur cost."""
        return self.summary.status in (TuningStatus.IN_PROGRESS, TuningStatus.STOPPING)

    @property
    def best_value(self) -> float | None:
        """The best value so far; None without one."""
        best = self.search.best if self.search is not None else None
        return best.objective if best is not None else None

    @property
    def most_trials(self) -> int | None:
        """The number of trials at most, as far as it is known."""
        return self.summary.max_jobs or (self.search.job.max_jobs if self.search is not None else None)

    @property
    def result_words(self) -> str:
        """What came of it before the value: `best of 12`; or why there is no value."""
        counts = self.summary.counts
        if self.best_value is not None:
            return "best so far" if self.is_running else f"best of {counts.launched}"
        if self.is_running:
            return "no value yet"
        if counts.failed and not counts.completed:
            return "all trials failed"
        return "stopped" if self.summary.status is TuningStatus.STOPPED else "no value"

    @property
    def progress_words(self) -> str:
        """How far it is, while it runs: `trial 7/12`."""
        most = self.most_trials
        launched = self.summary.counts.launched
        return f"trial {launched}/{most}" if most else f"{launched} trials"

    def spent(self, prices: Mapping[str, Price], now: float) -> float | None:
        """Return the USD so far; None before it was read, or without a price."""
        return self.search.spent(prices, now) if self.search is not None else None


def as_row(listed: ListedSearch) -> TrainingJob:
    """Return a search in the form of the rows of the list, which group, sort and filter jobs of either kind."""
    summary, job = listed.summary, listed.search.job if listed.search is not None else None
    row = JobSummary(
        summary.name,
        summary.arn,
        _STATUSES.get(summary.status, JobStatus.UNKNOWN),
        summary.created,
        None,
        summary.ended,
    )
    known = described_row(row, job)
    if job is None:
        return known
    best = listed.best_value
    metrics = {job.metric: best} if best is not None else {}
    return replace(known, failure_reason=job.failure_reason, final_metrics=metrics)


def search_of_trial(name: str, searches: Mapping[str, TuningJob | None]) -> str | None:
    """Return the search that a training job is a trial of, among those that are known; None if of none."""
    match = _TRIAL.fullmatch(name)
    return match["search"] if match is not None and match["search"] in searches else None


def described_row(row: JobSummary, job: TuningJob | None) -> TrainingJob:
    """Return the row of a trial or of the search itself, with what the search tells of all its jobs.

    No trial is described for a list.
    """
    plain = TrainingJob.from_summary(row)
    if job is None:
        return plain
    return replace(
        plain,
        instance_type=job.instance_type,
        instance_count=job.instance_count,
        spot=job.spot,
        max_runtime=job.max_runtime,
        model_id=job.model_id,
        model_version=job.model_version,
    )
