"""Small charts of text: braille dots for up to six series, and a line of blocks."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from jsft_tui.core.text import clean
from jsft_tui.tui.theme import SIGN_CLASSES, sign_css
from jsft_tui.tui.widgets.line import Align, cut, fitted

BLOCKS = "▁▂▃▄▅▆▇█"

# The eight dots of a braille character by column and row (Unicode 15, §21.1).
_DOTS = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))
_AXIS = 7
"""Cells of the labels at the left."""

Points = Sequence[tuple[float, float]]
"""(x, y) pairs in the order of x, for example (epoch or step, value)."""


def spark(values: Sequence[float], width: int) -> str:
    """The values as blocks, `width` cells at most: of each part of the series its last value."""
    numbers = [value for value in values if math.isfinite(value)]
    if not numbers or width <= 0:
        return ""
    if len(numbers) > width:
        numbers = [numbers[(part + 1) * len(numbers) // width - 1] for part in range(width)]
    low, high = min(numbers), max(numbers)
    scale = (len(BLOCKS) - 1) / (high - low) if high > low else 0.0
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


class Chart(Widget):
    """Up to six series over the same x. The title line says their last values; only rows that changed are painted."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {*SIGN_CLASSES}
    DEFAULT_CSS = "Chart { height: 8; color: $foreground; background: $background; }\n" + sign_css("Chart")

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
        self._lines: list[Strip] = []

    def set_series(self, *series: Series, title: str | None = None, x_name: str | None = None) -> None:
        """Show one to six series."""
        self._series = series[: len(self.STYLES)]
        if title is not None:
            self._title = clean(title)
        if x_name is not None:
            self._x_name = clean(x_name)
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
        lines = [self._title_line(width), *self._field(width, height - 2), self._x_line(width)][:height]
        for y, line in enumerate(lines):
            if y >= len(self._lines) or self._lines[y] != line:
                self.refresh(Region(0, y, width, 1))
        self._lines = lines

    def _title_line(self, width: int) -> Strip:
        base = self.rich_style
        segments = [Segment(cut(self._title, width), base)]
        for series, style in zip(self._series, self.STYLES, strict=False):
            last = next((y for _, y in reversed(series.points) if math.isfinite(y)), None)
            text = f"  {clean(series.name)} {'–' if last is None else short(last)}"
            segments.append(Segment(text, base + self.get_component_rich_style(f"sign--{style}", partial=True)))
        return Strip(segments).adjust_cell_length(width, base)

    def _field(self, width: int, height: int) -> list[Strip]:
        base = self.rich_style
        quiet = base + self.get_component_rich_style("sign--quiet", partial=True)
        limits, inner = bounds(self._series), width - _AXIS - 1
        if height <= 0 or inner <= 0:
            return []
        if limits is None:
            text = fitted(" " * (_AXIS + 1) + "no values yet", width)
            return [Strip([Segment(text if y == height // 2 else " " * width, quiet)], width) for y in range(height)]
        fields = [plot(series, limits, inner, height) for series in self._series]
        strips = []
        for y in range(height):
            label = short(limits.high) if y == 0 else short(limits.low) if y == height - 1 else ""
            axis = Segment(fitted(label, _AXIS, Align.RIGHT) + ("┤" if label else "│"), quiet)
            strips.append(Strip([axis, *self._mixed([field.row(y) for field in fields])], width))
        return strips

    def _mixed(self, rows: Sequence[str]) -> list[Segment]:
        """The rows of all series over one another: each cell shows the dots of the last series that has some there."""
        base, segments = self.rich_style, []
        for cells in zip(*rows, strict=True):
            top = max((number for number, cell in enumerate(cells) if cell != " "), default=-1)
            style = base
            if top >= 0:
                style += self.get_component_rich_style(f"sign--{self.STYLES[top]}", partial=True)
            segments.append(Segment(cells[top] if top >= 0 else " ", style))
        return list(Segment.simplify(segments))

    def _x_line(self, width: int) -> Strip:
        quiet = self.rich_style + self.get_component_rich_style("sign--quiet", partial=True)
        limits, inner = bounds(self._series), max(0, width - _AXIS - 1)
        if limits is None:
            return Strip.blank(width, quiet)
        left, right = short(limits.left), short(limits.right)
        middle = fitted(self._x_name, max(0, inner - len(left) - len(right)), Align.CENTER)
        text = " " * (_AXIS + 1) + left + middle + right
        return Strip([Segment(fitted(text, width), quiet)], width)
