"""A table of any number of rows: only the rows on screen are built."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from jsft_tui.tui.widgets.painted_lines import PaintedLines
from jsft_tui.tui.widgets.table.cell_layout import any_of
from jsft_tui.tui.widgets.table.column_layout import ColumnLayout
from jsft_tui.tui.widgets.table.columns import Column
from jsft_tui.tui.widgets.table.line_layout import HeadingLine, LineLayout, RowLine, TailLine
from jsft_tui.tui.widgets.table.row_painter import MARGIN, RowPainter
from jsft_tui.tui.widgets.table.rows import Rows, RowSource, TailedRows, find_row

AIRY = 30
"""Rows of the terminal from which on groups are set apart and all columns have heads (SCREENS.md §2)."""
EDITED = "-edited"
"""Class of a table while a field stands on its cursor row."""


@dataclass(eq=False, repr=False)
class TableMessage(Message):
    """Posted by a table."""

    table: VirtualTable

    @property
    def control(self) -> VirtualTable:
        """The table."""
        return self.table


class VirtualTable(PaintedLines, ScrollView, can_focus=True):
    """A table with a cursor row. Markup, links and control characters in its texts have no effect.

    A source may have groups, whose headings the cursor skips, rows of several lines, and lines after all rows
    (`GroupedRows`, `TallRows`, `TailedRows`).
    The table is followed by no scroll bar: the pane around it says the place.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "virtual-table--header",
        "virtual-table--cursor",
        "virtual-table--cursor-blurred",
        "virtual-table--message",
    }
    DEFAULT_CSS = """
    VirtualTable {
        height: 1fr; overflow-x: hidden; overflow-y: auto; scrollbar-size-vertical: 0;
        color: $foreground; background: $background;
    }
    VirtualTable > .virtual-table--header { color: $muted; text-style: bold; }
    VirtualTable > .virtual-table--message { color: $muted; }
    VirtualTable > .virtual-table--cursor-blurred {
        color: $block-cursor-blurred-foreground; background: $block-cursor-blurred-background;
        text-style: $block-cursor-blurred-text-style;
    }
    VirtualTable > .virtual-table--cursor {
        color: $block-cursor-foreground; background: $block-cursor-background;
        text-style: $block-cursor-text-style;
    }
    VirtualTable:nocolor > .virtual-table--cursor { text-style: reverse; }
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
    """The cursor row; 0 when the table is empty."""

    @dataclass(eq=False, repr=False)
    class RowHighlighted(TableMessage):
        """Posted when the cursor has moved to another row."""

        index: int
        key: str

    @dataclass(eq=False, repr=False)
    class RowSelected(TableMessage):
        """Posted when a row is selected with enter or a second click."""

        index: int
        key: str

    @dataclass(eq=False, repr=False)
    class NearEnd(TableMessage):
        """Posted when the cursor or the view is within a page of the last row; once per number of rows."""

        count: int

    def __init__(
        self,
        columns: Sequence[Column],
        source: RowSource | None = None,
        *,
        margin: int = MARGIN,
        id: str | None = None,  # noqa: A002  (Textual's name)
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.is_dense = False
        """Whether no empty line stands before a heading, whatever the size of the terminal."""
        self._is_bare = False
        self._columns = tuple(columns)
        self._margin = margin
        self._placing = ColumnLayout()
        self._source: RowSource = source if source is not None else Rows()
        self._layout = LineLayout(self._source, is_airy=False)
        self._clicked: str | None = None
        """The key of the cursor row, if the cursor came there by a click."""
        self._painter = RowPainter(self, lambda: self.is_lit)
        self._cursor_key: str | None = None
        self._message = ""
        self._near_end_posted: int | None = None
        """The number of rows for which `NearEnd` was posted."""
        self._resize_content()

    @property
    def is_lit(self) -> bool:
        """Whether keys are for it or for a field on its cursor row: it has the focus, and no dialog stands on it."""
        return (self.has_focus or self.has_class(EDITED)) and self.screen.is_active

    @property
    def source(self) -> RowSource:
        """The rows."""
        return self._source

    @property
    def message(self) -> str:
        """The text displayed while there are no rows."""
        return self._message

    @property
    def cursor_key(self) -> str | None:
        """The key of the cursor row; None when the table is empty."""
        return self._source.key(self.cursor) if self.cursor < len(self._source) else None

    def hide_heads_without_rows(self, *, is_hidden: bool) -> None:
        """Show no heads of columns while there are no rows, where something else says why; or show them again."""
        if is_hidden is not self._is_bare:
            self._is_bare = is_hidden
            self._resize_content()
            self.refresh()

    @property
    def shown_rows(self) -> range:
        """The rows on screen."""
        return self._layout.rows_within(self.scroll_offset.y, self._page)

    @property
    def shown_keys(self) -> list[str]:
        """The keys of the rows on screen."""
        return [self._source.key(index) for index in self.shown_rows]

    def shows(self, column: str) -> bool:
        """Return whether a column is displayed; columns are hidden when there is no room."""
        return self._placing.shows(column)

    def cell_region(self, column: str) -> Region | None:
        """Return where the cursor row has a column, within the table's container; None while it is not to be seen."""
        y = self._cursor_line - self.scroll_offset.y + self._heads
        span = self._placing.span(column)
        if span is None or not self._heads <= y < self.size.height:
            return None
        x, width = span
        return Region(self.virtual_region.x + x, self.virtual_region.y + y, width, 1)

    def set_columns(self, columns: Sequence[Column]) -> None:
        """Replace the columns; the source must have a cell for each."""
        if tuple(columns) != self._columns:
            self._columns = tuple(columns)
            self._lay_out_columns()
            self._resize_content()
            self.refresh()

    def set_source(self, source: RowSource) -> None:
        """Replace the rows, or update the table after the source grew or shrank; the cursor stays on its key."""
        key, before = self._cursor_key, self._cursor_line
        self._source = source
        self._near_end_posted = None
        self._lay_out_lines()
        place = find_row(source, key, self.cursor) if key is not None else None
        self.set_reactive(VirtualTable.cursor, self.validate_cursor(self.cursor if place is None else place))
        if place is not None and (moved := self._cursor_line - before):
            # Keep the row at the same place on the screen.
            self.scroll_to(y=max(0, self.scroll_offset.y + moved), animate=False, force=True)
        self._keep_cursor_in_view()
        self.refresh()
        self._post_highlighted()
        self._post_near_end()

    def update_source(self, source: RowSource, changed: Iterable[str]) -> None:
        """Replace the source by one with the same keys, and repaint the rows whose cells changed."""
        if LineLayout(source, is_airy=self._is_airy) != self._layout:
            self.set_source(source)
            return
        self._source = source
        self.refresh_rows(changed)

    def mark_words(self, words: Iterable[str]) -> None:
        """Draw the letters that fit one of the words in the accent color, as while a filter is typed; none: stop."""
        pattern = any_of(words)
        if pattern != self._painter.words:
            self._painter.words = pattern
            self.refresh()

    def set_message(self, message: str) -> None:
        """Set the text to display while there are no rows, for example that they are loading or access is denied."""
        if message != self._message:
            self._message = message
            self.refresh()

    def refresh_rows(self, keys: Iterable[str]) -> None:
        """Repaint the rows with these keys that are on screen."""
        wanted = set(keys)
        for index in self.shown_rows:
            if self._source.key(index) in wanted:
                self._refresh_row(index)

    def refresh_cursor(self) -> None:
        """Repaint the cursor row, whose look depends on where keys go."""
        self._refresh_row(self.cursor)

    def move_to_key(self, key: str) -> bool:
        """Move the cursor to the row with this key; return whether it was found."""
        index = find_row(self._source, key, self.cursor)
        if index is None:
            return False
        self.cursor = index
        return True

    def action_cursor_by(self, rows: int) -> None:
        """Move the cursor; where it cannot go further, scroll to the lines after the rows, and back."""
        before = self.cursor
        self.cursor += rows
        if self.cursor == before:
            self._scroll_tail(rows)

    def action_cursor_by_pages(self, pages: float) -> None:
        """Move the cursor by pages or fractions of one."""
        lines = int(pages * self._page)
        row, before = self._layout.row_near(self._cursor_line + lines), self.cursor
        self.cursor = row if row != self.cursor else self.cursor + (1 if pages > 0 else -1)
        if self.cursor == before:
            self._scroll_tail(lines)

    def action_cursor_to_end(self, end: int) -> None:
        """Move the cursor to the first (-1) or last (1) row."""
        self.cursor = 0 if end < 0 else self._layout.count - 1
        self._scroll_tail(end * self._layout.lines)

    def action_select(self) -> None:
        """Select the cursor row."""
        if (key := self.cursor_key) is not None:
            self.post_message(self.RowSelected(self, self.cursor, key))

    def validate_cursor(self, cursor: int) -> int:
        """Keep the cursor on a row."""
        return max(0, min(cursor, self._layout.count - 1))

    def watch_cursor(self, before: int, now: int) -> None:
        """Repaint both rows and scroll if needed."""
        self._clicked = None
        self._refresh_row(before)
        self._refresh_row(now)
        self._keep_cursor_in_view()
        self._post_highlighted()
        self._post_near_end()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Post `NearEnd` when the cursor or the mouse scrolled near the end."""
        super().watch_scroll_y(old_value, new_value)
        self._post_near_end()

    def on_mount(self) -> None:
        """Post the initial cursor row."""
        self._post_highlighted()

    def on_resize(self) -> None:
        """Lay out the columns and lines for the new size."""
        self._lay_out_columns()
        self._lay_out_lines()
        self.refresh()
        self._keep_cursor_in_view()
        self._post_near_end()

    def on_focus(self) -> None:
        """Repaint the cursor row, whose style depends on the focus."""
        self.refresh_cursor()

    def on_blur(self) -> None:
        """Repaint the cursor row, whose style depends on the focus."""
        self._clicked = None
        self.refresh_cursor()

    def on_click(self, event: events.Click) -> None:
        """Move the cursor to the row; a second click selects it."""
        offset = event.get_content_offset(self)
        if offset is None or offset.y < self._heads:
            return
        found = self._layout.at(self.scroll_offset.y + offset.y - self._heads)
        if not isinstance(found, RowLine):
            return
        key = self._source.key(found.row)
        if key == self._clicked:
            self.action_select()
        self.cursor = found.row
        self._clicked = key

    def render_line(self, y: int) -> Strip:
        """Render one line of the view: the heads, a line of a row, a heading, or a line of the message."""
        width = self.scrollable_content_region.width
        if width != self._placing.width:  # the scroll bar has appeared or disappeared
            self._lay_out_columns()
        if not self._layout.lines:
            return self._painter.message(self._message, y, width)
        if y < self._heads:
            return self._painter.header(self._placing.placed, width)
        found = self._layout.at(self.scroll_offset.y + y - self._heads)
        if isinstance(found, HeadingLine):
            return self._painter.heading(found.group, width)
        if isinstance(found, RowLine):
            is_cursor = found.row == self.cursor
            return self._painter.row_line(self._source, found, self._placing.placed, width, is_cursor=is_cursor)
        if isinstance(found, TailLine) and isinstance(self._source, TailedRows):
            return self._painter.tail(self._source.tail[found.line], width)
        return Strip.blank(width, self.rich_style)

    @property
    def _heads(self) -> int:
        return 0 if self._is_bare and not self._layout.lines else self._placing.heads

    @property
    def _is_airy(self) -> bool:
        return self.is_attached and not self.is_dense and self.app.size.height >= AIRY

    @property
    def _page(self) -> int:
        return max(1, self.size.height - self._heads)

    @property
    def _cursor_line(self) -> int:
        return self._layout.top(self.cursor) if self.cursor < self._layout.count else 0

    def _lay_out_columns(self) -> None:
        self._placing = ColumnLayout.of(
            self._columns, self.scrollable_content_region.width, self._margin, is_airy=self._is_airy
        )

    def _lay_out_lines(self) -> None:
        self._layout = LineLayout(self._source, is_airy=self._is_airy)
        self._resize_content()

    def _resize_content(self) -> None:
        self.virtual_size = Size(0, self._layout.lines + self._heads)

    def _refresh_row(self, index: int) -> None:
        if not 0 <= index < self._layout.count:
            return
        if lines := self._layout.lines_within(index, self.scroll_offset.y, self._page):
            self.refresh(Region(0, lines.start + self._heads, self.size.width, len(lines)))

    def _keep_cursor_in_view(self) -> None:
        if not self._layout.count:
            return
        wanted = self._layout.scrolled_to(self.cursor, self.scroll_offset.y, self._page)
        if wanted != self.scroll_offset.y:
            self.scroll_to(y=wanted, animate=False, force=True)

    def _scroll_tail(self, lines: int) -> None:
        if self._layout.tail:
            most = max(0, self._layout.lines - self._page)
            self.scroll_to(y=max(0, min(self.scroll_offset.y + lines, most)), animate=False, force=True)

    def _post_highlighted(self) -> None:
        key = self.cursor_key
        if key != self._cursor_key:
            self._cursor_key = key
            if key is not None:
                self.post_message(self.RowHighlighted(self, self.cursor, key))

    def _post_near_end(self) -> None:
        count, layout = self._layout.count, self._layout
        if self._near_end_posted == count or not self.size.height:
            return
        if max(self._cursor_line, self.scroll_offset.y + self._page - 1) >= layout.lines - 1 - self._page:
            self._near_end_posted = count
            self.post_message(self.NearEnd(self, count))
