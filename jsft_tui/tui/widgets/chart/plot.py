"""The drawing of a chart's curves: dots, axes, ticks and labels, each cell with its ink."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from rich.cells import cell_len

from jsft_tui.core.common.text import clean
from jsft_tui.tui.theme.glyphs import Glyph
from jsft_tui.tui.theme.tokens import CURVES, Ink
from jsft_tui.tui.widgets.chart.canvas import PATTERNS, SECOND, SOLID, THIRD, Canvas, Scale, is_dots
from jsft_tui.tui.widgets.chart.labels import Label, LabelSpace, Wish
from jsft_tui.tui.widgets.chart.series import Axis, Rank, Series, brief, short
from jsft_tui.tui.widgets.chart.ticks import Tick, logarithmic_ticks, place_ticks, value_ticks
from jsft_tui.tui.widgets.text.cell_text import Align, Piece, fitted

LEAST_LABEL = 3
"""Cells of the labels at the left, at least."""
_ROWS_OF_MIDDLE = 7
"""Rows of dots from which on the middle tick has a label."""
_TICKS_FROM, _LINE_FROM, _UNIT_FROM = 3, 5, 9
"""Rows from which on there are labels of x, the line above them, and the unit below."""


@dataclass(frozen=True)
class Look:
    """How the curves are drawn: over a logarithmic scale, and told apart by patterns instead of colors."""

    is_logarithmic: bool = False
    is_colorless: bool = False


class Plot:
    """Curves in a box of cells. Rows are lists of texts with their inks, each exactly as wide as the box."""

    def __init__(self, series: Sequence[Series], axis: Axis, width: int, height: int, look: Look) -> None:
        self._series = tuple(series)
        self._look = look
        self._box = width
        self.axis = axis.over(self._series)
        self._ticks = self._value_ticks()
        self._left = max(0, min(width - 2, max([LEAST_LABEL, *(len(tick.label) for tick in self._ticks)])))
        below = sum(height >= least for least in (_TICKS_FROM, _LINE_FROM, _UNIT_FROM))
        self.has_unit_row = height >= _UNIT_FROM
        self._below = below
        self.width, self.height = max(0, width - self._left - 2), max(0, height - below)
        """Cells of the dots."""
        self.unlabelled: list[Series] = []
        """Curves without room for a label at their end."""
        self._characters = [[" "] * self.width for _ in range(self.height)]
        self._inks: list[list[str]] = [[Ink.TEXT] * self.width for _ in range(self.height)]
        self.scale = Scale(
            self.axis.first, self.axis.last, self._ticks[0].at, self._ticks[-1].at, self.width, self.height
        )
        if self.width and self.height:
            self._draw()

    def rows(self, cursor: float | None = None) -> list[list[Piece]]:
        """Return the rows; at the cursor's x there is a line, and the dots are reversed."""
        column = None if cursor is None or not self.width else self.scale.column(cursor) // 2
        labels = self._row_labels()
        found = []
        for y in range(self.height):
            label = labels.get(y, "")
            edge = Piece(fitted(label, self._left, Align.RIGHT), Ink.MUTED), Piece("┤" if label else "│", Ink.LINE)
            found.append([*edge, *self._row(y, column), Piece(" ")])
        return found + self._rows_below()

    def _row(self, y: int, column: int | None) -> list[Piece]:
        cells = [Piece(text, ink) for text, ink in zip(self._characters[y], self._inks[y], strict=True)]
        if column is not None and column < self.width:
            text, ink = cells[column]
            if text == " ":
                cells[column] = Piece("│", Ink.LINE)
            elif is_dots(text):
                cells[column] = Piece(text, f"{ink} {REVERSE}")
        return [Piece("".join(text for text, _ in same), ink) for ink, same in groupby(cells, key=lambda c: c.style)]

    # Ticks

    def _value_ticks(self) -> tuple[Tick, ...]:
        values = [y for each in self._series for x, y in each.points if math.isfinite(x) and math.isfinite(y)]
        low, high = min(values, default=0.0), max(values, default=1.0)
        return logarithmic_ticks(low, high) if self._look.is_logarithmic else value_ticks(low, high)

    def _row_labels(self) -> dict[int, str]:
        ends = (self._ticks[0], self._ticks[-1])
        shown = self._ticks if self.height >= _ROWS_OF_MIDDLE else ends
        return {self.scale.row(tick.at) // 4: tick.label for tick in shown}

    def _rows_below(self) -> list[list[Piece]]:
        before = " " * self._left
        places = [(self.scale.column(x) // 2, clean(self.axis.text(x))) for x in self._x_ticks()]
        line = "".join("┴" if x in {at for at, _ in places} else "─" for x in range(self.width))
        unit = fitted(self.axis.unit, self.width, Align.CENTER)
        rows = [
            [Piece(f"{before}└{line} ", Ink.LINE)],
            [Piece(f"{before} {self._x_labels(places)} ", Ink.MUTED)],
            [Piece(f"{before} {unit} ", Ink.MUTED)],
        ]
        wanted = {0: (), 1: (1,), 2: (0, 1), 3: (0, 1, 2)}[self._below]
        return [rows[number] for number in wanted]

    def _x_ticks(self) -> Sequence[float]:
        return place_ticks(self.axis.first, self.axis.last)

    def _x_labels(self, places: Sequence[tuple[int, str]]) -> str:
        """Return the labels under their ticks; the last one ends there, the middle one is left out without room."""
        row = [" "] * self.width
        for number, (at, text) in sorted(enumerate(places), key=lambda entry: entry[0] == 1):
            length = cell_len(text)
            start = at if number == 0 else at - length + 1 if number == len(places) - 1 else at - (length - 1) // 2
            around = range(max(0, start - 1), min(self.width, start + length + 1))
            if start >= 0 and start + length <= self.width and all(row[x] == " " for x in around):
                row[start : start + length] = list(text)
        return "".join(row)

    # Curves

    def _draw(self) -> None:
        canvas = Canvas(self.width, self.height)
        for number, series in enumerate(self._series):
            for dots in self.scale.path(series.points):
                canvas.draw(dots, number, self._pattern(number))
        for y in range(self.height):
            for x in range(self.width):
                if owners := canvas.owners(x, y):
                    self._characters[y][x], self._inks[y][x] = canvas.character(x, y), self._shared_ink(owners)
        self._add_labels(canvas)
        self._mark_best()

    def _pattern(self, number: int) -> str:
        rank = self._series[number].rank
        if rank is Rank.EQUAL and self._look.is_colorless:
            return PATTERNS[self._number_among_equals(number) % len(PATTERNS)]
        return {Rank.GHOST: THIRD, Rank.TRAINING: SECOND}.get(rank, SOLID)

    def _number_among_equals(self, number: int) -> int:
        return sum(each.rank is Rank.EQUAL for each in self._series[:number])

    def ink(self, number: int) -> str:
        """Return the ink of a curve."""
        inks = {Rank.GHOST: Ink.LINE, Rank.TRAINING: Ink.MUTED, Rank.MAIN: Ink.ACCENT}
        equal = CURVES[self._number_among_equals(number) % len(CURVES)]
        return inks.get(self._series[number].rank, equal)

    def _shared_ink(self, owners: frozenset[int]) -> str:
        highest = max(self._series[number].rank for number in owners)
        top = [number for number in owners if self._series[number].rank is highest]
        return self.ink(top[0]) if len(top) == 1 else Ink.STRONG

    # Labels

    def _add_labels(self, canvas: Canvas) -> None:
        space = LabelSpace(self.width, self.height)
        for y in range(self.height):
            for x in range(self.width):
                if owners := canvas.owners(x, y):
                    is_ghost = all(self._series[number].rank is Rank.GHOST for number in owners)
                    (space.better_free if is_ghost else space.taken).add((x, y))
        for number in sorted(range(len(self._series)), key=lambda n: (-self._series[n].rank, n)):
            series = self._series[number]
            if (last := series.last) is None:
                continue
            label = space.place(Wish(self._texts(series), *self.scale.cell(*last)))
            if label is None:
                self.unlabelled.append(series)
                continue
            ink = Ink.MUTED if series.rank is Rank.GHOST else self.ink(number)  # no text is in the color of lines
            self._clear_ghosts(label, space)
            self._write(label.text, label.column, label.row, ink)

    def _texts(self, series: Series) -> list[str]:
        last = series.last
        if last is None:
            return []
        name = clean(series.name)
        number = 10 ** last[1] if self._look.is_logarithmic else last[1]
        value = brief(number) if series.rank is Rank.TRAINING else short(number)
        if series.rank is Rank.MAIN:
            return [f"{name} {value}", value] if self._look.is_colorless and name else [value]
        if series.rank is Rank.GHOST:
            return [name] if name else []
        return [f"{name} {value}".strip(), *([series.mark] if series.mark else [])]

    def _mark_best(self) -> None:
        for series in self._series:
            if series.best is not None and all(map(math.isfinite, series.best)):
                column, row = self.scale.cell(*series.best)
                self._write(Glyph.BEST, column, row, Ink.STRONG)

    def _clear_ghosts(self, label: Label, space: LabelSpace) -> None:
        """Keep a blank between a label and dots of a ghost."""
        for column in (label.column - 1, label.column + cell_len(label.text)):
            if (column, label.row) in space.better_free:
                self._write(" ", column, label.row, Ink.TEXT)

    def _write(self, text: str, column: int, row: int, ink: str) -> None:
        at = column
        for character in text:
            width = cell_len(character)
            if width == 0 or at + width > self.width:
                continue
            self._characters[row][at], self._inks[row][at] = character, ink
            for extra in range(at + 1, at + width):
                self._characters[row][extra], self._inks[row][extra] = "", ink
            at += width


REVERSE = "reverse"
"""Added to the ink of a cell at the cursor."""
