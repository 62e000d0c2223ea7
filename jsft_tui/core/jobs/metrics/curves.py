"""Curves of metrics as people look at them: training beside validation, smoothed, on a logarithmic scale."""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence

from jsft_tui.core.jobs.metrics.objective import short_name

Points = Sequence[tuple[float, float]]
"""(x, y) pairs in the order of x."""

SMOOTHINGS = (0.0, 0.6, 0.9)
"""The factors to choose from; 0 shows the values as they are."""

_TRAINING = frozenset({"train", "training"})
_HELD_OUT = frozenset({"val", "valid", "validation", "eval", "evaluation", "test"})
_NO_NAME = frozenset({"epoch", "step", "avg"})
"""Words that say how often or how a value was taken, not what it is (`train_epoch_loss`, jumpstart-facts §3.5)."""
_WORDS = re.compile(r"[^a-z0-9]+")


def grouped(metrics: Iterable[str]) -> list[tuple[str, ...]]:
    """The metrics in their order, those that are the same of training and of held-out data together.

    Such a pair stands where the first of the two stood, training first: `train-loss` and `val-loss`. A name without
    any such word beside one with it is of training, too (Hugging Face's `loss` and `eval_loss`).
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
    """What a metric measures, whatever data it was measured on."""
    return tuple(word for word in _words(metric) if word not in _TRAINING | _HELD_OUT | _NO_NAME)


def smoothed(points: Points, factor: float) -> Points:
    """Exponentially smoothed values; the first ones are not drawn towards 0.

    Args:
        points: values that are no finite number stay what they are.
        factor: 0 to below 1, the weight of what was before.
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
    """The decimal logarithms of the values; NaN where there is none."""
    return [(x, math.log10(y) if y > 0 and math.isfinite(y) else math.nan) for x, y in points]


def nearest(points: Points, x: float) -> tuple[float, float] | None:
    """The point that is next to x; None without points."""
    if not points:
        return None
    at = bisect_left(points, x, key=lambda point: point[0])
    return min(points[max(0, at - 1) : at + 1], key=lambda point: abs(point[0] - x))


def stepped(points: Points, x: float, least: float, direction: int) -> float:
    """The x of the next point that is at least so far away, to the right (1) or the left (-1); else of the outermost.

    Args:
        points: one point at least.
        x: from where.
        least: how far, so that a step is seen.
        direction: 1 or -1.
    """
    way = (point[0] for point in (points if direction > 0 else reversed(points)))
    end = points[-1][0] if direction > 0 else points[0][0]
    return next((to for to in way if (to - x) * direction >= least and to != x), end)
