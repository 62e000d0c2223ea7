"""Which of a job's metrics says how good the model is, and which way is better."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

# Words of metric names that JumpStart's specs use (jumpstart-facts, training metrics). Anything else is of no
# known direction, and no best value is claimed for it.
_LOWER = re.compile(r"loss|error|rmse|mse|mae|perplexity|logloss|wer\b", re.IGNORECASE)
_HIGHER = re.compile(r"acc|auc|f1|map\b|mAP|iou|precision|recall|r2|bleu|rouge|score|exact", re.IGNORECASE)
_HELD_OUT = re.compile(r"val|eval|test", re.IGNORECASE)


@dataclass(frozen=True)
class Best:
    """The best value of a metric: what it is called, its value and when (epoch seconds) it was measured."""

    metric: str
    value: float
    time: float


def lower_is_better(metric: str) -> bool | None:
    """Whether less is better; None when the name does not tell."""
    if _LOWER.search(metric):
        return True
    return False if _HIGHER.search(metric) else None


def by_importance(metrics: Iterable[str]) -> list[str]:
    """Metrics in the order in which people want to see them: held-out before training, scores before losses."""
    return sorted(metrics, key=lambda name: (_HELD_OUT.search(name) is None, lower_is_better(name) is not False, name))


def objective(metrics: Iterable[str]) -> str | None:
    """The metric that says how good the model is; None when no name tells a direction."""
    return next((name for name in by_importance(metrics) if lower_is_better(name) is not None), None)


def best(series: Mapping[str, Sequence[tuple[float, float]]]) -> Best | None:
    """The best value of the objective; None while there is none."""
    metric = objective(name for name, points in series.items() if points)
    if metric is None:
        return None
    numbers = [(value, time) for time, value in series[metric] if math.isfinite(value)]
    if not numbers:
        return None
    sign = 1 if lower_is_better(metric) else -1
    value, time = min(numbers, key=lambda pair: sign * pair[0])  # of several alike, the first
    return Best(metric, value, time)


def short_name(metric: str) -> str:
    """A metric's name without the family before it: `tflow-ic:val-accuracy` is `val-accuracy`."""
    return metric.rpartition(":")[2] or metric
