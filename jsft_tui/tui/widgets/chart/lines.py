"""A chart as lines of text, for a pane in which it stands between others."""

from __future__ import annotations

from collections.abc import Sequence

from jsft_tui.tui.widgets.chart.plot import Look, Plot
from jsft_tui.tui.widgets.chart.series import Axis, Series
from jsft_tui.tui.widgets.text.cell_text import Cell
from jsft_tui.tui.widgets.text.text_pane import TextLine


def chart_lines(series: Sequence[Series], axis: Axis, width: int, height: int) -> list[TextLine]:
    """Return the lines of a chart, each as wide as the box, without the unit of the axis."""
    drawn = [each for each in series if each.last is not None]
    if not drawn or width <= 0:
        return []
    plot = Plot(drawn, axis, width, height, Look())
    if plot.has_unit_row:
        plot = Plot(drawn, axis, width, height + 1, Look())
    rows = plot.rows()[:height]
    return [TextLine(tuple(Cell(text, ink) for text, ink in row), is_drawing=True) for row in rows]


def beside(left: Sequence[TextLine], right: Sequence[TextLine], at: int) -> list[TextLine]:
    """Return lines beside each other, the second ones beginning at a cell; both are cut instead of wrapped."""
    lines = []
    for number in range(max(len(left), len(right))):
        first = left[number] if number < len(left) else TextLine()
        second = right[number] if number < len(right) else TextLine()
        gap = Cell(" " * max(0, at - first.width)) if second.cells else Cell("")
        lines.append(TextLine((*first.cells, gap, *second.cells), is_drawing=True))
    return lines
