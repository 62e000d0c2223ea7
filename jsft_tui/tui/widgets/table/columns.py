"""The columns of a table and how wide each is in a given space."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jsft_tui.tui.widgets.text.cell_text import Align

GAP = 2
"""Cells between two columns."""


@dataclass(frozen=True)
class Column:
    """A column. Without a width it shares, with others like it, what the fixed columns leave.

    When the table is too narrow for all, columns with the highest `priority` go first; those with 0 stay.
    Of a text that is too long the last `tail` cells are kept, where a list differs only there.
    """

    key: str
    label: str
    width: int | None = None
    min_width: int = 8
    align: Align = Align.LEFT
    priority: int = 0
    tail: int = 0

    @property
    def least(self) -> int:
        """The fewest cells that the column can be shown in."""
        return self.min_width if self.width is None else self.width


@dataclass(frozen=True)
class Placed:
    """A column that is shown: its place among all columns, and its cells."""

    index: int
    column: Column
    width: int


def place(columns: Sequence[Column], space: int) -> tuple[Placed, ...]:
    """The columns that fit in so many cells, with their widths; the last one is cut when even those with 0 do not."""
    shown = list(enumerate(columns))
    while _least(shown) > space and any(column.priority for _, column in shown):
        # Of several alike the last goes first.
        shown.remove(max(shown, key=lambda entry: (entry[1].priority, entry[0])))
    free = max(0, space - _least(shown))
    flexible = [index for index, column in shown if column.width is None]
    placed, left = [], space
    for index, column in shown:
        width = column.least
        if index in flexible:
            share = free // len(flexible) + (1 if flexible.index(index) < free % len(flexible) else 0)
            width += share
        width = min(width, left)
        if width > 0:
            placed.append(Placed(index, column, width))
        left -= width + GAP
    return tuple(placed)


def _least(shown: Sequence[tuple[int, Column]]) -> int:
    return sum(column.least for _, column in shown) + GAP * max(0, len(shown) - 1)
