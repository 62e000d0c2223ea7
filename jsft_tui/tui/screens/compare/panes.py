"""The table of a comparison above its curves: two boxes where there is room, else one with a divider."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.geometry import Region, Size
from textual.widget import Widget

from jsft_tui.core.common.text import clean
from jsft_tui.tui.widgets.border_line import ENDS
from jsft_tui.tui.widgets.chart import Chart
from jsft_tui.tui.widgets.master_detail import BORDERS, MasterDetail
from jsft_tui.tui.widgets.pane import Pane
from jsft_tui.tui.widgets.text.cell_text import Cell
from jsft_tui.tui.widgets.text.detail_view import Detail

LINES = 13
"""Lines of the table at most, while there are curves below it: all that most comparisons have."""
NO_CURVES = 20
"""Rows of the terminal below which the table has the whole room."""
LEAST_CHART = 6
"""Rows of the curves with their borders, at least."""


def table_and_chart(size: Size, terminal: Size, lines: int, *, is_stacked: bool) -> tuple[Region, Region]:
    """Return where the table, which has so many lines, and the curves stand in `size`."""
    width, height = size
    if terminal.height < NO_CURVES:
        return Region(0, 0, width, height), Region(0, height, width, 0)
    borders = 1 if is_stacked else BORDERS
    top = max(3, min(min(lines, LINES) + borders, height - LEAST_CHART))
    return Region(0, 0, width, top), Region(0, top, width, height - top)


class CompareTable(MasterDetail):
    """Table and curves. The curves have the place of the detail."""

    def __init__(self, table: Pane, chart: Chart) -> None:
        super().__init__(table, 0)
        self.chart = chart
        self.detail_pane = Pane("", chart, classes="detail")
        self._lines = 0
        self._keys: tuple[Cell, ...] = ()

    def compose(self) -> ComposeResult:
        """Compose the panes."""
        yield self.list_pane
        yield self.detail_pane

    def set_lines(self, lines: int) -> None:
        """Set the lines that the table needs."""
        if lines != self._lines:
            self._lines = lines
            self.refresh(layout=True)

    def places(self, size: Size) -> dict[Widget, Region]:
        """Return where each pane stands in `size`."""
        table, chart = table_and_chart(size, self.app.size, self._lines, is_stacked=self.is_stacked)
        return {self.list_pane: table, **({self.detail_pane: chart} if chart.height else {})}

    @property
    def has_chart(self) -> bool:
        """Whether the curves are shown."""
        return self.app.size.height >= NO_CURVES or self.zoomed is self.detail_pane

    @property
    def is_stacked(self) -> bool:
        """Whether table and curves share a box."""
        return super().is_stacked and self.app.size.height >= NO_CURVES

    def has_room_for(self, message: str) -> bool:
        """Return whether a message fits into the border beside the keys of the curves."""
        beside = self._keys if self.message_pane is self.detail_pane else ()
        taken = sum(cell_len(cell.text) for cell in beside)
        return cell_len(clean(message)) <= self.app.size.width - ENDS - taken

    def show_detail(self, detail: Detail) -> None:
        """There is no detail: the curves are drawn by whoever has the jobs."""

    def show_curves(self, title: str, state: Sequence[Cell], keys: Sequence[Cell]) -> None:
        """Set the texts in the borders of the curves: what they show, which way is better, and their keys."""
        self.detail_pane.set_title(title, tuple(state))
        self._keys = tuple(keys)
        self._draw_foot()

    def _needed_rows(self) -> int:
        return 0

    def _draw_foot(self) -> None:
        for pane in (self.list_pane, self.detail_pane):
            pane.set_message(self._message if pane is self.message_pane else ())
        self.detail_pane.set_place(self._keys)
