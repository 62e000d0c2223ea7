"""Which line of a table shows which row: groups have headings, and a row may have several lines."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

from jsft_tui.tui.widgets.table.rows import Group, GroupedRows, RowSource, SpacedRows, TailedRows, TallRows

CONTEXT = 3
"""Rows that stay in view above and below the cursor."""


class RowLine(NamedTuple):
    """A line of a row, from 0."""

    row: int
    line: int


class HeadingLine(NamedTuple):
    """The heading of a group."""

    group: Group


@dataclass(frozen=True)
class EmptyLine:
    """An empty line before a heading, or after a row that is set apart."""


class TailLine(NamedTuple):
    """A line after all rows, from 0."""

    line: int


Line = RowLine | HeadingLine | EmptyLine | TailLine


class LineLayout:
    """Lines of a table's rows and headings, from 0; equal ones compare equal.

    Args:
        source: the rows.
        is_airy: put an empty line before each heading but the first line.
    """

    def __init__(self, source: RowSource, *, is_airy: bool) -> None:
        self.count = len(source)
        groups = source.groups if isinstance(source, GroupedRows) else ()
        ends = [*(group.start for group in groups[1:]), self.count]
        self._groups = tuple(group for group, end in zip(groups, ends, strict=False) if group.start < end)
        self._starts = [group.start for group in self._groups]
        self._empty = [1 if is_airy and start else 0 for start in self._starts]
        self._added = list(accumulate(1 + empty for empty in self._empty))
        """Lines of the headings up to each group."""
        self._heights = (
            [max(1, source.height(at)) for at in range(self.count)] if isinstance(source, TallRows) else None
        )
        """Lines of each row; None if each row has one line."""
        self._tops = self._summed(self._heights, source) if self._heights is not None else None
        """Lines of the rows before each row, without headings; None if each row has one line."""
        self.tail = len(source.tail) if isinstance(source, TailedRows) else 0
        """Lines after all rows."""
        self._group_tops = [
            self._row_lines(start) + added - 1 - empty
            for start, added, empty in zip(self._starts, self._added, self._empty, strict=True)
        ]

    @staticmethod
    def _summed(heights: Sequence[int], source: RowSource) -> Sequence[int]:
        spaces = [source.space(at) if isinstance(source, SpacedRows) else 0 for at in range(len(heights))]
        return list(accumulate((height + space for height, space in zip(heights, spaces, strict=True)), initial=0))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, LineLayout) and vars(self) == vars(other)

    @property
    def lines(self) -> int:
        """The number of lines."""
        return self._end + self.tail

    @property
    def _end(self) -> int:
        """The first line after the rows."""
        return self._row_lines(self.count) + (self._added[-1] if self._added else 0)

    def top(self, row: int) -> int:
        """Return the first line of a row; of the first row after the end the number of lines."""
        at = bisect_right(self._starts, row) - 1
        return self._row_lines(row) + (self._added[at] if at >= 0 else 0)

    def height(self, row: int) -> int:
        """Return the number of lines of a row."""
        return 1 if self._heights is None else self._heights[row]

    def heading_top(self, row: int) -> int:
        """Return the line of the heading above a row that is the first one of its group; else that of the row."""
        at = bisect_right(self._starts, row) - 1
        return self.top(row) - (1 if at >= 0 and self._starts[at] == row else 0)

    def at(self, line: int) -> Line | None:
        """Return what a line shows; None after the end."""
        if not 0 <= line < self.lines:
            return None
        if line >= self._end:
            return TailLine(line - self._end)
        at = bisect_right(self._group_tops, line) - 1
        if at >= 0:
            after = line - self._group_tops[at] - self._empty[at]
            if after <= 0:
                return HeadingLine(self._groups[at]) if after == 0 else EmptyLine()
        return self._row_line(line - (self._added[at] if at >= 0 else 0))

    def row_near(self, line: int) -> int:
        """Return the row on a line; of a heading the row after it; within the table."""
        line = max(0, min(line, self._end - 1))
        while not isinstance(found := self.at(line), RowLine):
            if found is None or isinstance(found, TailLine):
                return max(0, self.count - 1)
            line += 1
        return found.row

    def rows_within(self, first: int, lines: int) -> range:
        """Return the rows of which a line is among `lines` lines from `first` on."""
        if not self.count or lines <= 0 or first >= self.lines:
            return range(0)
        start = self.row_near(first)
        if self.top(start) >= first + lines:
            return range(0)
        last = self.row_near(first + lines - 1)
        return range(start, last + 1 if self.top(last) < first + lines else last)

    def around(self, row: int, page: int) -> tuple[int, int]:
        """Return the lines to keep in view, first and end: those of a row, with as many rows around it as fit."""
        for context in range(CONTEXT, -1, -1):
            above, below = max(0, row - context), min(self.count - 1, row + context)
            first, end = self.heading_top(above) if above else 0, self.top(below) + self.height(below)
            if below == self.count - 1 and self.lines - first <= page:
                return first, self.lines
            if end - first <= page:
                return first, end
        return self.top(row), self.top(row) + page

    def scrolled_to(self, row: int, first: int, page: int) -> int:
        """Return the line to scroll to from `first`, so that a row and those around it are in view."""
        start, end = self.around(row, page)
        return min(max(first, end - page), start)

    def lines_within(self, row: int, first: int, page: int) -> range:
        """Return the lines of a page from `first` on that show a row, counted from the top of the page."""
        top = self.top(row) - first
        return range(max(0, top), min(page, top + self.height(row)))

    def _row_lines(self, row: int) -> int:
        return row if self._tops is None else self._tops[row]

    def _row_line(self, line: int) -> RowLine | EmptyLine:
        if self._tops is None:
            return RowLine(line, 0)
        row = bisect_right(self._tops, line) - 1
        below = line - self._tops[row]
        return RowLine(row, below) if below < self.height(row) else EmptyLine()
