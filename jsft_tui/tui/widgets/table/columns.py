"""Columns of a table, and their layout in a given width."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jsft_tui.tui.widgets.text.cell_text import Align, Cut, cut_middle, fitted

GAP = 2
"""Cells between two columns, unless the second one says otherwise."""
FEW = 4
"""A list with up to so many columns has no heads while the terminal is low (SCREENS.md §2 and §7.7)."""


@dataclass(frozen=True)
class Column:
    """A column. Columns without a width share the space that the others leave.

    Attributes:
        key: identifies the column.
        label: its head.
        width: cells that it always takes; None if it grows.
        min_width: least cells of a column that grows.
        align: of the texts and the head.
        priority: columns with the highest are hidden first in a narrow table; those with 0 always stay.
        tail: a text that is too long keeps so many of its last cells, where lists differ only at the end.
        max_width: most cells of a column that grows, before those without a limit; None for no limit.
        gap: cells before the column, unless it is the first one.
        cut: where a text that is too long is cut.
        needs_head: its head is there in low terminals, too: without it nobody knows what the column is.
        spills: a text that is too long runs on into blanks of the next column, if that is empty or aligned to the
            right.
        pushes: a text that is too long moves the texts after it to the right, where all of it gets room by that.
    """

    key: str
    label: str
    width: int | None = None
    min_width: int = 8
    align: Align = Align.LEFT
    priority: int = 0
    tail: int = 0
    max_width: int | None = None
    gap: int = GAP
    cut: Cut = Cut.END
    spills: bool = False
    pushes: bool = False
    needs_head: bool = False

    @property
    def least(self) -> int:
        """The minimum width, in cells."""
        return self.min_width if self.width is None else self.width

    @property
    def most(self) -> int | None:
        """The maximum width, in cells; None if there is none."""
        return self.max_width if self.width is None else self.width


SIGN = Column("sign", "", width=1)
"""The column of a row's sign; the name follows it with a gap of one cell."""


@dataclass(frozen=True)
class Placed:
    """A displayed column: its index among all columns, its width, and the cells before it."""

    index: int
    column: Column
    width: int
    gap: int = 0


def head_of(placed: Placed) -> str:
    """Return the head of a column with the cells before it, cut where its texts are cut."""
    column = placed.column
    label = cut_middle(column.label, placed.width) if column.cut is Cut.MIDDLE else column.label
    return " " * placed.gap + fitted(label, placed.width, column.align)


def place(columns: Sequence[Column], space: int) -> tuple[Placed, ...]:
    """Return the columns that fit in `space` cells, with their widths; the last one is cut if none can be hidden."""
    shown = list(enumerate(columns))
    while _least(shown) > space and any(column.priority for _, column in shown):
        # Among equal priorities, hide the last column first.
        shown.remove(max(shown, key=lambda entry: (entry[1].priority, entry[0])))
    widths = _grown([column for _, column in shown], max(0, space - _least(shown)))
    placed: list[Placed] = []
    left = space
    for (index, column), wanted in zip(shown, widths, strict=True):
        gap = column.gap if placed else 0
        width = min(wanted, left - gap)
        if width > 0:
            placed.append(Placed(index, column, width, gap))
        left -= wanted + gap
    return tuple(placed)


def _least(shown: Sequence[tuple[int, Column]]) -> int:
    return sum(column.least for _, column in shown) + sum(column.gap for _, column in shown[1:])


def _grown(columns: Sequence[Column], free: int) -> list[int]:
    """Return the widths: columns with a limit grow first, in their order, then the others share what is left."""
    widths = [column.least for column in columns]
    for at, column in enumerate(columns):
        grown = min(free, column.most - widths[at]) if column.most is not None else 0
        widths[at] += grown
        free -= grown
    others = [at for at, column in enumerate(columns) if column.most is None]
    for number, at in enumerate(others):
        widths[at] += free // len(others) + (1 if number < free % len(others) else 0)
    return widths
