"""The strip below the title bar: the steps of the run and the places beside them, each with its value."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.color import Color
from textual.message import Message
from textual.strip import Strip

from jsft_tui.core.common.status import Status
from jsft_tui.core.common.text import clean
from jsft_tui.core.run.steps import NOTHING, StepValue
from jsft_tui.tui.theme.glyphs import glyph
from jsft_tui.tui.theme.styles import ink_style
from jsft_tui.tui.theme.tokens import ACCENT_STRONG, Ground
from jsft_tui.tui.widgets.painted_lines import PaintedLines
from jsft_tui.tui.widgets.text.cell_text import cut

FULL_WIDTH = 100
"""Cells from which each value stands below its name; narrower, the run is one line."""
WIDTHS = (24, 19, 21, 22, 11, 8, 11)
"""Cells of the columns at 120: what else there is they share in these proportions."""
LEAST = (0, 0, 0, 0, 11, 8, 11)
SIGN_FROM = 140
"""Cells from which on the jobs' column has room for a curve with its last value."""
LEAST_WITH_SIGN = (0, 0, 0, 0, 11, 11, 11)
STEPS = 5
"""Columns before the line between the run and the places."""
SEPARATOR = "│ "
IN_LINE = 4
"""Steps in the line that says the run; the fifth is at its right end."""


class Column(NamedTuple):
    """A column: where it leads, its key, its name in full, in short and at its shortest, and its value."""

    place: str
    key: str
    name: str
    short_name: str
    shortest_name: str
    value: StepValue
    is_here: bool = False


def column_widths(width: int) -> list[int]:
    """Return the cells of each column in a line of `width`, the blank at each end and the separator apart."""
    free = max(0, width - 2 - len(SEPARATOR))
    needed = LEAST_WITH_SIGN if width >= SIGN_FROM else LEAST
    shares = [max(least, free * share // sum(WIDTHS)) for share, least in zip(WIDTHS, needed, strict=True)]
    last = sum(shares[IN_LINE:])
    steps = [max(0, free - last) * share // sum(WIDTHS[:IN_LINE]) for share in WIDTHS[:IN_LINE]]
    steps[0] += max(0, free - last - sum(steps))
    return [*steps, *shares[IN_LINE:]]


class StepStrip(PaintedLines):
    """Two rows: names, and the values below them; one row of names where the terminal is low."""

    DEFAULT_CSS = """
    StepStrip { height: 2; color: $text; background: $background; }
    StepStrip.-low { height: 1; }
    """

    @dataclass(eq=False, repr=False)
    class Chosen(Message):
        """Posted when a column is clicked."""

        strip: StepStrip
        place: str

        @property
        def control(self) -> StepStrip:
            """The strip."""
            return self.strip

    def __init__(self) -> None:
        super().__init__()
        self._columns: tuple[Column, ...] = ()

    def show(self, columns: Sequence[Column]) -> None:
        """Display these columns."""
        if tuple(columns) != self._columns:
            self._columns = tuple(columns)
            self.refresh()

    @property
    def text(self) -> str:
        """All values, in their longest form."""
        return "  ".join(_mark(column.value) + column.value.text for column in self._columns)

    @property
    def is_full(self) -> bool:
        """Whether each value stands below its name."""
        return self.size.width >= FULL_WIDTH

    def on_click(self, event: events.Click) -> None:
        """Go to a column's screen."""
        for column, start, end in self._places():
            if start <= event.x < end and (event.y == 0 or self.is_full):
                self.post_message(self.Chosen(self, column.place))
                return

    def _places(self) -> list[tuple[Column, int, int]]:
        """Return each column with the cells where it begins and ends."""
        found, x = [], 1
        if self.is_full:
            widths = column_widths(self.size.width)
        else:  # one blank before the line, which has one after it
            gap = 1 if self._is_tight else 2
            names = enumerate(self._columns, start=1)
            widths = [cell_len(self._label(column)) + (1 if number == STEPS else gap) for number, column in names]
        for number, (column, width) in enumerate(zip(self._columns, widths, strict=False)):
            x += len(SEPARATOR) if number == STEPS else 0
            found.append((column, x, x + width))
            x += width
        return found

    def render_line(self, y: int) -> Strip:
        """Render the names or the values."""
        width = self.size.width
        if y == 0:
            segments = self._names()
        else:
            segments = self._values() if self.is_full else self._line()
        return Strip(segments).adjust_cell_length(width, self.rich_style)

    def _names(self) -> list[Segment]:
        segments = [Segment(" ", self.rich_style)]
        for number, (column, start, end) in enumerate(self._places()):
            if number == STEPS:
                segments.append(self._separator())
            base = self._ground(column)
            name = column.name if self.is_full and cell_len(column.name) + 2 < end - start else self._short(column)
            key_style, name_style = ("accent", ACCENT_STRONG) if column.is_here else ("muted", "text")
            segments.append(Segment(f"{column.key} ", self._inked(base, key_style)))
            rest = max(0, end - start - cell_len(column.key) - 1)
            text = cut(name, rest)
            segments.append(Segment(text, self._inked(base, name_style)))
            segments.append(Segment(" " * (rest - cell_len(text)), base))
        if not self.is_full and self._columns:
            segments[-1] = Segment("", self.rich_style)
        return segments

    @property
    def _is_tight(self) -> bool:
        """Whether even the short names do not fit."""
        names = (f"{column.key} {column.short_name}" for column in self._columns)
        return 2 + len(SEPARATOR) + sum(cell_len(name) + 2 for name in names) - 4 > self.size.width

    def _short(self, column: Column) -> str:
        return column.shortest_name if self._is_tight else column.short_name

    def _label(self, column: Column) -> str:
        return f"{column.key} {self._short(column)}"

    def _values(self) -> list[Segment]:
        segments = [Segment(" ", self.rich_style)]
        for number, (column, start, end) in enumerate(self._places()):
            if number == STEPS:
                segments.append(self._separator())
            base, room = self._ground(column), end - start
            marked = self._value(column.value, max(0, room - 1), base, is_here=column.is_here)
            segments += marked
            segments.append(Segment(" " * (room - sum(cell_len(segment.text) for segment in marked)), base))
        return segments

    def _line(self) -> list[Segment]:
        """Return the run as a line: its steps, and the cost at the right end."""
        base, width = self.rich_style, self.size.width
        if len(self._columns) <= IN_LINE:
            return []
        right = self._value(self._columns[IN_LINE].value, width, base, is_here=False)
        room = max(0, width - sum(cell_len(segment.text) for segment in right) - 3)
        left = self._chosen(room, base)
        free = width - sum(cell_len(segment.text) for segment in (*left, *right)) - 2
        return [Segment(" ", base), *left, Segment(" " * max(0, free), base), *right]

    def _chosen(self, room: int, base: Style) -> list[Segment]:
        """Return what is chosen, in the forms that fit: all of the last two steps' are the shortest."""
        columns = [column for column in self._columns[:IN_LINE] if column.value.text != NOTHING.text]
        shortest = [_in_line(column).forms[-1] for column in columns]
        longer = [_in_line(column).forms[0] for column in columns[: IN_LINE // 2]] + shortest[IN_LINE // 2 :]
        gap = " · "
        marks = sum(cell_len(_mark(column.value)) for column in columns)
        texts = longer if cell_len(gap.join(longer)) + marks <= room else shortest
        segments: list[Segment] = []
        for column, text in zip(columns, texts, strict=True):
            if segments:
                segments.append(Segment(gap, self._inked(base, "muted")))
            segments += self._value(StepValue((text,), column.value.mark), room, base, is_here=True)
        return list(Strip(segments).crop(0, room))

    def _value(self, value: StepValue, room: int, base: Style, *, is_here: bool) -> list[Segment]:
        sign = clean(value.sign)
        if sign and cell_len(sign) <= room and self.size.width >= SIGN_FROM:
            return [Segment(sign, self._inked(base, "accent"))]
        mark = _mark(value)
        forms = [clean(form) for form in value.forms]
        fits = next((form for form in forms if cell_len(mark) + cell_len(form) <= room), forms[-1])
        text = cut(fits, max(0, room - cell_len(mark)))
        plain = "money" if value.is_cost else "text" if is_here else "muted"
        style = value.mark.value if value.mark is not None and not value.is_cost else plain
        found = [Segment(mark, self._inked(base, value.mark.value))] if value.mark is not None else []
        return [*found, Segment(text, self._inked(base, style))]

    def _inked(self, base: Style, name: str) -> Style:
        """Return an ink on a ground; where the active column is reversed it has no colors, which would be grounds."""
        style = self._style(name)
        return base + (Style(bold=style.bold) if base.reverse else style)

    def _separator(self) -> Segment:
        return Segment(SEPARATOR, self.rich_style + self._style("line"))

    def _ground(self, column: Column) -> Style:
        if not column.is_here:
            return self.rich_style
        variables = self.app.theme_variables
        return self.rich_style + ground_style(variables[Ground.TAB], variables[f"{Ground.TAB}-style"])

    def _style(self, name: str) -> Style:
        return ink_style(self.app.theme_variables, name)


@lru_cache(maxsize=16)
def ground_style(color: str, text: str) -> Style:
    """Return the style of a ground."""
    return Style(bgcolor=Color.parse(color).rich_color) + Style.parse(text)


def _in_line(column: Column) -> StepValue:
    """Return a value that stands without its name: what is missing says what it is."""
    value = column.value
    if value.mark is Status.WARNING:
        return StepValue(tuple(f"{form} {column.name.lower()}" for form in value.forms), value.mark)
    return value


def _mark(value: StepValue) -> str:
    return f"{glyph(value.mark, os.environ)} " if value.mark is not None else ""
