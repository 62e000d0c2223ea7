"""A log view of any length that follows its end; searches and filters never block the event loop."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.timer import Timer

from jsft_tui.core.jobs.metrics.log_metrics import LogLine
from jsft_tui.tui.terminal.drawing.frame_buffer import cells_of
from jsft_tui.tui.terminal.environment import terminal_settings
from jsft_tui.tui.terminal.one_shot import one_shot
from jsft_tui.tui.theme.styles import ink_style
from jsft_tui.tui.theme.tokens import Ink
from jsft_tui.tui.widgets.log.levels import level_style
from jsft_tui.tui.widgets.log.search import LogSearch
from jsft_tui.tui.widgets.log.store import LogStore, StoredLine
from jsft_tui.tui.widgets.log.wrapping import WrappedRow, top_at_end, wrap, wrapped_rows
from jsft_tui.tui.widgets.painted_lines import PaintedLines
from jsft_tui.tui.widgets.text.cell_text import cut, fitted

SEARCH_SECONDS = 0.02
"""Time that one slice of a search may block the event loop."""
SEARCH_PAUSE = 0.005
"""Seconds between two slices, so that pending keys are handled."""
SCROLL_COLUMNS = 16
"""Columns that the left and right keys scroll by."""


@dataclass(frozen=True)
class LogState:
    """State of a log view, for its title."""

    lines: int
    shown: int
    follows: bool
    new: int
    """Lines added since the view stopped following."""
    query: str
    matches: int
    match: int
    """Number of the match that was jumped to last, from 1; 0 if none was."""
    is_searching: bool
    at: int = 0
    """Number of the line that was jumped to, from 1; 0 if none was."""


class LogView(PaintedLines, ScrollView, can_focus=True):
    """Displays lines as plain text: markup, links and control characters in them have no effect."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"log-view--match"}
    DEFAULT_CSS = """
    LogView {
        height: 1fr; overflow-x: hidden; overflow-y: auto; scrollbar-size-vertical: 1;
        color: $foreground; background: $background;
    }
    LogView > .log-view--match { text-style: reverse; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "scroll_by(1)", "Down", show=False),
        Binding("up,k", "scroll_by(-1)", "Up", show=False),
        Binding("pagedown,space", "scroll_by_pages(1)", "Page down", show=False),
        Binding("pageup", "scroll_by_pages(-1)", "Page up", show=False),
        Binding("ctrl+d", "scroll_by_pages(0.5)", "Half a page down", show=False),
        Binding("ctrl+u", "scroll_by_pages(-0.5)", "Half a page up", show=False),
        Binding("home,g", "first", "First line", show=False),
        Binding("end,G", "follow", "Follow", show=False),
        Binding("right,l", "shift(1)", "Right", show=False),
        Binding("left,h", "shift(-1)", "Left", show=False),
        Binding("n", "next_match(1)", "Next match", show=False),
        Binding("N", "next_match(-1)", "Previous match", show=False),
        Binding("e", "first_error", "First error", show=False),
        Binding("u", "toggle_wrap", "Unfold long lines", show=False),
        Binding("number_sign", "toggle_times", "Time stamps", show=False),
    ]

    @dataclass(eq=False, repr=False)
    class StateChanged(Message):
        """Posted when the state has changed, at most once per repaint."""

        log_view: LogView
        state: LogState

        @property
        def control(self) -> LogView:
            """The log view."""
            return self.log_view

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002  (Textual's name)
        super().__init__(id=id, classes=classes)
        self.store = LogStore()
        self._follows = True
        self._jumped = 0
        """Number of the line that was jumped to last; 0 before."""
        self._paused_at = 0
        """Number of lines when the view stopped following."""
        self._wraps = False
        self._shows_times = True
        self._shift = 0
        self._search = LogSearch(self.store)
        self._scrolls_itself = False
        """Whether the view is scrolling by itself, not because of the mouse."""
        self._paint_timer: Timer | None = None
        self._search_timer: Timer | None = None
        self._painted_at = 0.0
        self._period = 1 / terminal_settings(os.environ).log_paints_per_second
        self._posted_state: LogState | None = None
        self._wrapped: tuple[tuple[int, ...], list[WrappedRow]] | None = None
        """The wrapped rows on screen, with what they depend on."""

    @property
    def state(self) -> LogState:
        """The current state."""
        return LogState(
            lines=len(self.store),
            shown=self._search.row_count,
            follows=self._follows,
            new=0 if self._follows else len(self.store) - self._paused_at,
            query=self._search.query,
            matches=self._search.match_count,
            match=self._search.match_number,
            is_searching=self._search.is_running,
            at=0 if self._follows else self._jumped,
        )

    def clear(self) -> None:
        """Start with an empty log, without search and filter."""
        self.store.close()
        self.store = LogStore()
        self._search = LogSearch(self.store)
        self._follows, self._paused_at, self._shift, self._jumped = True, 0, 0, 0
        self._wrapped = None
        self._resize_rows()
        self.refresh()
        self._paint_soon()

    def append(self, lines: Sequence[LogLine]) -> None:
        """Add lines, to be painted with the next frame that is due.

        Lines that arrive after the view was unmounted are dropped.
        """
        if self.store.is_closed:
            return
        self._search.forget(self.store.append(lines))
        self._wrapped = None  # a progress bar may have overwritten the last line
        self._paint_soon()

    def search(self, query: str) -> None:
        """Search for a text and go to the first match from here on; an empty text ends the search."""
        self._search.set_query(query)
        self._paint_soon()
        self.refresh()

    def set_filter(self, query: str) -> None:
        """Show only lines that contain a text; all lines if it is empty."""
        top = self._search.line_of(self.scroll_offset.y)
        self._search.set_filter(query)
        self._resize_rows()
        if not self._follows:
            # A filtered log starts at its first match; without a filter, the same line stays on top.
            self._go_to(0 if query else top)
        self._paint_soon()
        self.refresh()

    def action_scroll_by(self, rows: int) -> None:
        """Scroll: up stops following, reaching the end follows again."""
        if rows < 0:
            self._stop_following()
        self._go_to(self.scroll_offset.y + rows)
        if rows > 0 and self.scroll_offset.y >= self._top_at_end():
            self.action_follow()

    def action_scroll_by_pages(self, pages: float) -> None:
        """Scroll by pages or fractions of one."""
        self.action_scroll_by(int(pages * self.size.height) or (1 if pages > 0 else -1))

    def action_first(self) -> None:
        """Go to the first line."""
        self._stop_following()
        self._go_to(0)

    def action_follow(self) -> None:
        """Go to the end and stay there."""
        self._follows = True
        self._resize_rows()
        self._paint_soon()

    def action_shift(self, steps: int) -> None:
        """Scroll horizontally."""
        self._shift = max(0, self._shift + steps * SCROLL_COLUMNS)
        self.refresh()

    def action_toggle_wrap(self) -> None:
        """Wrap long lines, or cut them."""
        self._wraps, self._shift = not self._wraps, 0
        self._resize_rows()
        self.refresh()

    def action_toggle_times(self) -> None:
        """Show or hide the time stamps."""
        self._shows_times = not self._shows_times
        self.refresh()

    def action_next_match(self, direction: int) -> None:
        """Go to the next (1) or previous (-1) match, or without a search to the next error, around at the ends."""
        if not self._search.query:
            self._search.jump_to_error(direction)
            self._paint_soon()
            return
        if (line := self._search.next_match(direction)) is not None:
            self._show_line(line)

    def action_first_error(self) -> None:
        """Go to the first line that looks like an error."""
        self._search.jump_to_first_error()
        self._paint_soon()

    def on_resize(self) -> None:
        """Keep the end in view while following."""
        self._resize_rows()
        self.refresh()

    def on_unmount(self) -> None:
        """Release the disk space."""
        self.store.close()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Follow or stop following when the mouse scrolls: up stops following, reaching the end follows again.

        Textual also scrolls a view that grows; it is then still at the end.
        """
        super().watch_scroll_y(old_value, new_value)
        if self._scrolls_itself:
            return
        if new_value < old_value and new_value < self._top_at_end():
            self._stop_following()
        elif new_value >= self._top_at_end():
            self.action_follow()

    # Painting

    def _paint_soon(self) -> None:
        if self._paint_timer is None and self.is_attached:
            delay = max(0.001, self._painted_at + self._period - time.monotonic())
            self._paint_timer = one_shot(self, delay, self._paint)

    def _paint(self) -> None:
        self._paint_timer, self._painted_at = None, time.monotonic()
        self._search.advance(SEARCH_SECONDS)
        if (line := self._search.take_jump(self.scroll_offset.y)) is not None:
            self._show_line(line)
        self._resize_rows()
        if self._follows or self._search.row_count <= self.scroll_offset.y + self.size.height:
            self.refresh()
        state = self.state
        if state != self._posted_state:
            self._posted_state = state
            self.post_message(self.StateChanged(self, state))
        if state.is_searching and self._search_timer is None:
            self._search_timer = one_shot(self, SEARCH_PAUSE, self._continue_search)

    def _continue_search(self) -> None:
        """Search between repaints as well: a million lines take hundreds of slices."""
        self._search_timer = None
        self._search.advance(SEARCH_SECONDS)
        if self._search.is_running:
            self._search_timer = one_shot(self, SEARCH_PAUSE, self._continue_search)
        self._paint_soon()

    def _resize_rows(self) -> None:
        # A wrapped log scrolls by lines, not by screen rows, until its last line is at the top.
        count = self._search.row_count
        extra = max(0, self.size.height - 1) if self._wraps and count else 0
        before, self._scrolls_itself = self._scrolls_itself, True
        self.virtual_size = Size(0, count + extra)
        self._scrolls_itself = before
        if self._follows:
            self._go_to(self._top_at_end())

    def _go_to(self, top: int) -> None:
        before, self._scrolls_itself = self._scrolls_itself, True
        self.scroll_to(y=max(0, top), animate=False, force=True)
        self._scrolls_itself = before

    def _stop_following(self) -> None:
        if self._follows:
            self._follows, self._paused_at = False, len(self.store)
            self._paint_soon()

    def _show_line(self, line: int) -> None:
        self._stop_following()
        self._jumped = line + 1
        self._go_to(max(0, self._search.row_of(line) - self.size.height // 3))
        self._paint_soon()
        self.refresh()

    # Rows: the lines that pass the filter

    def _line_at(self, row: int) -> StoredLine:
        return self.store.line(self._search.line_of(row))

    def _top_at_end(self) -> int:
        """Return the row at the top of the view when the end is in view."""
        height, count = max(1, self.size.height), self._search.row_count
        if not self._wraps:
            return max(0, count - height)
        return top_at_end(self._wrap, count, height)

    def _wrap(self, row: int) -> list[str]:
        line = self._line_at(row)
        return wrap(line.text, max(1, self._width - len(self._prefix(line))))

    def _wrapped_rows(self) -> list[WrappedRow]:
        """Return the screen rows when long lines are wrapped."""
        row, height, count = self.scroll_offset.y, self.size.height, self._search.row_count
        key = (row, height, self._width, count, int(self._shows_times), id(self._search.filter))
        if self._wrapped is None or self._wrapped[0] != key:
            self._wrapped = (key, wrapped_rows(self._wrap, row, count, height))
        return self._wrapped[1]

    def render_line(self, y: int) -> Strip:
        """Render one row of the view."""
        width, base = self._width, self.rich_style
        if self._wraps:
            rows = self._wrapped_rows()
            if y >= len(rows):
                return Strip.blank(width, base)
            line = self._line_at(rows[y].row)
            prefix = self._prefix(line)
            return self._strip(line, prefix if rows[y].is_first else " " * len(prefix), rows[y].text)
        row = self.scroll_offset.y + y
        if row >= self._search.row_count:
            return Strip.blank(width, base)
        line = self._line_at(row)
        text = "".join(cells_of(line.text)[self._shift :]) if self._shift else line.text
        return self._strip(line, self._prefix(line), text)

    def _prefix(self, line: StoredLine) -> str:
        clock = time.strftime("%H:%M:%S ", time.localtime(line.time)) if self._shows_times else ""
        streams = self.store.streams
        # The log stream of each instance of a training job is named <job>/<algo-N>-<time>.
        stream = fitted(streams[line.stream].rpartition("/")[2], 8) + " " if len(streams) > 1 else ""
        return clock + stream

    def _strip(self, line: StoredLine, prefix: str, text: str) -> Strip:
        base, width = self.rich_style, self._width
        quiet = base + ink_style(self.app.theme_variables, Ink.MUTED)
        style = base + ink_style(self.app.theme_variables, level_style(line.text))
        text = fitted(text, max(0, width - len(prefix)))
        return Strip([Segment(cut(prefix, width), quiet), *self._highlighted(text, style)]).adjust_cell_length(
            width, base
        )

    @property
    def _width(self) -> int:
        """Cells of a row, without the scroll bar."""
        return self.scrollable_content_region.width

    def _highlighted(self, text: str, style: Style) -> list[Segment]:
        """Return the text with the matches of the search highlighted."""
        query = self._search.query
        if not query:
            return [Segment(text, style)]
        match = style + self.get_component_rich_style("log-view--match", partial=True)
        flags = 0 if query != query.lower() else re.IGNORECASE
        parts = re.split(f"({re.escape(query)})", text, flags=flags)
        return [Segment(part, match if number % 2 else style) for number, part in enumerate(parts) if part]
