"""Compare a job with the best earlier run of the same model and data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from jsft_tui.core.jobs.metrics.objective import Best, is_share, lower_is_better
from jsft_tui.core.jobs.metrics.objective_curve import final_value
from jsft_tui.core.jobs.training_job import JobStatus, TrainingJob

LEAST_POINTS = 0.05
"""Percentage points that are shown as a difference: less is rounded away."""


@dataclass(frozen=True)
class Gain:
    """The difference of a job's objective to that of an earlier job.

    Attributes:
        metric: the objective of both jobs.
        value: the best value of the job.
        over: name of the earlier job.
        before: the best value of the earlier job.
    """

    metric: str
    value: float
    over: str
    before: float

    @property
    def is_better(self) -> bool | None:
        """Return whether the job is better; None if it is as good."""
        if not self._shown:
            return None
        return (self.value < self.before) is bool(lower_is_better(self.metric))

    @property
    def points(self) -> float | None:
        """Return the difference in percentage points; None for a metric that is no share of 1 or 100."""
        if not is_share(self.metric):
            return None
        in_percent = max(abs(self.value), abs(self.before)) > 1
        return (self.value - self.before) * (1 if in_percent else 100)

    @property
    def text(self) -> str:
        """Return `+2.3 points over NAME`, `0.0421 lower than NAME`, `as good as NAME`."""
        if not self._shown:
            return f"as good as {self.over}"
        if self.points is not None:
            return f"{self._shown} points {'over' if self.points > 0 else 'below'} {self.over}"
        return f"{self._shown} {'lower' if self.value < self.before else 'higher'} than {self.over}"

    @property
    def _shown(self) -> str:
        """Return the difference as it is shown; empty if it is too small to be."""
        if self.points is None:
            difference = float(f"{abs(self.value - self.before):.2g}")
            is_small = difference <= abs(self.before) * LEAST_POINTS / 100
            return "" if is_small else f"{difference:g}"
        if abs(self.points) < LEAST_POINTS:
            return ""
        return f"+{self.points:.1f}" if self.points > 0 else f"{-self.points:.1f}"


def earlier_runs(job: TrainingJob, jobs: Iterable[TrainingJob]) -> list[TrainingJob]:
    """Return the earlier completed runs of the same model, data, and objective, the best first.

    Args:
        job: a job that a JumpStart model is known of; without one there is no earlier run.
        jobs: described jobs; the values are those of the service (FinalMetricDataList).
    """
    own = final_value(job)
    if own is None or not job.model_id:
        return []
    metric = own[0]
    found = [
        (value[1], each)
        for each in jobs
        if each.name != job.name
        and each.status is JobStatus.COMPLETED
        and each.created < job.created
        and each.model_id == job.model_id
        and _data(each.data_uris) == _data(job.data_uris)
        and (value := final_value(each)) is not None
        and value[0] == metric
    ]
    sign = 1 if lower_is_better(metric) else -1
    return [each for _, each in sorted(found, key=lambda pair: sign * pair[0])]


def gain(best: Best | None, over: str, before: Best | None) -> Gain | None:
    """Return the difference of two best values; None unless both are of the same metric."""
    if best is None or before is None or best.metric != before.metric:
        return None
    return Gain(best.metric, best.value, over, before.value)


def _data(channels: Mapping[str, str]) -> dict[str, str]:
    return {name: uri.rstrip("/") for name, uri in channels.items()}
