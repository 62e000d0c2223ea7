"""Choose the metric that tells how good a model is, its direction, its best value, and detect plateaus."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

Points = Sequence[tuple[float, float]]
"""(time in epoch seconds, value), oldest first."""

# Words in metric names of JumpStart's specs and scripts (jumpstart-facts §3.5). The direction of any other metric
# is unknown, and no best value is reported for it.
_LOWER = re.compile(r"loss|error|rmse|mse|mae|mape|perplexity|ppl|entropy|localization|fid|wer\b", re.IGNORECASE)
_HIGHER = re.compile(r"acc|auc|f1|map\b|iou|precision|recall|prc|r2|bleu|rouge|score|exact", re.IGNORECASE)
_HELD_OUT = re.compile(r"val|eval|test", re.IGNORECASE)
# Those of them with a maximum of 1, or of 100 in percent.
_SHARE = re.compile(r"acc|auc|f1|map\b|iou|precision|recall|prc|exact", re.IGNORECASE)


@dataclass(frozen=True)
class Best:
    """The best value of a metric; `time` is epoch seconds."""

    metric: str
    value: float
    time: float


def lower_is_better(metric: str) -> bool | None:
    """Return whether lower values are better; None if the name does not tell."""
    name = short_name(metric)
    if _LOWER.search(name):
        return True
    return False if _HIGHER.search(name) else None


def is_share(metric: str) -> bool:
    """Return whether a metric is a share of 1, or of 100 in percent."""
    return _SHARE.search(short_name(metric)) is not None


def by_importance(metrics: Iterable[str]) -> list[str]:
    """Sort metrics by importance: held-out before training, scores before losses."""
    return sorted(metrics, key=lambda name: (not is_held_out(name), lower_is_better(name) is not False, name))


def is_held_out(metric: str) -> bool:
    """Return whether the name says that the metric is measured on held-out data."""
    return _HELD_OUT.search(metric) is not None


def objective(metrics: Iterable[str]) -> str | None:
    """Return the metric that tells how good the model is; None if no name has a known direction."""
    return next((name for name in by_importance(metrics) if lower_is_better(name) is not None), None)


def best(series: Mapping[str, Points]) -> Best | None:
    """Return the best value of the objective; None if there is none."""
    metric = objective(name for name, points in series.items() if points)
    return None if metric is None else best_of(metric, series[metric])


def best_of(metric: str, points: Points) -> Best | None:
    """Return the best value of one metric, the first of equal ones; None without values or a known direction."""
    numbers = [(value, time) for time, value in points if math.isfinite(value)]
    lower = lower_is_better(metric)
    if not numbers or lower is None:
        return None
    sign = 1 if lower else -1
    value, time = min(numbers, key=lambda pair: sign * pair[0])
    return Best(metric, value, time)


def is_plateau(metric: str, points: Points, last: int, least_gain: float) -> bool:
    """Return whether the last values gained less than a part of everything gained before.

    There is no plateau where no more than that part is left to gain: the metric is as good as it can be.

    Args:
        metric: its name determines the direction; without one there is no plateau.
        points: all values.
        last: number of values to look at; with fewer than twice as many values there is no plateau.
        least_gain: 0 to 1, for example 0.01 for one percent of the total gain.
    """
    lower = lower_is_better(metric)
    if last < 1 or len(points) < 2 * last or lower is None:
        return False
    sign = 1 if lower else -1
    before = min(sign * value for _, value in points[:-last])
    since = min(sign * value for _, value in points[-last:])
    least = least_gain * max(sign * points[0][1] - before, 1e-12)
    end = _best_possible(metric, points)
    is_at_the_end = end is not None and min(before, since) - sign * end <= least
    return before - since < least and not is_at_the_end


def _best_possible(metric: str, points: Points) -> float | None:
    """Return the bound of a metric's values; None if there is none, or none is known.

    A loss or an error is never below 0. A negative likelihood can be, so a metric that was below 0 has no bound.
    """
    values = [value for _, value in points]
    if lower_is_better(metric):
        return 0.0 if min(values) >= 0 else None
    if not is_share(metric):
        return None
    return 1.0 if max(values) <= 1 else 100.0


def short_name(metric: str) -> str:
    """Return a metric's name without its family prefix: `val-accuracy` for `tflow-ic:val-accuracy`."""
    return metric.rpartition(":")[2] or metric
