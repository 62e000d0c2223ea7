"""A list and what its row means, beside each other or in one box, with a bottom pane where a screen has one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.geometry import NULL_OFFSET, NULL_SPACING, Region, Size
from textual.layout import ArrangeResult, Layout, WidgetPlacement
from textual.widget import Widget

from jsft_tui.core.common.text import clean
from jsft_tui.tui.widgets.border_line import ENDS
from jsft_tui.tui.widgets.pane import Pane
from jsft_tui.tui.widgets.text.cell_text import Cell
from jsft_tui.tui.widgets.text.detail_view import Detail, DetailView, Shape

WIDE = 160
"""Cells of the terminal from which the list has its natural width and the detail all the rest."""
BESIDE = 100
"""Cells from which list and detail stand beside each other."""
LOW = 24
"""Rows of the terminal below which a detail under its list has one row."""
LIST_SHARE = 0.62
MOST_BELOW = 0.45
"""Part of the rows that a detail below its list takes at most."""
BORDERS = 2


class Measures(NamedTuple):
    """What the regions of the panes depend on, besides the room for all of them.

    Attributes:
        natural_width: cells of the list with all its columns, borders included.
        detail_rows: rows of text that the detail needs below the list.
        bottom_share: part of the rows that the bottom pane takes; 0 without one.
        most_below: part of the rows that the detail takes below the list, at most.
    """

    natural_width: int
    detail_rows: int = 0
    bottom_share: float = 0.0
    most_below: float = MOST_BELOW


def regions(size: Size, terminal: Size, measures: Measures) -> tuple[Region, Region, Region]:
    """Return where list, detail and bottom pane stand in `size`, which is a part of the terminal."""
    width, whole = size
    bottom = round(whole * measures.bottom_share)
    height = whole - bottom
    below = Region(0, height, width, bottom)
    if terminal.width >= BESIDE:
        list_width = measures.natural_width if terminal.width >= WIDE else round(width * LIST_SHARE)
        list_width = min(list_width, width)
        return Region(0, 0, list_width, height), Region(list_width, 0, width - list_width, height), below
    rows = min(measures.detail_rows + BORDERS, int(height * measures.most_below))
    if terminal.height < LOW:
        rows = 1 + BORDERS
    rows = max(1 + BORDERS, min(rows, height))
    return Region(0, 0, width, height - rows), Region(0, height - rows, width, rows), below


class _Grid(Layout):
    name = "master-detail"

    def arrange(self, parent: Widget, children: list[Widget], size: Size, greedy: bool = True) -> ArrangeResult:
        """Place the panes; one that is alone has all the room."""
        del greedy
        assert isinstance(parent, MasterDetail)
        places = parent.places(size)
        alone = len(children) == 1
        return [
            WidgetPlacement(size.region if alone else places[child], NULL_OFFSET, NULL_SPACING, child)
            for child in children
            if alone or child in places
        ]


class MasterDetail(Widget):
    """Places a list pane, a detail pane and maybe a bottom pane; gives one of them the whole room and back."""

    DEFAULT_CSS = "MasterDetail { width: 1fr; height: 1fr; }"

    def __init__(
        self,
        list_pane: Pane,
        natural_width: int,
        *,
        view: DetailView | None = None,
        bottom: Pane | None = None,
        bottom_share: float = MOST_BELOW,
        most_below: float = MOST_BELOW,
    ) -> None:
        super().__init__()
        self._grid = _Grid()
        self.list_pane = list_pane
        self.view = view or DetailView()
        self.detail_pane = Pane("", self.view, classes="detail")
        self.bottom_pane = bottom
        self._natural_width = natural_width
        self._most_below = most_below
        self._bottom_share = bottom_share if bottom is not None else 0.0
        self._has_bottom = bottom is not None
        self._zoomed: Pane | None = None
        self._detail_rows = 0
        self._place: tuple[Cell, ...] = ()
        self._bottom_keys: tuple[Cell, ...] = ()
        self._message: tuple[Cell, ...] = ()

    @property
    def layout(self) -> Layout:
        """The placement of the panes."""
        return self._grid

    def compose(self) -> ComposeResult:
        """Compose the panes."""
        yield self.list_pane
        yield self.detail_pane
        if self.bottom_pane is not None:
            yield self.bottom_pane

    def on_mount(self) -> None:
        """Share borders where the panes share a box."""
        self._share_borders()

    def on_resize(self) -> None:
        """Share borders where the panes share a box; in another room another number of rows may be needed."""
        self._detail_rows = self._needed_rows()
        self._share_borders()

    # Placement

    @property
    def is_stacked(self) -> bool:
        """Whether list and detail share a box, one below the other."""
        return self.app.size.width < BESIDE

    @property
    def shape(self) -> Shape:
        """The room that the detail has."""
        if self._zoomed is self.detail_pane:
            return Shape.WHOLE
        if not self.is_stacked:
            return Shape.BESIDE
        return Shape.LINE if self.app.size.height < LOW else Shape.BELOW

    @property
    def text_width(self) -> int:
        """Cells of a row of text in the detail."""
        terminal = self.app.size
        whole = terminal.width if self.is_stacked or self._zoomed is self.detail_pane else None
        width = whole or regions(terminal, terminal, Measures(self._natural_width))[1].width
        return max(1, width - 2 * BORDERS)

    def places(self, size: Size) -> dict[Widget, Region]:
        """Return where each pane stands in `size`."""
        panes = (self.list_pane, self.detail_pane, self.bottom_pane)
        share = self._bottom_share if self._has_bottom else 0.0
        measures = Measures(self._natural_width, self._detail_rows, share, self._most_below)
        found = zip(panes, regions(size, self.app.size, measures), strict=True)
        return {pane: region for pane, region in found if pane is not None and region.height}

    def _needed_rows(self) -> int:
        return self.view.rows_needed(self.size.width - BORDERS) if self.is_stacked else 0

    def _share_borders(self) -> None:
        if self.is_stacked and self._zoomed is None:
            self.list_pane.stand_above()
            self.detail_pane.stand_below()
            if self.bottom_pane is not None and self._has_bottom:
                self.detail_pane.stand_above()
                self.bottom_pane.stand_below()
        else:
            self.list_pane.stand_alone()
            self.detail_pane.stand_alone()
            if self.bottom_pane is not None:
                self.bottom_pane.stand_alone()
        self._draw_foot()

    def show_bottom(self, *, is_shown: bool) -> None:
        """Have the bottom pane among the others, or not; zoomed it is shown in any case."""
        if self.bottom_pane is None or is_shown == self._has_bottom:
            return
        self._has_bottom = is_shown
        if self._zoomed is None:
            self.bottom_pane.display = is_shown
            self.detail_pane.stand_alone()
            self._share_borders()
            self.refresh(layout=True)

    # Zoom

    @property
    def zoomed(self) -> Pane | None:
        """The pane that has the whole room."""
        return self._zoomed

    def zoom(self, pane: Pane | None) -> None:
        """Give a pane the whole room and the focus; None: each has its own again, and the list the focus."""
        if pane is self._zoomed:
            return
        self._zoomed = pane
        for each in (self.list_pane, self.detail_pane, self.bottom_pane):
            if each is not None:
                is_there = self._has_bottom if each is self.bottom_pane else True
                each.display = is_there if pane is None else each is pane
        self._share_borders()
        focus_within(pane or self.list_pane)

    # Texts

    def show_detail(self, detail: Detail) -> None:
        """Display what the row means. Below the list it takes the rows it needs, and never fewer than before."""
        self.detail_pane.set_title(detail.title, tuple(detail.state))
        self.view.show_detail(detail, self.shape)
        if (rows := self._needed_rows()) > self._detail_rows:
            self._detail_rows = rows
            self.refresh(layout=True)

    def set_message(self, message: Sequence[Cell]) -> None:
        """Set the last message, or how fresh the list is."""
        self._message = tuple(message)
        self._draw_foot()

    def set_bottom_keys(self, keys: Sequence[Cell]) -> None:
        """Set the keys of the bottom pane, where its border has room for them."""
        self._bottom_keys = tuple(keys)
        self._draw_foot()

    def set_place(self, place: Sequence[Cell]) -> None:
        """Set the place in the list: `1 of 73`."""
        self._place = tuple(place)
        self._draw_foot()

    @property
    def message_pane(self) -> Pane:
        """The pane whose lower border has the message."""
        if self._zoomed is not None:
            return self._zoomed
        if self.is_stacked and self.bottom_pane is not None and self._has_bottom:
            return self.bottom_pane
        return self.detail_pane if self.is_stacked else self.list_pane

    @property
    def list_width(self) -> int:
        """Cells of the list, borders included."""
        terminal = self.app.size
        if self.is_stacked or self._zoomed is not None:
            return terminal.width
        return regions(terminal, terminal, Measures(self._natural_width))[0].width

    @property
    def detail_width(self) -> int:
        """Cells of the detail, borders included."""
        whole = self.app.size.width
        return whole if self.is_stacked or self._zoomed is not None else whole - self.list_width

    def has_room_for(self, message: str) -> bool:
        """Return whether a message fits into the border beside the place."""
        width = self.list_width
        taken = sum(cell_len(cell.text) for cell in (*self._more(), *self._place))
        return cell_len(clean(message)) <= width - ENDS - taken

    def _more(self) -> tuple[Cell, ...]:
        return (Cell(f"▾ {self.view.more} more", "muted"),) if self.view.more else ()

    def on_detail_view_more_changed(self, event: DetailView.MoreChanged) -> None:
        """Say how much more there is."""
        event.stop()
        self._draw_foot()

    def _draw_foot(self) -> None:
        more = self._more()
        shared = self.is_stacked and self._zoomed is None
        gap = (Cell("  "),) if more and self._place and shared else ()
        place = (*more, *gap, *self._place) if shared else more
        has_bottom = shared and self.bottom_pane is not None and self._has_bottom
        self.detail_pane.set_place(() if has_bottom else place)
        self.list_pane.set_place(self._place)
        if self.bottom_pane is not None:
            self.bottom_pane.set_place(place if has_bottom else self._bottom_keys)
        for pane in (self.list_pane, self.detail_pane, self.bottom_pane):
            if pane is not None:
                pane.set_message(self._message if pane is self.message_pane else ())


def focus_within(pane: Pane) -> None:
    """Focus the first widget of a pane that takes the focus."""
    target = next((widget for widget in pane.query(Widget) if widget.focusable and _is_displayed(widget)), None)
    if target is not None:
        # At once, because the next key is already for it.
        pane.screen.set_focus(target)


def _is_displayed(widget: Widget) -> bool:
    return all(node.display for node in widget.ancestors_with_self if isinstance(node, Widget))
