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
# Of those, the ones that end at 1, or at 100 where they are told in percent.
_SHARE = re.compile(r"acc|auc|f1|map\b|iou|precision|recall|prc|exact", re.IGNORECASE)


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
    return sorted(metrics, key=lambda name: (not is_held_out(name), lower_is_better(name) is not False, name))


def is_held_out(metric: str) -> bool:
    """Whether the name says that it is measured on data that is not trained on."""
    return _HELD_OUT.search(metric) is not None


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

    Where no more than that part is left to be gained there is no plateau: it is as good as it can be.

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
    least = least_gain * max(sign * points[0][1] - before, 1e-12)
    end = _best_possible(metric, points)
    is_at_the_end = end is not None and min(before, since) - sign * end <= least
    return before - since < least and not is_at_the_end


def _best_possible(metric: str, points: Points) -> float | None:
    """The value beyond which a metric cannot go; None when there is none, or none that is known.

    A loss or an error is never below 0. Only a likelihood can be: of a metric that was below 0 nothing is said.
    """
    values = [value for _, value in points]
    if lower_is_better(metric):
        return 0.0 if min(values) >= 0 else None
    if not _SHARE.search(short_name(metric)):
        return None
    return 1.0 if max(values) <= 1 else 100.0


def short_name(metric: str) -> str:
    """A metric's name without the family before it: `tflow-ic:val-accuracy` is `val-accuracy`."""
    return metric.rpartition(":")[2] or metric
