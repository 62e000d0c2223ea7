"""Small charts of text: braille dots for up to six series, and a line of blocks."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from jsft_tui.core.common.text import clean
from jsft_tui.core.jobs.metrics.curves import Points, logarithmic, nearest, smoothed, stepped
from jsft_tui.tui.theme.styles import status_style
from jsft_tui.tui.theme.themes import is_utf8
from jsft_tui.tui.widgets.text.cell_text import Align, cut, fitted

BLOCKS = "▁▂▃▄▅▆▇█"

# The eight dots of a braille character by column and row (Unicode 15, §21.1).
_DOTS = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))
_PLAIN, _REVERSE = Style.null(), Style(reverse=True)
_AXIS = 7
"""Cells of the labels at the left."""


def spark(values: Sequence[float], width: int) -> str:
    """The values as blocks, `width` cells at most: of each part of the series its last value; flat ones halfway up."""
    numbers = [value for value in values if math.isfinite(value)]
    if not numbers or width <= 0:
        return ""
    if len(numbers) > width:
        numbers = [numbers[(part + 1) * len(numbers) // width - 1] for part in range(width)]
    low, high = min(numbers), max(numbers)
    if high == low:
        return BLOCKS[len(BLOCKS) // 2 - 1] * len(numbers)
    scale = (len(BLOCKS) - 1) / (high - low)
    return "".join(BLOCKS[round((value - low) * scale)] for value in numbers)


def short(value: float) -> str:
    """A number in at most seven characters, where that is possible at all: 0.9131, 12.5, 1.2e-05, -0.0491."""
    return next((text for digits in (4, 3, 2) if len(text := f"{value:.{digits}g}") <= _AXIS), f"{value:.1g}")


@dataclass(frozen=True)
class Series:
    """A line of a chart; `mark` is a character that stands at its last point, to tell it from others without colour."""

    name: str
    points: Points
    mark: str = ""


class Braille:
    """A field of braille characters, two by four dots each."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self._cells = [[0] * width for _ in range(height)]
        self._marks: dict[tuple[int, int], str] = {}

    def line(self, from_dot: tuple[int, int], to_dot: tuple[int, int]) -> None:
        """Set the dots between two (column, row from the top), both included."""
        (x1, y1), (x2, y2) = from_dot, to_dot
        steps = max(abs(x2 - x1), abs(y2 - y1), 1)
        for step in range(steps + 1):
            x, y = x1 + round((x2 - x1) * step / steps), y1 + round((y2 - y1) * step / steps)
            self._cells[y // 4][x // 2] |= _DOTS[x % 2][y % 4]

    def mark(self, dot: tuple[int, int], character: str) -> None:
        """Put a character of one cell over the dots around this one."""
        self._marks[dot[1] // 4, dot[0] // 2] = character

    def row(self, y: int) -> str:
        """One row of characters; blank where no dot is set."""
        cells = enumerate(self._cells[y])
        return "".join(self._marks.get((y, x)) or (chr(0x2800 + dots) if dots else " ") for x, dots in cells)


@dataclass(frozen=True)
class Bounds:
    """What a chart shows of the plane."""

    left: float
    right: float
    low: float
    high: float

    def column(self, x: float, width: int) -> int:
        """The column of characters, of so many, in which the dots of an x are."""
        scale = (2 * width - 1) / (self.right - self.left) if self.right > self.left else 0.0
        return min(width - 1, max(0, round((x - self.left) * scale) // 2))


def bounds(series: Iterable[Series]) -> Bounds | None:
    """The least space that holds all points that are numbers, or nothing when there are none."""
    points = [point for each in series for point in each.points if math.isfinite(point[0]) and math.isfinite(point[1])]
    if not points:
        return None
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return Bounds(min(xs), max(xs), min(ys), max(ys))


def plot(series: Series, limits: Bounds, width: int, height: int) -> Braille:
    """The series as connected dots in so many characters."""
    field = Braille(width, height)
    across, down = 2 * width - 1, 4 * height - 1
    x_scale = across / (limits.right - limits.left) if limits.right > limits.left else 0.0
    y_scale = down / (limits.high - limits.low) if limits.high > limits.low else 0.0
    before: tuple[int, int] | None = None
    last: tuple[int, int] | None = None
    for x, y in series.points:
        if not (math.isfinite(x) and math.isfinite(y)):
            before = None
            continue
        # A flat series runs along the middle.
        height_of = round((y - limits.low) * y_scale) if y_scale else down // 2
        dot = (round((x - limits.left) * x_scale), down - height_of)
        field.line(before or dot, dot)
        before = last = dot
    if series.mark and last is not None:
        field.mark(last, series.mark)
    return field


@dataclass(frozen=True)
class Look:
    """How curves are drawn: on a logarithmic scale or not, and smoothed with which factor (0: not at all)."""

    is_logarithmic: bool = False
    smoothing: float = 0.0

    @property
    def text(self) -> str:
        """What differs from plain curves; empty for those."""
        log, smooth = "log" if self.is_logarithmic else "", f"smooth {self.smoothing:g}" if self.smoothing else ""
        return " ".join(part for part in (log, smooth) if part)

    def drawn(self, series: Series) -> Series:
        """The series as it is drawn."""
        points = smoothed(series.points, self.smoothing)
        return replace(series, points=logarithmic(points) if self.is_logarithmic else points)

    def value(self, drawn: float) -> float:
        """The value that stands at a height of the drawing."""
        return 10**drawn if self.is_logarithmic else drawn


class Chart(Widget, can_focus=True):
    """Up to six series over the same x; only rows that changed are painted.

    The title line says their last values; with the focus, those at a cursor that goes from point to point.
    """

    DEFAULT_CSS = "Chart { height: 8; color: $foreground; background: $background; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "move_cursor(-1)", "Value before", show=False),
        Binding("right", "move_cursor(1)", "Next value", show=False),
        Binding("home,g", "move_cursor_to_end(-1)", "First value", show=False),
        Binding("end,G", "move_cursor_to_end(1)", "Last value", show=False),
    ]

    STYLES: ClassVar[tuple[str, ...]] = ("running", "completed", "warning", "sandbox", "stopped", "failed")
    """Style names of the series, in their order."""

    def __init__(
        self,
        title: str = "",
        *,
        x_name: str = "",
        id: str | None = None,  # noqa: A002  (Textual's name)
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._title, self._x_name = clean(title), clean(x_name)
        self._series: tuple[Series, ...] = ()
        self._drawn: tuple[Series, ...] = ()
        self._look = Look()
        self._x_text: Callable[[float], str] = short
        self._cursor: float | None = None
        """The x that was gone to; None at the last point, whichever that is."""
        self._lines: list[Strip] = []

    def set_series(
        self,
        *series: Series,
        title: str | None = None,
        x_name: str | None = None,
        x_text: Callable[[float], str] | None = None,
    ) -> None:
        """Show one to six series. `x_text` says in words where the cursor is."""
        if [each.name for each in series] != [each.name for each in self._series]:
            self._cursor = None
        self._series = series[: len(self.STYLES)]
        if title is not None:
            self._title = clean(title)
        if x_name is not None:
            self._x_name = clean(x_name)
        if x_text is not None:
            self._x_text = x_text
        self._draw()

    def set_look(self, look: Look) -> None:
        """Draw the curves in another way."""
        self._look = look
        self._draw()

    def action_move_cursor(self, direction: int) -> None:
        """Go to the next point that can be told apart, to the right (1) or to the left (-1)."""
        points, limits = self._all_points, bounds(self._series)
        if points and limits is not None:
            least = (limits.right - limits.left) / max(1, self._inner_width)
            self._go_to(stepped(points, self._at, least, direction))

    def action_move_cursor_to_end(self, direction: int) -> None:
        """Go to the first (-1) or the last point (1)."""
        if points := self._all_points:
            self._go_to(points[0 if direction < 0 else -1][0])

    def _go_to(self, x: float) -> None:
        # At the end it stays at the end while points are added.
        self._cursor = None if x == self._all_points[-1][0] else x
        self._draw()

    @property
    def _all_points(self) -> Points:
        return sorted(
            point
            for each in self._series
            for point in each.points
            if math.isfinite(point[0]) and math.isfinite(point[1])
        )

    @property
    def _at(self) -> float:
        points = self._all_points
        return self._cursor if self._cursor is not None else points[-1][0] if points else 0.0

    @property
    def _inner_width(self) -> int:
        return max(0, self.size.width - _AXIS - 1)

    def on_focus(self) -> None:
        """The cursor is shown."""
        self._draw()

    def on_blur(self) -> None:
        """The cursor is hidden."""
        self._draw()

    def on_resize(self) -> None:
        """Draw for the new size."""
        self._draw()

    def notify_style_update(self) -> None:
        """Draw in the new theme's colours."""
        super().notify_style_update()
        self._draw()

    def render_line(self, y: int) -> Strip:
        """One line of the chart."""
        return self._lines[y] if y < len(self._lines) else Strip.blank(self.size.width, self.rich_style)

    def _draw(self) -> None:
        width, height = self.size
        if width <= 0 or height <= 0:
            return
        self._drawn = tuple(self._look.drawn(each) for each in self._series)
        limits = bounds(self._drawn)
        at = self._at if self.has_focus and limits is not None else None
        lines = [self._title_line(width, at), *self._field(width, height - 2, limits, at), self._x_line(width, at)]
        lines = lines[:height]
        for y, line in enumerate(lines):
            if y >= len(self._lines) or self._lines[y] != line:
                self.refresh(Region(0, y, width, 1))
        self._lines = lines

    def _style(self, name: str) -> Style:
        return self.rich_style + status_style(self.app.theme_variables, name)

    def _title_line(self, width: int, at: float | None) -> Strip:
        base = self.rich_style
        mark = "" if not self.has_focus else "▸" if is_utf8(os.environ) else ">"
        title = f"{mark} {self._title}" if mark and self._title else mark or self._title
        segments = [Segment(cut(title, width), base)]
        for series, style in zip(self._series, self.STYLES, strict=False):
            numbers = [point for point in series.points if math.isfinite(point[1])]
            point = nearest(numbers, at) if at is not None else numbers[-1] if numbers else None
            gap = "  " if len(segments) > 1 or not self.has_focus or self._title else " "
            text = f"{gap}{clean(series.name)} {'–' if point is None else short(point[1])}"
            segments.append(Segment(text, self._style(style)))
        return Strip(segments).adjust_cell_length(width, base)

    def _field(self, width: int, height: int, limits: Bounds | None, at: float | None) -> list[Strip]:
        quiet, inner = self._style("quiet"), self._inner_width
        if height <= 0 or inner <= 0:
            return []
        if limits is None:
            why = "no values above 0" if bounds(self._series) is not None else "no values yet"
            text = fitted(" " * (_AXIS + 1) + why, width)
            return [Strip([Segment(text if y == height // 2 else " " * width, quiet)], width) for y in range(height)]
        fields = [plot(series, limits, inner, height) for series in self._drawn]
        column = None if at is None else limits.column(at, inner)
        high, low = short(self._look.value(limits.high)), short(self._look.value(limits.low))
        strips = []
        for y in range(height):
            label = high if y == 0 else low if y == height - 1 else ""
            axis = Segment(fitted(label, _AXIS, Align.RIGHT) + ("┤" if label else "│"), quiet)
            strips.append(Strip([axis, *self._mixed([field.row(y) for field in fields], column)], width))
        return strips

    def _mixed(self, rows: Sequence[str], column: int | None) -> list[Segment]:
        """The rows of all series over one another: each cell shows the dots of the last series that has some there."""
        base, quiet = self.rich_style, self._style("quiet")
        styles = [self._style(name) for name in self.STYLES]
        segments = []
        for x, cells in enumerate(zip(*rows, strict=True)):
            top = max((number for number, cell in enumerate(cells) if cell != " "), default=-1)
            if top >= 0:
                segments.append(Segment(cells[top], styles[top] + (_REVERSE if x == column else _PLAIN)))
            else:
                segments.append(Segment("│", quiet) if x == column else Segment(" ", base))
        return list(Segment.simplify(segments))

    def _x_line(self, width: int, at: float | None) -> Strip:
        quiet = self._style("quiet")
        limits, inner = bounds(self._series), self._inner_width
        if limits is None:
            return Strip.blank(width, quiet)
        left, right = short(limits.left), short(limits.right)
        where = self._x_name if at is None else clean(self._x_text(at))
        words = "  ".join(part for part in (where, self._look.text) if part)
        room = inner - len(left) - len(right) - 2
        # Where the cursor is, and how it is drawn, says more than the ends do.
        below = f"{left} {fitted(words, room, Align.CENTER)} {right}" if cell_len(words) <= room else words
        text = " " * (_AXIS + 1) + below
        return Strip([Segment(fitted(text, width), quiet)], width)
