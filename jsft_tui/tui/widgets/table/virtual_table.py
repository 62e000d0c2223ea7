"""A table of any number of rows: only the rows on screen are ever made."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol, runtime_checkable

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from jsft_tui.core.common.text import clean
from jsft_tui.tui.theme.styles import status_style
from jsft_tui.tui.widgets.table.columns import GAP, Column, Placed, place
from jsft_tui.tui.widgets.text.cell_text import Cell, fitted, outside, wrapped

HEADER = 1
GUTTER = 1
"""The column before the rows, where the cursor's mark stands."""

SEARCHED = 10_000
"""So many rows before and after the old place are searched for the row that had the cursor."""


class RowSource(Protocol):
    """Rows, made when they are shown. Keys are unique."""

    def __len__(self) -> int: ...

    def key(self, index: int) -> str:
        """What the row is known by, whatever its place."""

    def cells(self, index: int) -> Sequence[Cell]:
        """One cell for each column of the table."""


@runtime_checkable
class IndexedRows(Protocol):
    """A source that knows where a key is."""

    def index_of(self, key: str) -> int | None:
        """The row's place, or nothing."""


@dataclass(frozen=True)
class Rows:
    """Rows that are there already: (key, cells)."""

    rows: Sequence[tuple[str, Sequence[Cell]]] = ()

    def __len__(self) -> int:
        return len(self.rows)

    def key(self, index: int) -> str:
        """The row's key."""
        return self.rows[index][0]

    def cells(self, index: int) -> Sequence[Cell]:
        """The row's cells."""
        return self.rows[index][1]


class VirtualTable(ScrollView, can_focus=True):
    """A table with a cursor row. Nothing in its texts is ever taken as markup, link or control character."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "virtual-table--header",
        "virtual-table--cursor",
        "virtual-table--message",
    }
    DEFAULT_CSS = """
    VirtualTable {
        height: 1fr; overflow-x: hidden; overflow-y: auto; scrollbar-size-vertical: 1;
        color: $foreground; background: $background;
    }
    VirtualTable > .virtual-table--header { color: $foreground-darken-2; text-style: bold; }
    VirtualTable > .virtual-table--message { color: $foreground-darken-2; }
    VirtualTable > .virtual-table--cursor {
        color: $block-cursor-blurred-foreground; background: $block-cursor-blurred-background;
        text-style: $block-cursor-blurred-text-style;
    }
    VirtualTable:focus > .virtual-table--cursor {
        color: $block-cursor-foreground; background: $block-cursor-background;
        text-style: $block-cursor-text-style;
    }
    VirtualTable:focus:nocolor > .virtual-table--cursor { text-style: reverse; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "cursor_by(1)", "Down", show=False),
        Binding("up,k", "cursor_by(-1)", "Up", show=False),
        Binding("pagedown", "cursor_by_pages(1)", "Page down", show=False),
        Binding("pageup", "cursor_by_pages(-1)", "Page up", show=False),
        Binding("ctrl+d", "cursor_by_pages(0.5)", "Half a page down", show=False),
        Binding("ctrl+u", "cursor_by_pages(-0.5)", "Half a page up", show=False),
        Binding("home,g", "cursor_to_end(-1)", "First", show=False),
        Binding("end,G", "cursor_to_end(1)", "Last", show=False),
        Binding("enter", "select", "Select", show=False),
    ]

    cursor: reactive[int] = reactive(0, repaint=False, init=False)
    """The cursor's row; 0 when there is none."""

    @dataclass
    class RowHighlighted(Message):
        """The cursor came to another row."""

        table: VirtualTable
        index: int
        key: str

        @property
        def control(self) -> VirtualTable:
            """The table."""
            return self.table

    @dataclass
    class RowSelected(Message):
        """The row was chosen: enter, or a double click."""

        table: VirtualTable
        index: int
        key: str

        @property
        def control(self) -> VirtualTable:
            """The table."""
            return self.table

    @dataclass
    class NearEnd(Message):
        """The cursor or the view is within a page of the last row. Posted once for each number of rows."""

        table: VirtualTable
        count: int

        @property
        def control(self) -> VirtualTable:
            """The table."""
            return self.table

    def __init__(
        self,
        columns: Sequence[Column],
        source: RowSource | None = None,
        *,
        id: str | None = None,  # noqa: A002  (Textual's name)
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._columns = tuple(columns)
        self._placed: tuple[Placed, ...] = ()
        self._placed_in = 0
        """The width that the columns were placed in."""
        self._source: RowSource = source if source is not None else Rows()
        self._count = len(self._source)
        self._cursor_key: str | None = None
        self._message = ""
        self._asked_at: int | None = None
        self.virtual_size = Size(0, self._count + HEADER)

    @property
    def source(self) -> RowSource:
        """The rows."""
        return self._source

    @property
    def message(self) -> str:
        """What it says while there are no rows."""
        return self._message

    @property
    def cursor_key(self) -> str | None:
        """The key of the cursor's row."""
        return self._source.key(self.cursor) if self.cursor < len(self._source) else None

    @property
    def shown_rows(self) -> range:
        """The rows on screen."""
        first = self.scroll_offset.y
        return range(first, min(self._count, first + self._page))

    @property
    def shown_keys(self) -> list[str]:
        """The keys of the rows on screen."""
        return [self._source.key(index) for index in self.shown_rows]

    def shows(self, column: str) -> bool:
        """Whether there is room for a column."""
        return any(placed.column.key == column for placed in self._placed)

    def set_columns(self, columns: Sequence[Column]) -> None:
        """Show other columns; the source must give a cell for each."""
        if tuple(columns) != self._columns:
            self._columns = tuple(columns)
            self._place_columns()

    def set_source(self, source: RowSource) -> None:
        """Show these rows (or the same source, when it grew or shrank). The cursor stays on the row with its key."""
        key = self._cursor_key
        self._source, self._count = source, len(source)
        self._asked_at = None
        self.virtual_size = Size(0, self._count + HEADER)
        place = self._find(key) if key is not None else None
        cursor = place if place is not None else max(0, min(self.cursor, self._count - 1))
        moved = cursor - self.cursor
        self.set_reactive(VirtualTable.cursor, cursor)
        if moved and place is not None:
            # The row stays where it is on the screen.
            self.scroll_to(y=max(0, self.scroll_offset.y + moved), animate=False, force=True)
        self._keep_cursor_in_view()
        self.refresh()
        self._tell_cursor()
        self._ask_for_more()

    def update_source(self, source: RowSource, changed: Iterable[str]) -> None:
        """The same rows, some with other cells: only those with these keys are painted again."""
        self._source = source
        self.refresh_rows(changed)

    def set_message(self, message: str) -> None:
        """What to show while there are no rows: loading, nothing there, not allowed, offline."""
        if message != self._message:
            self._message = message
            self.refresh()

    def refresh_rows(self, keys: Iterable[str]) -> None:
        """Paint again the rows with these keys, as far as they are on screen."""
        wanted = set(keys)
        for index in self.shown_rows:
            if self._source.key(index) in wanted:
                self._refresh_row(index)

    def move_to_key(self, key: str) -> bool:
        """Put the cursor on a row; whether there is one with this key nearby."""
        index = self._find(key)
        if index is None:
            return False
        self.cursor = index
        return True

    def action_cursor_by(self, rows: int) -> None:
        """Move the cursor."""
        self.cursor += rows

    def action_cursor_by_pages(self, pages: float) -> None:
        """Move the cursor by pages or parts of one."""
        self.cursor += int(pages * self._page) or (1 if pages > 0 else -1)

    def action_cursor_to_end(self, end: int) -> None:
        """Move the cursor to the first (-1) or last (1) row."""
        self.cursor = 0 if end < 0 else self._count - 1

    def action_select(self) -> None:
        """Choose the cursor's row."""
        key = self.cursor_key
        if key is not None:
            self.post_message(self.RowSelected(self, self.cursor, key))

    def validate_cursor(self, cursor: int) -> int:
        """Keep the cursor on a row."""
        return max(0, min(cursor, self._count - 1))

    def watch_cursor(self, before: int, now: int) -> None:
        """Paint the two rows; scroll when needed."""
        self._refresh_row(before)
        self._refresh_row(now)
        self._keep_cursor_in_view()
        self._tell_cursor()
        self._ask_for_more()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """The view moved, by the cursor or by the mouse."""
        super().watch_scroll_y(old_value, new_value)
        self._ask_for_more()

    def on_mount(self) -> None:
        """Tell where the cursor is at first."""
        self._tell_cursor()

    def on_resize(self) -> None:
        """Give the columns their places."""
        self._place_columns()
        self._keep_cursor_in_view()
        self._ask_for_more()

    def on_focus(self) -> None:
        """The cursor looks different with the focus."""
        self._refresh_row(self.cursor)

    def on_blur(self) -> None:
        """The cursor looks different without the focus."""
        self._refresh_row(self.cursor)

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on the row; a second click chooses it."""
        offset = event.get_content_offset(self)
        if offset is None or offset.y < HEADER:
            return
        index = self.scroll_offset.y + offset.y - HEADER
        if index >= self._count:
            return
        if index == self.cursor and event.chain > 1:
            self.action_select()
        self.cursor = index

    def render_line(self, y: int) -> Strip:
        """One line of the screen: the header, a row, or a line of the message."""
        width = self._width
        if width != self._placed_in:  # the scroll bar came or went
            self._give_places()
        if y < HEADER:
            return self._header(width)
        if not self._count:
            return self._message_line(y - HEADER, width)
        index = self.scroll_offset.y + y - HEADER
        if index >= self._count:
            return Strip.blank(width, self.rich_style)
        return self._row(index, width)

    def _header(self, width: int) -> Strip:
        style = self.rich_style + self.get_component_rich_style("virtual-table--header", partial=True)
        labels = (fitted(placed.column.label, placed.width, placed.column.align) for placed in self._placed)
        return Strip([Segment(fitted(" " * GUTTER + (" " * GAP).join(labels), width), style)], width)

    def _message_line(self, line: int, width: int) -> Strip:
        style = self.rich_style + self.get_component_rich_style("virtual-table--message", partial=True)
        lines = wrapped(clean(self._message), max(1, width - 2 * GUTTER))
        text = lines[line] if line < len(lines) else ""
        return Strip([Segment(fitted(" " * GUTTER + text, width), style)], width)

    def _row(self, index: int, width: int) -> Strip:
        is_cursor = index == self.cursor
        base = self.rich_style
        if is_cursor:
            base += self.get_component_rich_style("virtual-table--cursor", partial=True)
        segments = [Segment("▌" if is_cursor else " ", base)]
        cells = self._source.cells(index)
        gap = Segment(" " * GAP, base)
        for placed in self._placed:
            if len(segments) > 1:
                segments.append(gap)
            cell = cells[placed.index] if placed.index < len(cells) else Cell("")
            text = outside(cell.text, placed.width, placed.column.align, placed.column.tail)
            segments.append(Segment(text, self._cell_style(cell, base, is_cursor)))
        return Strip(segments).adjust_cell_length(width, base)

    def _cell_style(self, cell: Cell, base: Style, is_cursor: bool) -> Style:
        if not cell.style:
            return base
        style = status_style(self.app.theme_variables, cell.style)
        # On the cursor's background the meaning's colour may not be readable; its glyph or word is.
        return base + Style(bold=style.bold, dim=style.dim) if is_cursor else base + style

    @property
    def _page(self) -> int:
        return max(1, self.size.height - HEADER)

    @property
    def _width(self) -> int:
        """Cells of a row: the scroll bar takes one."""
        return self.scrollable_content_region.width

    def _place_columns(self) -> None:
        self._give_places()
        self.refresh()

    def _give_places(self) -> None:
        self._placed_in = self._width
        self._placed = place(self._columns, self._placed_in - GUTTER)

    def _refresh_row(self, index: int) -> None:
        y = index - self.scroll_offset.y + HEADER
        if HEADER <= y < self.size.height:
            self.refresh(Region(0, y, self.size.width, 1))

    def _keep_cursor_in_view(self) -> None:
        top = self.scroll_offset.y
        if self.cursor < top:
            self.scroll_to(y=self.cursor, animate=False, force=True)
        elif self.cursor >= top + self._page:
            self.scroll_to(y=self.cursor - self._page + 1, animate=False, force=True)

    def _tell_cursor(self) -> None:
        key = self.cursor_key
        if key != self._cursor_key:
            self._cursor_key = key
            if key is not None:
                self.post_message(self.RowHighlighted(self, self.cursor, key))

    def _ask_for_more(self) -> None:
        if self._asked_at == self._count or not self.size.height:
            return
        if max(self.cursor, self.scroll_offset.y + self._page - 1) >= self._count - 1 - self._page:
            self._asked_at = self._count
            self.post_message(self.NearEnd(self, self._count))

    def _find(self, key: str) -> int | None:
        if isinstance(self._source, IndexedRows):
            return self._source.index_of(key)
        here = min(self.cursor, self._count - 1)
        for distance in range(min(SEARCHED, self._count)):
            for index in {here - distance, here + distance}:
                if 0 <= index < self._count and self._source.key(index) == key:
                    return index
        return None
