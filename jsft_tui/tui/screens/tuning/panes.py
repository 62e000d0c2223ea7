"""The panes of the Tuning screen: trials, what the one under the cursor means, and a drawing of all below both."""

from __future__ import annotations

from collections.abc import Sequence

from textual.geometry import Region, Size
from textual.message import Message
from textual.widget import Widget

from jsft_tui.tui.widgets.master_detail import LIST_SHARE, LOW, WIDE, MasterDetail, focus_within
from jsft_tui.tui.widgets.pane import Pane
from jsft_tui.tui.widgets.text.cell_text import Cell
from jsft_tui.tui.widgets.text.detail_view import Detail
from jsft_tui.tui.widgets.text.text_pane import TextPane

BOTTOM_ROWS = ((45, 26), (30, 17), (0, 11))
"""Rows of the terminal from which on the drawing has so many rows, borders included."""
LEAST_LIST = 5
"""Rows of the list with its borders, at least."""


class PlotView(TextPane):
    """Lines of a drawing, which is drawn again when there is another room for it."""

    DEFAULT_CSS = "PlotView { scrollbar-size-vertical: 0; }"

    class RoomChanged(Message):
        """Posted when there is another room."""

    @property
    def room(self) -> Size:
        """Cells for the drawing."""
        return Size(self.text_width, self.scrollable_content_region.height)

    def on_resize(self) -> None:
        """Say so."""
        self.post_message(self.RoomChanged())


class TuningPanes(MasterDetail):
    """Where there is one column, the drawing has the place of the detail, which is then only there alone."""

    def __init__(self, list_pane: Pane, natural_width: int, bottom: Pane) -> None:
        super().__init__(list_pane, natural_width, bottom=bottom)
        self.plot_pane = bottom

    def places(self, size: Size) -> dict[Widget, Region]:
        """Return where each pane stands in `size`."""
        width, height = size
        terminal = self.app.size
        if terminal.height < LOW and self.is_stacked:
            return {self.list_pane: Region(0, 0, width, height)}
        wanted = next(rows for least, rows in BOTTOM_ROWS if terminal.height >= least)
        bottom = max(0, min(wanted, height - LEAST_LIST))
        top = height - bottom
        below = Region(0, top, width, bottom)
        if self.is_stacked:
            return {self.list_pane: Region(0, 0, width, top), self.plot_pane: below}
        list_width = self._natural_width if terminal.width >= WIDE else round(width * LIST_SHARE)
        list_width = min(list_width, width)
        return {
            self.list_pane: Region(0, 0, list_width, top),
            self.detail_pane: Region(list_width, 0, width - list_width, top),
            self.plot_pane: below,
        }

    @property
    def has_plot(self) -> bool:
        """Whether the drawing is shown."""
        if self.zoomed is not None:
            return self.zoomed is self.plot_pane
        return not (self.is_stacked and self.app.size.height < LOW)

    def show_detail(self, detail: Detail) -> None:
        """Display what the trial means."""
        self.detail_pane.set_title(detail.title, tuple(detail.state))
        self.view.show_detail(detail, self.shape)

    def show_plot(self, title: str, state: Sequence[Cell], keys: Sequence[Cell]) -> None:
        """Set the texts in the borders of the drawing."""
        self.plot_pane.set_title(title, tuple(state))
        self._keys = tuple(keys)
        self._draw_foot()

    _keys: tuple[Cell, ...] = ()

    def _needed_rows(self) -> int:
        return 0

    @property
    def message_pane(self) -> Pane:
        """The pane whose lower border has the message."""
        if self.zoomed is not None:
            return self.zoomed
        return self.plot_pane if self.is_stacked and self.has_plot else self.list_pane

    def _share_borders(self) -> None:
        if self.is_stacked and self.zoomed is None and self.has_plot:
            self.list_pane.stand_above()
            self.plot_pane.stand_below()
        else:
            self.list_pane.stand_alone()
            self.plot_pane.stand_alone()
        if self.zoomed is None:
            self.detail_pane.display = not self.is_stacked
            self.plot_pane.display = self.has_plot
        self._draw_foot()

    def _draw_foot(self) -> None:
        shared = self.is_stacked and self.zoomed is None and self.has_plot
        self.list_pane.set_place(self._place)
        self.detail_pane.set_place(self._more())
        self.plot_pane.set_place(self._place if shared else self._keys)
        for pane in (self.list_pane, self.detail_pane, self.plot_pane):
            pane.set_message(self._message if pane is self.message_pane else ())

    def zoom(self, pane: Pane | None) -> None:
        """Give a pane the whole room and the focus; None: each has its own again."""
        super().zoom(pane)
        self._share_borders()
        focus_within(pane or self.list_pane)
