"""Where a value stands among those that are allowed."""

from __future__ import annotations

import math
from dataclasses import dataclass

from jsft_tui.core.catalog.spec.hyperparameter import HyperparameterSpec
from jsft_tui.core.hyperparameters.advice.guide import Scale, guide, usual_range

BEYOND_USUAL = 100
"""A log scale reaches so many times beyond what is usual, where no bound is nearer."""


@dataclass(frozen=True)
class Ruler:
    """A scale with a value on it.

    Attributes:
        low, high: its ends.
        scale: log or linear.
        at: place of the value, 0 to 1.
    """

    low: float
    high: float
    scale: Scale
    at: float


def ruler(declared: HyperparameterSpec, value: str) -> Ruler | None:
    """Return the scale of a number with a value on it; None where there is no scale, or the value is not on it."""
    try:
        number = float(value)
    except ValueError:
        return None
    if not declared.is_number or declared.is_outside(number) or not math.isfinite(number):
        return None
    scale = guide(declared.name).scale
    ends = _log_ends(declared, number) if scale is Scale.LOG else (declared.minimum, declared.maximum)
    low, high = ends
    if low is None or high is None or not low < high or not low <= number <= high:
        return None
    if scale is Scale.LOG:
        low_at, high_at, at = math.log10(low), math.log10(high), math.log10(number)
    else:
        low_at, high_at, at = low, high, number
    return Ruler(low, high, scale, (at - low_at) / (high_at - low_at))


def _log_ends(declared: HyperparameterSpec, number: float) -> tuple[float | None, float | None]:
    if number <= 0:
        return None, None
    low, high, usual = declared.minimum or None, declared.maximum, usual_range(declared)
    if usual is not None and usual[0] > 0:
        low = max(low or 0, usual[0] / BEYOND_USUAL)
        high = high if high is not None else usual[1] * BEYOND_USUAL
    if low is None or high is None or low <= 0:
        return None, None
    return min(low, number), max(high, number)
