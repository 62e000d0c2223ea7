"""Tell from which epoch on a training only learned its examples by heart."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from jsft_tui.core.jobs.metrics.curves import Points, grouped
from jsft_tui.core.jobs.metrics.objective import lower_is_better, short_name

LEAST_AFTER = 2
"""Values after the best one, at least."""
LEAST_RISE = 0.05
"""Rise of the last value over the best one, as a part of all that was gained before."""


def overfitting(curves: Mapping[str, Points]) -> str:
    """Return `overfits from epoch 6: val-loss rises`; empty if no loss on held-out data tells that.

    Args:
        curves: metric -> (epoch, value), in the order of the epochs.
    """
    for pair in grouped(curves):
        if len(pair) == 2 and lower_is_better(pair[1]):
            start = _turn(curves[pair[0]], curves[pair[1]])
            if start is not None:
                return f"overfits from epoch {start:g}: {short_name(pair[1])} rises while {short_name(pair[0])} falls"
    return ""


def _turn(training: Points, held_out: Points) -> float | None:
    """Return the first epoch after the best one; None if the held-out loss does not rise, or the other one does."""
    points = [point for point in held_out if math.isfinite(point[1])]
    if not points:
        return None
    best = min(range(len(points)), key=lambda number: points[number][1])
    after = points[best + 1 :]
    gained = points[0][1] - points[best][1]
    if len(after) < LEAST_AFTER or gained <= 0 or after[-1][1] - points[best][1] < LEAST_RISE * gained:
        return None
    at_best, at_end = _value_at(training, points[best][0]), _value_at(training, after[-1][0])
    return after[0][0] if at_best is not None and at_end is not None and at_end < at_best else None


def _value_at(points: Sequence[tuple[float, float]], place: float) -> float | None:
    before = [value for at, value in points if at <= place and math.isfinite(value)]
    return before[-1] if before else None
