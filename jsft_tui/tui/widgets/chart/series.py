"""Curves of a chart, and the axis that they are drawn over."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import IntEnum

from jsft_tui.core.jobs.metrics.curves import Points, logarithmic, smoothed

_LONGEST = 7
"""Characters of a number, if possible."""


def short(value: float) -> str:
    """Format a number in at most seven characters, if possible: 0.9131, 12.5, 1.2e-05, -0.0491."""
    return next((text for digits in (4, 3, 2) if len(text := f"{value:.{digits}g}") <= _LONGEST), f"{value:.1g}")


def brief(value: float) -> str:
    """Format a number that is only there to compare with: 0.97, 12."""
    return f"{value:.2g}" if 0.01 <= abs(value) < 100 else short(value)


class Rank(IntEnum):
    """What a curve is among the others; a cell that several pass has the ink of the highest."""

    GHOST = 0
    """An earlier run, to compare with: every third dot, in the color of lines."""
    TRAINING = 1
    """The same metric on the training data: every second dot, muted."""
    EQUAL = 2
    """One of several of the same kind, each in a color of its own."""
    MAIN = 3
    """What the chart is about: solid, accent."""


@dataclass(frozen=True)
class Series:
    """A curve.

    Attributes:
        name: stands at its end, before the last value; the main curve's name only where there is no color.
        points: in the order of x; a value that is not finite breaks the curve.
        mark: a character instead of the name, where there is little room.
        rank: what it is among the others.
        best: the point to mark.
    """

    name: str
    points: Points
    mark: str = ""
    rank: Rank = Rank.EQUAL
    best: tuple[float, float] | None = None

    @property
    def last(self) -> tuple[float, float] | None:
        """The last point with a value; None if there is none."""
        return next(((x, y) for x, y in reversed(self.points) if math.isfinite(x) and math.isfinite(y)), None)


@dataclass(frozen=True)
class Axis:
    """An x-axis over the whole planned range.

    Attributes:
        first: where it starts.
        last: the planned end; it grows if there are points beyond.
        unit: in words, for example `epoch`.
        text: formats a place on it.
    """

    first: float
    last: float
    unit: str = ""
    text: Callable[[float], str] = short

    def over(self, series: Iterable[Series]) -> Axis:
        """Return the axis, long enough for all points; one that begins earlier begins at a whole number."""
        xs = [x for each in series for x, y in each.points if math.isfinite(x) and math.isfinite(y)]
        earliest = min(xs, default=self.first)
        first = self.first if earliest >= self.first else float(math.floor(earliest))
        return replace(self, first=first, last=max([self.last, *xs]))


def axis_of(series: Iterable[Series], unit: str, text: Callable[[float], str] = short) -> Axis:
    """Return the axis from the first of all points to the last; from 0 to 0 without points."""
    xs = [x for each in series for x, y in each.points if math.isfinite(x) and math.isfinite(y)]
    return Axis(min(xs, default=0.0), max(xs, default=0.0), unit, text)


@dataclass(frozen=True)
class ChartOptions:
    """Options of the curves: logarithmic scale, and smoothing factor (0: none)."""

    is_logarithmic: bool = False
    smoothing: float = 0.0

    @property
    def text(self) -> str:
        """The options that differ from the defaults, in words; empty if none does."""
        log, smooth = "log" if self.is_logarithmic else "", f"smooth {self.smoothing:g}" if self.smoothing else ""
        return " ".join(part for part in (log, smooth) if part)

    def drawn(self, series: Series) -> Series:
        """Return the series as it is drawn."""
        points = smoothed(series.points, self.smoothing)
        best = None if self.smoothing else series.best
        if not self.is_logarithmic:
            return replace(series, points=points, best=best)
        marked = logarithmic([best]) if best is not None else []
        return replace(series, points=logarithmic(points), best=marked[0] if marked else None)
