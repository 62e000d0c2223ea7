"""Drawings of the trials of a search: an axis for each value, the objective over the trials, and over each value."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from jsft_tui.core.tuning.results.axes import TrialAxis, most_telling, objective_axis, short_value, tuned_axes
from jsft_tui.core.tuning.results.importance import importance, importance_words
from jsft_tui.core.tuning.results.progress import Search
from jsft_tui.core.tuning.results.trials import Trial
from jsft_tui.tui.theme.glyphs import Glyph
from jsft_tui.tui.theme.tokens import Ink
from jsft_tui.tui.widgets.chart.canvas import SECOND, SOLID, Canvas, Scale
from jsft_tui.tui.widgets.chart.cell_grid import CellGrid, narrow
from jsft_tui.tui.widgets.chart.ticks import place_ticks, value_ticks
from jsft_tui.tui.widgets.text.text_pane import TextLine, line

MARK, HERE = "•", "●"
"""A trial, and the one under the cursor."""
MOST_AXES = 4
"""Axes of values where there is little room (SCREENS.md §7.12)."""
ROOMY = 100
"""Cells from which on there is room for more axes."""
NARROWEST = 16
"""Cells of a small plot, at least."""
GAP = 3
"""Cells between two small plots."""
_OTHERS, _SELECTED = 0, 1


@dataclass(frozen=True)
class Pictured:
    """What is drawn: a search, the trial under the cursor, and the room."""

    search: Search
    selected: str
    width: int
    height: int

    @property
    def shown_axes(self) -> list[TrialAxis]:
        """The axes of the values that there is room for, those that matter most."""
        axes = tuned_axes(self.search)
        most = MOST_AXES if self.width < ROOMY else max(MOST_AXES, self.width // (NARROWEST + GAP))
        return most_telling(axes, importance(self.search), most)

    @property
    def measured(self) -> list[Trial]:
        """The trials with a value, in the order of the service."""
        found = [trial for trial in self.search.trials if trial.objective is not None]
        return [trial for trial in found if math.isfinite(trial.objective or 0.0)]


Drawn = Callable[[Pictured], list[TextLine]]


def no_values_line(search: Search) -> TextLine:
    """Return why there is nothing to draw."""
    if search.job.status.is_final:
        return line("No trial ended with a value.", Ink.MUTED)
    running = sum(not trial.has_ended for trial in search.trials)
    return line("No trial has ended yet." if running else "The first trial is on its way.", Ink.MUTED)


def with_importance(drawn: Drawn, pictured: Pictured) -> list[TextLine]:
    """Return a drawing with a sentence about what matters below it, where there is room."""
    words = importance_words(pictured.search)
    if not pictured.measured:
        return [no_values_line(pictured.search)]
    if not words or pictured.height < 5:
        return drawn(pictured)
    gap = 1 if pictured.height >= 12 else 0
    room = Pictured(pictured.search, pictured.selected, pictured.width, pictured.height - 1 - gap)
    return [*drawn(room), *[line("")] * gap, line(narrow(_fitting(words, pictured), pictured.width))]


def _fitting(words: str, pictured: Pictured) -> str:
    """Return the sentence as long as there is room: that more is to come, then its end, are left out."""
    so_far = "" if pictured.search.job.status.is_final else "So far: "
    texts = (f"{so_far}{words}.", f"{words}.", words)
    return next((text for text in texts if cell_len(text) <= pictured.width), words)


# An axis for each value


def parallel_lines(pictured: Pictured) -> list[TextLine]:
    """Return an axis for each value and one for the objective; each trial is a line through its places."""
    axes, goal = pictured.shown_axes, objective_axis(pictured.search)
    grid = CellGrid(pictured.width, pictured.height)
    rows = pictured.height - 1
    if rows < 1 or not axes:
        return grid.lines()
    left = max((cell_len(text) for _, text in axes[0].labels), default=0) + 1
    left = min(left, pictured.width // 4)
    right = max(cell_len(text) for _, text in (*goal.labels, (0.0, "0.0000"))) + 2
    columns = _columns(left, pictured.width - right - 1, len(axes) + 1)
    canvas = Canvas(pictured.width, rows)
    for trial in sorted(pictured.measured, key=lambda each: each.name == pictured.selected):
        _draw_path(canvas, [*axes, goal], columns, trial.name, is_selected=trial.name == pictured.selected)
    grid.put_dots(canvas, 0, 1, lambda owners: Ink.ACCENT if _SELECTED in owners else Ink.LINE)
    for column in columns:
        for row in range(rows):
            grid.put(column, 1 + row, "│", Ink.LINE)
    _put_axis_texts(grid, axes, goal, columns)
    _put_selected_value(grid, pictured, goal, columns[-1])
    return grid.lines()


def _columns(first: int, last: int, count: int) -> list[int]:
    return [first + round(number * (last - first) / (count - 1)) for number in range(count)]


def _draw_path(
    canvas: Canvas, axes: Sequence[TrialAxis], columns: Sequence[int], name: str, *, is_selected: bool
) -> None:
    points = [
        (2.0 * column, axis.places[name]) for axis, column in zip(axes, columns, strict=True) if name in axis.places
    ]
    if len(points) < len(axes):
        return  # a line with a gap would seem to go to somewhere
    scale = Scale(0.0, 2.0 * canvas.width - 1, 0.0, 1.0, canvas.width, canvas.height)
    for dots in scale.path(points):
        canvas.draw(dots, _SELECTED if is_selected else _OTHERS, SOLID if is_selected else SECOND)


def _row_of(place: float, rows: int) -> int:
    return round((1 - place) * (rows - 1))


def _put_axis_texts(grid: CellGrid, axes: Sequence[TrialAxis], goal: TrialAxis, columns: Sequence[int]) -> None:
    rows = grid.height - 1
    every = [*axes, goal]
    for number, (axis, column) in enumerate(zip(every, columns, strict=True)):
        room = (columns[1] - columns[0] if len(columns) > 1 else grid.width) - 1
        title = narrow(axis.name, room)
        start = max(0, min(column - cell_len(title) // 2, grid.width - cell_len(title)))
        grid.put(start, 0, title, Ink.MUTED)
        labels = axis.labels if rows >= 5 or len(axis.labels) != 3 else (axis.labels[0], axis.labels[-1])
        for place, text in labels:
            row = 1 + _row_of(place, rows)
            if number == 0:
                grid.put_right(column - 1, row, narrow(text, columns[0] - 1), Ink.MUTED)
            else:
                grid.put(column + 2 if axis is goal else column + 1, row, narrow(text, room // 2), Ink.MUTED)


def _put_selected_value(grid: CellGrid, pictured: Pictured, goal: TrialAxis, column: int) -> None:
    place = goal.places.get(pictured.selected)
    trial = next((each for each in pictured.measured if each.name == pictured.selected), None)
    if place is None or trial is None or trial.objective is None:
        return
    text = short_value(trial.objective)
    row = 1 + _row_of(place, grid.height - 1)
    grid.put(column + 1, row, f" {text}".ljust(grid.width - column - 1), Ink.ACCENT)


# The objective over the trials


def over_trials_lines(pictured: Pictured) -> list[TextLine]:
    """Return the objective of each trial in the order in which they began, and the best value until then."""
    order = {trial.name: number for number, trial in enumerate(pictured.search.trials, start=1)}
    points = {trial.name: (float(order[trial.name]), trial.objective or 0.0) for trial in pictured.measured}
    last = max(len(order), pictured.search.job.max_jobs or 0, 2)
    plot = _DotPlot(pictured, (1.0, float(last)), [y for _, y in points.values()])
    better = max if pictured.search.direction.value == "maximize" else min
    best: list[tuple[float, float]] = []
    for x, y in sorted(points.values()):
        best.append((x, y if not best else better(y, best[-1][1])))
    plot.draw_line(_stepped(best, last))
    plot.draw_points(points, pictured)
    plot.put_x([(at, f"{at:g}") for at in place_ticks(1.0, float(last))])
    return plot.grid.lines()


def _stepped(best: Sequence[tuple[float, float]], last: float) -> list[tuple[float, float]]:
    """Return a line that keeps its height until the next point, as the best value does."""
    found: list[tuple[float, float]] = []
    for x, y in best:
        if found:
            found.append((x, found[-1][1]))
        found.append((x, y))
    return [*found, (min(last, found[-1][0] + 1), found[-1][1])] if found else []


# The objective over each value


def scatter_lines(pictured: Pictured) -> list[TextLine]:
    """Return a small plot of the objective over each value, side by side."""
    goal = {trial.name: trial.objective or 0.0 for trial in pictured.measured}
    axes = pictured.shown_axes
    grid = CellGrid(pictured.width, pictured.height)
    if not axes or not goal:
        return grid.lines()
    ticks = value_ticks(min(goal.values()), max(goal.values()))
    left = max(cell_len(tick.label) for tick in ticks) + 1
    width = (pictured.width - left - GAP * (len(axes) - 1)) // len(axes)
    for number, axis in enumerate(axes):
        at = left + number * (width + GAP)
        points = {name: (axis.places[name], value) for name, value in goal.items() if name in axis.places}
        plot = _DotPlot(pictured, (0.0, 1.0), list(goal.values()), grid, at, width)
        plot.draw_points(points, pictured)
        plot.put_title(axis.name)
        ends = axis.labels if len(axis.labels) <= 3 else (axis.labels[0], axis.labels[-1])
        plot.put_x(ends)
    return grid.lines()


class _DotPlot:
    """Dots over two axes; the labels of y stand at the left of the first plot of a grid."""

    def __init__(
        self,
        pictured: Pictured,
        across: tuple[float, float],
        values: Sequence[float],
        grid: CellGrid | None = None,
        at: int | None = None,
        width: int = 0,
    ) -> None:
        self._ticks = value_ticks(min(values, default=0.0), max(values, default=1.0))
        self.grid = grid or CellGrid(pictured.width, pictured.height)
        left = max(cell_len(tick.label) for tick in self._ticks) + 1
        self._is_alone = grid is None
        self._top = 0 if self._is_alone else 1
        self._at = left if at is None else at
        self._width = max(1, (pictured.width - left - 1) if self._is_alone else width - 1)
        self._rows = max(1, self.grid.height - self._top - 2)
        low, high = self._ticks[0].at, self._ticks[-1].at
        self._scale = Scale(*across, low, high, self._width, self._rows)
        self._put_frame(has_labels=self._is_alone or self._at <= left)

    def _put_frame(self, *, has_labels: bool) -> None:
        labels = {self._scale.row(tick.at) // 4: tick.label for tick in self._ticks}
        for row in range(self._rows):
            label = labels.get(row, "")
            self.grid.put(self._at, self._top + row, "┤" if label else "│", Ink.LINE)
            if label and has_labels:
                self.grid.put_right(self._at, self._top + row, label, Ink.MUTED)
        self.grid.put(self._at, self._top + self._rows, "└" + "─" * self._width, Ink.LINE)

    def put_title(self, title: str) -> None:
        """Put a title above the plot."""
        self.grid.put(self._at + 1, 0, narrow(title, self._width), Ink.MUTED)

    def put_x(self, labels: Sequence[tuple[float, str]]) -> None:
        """Put the labels below the axis: the first begins at its place, the last ends there."""
        row, taken = self._top + self._rows + 1, self._at
        for number, (place, text) in enumerate(labels):
            size = cell_len(text)
            column = self._at + 1 + self._scale.column(place) // 2
            start = column if number == 0 else column - size + 1 if number == len(labels) - 1 else column - size // 2
            start = min(start, self._at + 1 + self._width - size)
            if start > taken or number == 0:
                self.grid.put(start, row, narrow(text, self._width), Ink.MUTED)
                taken = start + size

    def draw_line(self, points: Sequence[tuple[float, float]]) -> None:
        """Draw a line."""
        canvas = Canvas(self._width, self._rows)
        for dots in self._scale.path(list(points)):
            canvas.draw(dots, _OTHERS)
        self.grid.put_dots(canvas, self._at + 1, self._top, lambda _: Ink.ACCENT)

    def draw_points(self, points: Mapping[str, tuple[float, float]], pictured: Pictured) -> None:
        """Draw a dot for each trial; the best one and the one under the cursor stand out."""
        best = pictured.search.best
        order = sorted(points, key=lambda name: (name == pictured.selected, best is not None and name == best.name))
        for name in order:
            x, y = self._scale.cell(*points[name])
            is_best = best is not None and name == best.name
            text, ink = (Glyph.BEST, Ink.STRONG) if is_best else (MARK, Ink.MUTED)
            if name == pictured.selected:
                text, ink = (Glyph.BEST if is_best else HERE), Ink.ACCENT
            self.grid.put(self._at + 1 + x, self._top + y, text, ink)
