"""Which of a job's metrics says how good the model is, which way is better, and when it stopped getting better."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

Points = Sequence[tuple[float, float]]
"""(time in epoch seconds, value), oldest first."""

# Words of metric names that JumpStart's specs and scripts use (jumpstart-facts §3.5). Anything else is of no known
# direction, and no best value is claimed for it.
_LOWER = re.compile(r"loss|error|rmse|mse|mae|mape|perplexity|ppl|entropy|localization|fid|wer\b", re.IGNORECASE)
_HIGHER = re.compile(r"acc|auc|f1|map\b|iou|precision|recall|prc|r2|bleu|rouge|score|exact", re.IGNORECASE)
_HELD_OUT = re.compile(r"val|eval|test", re.IGNORECASE)


@dataclass(frozen=True)
class Best:
    """The best value of a metric: what it is called, its value and when (epoch seconds) it was measured."""

    metric: str
    value: float
    time: float


def lower_is_better(metric: str) -> bool | None:
    """Whether less is better; None when the name does not tell."""
    name = short_name(metric)
    if _LOWER.search(name):
        return True
    return False if _HIGHER.search(name) else None


def by_importance(metrics: Iterable[str]) -> list[str]:
    """Metrics in the order in which people want to see them: held-out before training, scores before losses."""
    return sorted(metrics, key=lambda name: (_HELD_OUT.search(name) is None, lower_is_better(name) is not False, name))


def objective(metrics: Iterable[str]) -> str | None:
    """The metric that says how good the model is; None when no name tells a direction."""
    return next((name for name in by_importance(metrics) if lower_is_better(name) is not None), None)


def best(series: Mapping[str, Points]) -> Best | None:
    """The best value of the objective; None while there is none."""
    metric = objective(name for name, points in series.items() if points)
    return None if metric is None else best_of(metric, series[metric])


def best_of(metric: str, points: Points) -> Best | None:
    """The best value of one metric, of several alike the first; None without values or a known direction."""
    numbers = [(value, time) for time, value in points if math.isfinite(value)]
    lower = lower_is_better(metric)
    if not numbers or lower is None:
        return None
    sign = 1 if lower else -1
    value, time = min(numbers, key=lambda pair: sign * pair[0])
    return Best(metric, value, time)


def is_plateau(metric: str, points: Points, last: int, least_gain: float) -> bool:
    """Whether the last so many values brought less than a part of all that was gained before.

    Args:
        metric: its name tells which way is better; of an unknown way there is no plateau.
        points: all values.
        last: how many to look at; with fewer than twice as many there is no plateau yet.
        least_gain: 0 to 1, for example 0.01 for one percent of the whole way.
    """
    lower = lower_is_better(metric)
    if last < 1 or len(points) < 2 * last or lower is None:
        return False
    sign = 1 if lower else -1
    before = min(sign * value for _, value in points[:-last])
    since = min(sign * value for _, value in points[-last:])
    way = sign * points[0][1] - before
    return before - since < least_gain * max(way, 1e-12)


def short_name(metric: str) -> str:
    """A metric's name without the family before it: `tflow-ic:val-accuracy` is `val-accuracy`."""
    return metric.rpartition(":")[2] or metric
