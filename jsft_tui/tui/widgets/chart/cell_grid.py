"""A grid of cells that texts and dots are put into, as lines of text."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby

from rich.cells import cell_len

from jsft_tui.core.common.text import clean
from jsft_tui.tui.terminal.drawing.frame_buffer import cells_of
from jsft_tui.tui.theme.tokens import Ink
from jsft_tui.tui.widgets.chart.canvas import Canvas
from jsft_tui.tui.widgets.text.cell_text import Cell, fitted
from jsft_tui.tui.widgets.text.text_pane import TextLine

InkOf = Callable[[frozenset[int]], str]
"""Owners of the dots of a cell -> its ink."""


class CellGrid:
    """Cells with their inks; what is put later covers what was put before."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = max(0, width), max(0, height)
        self._cells = [[(" ", str(Ink.TEXT))] * self.width for _ in range(self.height)]

    def put(self, column: int, row: int, text: str, ink: str) -> None:
        """Put a text that begins at a column; what does not fit is left out."""
        if not 0 <= row < self.height:
            return
        for at, character in enumerate(cells_of(clean(text)), column):
            if 0 <= at < self.width:
                self._cells[row][at] = character, ink

    def put_right(self, end: int, row: int, text: str, ink: str) -> None:
        """Put a text that ends before a column."""
        self.put(end - cell_len(clean(text)), row, text, ink)

    def put_dots(self, canvas: Canvas, column: int, row: int, ink: InkOf) -> None:
        """Put the dots of a canvas, whose first cell is at a column and row."""
        for y in range(canvas.height):
            for x in range(canvas.width):
                if owners := canvas.owners(x, y):
                    self.put(column + x, row + y, canvas.character(x, y), ink(owners))

    def lines(self) -> list[TextLine]:
        """Return the rows."""
        return [
            TextLine(
                tuple(Cell("".join(text for text, _ in same), ink) for ink, same in groupby(row, lambda cell: cell[1])),
                is_drawing=True,
            )
            for row in self._cells
        ]


def narrow(text: str, width: int) -> str:
    """Return a text in so many cells at most."""
    return fitted(clean(text), max(0, width)).rstrip()
