"""A chart of curves as a widget; only rows that changed are repainted."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from jsft_tui.core.common.text import clean
from jsft_tui.core.jobs.metrics.curves import Points, nearest, stepped
from jsft_tui.tui.theme.styles import ink_style
from jsft_tui.tui.theme.tokens import CURVES, Ink
from jsft_tui.tui.widgets.chart.plot import REVERSE, Look, Plot
from jsft_tui.tui.widgets.chart.series import Axis, ChartOptions, Rank, Series, axis_of, short
from jsft_tui.tui.widgets.text.cell_text import Piece, cut

MOST = 8
"""Curves of a chart, at most."""

_GAP = "  "
"""Between the texts of the first line."""


class Chart(Widget, can_focus=True):
    """Displays curves over the same x-axis, each with its last value at its end.

    With the focus, the first line displays the values at a cursor that moves from point to point.
    """

    DEFAULT_CSS = "Chart { height: 8; color: $foreground; background: $background; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "move_cursor(-1)", "Previous value", show=False),
        Binding("right", "move_cursor(1)", "Next value", show=False),
        Binding("home,g", "move_cursor_to_end(-1)", "First value", show=False),
        Binding("end,G", "move_cursor_to_end(1)", "Last value", show=False),
    ]

    def __init__(
        self,
        title: str = "",
        *,
        x_name: str = "",
        id: str | None = None,  # noqa: A002  (Textual's name)
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._title, self._note, self._x_name = clean(title), "", clean(x_name)
        self.is_titled_by_pane = False
        """Whether the pane around it has the title: then the first line is there only with the focus."""
        self._series: tuple[Series, ...] = ()
        self._axis: Axis | None = None
        self._options = ChartOptions()
        self._has_title = True
        self._x_text: Callable[[float], str] = short
        self._cursor: float | None = None
        """The x of the cursor; None for the last point, even while points are added."""
        self._lines: list[Strip] = []

    def set_series(
        self,
        *series: Series,
        title: str | None = None,
        note: str = "",
        axis: Axis | None = None,
        x_name: str | None = None,
        x_text: Callable[[float], str] | None = None,
    ) -> None:
        """Display some series, the most important first.

        Args:
            series: the curves.
            title: what they show; None keeps it.
            note: follows the title, for example the best value.
            axis: the whole planned range; None: from the first point to the last.
            x_name: the unit of an axis that is not given; None keeps it.
            x_text: formats the position of the cursor; None keeps it.
        """
        if [each.name for each in series] != [each.name for each in self._series]:
            self._cursor = None
        self._series, self._axis, self._note = series[:MOST], axis, clean(note)
        if title is not None:
            self._title = clean(title).strip()
        if x_name is not None:
            self._x_name = clean(x_name)
        if x_text is not None:
            self._x_text = x_text
        self._draw()

    def show_title(self, has_title: bool) -> None:
        """Keep the first line for the title, or use it for the curves, too."""
        if has_title is not self._has_title:
            self._has_title = has_title
            self._draw()

    def set_options(self, options: ChartOptions) -> None:
        """Redraw the curves with other options."""
        self._options = options
        self._draw()

    def action_move_cursor(self, direction: int) -> None:
        """Move to the next distinguishable point, to the right (1) or to the left (-1)."""
        if points := self._all_points:
            axis = self._whole_axis
            least = (axis.last - axis.first) / max(1, self.size.width)
            self._go_to(stepped(points, self._at, least, direction))

    def action_move_cursor_to_end(self, direction: int) -> None:
        """Move to the first (-1) or the last point (1)."""
        if points := self._all_points:
            self._go_to(points[0 if direction < 0 else -1][0])

    def _go_to(self, x: float) -> None:
        # A cursor at the last point stays there while points are added.
        self._cursor = None if x == self._all_points[-1][0] else x
        self._draw()

    @property
    def _all_points(self) -> Points:
        return sorted(
            point
            for each in self._series
            if each.rank is not Rank.GHOST
            for point in each.points
            if math.isfinite(point[0]) and math.isfinite(point[1])
        )

    @property
    def _at(self) -> float:
        points = self._all_points
        return self._cursor if self._cursor is not None else points[-1][0] if points else 0.0

    @property
    def _whole_axis(self) -> Axis:
        axis = self._axis if self._axis is not None else axis_of(self._series, self._x_name)
        return axis.over(self._series)

    def on_focus(self) -> None:
        """Draw the cursor."""
        self._draw()

    def on_blur(self) -> None:
        """Hide the cursor."""
        self._draw()

    def on_resize(self) -> None:
        """Redraw for the new size."""
        self._draw()

    def notify_style_update(self) -> None:
        """Redraw in the colors of the new theme."""
        super().notify_style_update()
        self._draw()

    def render_line(self, y: int) -> Strip:
        """Render one line of the chart."""
        return self._lines[y] if y < len(self._lines) else Strip.blank(self.size.width, self.rich_style)

    # Drawing

    def _draw(self) -> None:
        width, height = self.size
        if width <= 0 or height <= 0:
            return
        lines = [self._strip(pieces, width) for pieces in self._pieces(width, height)][:height]
        for y, line in enumerate(lines):
            if y >= len(self._lines) or self._lines[y] != line:
                self.refresh(Region(0, y, width, 1))
        self._lines = lines

    def _pieces(self, width: int, height: int) -> list[list[Piece]]:
        drawn = [self._options.drawn(each) for each in self._series]
        if all(each.last is None for each in drawn):
            return [self._title_pieces([], None), *self._reason(height - 1)]
        look = Look(self._options.is_logarithmic, self._is_colorless)
        has_title = self._has_title and (self.has_focus or not self.is_titled_by_pane)
        plot = Plot(drawn, self._whole_axis, width, height - (1 if has_title else 0), look)
        at = self._at if self.has_focus and self._all_points else None
        if not has_title:
            return plot.rows(at)
        title = self._title_pieces([self._series[drawn.index(each)] for each in plot.unlabelled], at)
        unit = "" if plot.has_unit_row else plot.axis.unit
        return [_spread(title, self._options.text, unit, width), *plot.rows(at)]

    def _reason(self, height: int) -> list[list[Piece]]:
        """Say why there is no curve, in the middle."""
        has_values = any(each.last is not None for each in self._series)
        why = "no values above 0" if has_values else "no values yet"
        return [[Piece(f"    {why}", Ink.MUTED)] if y == (height - 1) // 2 else [] for y in range(height)]

    def _title_pieces(self, unlabelled: Sequence[Series], at: float | None) -> list[Piece]:
        """Return the title with its note and the curves that have no label; with a cursor the values there."""
        main = next((each for each in self._series if each.rank is Rank.MAIN), None)
        title = self._title or (clean(main.name) if main is not None else "")
        mark = [Piece("▸ ", Ink.ACCENT)] if self.has_focus else []
        if at is not None:
            shown = [each for each in self._series if each.rank is not Rank.GHOST]
            return [*mark, Piece(self._where(at), Ink.STRONG), *self._values(shown, at)]
        note = [Piece(f" {self._note}", Ink.TEXT)] if self._note else []
        return [*mark, Piece(title, Ink.STRONG), *note, *self._values(unlabelled, None)]

    def _where(self, at: float) -> str:
        return clean(self._x_text(at) if self._axis is None else f"{self._axis.unit} {self._axis.text(at)}").strip()

    def _values(self, series: Sequence[Series], at: float | None) -> list[Piece]:
        pieces = []
        for each in series:
            numbers = [point for point in each.points if math.isfinite(point[1])]
            point = nearest(numbers, at) if at is not None else each.last
            text = "" if each.rank is Rank.GHOST else f" {'–' if point is None else short(point[1])}"
            pieces.append(Piece(f"{_GAP}{clean(each.name)}{text}", self._name_ink(each)))
        return pieces

    def _name_ink(self, series: Series) -> str:
        equals = [each for each in self._series if each.rank is Rank.EQUAL]
        if series in equals:
            return CURVES[equals.index(series) % len(CURVES)]
        return Ink.ACCENT if series.rank is Rank.MAIN else Ink.MUTED

    @property
    def _is_colorless(self) -> bool:
        variables = self.app.theme_variables
        return variables[CURVES[0]] == variables[CURVES[1]]

    def _strip(self, pieces: Sequence[Piece], width: int) -> Strip:
        segments = [Segment(text, self._style(ink)) for text, ink in pieces if text]
        return Strip(Segment.simplify(segments)).adjust_cell_length(width, self.rich_style)

    def _style(self, ink: str) -> Style:
        name, _, reverse = ink.partition(" ")
        style = self.rich_style + ink_style(self.app.theme_variables, name)
        return style + Style(reverse=True) if reverse == REVERSE else style


def _spread(left: Sequence[Piece], options: str, unit: str, width: int) -> list[Piece]:
    """Return a line with the options at its right end, and the unit before them if there is room."""
    free = width - (cell_len(_GAP + options) if options else 0)
    pieces = []
    for text, ink in left:
        shown = cut(text, free)
        pieces.append(Piece(shown, ink))
        free -= cell_len(shown)
    right = f"{_GAP}{options}" if options else ""
    if unit and cell_len(_GAP + unit) <= free:
        free -= cell_len(_GAP + unit)
        right = f"{_GAP}{unit}{right}"
    return [*pieces, Piece(" " * free + right, Ink.MUTED)]
