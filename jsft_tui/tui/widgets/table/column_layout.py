"""Where the columns of a table are, in a width."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jsft_tui.tui.widgets.table.columns import FEW, Column, Placed, place
from jsft_tui.tui.widgets.table.row_painter import GUTTER


@dataclass(frozen=True)
class ColumnLayout:
    """The columns that fit.

    Attributes:
        width: the cells that they were placed in.
        placed: the displayed columns.
        heads: lines of the column heads, 1 or 0.
    """

    width: int = 0
    placed: tuple[Placed, ...] = ()
    heads: int = 0

    @classmethod
    def of(cls, columns: Sequence[Column], width: int, margin: int, *, is_airy: bool) -> ColumnLayout:
        """Lay columns out, between the gutter and a margin."""
        placed = place(columns, width - GUTTER - margin)
        labels = sum(1 for each in placed if each.column.label)
        is_needed = labels > FEW or any(each.column.needs_head for each in placed)
        return cls(width, placed, heads=1 if is_needed or (labels and is_airy) else 0)

    def shows(self, column: str) -> bool:
        """Return whether a column is displayed."""
        return any(each.column.key == column for each in self.placed)

    def span(self, column: str) -> tuple[int, int] | None:
        """Return the first cell of a column and its width; None when it is not displayed."""
        x = GUTTER
        for each in self.placed:
            x += each.gap
            if each.column.key == column:
                return x, each.width
            x += each.width
        return None
