"""Prepare curves for display: training beside validation, smoothed, on a logarithmic scale."""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence

from jsft_tui.core.jobs.metrics.objective import short_name

Points = Sequence[tuple[float, float]]
"""(x, y) pairs in the order of x."""

SMOOTHINGS = (0.0, 0.6, 0.9)
"""Smoothing factors to choose from; 0 shows the values as they are."""

_TRAINING = frozenset({"train", "training"})
_HELD_OUT = frozenset({"val", "valid", "validation", "eval", "evaluation", "test"})
_SAMPLING = frozenset({"epoch", "step", "avg"})
"""Words that describe how a value was taken, not what it measures (`train_epoch_loss`, jumpstart-facts §3.5)."""
_WORDS = re.compile(r"[^a-z0-9]+")


def grouped(metrics: Iterable[str]) -> list[tuple[str, ...]]:
    """Group metrics that measure the same on training and on held-out data; keep the order otherwise.

    A pair takes the position of the first of the two, training first: `train-loss` and `val-loss`. A name without
    such a word, beside one with it, counts as training, too (Hugging Face's `loss` and `eval_loss`).
    """
    names = list(metrics)
    groups: list[tuple[str, ...]] = []
    paired: set[str] = set()
    for name in names:
        if name in paired:
            continue
        other = next((other for other in names if other not in paired and _are_pair(name, other)), None)
        if other is None:
            groups.append((name,))
            continue
        paired |= {name, other}
        groups.append((other, name) if _is_held_out(name) else (name, other))
    return groups


def _are_pair(one: str, other: str) -> bool:
    subject = _subject(one)
    return bool(subject) and subject == _subject(other) and _is_held_out(one) != _is_held_out(other)


def _words(metric: str) -> list[str]:
    return _WORDS.split(short_name(metric).lower())


def _is_held_out(metric: str) -> bool:
    return not _HELD_OUT.isdisjoint(_words(metric))


def _subject(metric: str) -> tuple[str, ...]:
    """Return the words for what a metric measures, without those for the data it was measured on."""
    return tuple(word for word in _words(metric) if word not in _TRAINING | _HELD_OUT | _SAMPLING)


def smoothed(points: Points, factor: float) -> Points:
    """Smooth the values exponentially; the first ones are not biased towards 0.

    Args:
        points: values that are not finite are kept as they are.
        factor: 0 to below 1, the weight of the previous values.
    """
    if factor <= 0:
        return points
    found, mean, weight = [], 0.0, 0.0
    for x, y in points:
        if not math.isfinite(y):
            found.append((x, y))
            continue
        mean = factor * mean + (1 - factor) * y
        weight = factor * weight + (1 - factor)
        found.append((x, mean / weight))
    return found


def logarithmic(points: Points) -> Points:
    """Return the decimal logarithms of the values; NaN where there is none."""
    return [(x, math.log10(y) if y > 0 and math.isfinite(y) else math.nan) for x, y in points]


def nearest(points: Points, x: float) -> tuple[float, float] | None:
    """Return the point that is nearest to x; None without points."""
    if not points:
        return None
    at = bisect_left(points, x, key=lambda point: point[0])
    return min(points[max(0, at - 1) : at + 1], key=lambda point: abs(point[0] - x))


def stepped(points: Points, x: float, least: float, direction: int) -> float:
    """Return the x of the next point at least `least` away, to the right (1) or left (-1), or of the outermost point.

    Args:
        points: at least one point.
        x: where the step starts.
        least: minimum distance, so that the step is visible.
        direction: 1 or -1.
    """
    path = (point[0] for point in (points if direction > 0 else reversed(points)))
    end = points[-1][0] if direction > 0 else points[0][0]
    return next((to for to in path if (to - x) * direction >= least and to != x), end)
