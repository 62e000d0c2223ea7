"""Which way a metric is better, its best value, and when it stopped getting better."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Series = Sequence[tuple[float, float]]
"""(time in epoch seconds, value), oldest first."""

_LOWER = re.compile(
    r"(?i)(?:^|[^a-z])(?:.*loss|.*error|rmse|mse|mae|mape|.*perplexity|ppl|.*entropy|logloss|.*localization|fid(?:_score)?)$"
)
_HELD_OUT = re.compile(r"(?i)(?:^|[^a-z])(?:val|validation|eval|test|best)")
_SCORE = re.compile(r"(?i)(?:^|[^a-z])(?:accuracy|f1|auc|precision|recall|map|iou|r2|prc)")


@dataclass(frozen=True)
class Best:
    """The best value of a metric, and when it came (epoch seconds)."""

    metric: str
    value: float
    time: float


def lower_is_better(metric: str) -> bool:
    """Whether a metric is better when it is lower, judging by its name: losses, errors, perplexity, distances.

    The names are those of JumpStart's specs and of the scripts' own log lines (jumpstart-facts §3.5).
    """
    return bool(_LOWER.search(metric.rpartition(":")[2].replace("-", "_")))


def best(metric: str, series: Series) -> Best | None:
    """The best value of a series, the first of several alike; None without values."""
    if not series:
        return None
    sign = 1 if lower_is_better(metric) else -1
    time, value = min(series, key=lambda point: (sign * point[1], point[0]))
    return Best(metric, value, time)


def objective(series: Mapping[str, Series]) -> str | None:
    """The metric that says most of how good a model is: held-out before training, a score before a loss."""
    known = [name for name, points in series.items() if points]

    def rank(name: str) -> tuple[bool, bool, int]:
        short = name.rpartition(":")[2].replace("-", "_")
        return not _HELD_OUT.search(short), not _SCORE.search(short), known.index(name)

    return min(known, key=rank, default=None)


def is_plateau(metric: str, series: Series, points: int, least_gain: float) -> bool:
    """Whether the last so many points brought less than a gain, as a part of all that was gained before.

    Args:
        metric: its name tells which way is better.
        series: all values.
        points: how many to look at; with fewer than twice as many there is no plateau yet.
        least_gain: 0 to 1, for example 0.01 for one percent of the whole way.
    """
    if points < 1 or len(series) < 2 * points:
        return False
    sign = 1 if lower_is_better(metric) else -1
    before = min(sign * value for _, value in series[:-points])
    since = min(sign * value for _, value in series[-points:])
    way = sign * series[0][1] - before
    return before - since < least_gain * max(way, 1e-12)
