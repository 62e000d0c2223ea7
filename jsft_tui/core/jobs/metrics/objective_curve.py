"""Reduce a job's objective to a curve that is small enough to keep for hundreds of jobs."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from jsft_tui.core.jobs.metrics.log_metrics import downsampled
from jsft_tui.core.jobs.metrics.objective import Points, by_importance, is_held_out, lower_is_better
from jsft_tui.core.jobs.training_job import TrainingJob

MOST_POINTS = 32
"""Points per curve, which is drawn in fewer cells."""
MOST_PERIODS = 120
"""Values of a metric to request, at most."""
MAX_SPAN = 15 * 86_400.0
"""Seconds for which CloudWatch keeps the value of each minute (GetMetricData)."""
_PERIODS = (60, 300, 900, 3600, 3 * 3600)
"""Seconds per value, to choose from."""


@dataclass(frozen=True)
class JobCurve:
    """Values of a job's objective; at least one.

    Attributes:
        metric: its name.
        points: (epoch seconds, value), oldest first.
    """

    metric: str
    points: tuple[tuple[float, float], ...]

    @property
    def values(self) -> list[float]:
        """Return the values, oldest first."""
        return [value for _, value in self.points]

    @property
    def last(self) -> float:
        """Return the latest value."""
        return self.points[-1][1]


def objective_curve(series: Mapping[str, Points]) -> JobCurve | None:
    """Return the curve of the most important metric that has values; None if none has."""
    for metric in candidates(series):
        points = [(time, value) for time, value in series[metric] if math.isfinite(value)]
        if points:
            return JobCurve(metric, tuple(downsampled(points, MOST_POINTS)))
    return None


def candidates(metrics: Iterable[str]) -> tuple[str, ...]:
    """Return the metrics that may be the objective: the most important one, then the most important training metric.

    Whether a job has held-out values is unknown until the first arrives, so both are requested.
    """
    known = [name for name in by_importance(metrics) if lower_is_better(name) is not None]
    training = [name for name in known if not is_held_out(name)]
    return tuple(dict.fromkeys((*known[:1], *training[:1])))


def final_value(job: TrainingJob) -> tuple[str, float] | None:
    """Return the objective's last value according to the service (FinalMetricDataList); None without one."""
    found = candidates(job.final_metrics)
    return (found[0], job.final_metrics[found[0]]) if found else None


def period_seconds(span: float) -> int:
    """Return the seconds per value that keep the values of a span (at most `MAX_SPAN` seconds) few."""
    return next((each for each in _PERIODS if span / each <= MOST_PERIODS), _PERIODS[-1])
