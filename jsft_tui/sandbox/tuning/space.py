"""The space that a tuning job searches: parameters with their scales, and points in it.

A position is a number from 0 to 1 in each dimension, on the parameter's own scale; values are the texts that a trial's
hyperparameters have.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

AUTO_DECADES = 2
"""`Auto` becomes logarithmic for ranges over more powers of ten. AWS does not publish its own rule."""
AUTOTUNE_FACTOR = 5
"""Autotune searches from a fifth of the hint to five times of it. AWS does not publish its own rule."""

Point = tuple[float, ...]
"""A position in each dimension."""


@dataclass(frozen=True)
class Number:
    """A range of numbers; `scale` is Linear, Logarithmic or ReverseLogarithmic."""

    name: str
    low: float
    high: float
    is_whole: bool
    scale: str

    def value(self, position: float) -> str:
        """Return the value at a position."""
        number = self._number(min(1.0, max(0.0, position)))
        number = min(self.high, max(self.low, number))
        return str(round(number)) if self.is_whole else repr(float(number))

    def position(self, value: str) -> float | None:
        """Return the position of a value; None if it is outside of the range."""
        try:
            number = float(value)
        except ValueError:
            return None
        if not self.low <= number <= self.high:
            return None
        if self.scale == "Logarithmic":
            return math.log(number / self.low) / math.log(self.high / self.low)
        if self.scale == "ReverseLogarithmic":
            return 1 - math.log((1 - number) / (1 - self.high)) / math.log((1 - self.low) / (1 - self.high))
        return (number - self.low) / (self.high - self.low)

    def _number(self, position: float) -> float:
        if self.scale == "Logarithmic":
            return float(self.low * (self.high / self.low) ** position)
        if self.scale == "ReverseLogarithmic":
            return float(1 - (1 - self.high) * ((1 - self.low) / (1 - self.high)) ** (1 - position))
        return self.low + (self.high - self.low) * position


@dataclass(frozen=True)
class Category:
    """A list of values."""

    name: str
    values: tuple[str, ...]

    def value(self, position: float) -> str:
        """Return the value at a position."""
        return self.values[min(len(self.values) - 1, max(0, int(position * len(self.values))))]

    def position(self, value: str) -> float | None:
        """Return the position of a value (the middle of its share); None if it is not in the list."""
        if value not in self.values:
            return None
        return (self.values.index(value) + 0.5) / len(self.values)


Parameter = Number | Category


@dataclass(frozen=True)
class Space:
    """The parameters of a search, in the order of the request."""

    parameters: tuple[Parameter, ...]

    @classmethod
    def parse(cls, ranges: Mapping[str, Any]) -> Space:
        """Read ParameterRanges."""
        return cls(tuple(_parameters(ranges)))

    def values(self, point: Sequence[float]) -> dict[str, str]:
        """Return the hyperparameters at a point."""
        return {each.name: each.value(at) for each, at in zip(self.parameters, point, strict=True)}

    def point(self, values: Mapping[str, str]) -> Point | None:
        """Return the point of some hyperparameters; None if one is missing or outside."""
        found: list[float] = []
        for each in self.parameters:
            at = each.position(values[each.name]) if each.name in values else None
            if at is None:
                return None
            found.append(at)
        return tuple(found)

    def features(self, point: Sequence[float]) -> list[float]:
        """Return a point for a distance: a number for each value of a list, so that all are equally far apart."""
        found: list[float] = []
        for each, at in zip(self.parameters, point, strict=True):
            if isinstance(each, Category):
                chosen = each.value(at)
                found += [0.7 if value == chosen else 0.0 for value in each.values]
            else:
                found.append(at)
        return found

    def grid(self) -> list[dict[str, str]]:
        """Return every combination of the values of the lists."""
        lists = [each.values for each in self.parameters if isinstance(each, Category)]
        names = [each.name for each in self.parameters]
        return [dict(zip(names, values, strict=True)) for values in product(*lists)]


def _parameters(ranges: Mapping[str, Any]) -> Iterator[Parameter]:
    for kind, is_whole in (("ContinuousParameterRanges", False), ("IntegerParameterRanges", True)):
        for each in ranges.get(kind) or ():
            low, high = float(each["MinValue"]), float(each["MaxValue"])
            yield Number(each["Name"], low, high, is_whole, _scale(each.get("ScalingType", "Auto"), low, high))
    for each in ranges.get("CategoricalParameterRanges") or ():
        yield Category(each["Name"], tuple(each["Values"]))
    for each in ranges.get("AutoParameters") or ():
        if (found := _around(each["Name"], str(each["ValueHint"]).strip('"'))) is not None:
            yield found


def _scale(asked: str, low: float, high: float) -> str:
    if asked != "Auto":
        return asked
    return "Logarithmic" if low > 0 and high / low > 10**AUTO_DECADES else "Linear"


def _around(name: str, hint: str) -> Number | None:
    """Return the range that autotune searches around a hint; None where it is no number, or 0."""
    try:
        value = float(hint)
    except ValueError:
        return None
    if not math.isfinite(value) or value <= 0:
        return None
    is_whole = hint.lstrip("+").isdigit()
    low, high = value / AUTOTUNE_FACTOR, value * AUTOTUNE_FACTOR
    if is_whole:
        low, high = float(max(1, round(low))), float(max(2, round(high)))
    elif value <= 1:
        high = min(high, 1.0)
    return Number(name, low, high, is_whole, "Logarithmic") if low < high else None
