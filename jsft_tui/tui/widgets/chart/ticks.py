"""Ticks at round numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

_STEPS = tuple(map(Decimal, ("1", "1.5", "2", "2.5", "3", "4", "5", "7.5")))
_ROUND = (1.0, 2.0, 5.0)
_CLOSE = 1e-9
"""Logarithms that differ by less are of the same number."""
_LONGEST = 6
"""Characters of a label."""


@dataclass(frozen=True)
class Tick:
    """A place on an axis, and its label."""

    at: float
    label: str


def value_ticks(low: float, high: float) -> tuple[Tick, Tick, Tick]:
    """Return three round numbers at equal distances, the least span of them that contains both values.

    Shares, such as an accuracy, lie within 0 and 1: what they cannot reach is not on the axis.
    """
    are_shares = low >= 0 and high <= 1
    if high <= low:
        around = abs(low) / 20 or 0.5
        low, high = (low - around, high + around) if low else (0.0, 1.0)
    if are_shares:
        high = min(high, 1.0)
    exponent = math.floor(math.log10((high - low) / 2)) - 1
    while True:
        for factor in _STEPS:
            step = factor.scaleb(exponent)
            first = (Decimal(low) / step).to_integral_value(ROUND_FLOOR) * step
            if are_shares and not Decimal(high) <= first + 2 * step <= 1:
                first = 1 - 2 * step
            if first <= Decimal(low) and Decimal(high) <= first + 2 * step:
                return _labelled((first, first + step, first + 2 * step))
        exponent += 1


def logarithmic_ticks(low: float, high: float) -> tuple[Tick, ...]:
    """Return ticks at 1, 2 or 5 times powers of ten around both decimal logarithms, one of them between the others."""
    bottom, top = _below(low), _above(high)
    if top <= bottom:
        top = _above(bottom + 0.01)
    middle = _below((bottom + top) / 2)
    places = [bottom, middle, top] if bottom < middle < top else [bottom, top]
    return tuple(Tick(at, _compact(10**at)) for at in places)


def place_ticks(first: float, last: float) -> tuple[float, ...]:
    """Return where an x-axis has ticks: its start, a whole number near its middle, and its end."""
    if last <= first:
        return (first,)
    middle = (first + last) / 2
    whole = math.floor(middle)
    return (first, float(whole) if first < whole < last else middle, last)


def _labelled(numbers: Sequence[Decimal]) -> tuple[Tick, Tick, Tick]:
    has_decimals = any(number != number.to_integral_value() for number in numbers)
    low, middle, high = (Tick(float(number), _label(number, has_decimals)) for number in numbers)
    return low, middle, high


def _label(number: Decimal, has_decimals: bool) -> str:
    if not number:
        return "0"
    text = f"{number.normalize():f}"
    if "." in text:
        text = text.replace("0.", ".", 1) if text.lstrip("-").startswith("0.") else text
    elif has_decimals:
        text += ".0"
    return text if len(text) <= _LONGEST else _compact(float(number))


def _compact(value: float) -> str:
    text = f"{value:.3g}"
    if "e" in text:
        digits, _, exponent = f"{value:.2g}".partition("e")
        return f"{digits}e{int(exponent)}" if exponent else digits
    return text[1:] if text.startswith("0.") else text


def _below(at: float) -> float:
    decade = math.floor(at)
    places = (math.log10(number) + decade + shift for shift in (0, 1) for number in _ROUND)
    return min(at, max(place for place in places if place <= at + _CLOSE))


def _above(at: float) -> float:
    decade = math.floor(at)
    places = (math.log10(number) + decade + shift for shift in (0, 1) for number in _ROUND)
    return max(at, min(place for place in places if place >= at - _CLOSE))
