"""Where the labels at the ends of curves stand: beside each other's and beside the curves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich.cells import cell_len

REACH = 3
"""Rows between the end of a curve and its label, at most."""
SHIFT = 24
"""Cells that a label may be moved to the left where there is no room at the end, at most."""


@dataclass(frozen=True)
class Wish:
    """Texts for the end of a curve, the best first, and the cell of the end."""

    texts: Sequence[str]
    column: int
    row: int


@dataclass(frozen=True)
class Label:
    """A text in a row of cells."""

    text: str
    column: int
    row: int


class LabelSpace:
    """A plot's cells: those that a label must not cover, and those that it should not."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self.taken: set[tuple[int, int]] = set()
        self.better_free: set[tuple[int, int]] = set()

    def place(self, wish: Wish) -> Label | None:
        """Return a label for a curve, and keep its cells free of others; None if there is no room near the end."""
        for text in wish.texts:
            right = min(wish.column + 2, self.width - cell_len(text))
            for columns in ((right,), range(right - 1, max(-1, right - SHIFT), -1)):
                for distance in range(REACH + 1):
                    if found := self._free_label(text, columns, wish.row, distance):
                        self.taken |= {(x, found.row) for x in self._columns(found)}
                        return found
        return None

    def _free_label(self, text: str, columns: Iterable[int], end: int, distance: int) -> Label | None:
        """Return a free label so many rows from the end, if possible where nothing is covered."""
        rows = [row for row in dict.fromkeys((end - distance, end + distance)) if 0 <= row < self.height]
        labels = [Label(text, column, row) for column in columns if column >= 0 and text for row in rows]
        free = [label for label in labels if self._is_free(label, self.taken)]
        return next((label for label in free if self._is_free(label, self.better_free)), next(iter(free), None))

    def _is_free(self, label: Label, avoided: set[tuple[int, int]]) -> bool:
        return all((x, label.row) not in avoided for x in self._columns(label))

    @staticmethod
    def _columns(label: Label) -> range:
        """Return the columns of a label and one at either side."""
        return range(label.column - 1, label.column + cell_len(label.text) + 1)
