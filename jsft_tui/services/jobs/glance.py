"""What the row under the cursor tells that the list does not: the end of its log, its epochs, its changes, its use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from jsft_tui.core.common.errors import Problem
from jsft_tui.core.jobs.metrics.log_metrics import EpochMark, LogLine, Progress, progress
from jsft_tui.core.jobs.metrics.utilization import JobUtilization
from jsft_tui.core.jobs.phases.timeline import is_new_epoch
from jsft_tui.core.jobs.training_job import TrainingJob
from jsft_tui.services.jobs.listed.job_list_state import is_running
from jsft_tui.services.jobs.summary import JobSummaries
from jsft_tui.services.jobs.training_jobs import Jobs

KEPT_LINES = 20
"""Lines of the log that are kept."""
USE_SPAN = 12 * 60.0
"""Seconds of the past for which the utilization is asked."""


@dataclass(frozen=True)
class JobGlance:
    """What was read of a job.

    Attributes:
        read: when, in epoch seconds.
        lines: the end of its log; empty if it has none or may not be read.
        marks: when each epoch was reported, oldest first, as far as the end of the log tells.
        changed: hyperparameters that differ from the model's defaults.
        use: how busy its instances are.
    """

    read: float
    lines: tuple[LogLine, ...] = ()
    marks: tuple[EpochMark, ...] = ()
    changed: Mapping[str, str] = field(default_factory=dict)
    use: JobUtilization = field(default_factory=JobUtilization)

    @property
    def progress(self) -> Progress | None:
        """The latest progress of the training."""
        return self.marks[-1].progress if self.marks else None


class JobGlances:
    """Reads of one target's jobs; what may not be read is left out."""

    def __init__(self, jobs: Jobs, summaries: JobSummaries) -> None:
        self._jobs, self._summaries = jobs, summaries

    def read(self, job: TrainingJob, now: float, known: JobGlance | None = None) -> JobGlance:
        """Read a job; `known` is what was read before, of which the changed hyperparameters stay."""
        lines = self._lines(job)
        marks: list[EpochMark] = []
        for line in lines:
            if (found := progress(line.text)) is not None:
                mark = EpochMark(line.time, found)
                if is_new_epoch(marks, mark):
                    marks.append(mark)
        changed = known.changed if known is not None else self._summaries.changed(job)
        return JobGlance(now, tuple(lines[-KEPT_LINES:]), tuple(marks), changed, self._use(job, now))

    def _lines(self, job: TrainingJob) -> list[LogLine]:
        try:
            return self._jobs.last_lines(job.name)
        except Problem:
            return []  # the Job screen says why

    def _use(self, job: TrainingJob, now: float) -> JobUtilization:
        if not is_running(job) or job.secondary_status != "Training":
            return JobUtilization()
        try:
            return self._jobs.use(job, now - USE_SPAN, now)
        except Problem:
            return JobUtilization()
