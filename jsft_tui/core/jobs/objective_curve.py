"""The curve of a job's objective, small enough to be kept for hundreds of jobs and drawn in a few cells."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from jsft_tui.core.jobs.metrics.log_metrics import thinned
from jsft_tui.core.jobs.metrics.objective import Points, by_importance, is_held_out, lower_is_better
from jsft_tui.core.jobs.training_job import TrainingJob

MOST_POINTS = 32
"""Points of a curve; it is drawn in fewer cells."""
MOST_PERIODS = 120
"""Values of a metric that are asked for at the most."""
LONGEST = 15 * 86_400.0
"""Seconds for which CloudWatch keeps the value of each minute (GetMetricData)."""
_PERIODS = (60, 300, 900, 3600, 3 * 3600)
"""Seconds that a value stands for."""


@dataclass(frozen=True)
class JobCurve:
    """Values of the metric that says how good a job's model is; there is at least one.

    Attributes:
        metric: its name.
        points: (epoch seconds, value), oldest first.
    """

    metric: str
    points: tuple[tuple[float, float], ...]

    @property
    def values(self) -> list[float]:
        """The values, oldest first."""
        return [value for _, value in self.points]

    @property
    def last(self) -> float:
        """The latest value."""
        return self.points[-1][1]


def objective_curve(series: Mapping[str, Points]) -> JobCurve | None:
    """The curve of the most telling metric that has values; None when none has."""
    for metric in candidates(series):
        points = [(time, value) for time, value in series[metric] if math.isfinite(value)]
        if points:
            return JobCurve(metric, tuple(thinned(points, MOST_POINTS)))
    return None


def candidates(metrics: Iterable[str]) -> tuple[str, ...]:
    """The metrics that may say how good a model is: the most telling one of all, then one of the training itself.

    Whether a job has held-out values is seen only when they come, so both are looked at.
    """
    told = [name for name in by_importance(metrics) if lower_is_better(name) is not None]
    training = [name for name in told if not is_held_out(name)]
    return tuple(dict.fromkeys((*told[:1], *training[:1])))


def final_value(job: TrainingJob) -> tuple[str, float] | None:
    """The objective's last value as the service itself found it (FinalMetricDataList); None without one."""
    found = candidates(job.final_metrics)
    return (found[0], job.final_metrics[found[0]]) if found else None


def period_seconds(span: float) -> int:
    """Seconds that a value should stand for, so that those of a span of seconds (`LONGEST` at the most) are few."""
    return next((each for each in _PERIODS if span / each <= MOST_PERIODS), _PERIODS[-1])
