"""The run to compare a job with: the best earlier one of the same model and data."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from jsft_tui.core.jobs.metrics.objective import lower_is_better
from jsft_tui.core.jobs.metrics.objective_curve import final_value
from jsft_tui.core.jobs.training_job import JobStatus, TrainingJob


@dataclass(frozen=True)
class EarlierRun:
    """A run with the last value of its objective (FinalMetricDataList)."""

    job: TrainingJob
    metric: str
    value: float


def best_earlier_run(job: TrainingJob, others: Iterable[TrainingJob], metric: str | None = None) -> EarlierRun | None:
    """Return the best completed run of the same model and data that was created before a job; None without one.

    Of equally good runs the latest is returned.

    Args:
        job: what to compare.
        others: all known runs.
        metric: the objective of the job; runs with another one are left out. None: that of the latest run.
    """
    earlier = sorted((other for other in others if _is_earlier(other, job)), key=lambda other: -other.created)
    runs = [run for other in earlier if (run := _run_of(other)) is not None]
    metric = metric or (runs[0].metric if runs else None)
    wanted = [run for run in runs if run.metric == metric]
    sign = -1 if metric is not None and lower_is_better(metric) else 1
    return max(wanted, key=lambda run: sign * run.value, default=None)


def _is_earlier(other: TrainingJob, job: TrainingJob) -> bool:
    return (
        other.name != job.name
        and other.status is JobStatus.COMPLETED
        and other.created < job.created
        and job.model_id is not None
        and other.model_id == job.model_id
        and _places(other) == _places(job)
    )


def _run_of(job: TrainingJob) -> EarlierRun | None:
    found = final_value(job)
    return EarlierRun(job, *found) if found is not None and math.isfinite(found[1]) else None


def _places(job: TrainingJob) -> set[tuple[str, str]]:
    return {(channel, uri.rstrip("/")) for channel, uri in job.data_uris.items()}
