"""Base of the screens with a list at the left and what its row means at the right."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on

from jsft_tui.tui.base.screens.list_screen import ListScreen
from jsft_tui.tui.widgets.bars.filter_bar import FilterBar
from jsft_tui.tui.widgets.border_line import TITLE
from jsft_tui.tui.widgets.master_detail import MOST_BELOW, MasterDetail, focus_within
from jsft_tui.tui.widgets.pane import Pane
from jsft_tui.tui.widgets.table.row_painter import MARGIN
from jsft_tui.tui.widgets.table.virtual_table import VirtualTable
from jsft_tui.tui.widgets.text.cell_text import Cell
from jsft_tui.tui.widgets.text.detail_view import Detail, DetailView, Shape
from jsft_tui.tui.widgets.text.text_pane import TextLine, TextPane, line, wrapped_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.widget import Widget

    from jsft_tui.tui.widgets.table.columns import Column
    from jsft_tui.tui.widgets.table.rows import RowSource

MESSAGE_ROWS = 4
"""Rows of the list that a message takes at most, when the border has no room for it."""


class MasterDetailScreen(ListScreen):
    """Connects list, filter and detail. A subclass says its columns and its rows, and what each row means.

    Class attributes:
        TITLE: of the list.
        LIST_COLUMNS: of the list.
        NATURAL_WIDTH: cells of the list with all its columns, borders included.
        FILTER_ACTION: id of the action that begins to type a filter; empty without one.
        MOST_DETAIL: part of the rows that the detail takes below the list, at most.
        LIST_MARGIN: empty cells after the last column.
    """

    TITLE: ClassVar[str]
    LIST_COLUMNS: ClassVar[Sequence[Column]]
    NATURAL_WIDTH: ClassVar[int]
    FILTER_ACTION: ClassVar[str] = ""
    MOST_DETAIL: ClassVar[float] = MOST_BELOW
    LIST_MARGIN: ClassVar[int] = MARGIN
    AUTO_FOCUS = "VirtualTable"
    DEFAULT_CSS = f"""
    MasterDetailScreen FilterBar {{ display: none; }}
    MasterDetailScreen FilterBar.-typing {{ display: block; }}
    MasterDetailScreen .notice {{ display: none; height: auto; max-height: 60%; }}
    MasterDetailScreen .message {{ display: none; height: auto; max-height: {MESSAGE_ROWS}; }}
    """

    def __init__(self) -> None:
        super().__init__()
        self._table = VirtualTable(self.LIST_COLUMNS, id=self.WHERE.value, margin=self.LIST_MARGIN)
        self._filter = FilterBar(lambda: self.key(self.FILTER_ACTION) if self.FILTER_ACTION else "/")
        self._notice = TextPane(can_focus=False, classes="notice")
        self._long_message = TextPane(can_focus=False, classes="message")
        self._state: tuple[Cell, ...] = ()
        self._is_typing = False
        inside = (*self.above_list(), self._filter, self._notice, self._table, self._long_message, *self.over_list())
        list_pane = Pane(self.TITLE, *inside, classes="list")
        self.panes = MasterDetail(
            list_pane,
            self.NATURAL_WIDTH,
            view=self.detail_view(),
            bottom=self.bottom_pane(),
            most_below=self.MOST_DETAIL,
        )

    # What a subclass says

    def detail(self, key: str, shape: Shape) -> Detail:
        """Return what is told about a row, for the room there is."""
        raise NotImplementedError

    def no_detail(self) -> Detail:
        """Return what is told while there is no row."""
        return Detail()

    def bottom_pane(self) -> Pane | None:
        """Return the pane over the whole width below list and detail, if the screen has one."""
        return None

    def above_list(self) -> Sequence[Widget]:
        """Return what stands in the list's pane above the rows."""
        return ()

    def list_title(self) -> Cell:
        """Return the title of the list, where it is not always the same."""
        return Cell(self.TITLE, TITLE)

    def detail_view(self) -> DetailView:
        """Return the view of the detail, for a screen whose detail can be edited."""
        return DetailView()

    def over_list(self) -> Sequence[Widget]:
        """Return widgets that stand over the list, for a screen whose rows can be edited."""
        return ()

    def freshness(self) -> str:
        """Return what the list's lower border says while there is no message."""
        return ""

    def list_foot(self) -> Sequence[Cell]:
        """Return the same where it has more than one style."""
        fresh = self.freshness()
        return (Cell(fresh, "muted"),) if fresh else ()

    # What it uses

    @property
    def subjects(self) -> Sequence[str]:
        """The row under the cursor."""
        key = self._table.cursor_key
        return () if key is None else (key,)

    def show_rows(self, rows: RowSource, state: Sequence[Cell] = ()) -> None:
        """Show rows, and in the upper border their state: counts, facets, what is loading."""
        self._table.set_source(rows)
        self._state = tuple(state)
        if len(rows):
            self.show_notice(())
        self._draw_title()
        self._draw_place()
        self.cursor_rests()

    def show_state(self, state: Sequence[Cell]) -> None:
        """Show the state of the list in its upper border."""
        self._state = tuple(state)
        self._draw_title()
        self.draw_message()

    @property
    def is_typing(self) -> bool:
        """Whether a filter is being typed."""
        return self._is_typing

    def show_notice(self, lines: Sequence[TextLine]) -> None:
        """Show why there are no rows, and what to do: loading, empty, denied. Nothing takes it away."""
        self._notice.show(lines)
        self._notice.display = bool(lines)
        width = self.panes.list_pane.size.width or self.app.size.width
        # Textual lays out a height of its own only when the pane is resized.
        self._notice.styles.height = sum(len(wrapped_rows(each, max(1, width - 4))) for each in lines)

    def draw_detail(self) -> None:
        """Draw what the row under the cursor means."""
        key = self._table.cursor_key
        self.panes.show_detail(self.detail(key, self.panes.shape) if key is not None else self.no_detail())

    # The frame

    def compose_body(self) -> ComposeResult:
        """Compose list and detail."""
        yield self.panes

    def fit_texts(self) -> None:
        """Draw the texts, the message last: the list may have become narrower."""
        super().fit_texts()
        self.draw_message()

    def draw_message(self) -> None:
        """Show the message in the lower border, or above the list's last rows where it is too long for that."""
        said = self.message_cell
        is_long = bool(said.text) and not self.panes.has_room_for(said.text)
        self._long_message.show([line(said.text, said.style)] if is_long else [])
        self._long_message.display = is_long
        self.panes.set_message(() if is_long else (said,) if said.text else self.list_foot())

    def _draw_title(self) -> None:
        words, said = self._filter.value, self.list_title()
        if self._is_typing:
            self.panes.list_pane.set_title(said.text, (Cell("typing", "muted"),), said.style)
            return
        title = f"{said.text} / {words}" if words else said.text
        state = (*self._state, Cell(", esc clears", "muted")) if words else self._state
        self.panes.list_pane.set_title(title, state, said.style)

    def _draw_place(self) -> None:
        count = len(self._table.source)
        self.panes.set_place((Cell(f"{self._table.cursor + 1:,} of {count:,}", "muted"),) if count else ())

    # Moving

    def cursor_moved(self) -> None:
        """Say the place at once, and what the row means when the cursor rests there."""
        self._draw_place()
        self.when_cursor_rests(self.cursor_rests)

    def cursor_rests(self) -> None:
        """Tell what the row means; a subclass may have to ask for it first."""
        self.draw_detail()

    @on(DetailView.Pressed)
    async def _button_pressed(self, event: DetailView.Pressed) -> None:
        event.stop()
        await self.run_action(event.button.action)

    def action_zoom(self) -> None:
        """Give the detail, or the pane with the focus, the whole screen; and back."""
        panes = self.panes
        if panes.zoomed is not None:
            panes.zoom(None)
        else:
            bottom = panes.bottom_pane
            is_bottom = bottom is not None and bottom.has_pseudo_class("focus-within")
            panes.zoom(bottom if is_bottom else panes.detail_pane)
        self.draw_detail()

    def step_back(self) -> bool:
        """Leave the zoom, then the detail, then the filter."""
        if self.panes.zoomed is not None:
            self.action_zoom()
        elif not self.panes.list_pane.has_pseudo_class("focus-within"):
            focus_within(self.panes.list_pane)
        elif self._filter.value:
            self._filter.set_value("")
            self.filter_changed()
        else:
            return False
        return True

    # The filter

    def action_filter(self) -> None:
        """Begin to type a filter in the first row of the list."""
        if self.panes.zoomed is not None:
            self.action_zoom()
        self._is_typing = True
        self._filter.add_class("-typing")
        self._filter.focus()
        self._draw_title()

    def filter_changed(self) -> None:
        """Mark what fits the filter while it is typed; a subclass also shows the rows that fit."""
        self._table.mark_words(self._filter.value.split() if self._is_typing else ())

    def filter_left(self) -> None:
        """Show the words in the title from now on, and stop marking what fits."""
        self._is_typing = False
        self._table.mark_words(())
        self._table.focus()
        self._filter.remove_class("-typing")
        self._draw_title()
