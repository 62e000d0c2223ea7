"""A canvas of braille dots that knows whose dots a cell has."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from jsft_tui.core.jobs.metrics.curves import Points

Dot = tuple[int, int]
"""Column and row of a dot, from the top left."""

# Bits of the eight dots of a braille character, by column and row (Unicode 15, §21.1).
_BITS = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))
_BRAILLE = 0x2800

SOLID, SECOND, THIRD = "1", "10", "100"
PATTERNS = (SOLID, SECOND, "1110", "11110100", THIRD, "110")
"""Patterns of curves where there is no color: 1 is a dot, 0 a gap."""


def is_dots(character: str) -> bool:
    """Return whether a character is one of braille dots."""
    return _BRAILLE < ord(character) < _BRAILLE + 0x100 if character else False


@dataclass(frozen=True)
class Scale:
    """From x and y to dots: the ranges, and the cells that show them."""

    first: float
    last: float
    low: float
    high: float
    width: int
    height: int

    def column(self, x: float) -> int:
        """Return the column of dots of an x."""
        across = 2 * self.width - 1
        return _within((x - self.first) / (self.last - self.first) if self.last > self.first else 0.0, across)

    def row(self, y: float) -> int:
        """Return the row of dots of a y."""
        down = 4 * self.height - 1
        return down - _within((y - self.low) / (self.high - self.low) if self.high > self.low else 0.5, down)

    def dot(self, x: float, y: float) -> Dot:
        """Return the dot of a point."""
        return self.column(x), self.row(y)

    def cell(self, x: float, y: float) -> tuple[int, int]:
        """Return the column and row of characters of a point."""
        return self.column(x) // 2, self.row(y) // 4

    def path(self, points: Points) -> Iterator[list[Dot]]:
        """Yield the dots of a curve, without gaps, anew after each value that is not finite."""
        path: list[Dot] = []
        for x, y in points:
            if not (math.isfinite(x) and math.isfinite(y)):
                if path:
                    yield path
                path = []
                continue
            dot = self.dot(x, y)
            path += _between(path[-1], dot) if path else [dot]
        if path:
            yield path


def _within(share: float, most: int) -> int:
    return min(most, max(0, round(share * most)))


def _between(start: Dot, end: Dot) -> list[Dot]:
    """Return the dots of a line after its start."""
    (x1, y1), (x2, y2) = start, end
    steps = max(abs(x2 - x1), abs(y2 - y1))
    return [(x1 + round((x2 - x1) * n / steps), y1 + round((y2 - y1) * n / steps)) for n in range(1, steps + 1)]


class Canvas:
    """Cells of two by four dots. The dots of all curves in a cell are united."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self._bits = [[0] * width for _ in range(height)]
        self._owners: dict[tuple[int, int], set[int]] = {}

    def draw(self, dots: Iterable[Dot], owner: int, pattern: str = SOLID) -> None:
        """Draw the dots of a curve in its pattern, which starts with a dot."""
        for step, (x, y) in enumerate(dots):
            if pattern[step % len(pattern)] == "1":
                self._bits[y // 4][x // 2] |= _BITS[x % 2][y % 4]
                self._owners.setdefault((x // 2, y // 4), set()).add(owner)

    def owners(self, x: int, y: int) -> frozenset[int]:
        """Return the curves that have dots in a cell."""
        return frozenset(self._owners.get((x, y), ()))

    def character(self, x: int, y: int) -> str:
        """Return the character of a cell, blank without dots."""
        bits = self._bits[y][x]
        return chr(_BRAILLE + bits) if bits else " "
