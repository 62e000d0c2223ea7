"""Long lines of a log, cut into rows of the screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from jsft_tui.tui.terminal.drawing.frame_buffer import cells_of


class WrappedRow(NamedTuple):
    """A row of the screen.

    Attributes:
        row: the line that it is of, counted among those that pass the filter.
        text: its part of the line.
        is_first: whether it begins the line.
    """

    row: int
    text: str
    is_first: bool


Wrap = Callable[[int], list[str]]
"""Returns the parts of a line, by its number among those that pass the filter."""


def wrap(text: str, width: int) -> list[str]:
    """Return a text in parts of at most so many cells, at least one; no character is cut in two."""
    cells = cells_of(text)
    parts, start = [], 0
    while start < len(cells):
        end = min(len(cells), start + width)
        if end < len(cells) and cells[end] == "" and end > start + 1:
            end -= 1
        parts.append("".join(cells[start:end]))
        start = end
    return parts or [""]


def wrapped_rows(wrap_line: Wrap, first: int, count: int, height: int) -> list[WrappedRow]:
    """Return the rows of a screen whose first line is `first` of `count`; the last line may reach beyond it."""
    rows: list[WrappedRow] = []
    for row in range(first, count):
        if len(rows) >= height:
            break
        rows.extend(WrappedRow(row, part, number == 0) for number, part in enumerate(wrap_line(row)))
    return rows


def top_at_end(wrap_line: Wrap, count: int, height: int) -> int:
    """Return the first line of a screen that shows the end; the last line, where that one alone is too long."""
    top, used = count, 0
    while top > 0:
        used += len(wrap_line(top - 1))
        if used > height:
            break
        top -= 1
    return min(top, max(0, count - 1))
