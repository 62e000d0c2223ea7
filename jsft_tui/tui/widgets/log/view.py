"""A log of any length that follows its end, searched and filtered without ever holding the keys up."""

from __future__ import annotations

import os
import re
import time
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.timer import Timer

from jsft_tui.core.jobs.metrics.log_metrics import LogLine
from jsft_tui.tui.terminal.frame_buffer import cells_of
from jsft_tui.tui.theme.styles import status_style
from jsft_tui.tui.theme.themes import QUIET, manners
from jsft_tui.tui.widgets.log.store import LogStore, Matches, StoredLine, contains
from jsft_tui.tui.widgets.text.cell_text import cut, fitted

SEARCH_SECONDS = 0.02
"""How long one part of a search may hold up the keys."""
BREATH = 0.005
"""Seconds between two parts, for the keys that came meanwhile."""
STEP = 16
"""Columns that left and right move by."""

_ERROR = re.compile(r"\b(?:ERROR|FATAL|CRITICAL|Traceback|[A-Za-z]*(?:Error|Exception)\b:?)")
_ERROR_WORDS = ("Error", "ERROR", "Exception", "Traceback", "FATAL", "CRITICAL")
"""One of these is in every line that looks like an error: a look at each is quicker than the expression."""
_LEVELS = (
    (_ERROR, "failed"),
    (re.compile(r"\bWARN(?:ING)?\b|\b[A-Za-z]*Warning\b"), "warning"),
    (re.compile(r"\b(?:DEBUG|TRACE)\b"), "quiet"),
)


def _is_error(text: str) -> bool:
    return any(word in text for word in _ERROR_WORDS) and _ERROR.search(text) is not None


@dataclass(frozen=True)
class LogState:
    """What there is to say about a log beside its lines."""

    lines: int
    shown: int
    follows: bool
    new: int
    """Lines that came since it stopped following."""
    query: str
    matches: int
    match: int
    """Number of the match that was jumped to last, from 1; 0 when none was."""
    is_searching: bool


class _Piece(NamedTuple):
    """A part of a line that was broken to fit: the line's row, and whether its beginning."""

    row: int
    text: str
    is_first: bool


class LogView(ScrollView, can_focus=True):
    """Shows lines as text: no markup, link or control character in them is obeyed."""

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
        Binding("N", "next_match(-1)", "Match before", show=False),
        Binding("e", "first_error", "First error", show=False),
        Binding("z", "toggle_wrap", "Wrap", show=False),
        Binding("t", "toggle_times", "Time stamps", show=False),
    ]

    @dataclass
    class StateChanged(Message):
        """There is something new to say about the log. Posted no more often than it is painted."""

        log_view: LogView
        state: LogState

        @property
        def control(self) -> LogView:
            """The log."""
            return self.log_view

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002  (Textual's name)
        super().__init__(id=id, classes=classes)
        self.store = LogStore()
        self._follows = True
        self._left_at = 0
        self._wraps = False
        self._shows_times = True
        self._shift = 0
        self._query = ""
        self._found: Matches | None = None
        self._at_match = -1
        self._filter: Matches | None = None
        self._errors: Matches | None = None
        self._jumps_to: Matches | None = None
        self._is_ours = False
        self._paint_timer: Timer | None = None
        self._search_timer: Timer | None = None
        self._painted_at = 0.0
        self._period = 1 / manners(os.environ).log_paints_per_second
        self._told: LogState | None = None
        self._broken: tuple[tuple[int, ...], list[_Piece]] | None = None

    @property
    def state(self) -> LogState:
        """What there is to say now."""
        return LogState(
            lines=len(self.store),
            shown=self._rows,
            follows=self._follows,
            new=0 if self._follows else len(self.store) - self._left_at,
            query=self._query,
            matches=len(self._found.hits) if self._found else 0,
            match=min(self._at_match + 1, len(self._found.hits)) if self._found else 0,
            is_searching=any(self._is_behind(search) for search in self._searches),
        )

    def clear(self) -> None:
        """Begin another log: no lines, no search, no filter."""
        self.store.close()
        self.store = LogStore()
        self._follows, self._left_at, self._shift = True, 0, 0
        self._query, self._at_match = "", -1
        self._found = self._filter = self._errors = self._jumps_to = None
        self._broken = None
        self._resize_rows()
        self.refresh()
        self._paint_soon()

    def append(self, lines: Sequence[LogLine]) -> None:
        """Add lines, many at once. They are painted with the next frame that is due.

        Lines that come while the program ends are dropped: there is nobody to read them.
        """
        if self.store.is_closed:
            return
        changed = self.store.append(lines)
        self._broken = None  # a progress bar may have written over the last line
        for search in (self._filter, self._found, self._errors):
            if search is not None:
                search.forget(changed)
        self._paint_soon()

    def search(self, query: str) -> None:
        """Look for a text, and go to the first match from here on. The empty text ends the search."""
        self._query, self._at_match = query, -1
        self._found = self._jumps_to = Matches(contains(query)) if query else None
        self._paint_soon()
        self.refresh()

    def set_filter(self, query: str) -> None:
        """Show only lines that contain a text; all for the empty one."""
        top = self._line_of(self.scroll_offset.y)
        self._filter = Matches(contains(query)) if query else None
        self._resize_rows()
        if not self._follows:
            # The lines that are left come one after the other; without a filter the same line stays on top.
            self._go_to(0 if self._filter else top)
        self._paint_soon()
        self.refresh()

    def action_scroll_by(self, rows: int) -> None:
        """Scroll; upwards it stops following, at the end it follows again."""
        if rows < 0:
            self._let_go()
        self._go_to(self.scroll_offset.y + rows)
        if rows > 0 and self.scroll_offset.y >= self._top_at_end():
            self.action_follow()

    def action_scroll_by_pages(self, pages: float) -> None:
        """Scroll by pages or parts of one."""
        self.action_scroll_by(int(pages * self.size.height) or (1 if pages > 0 else -1))

    def action_first(self) -> None:
        """Go to the first line."""
        self._let_go()
        self._go_to(0)

    def action_follow(self) -> None:
        """Go to the end and stay there."""
        self._follows = True
        self._resize_rows()
        self._paint_soon()

    def action_shift(self, steps: int) -> None:
        """Show what is further right, or left."""
        self._shift = max(0, self._shift + steps * STEP)
        self.refresh()

    def action_toggle_wrap(self) -> None:
        """Break long lines, or cut them."""
        self._wraps, self._shift = not self._wraps, 0
        self._resize_rows()
        self.refresh()

    def action_toggle_times(self) -> None:
        """Show or hide when each line was written."""
        self._shows_times = not self._shows_times
        self.refresh()

    def action_next_match(self, direction: int) -> None:
        """Go to the next match, or to the one before; after the last comes the first."""
        if self._found and self._found.hits:
            self._at_match = (self._at_match + direction) % len(self._found.hits)
            self._show_line(self._found.hits[self._at_match])

    def action_first_error(self) -> None:
        """Go to the first line that looks like an error."""
        if self._errors is None:
            self._errors = Matches(_is_error)
        self._jumps_to = self._errors
        self._paint_soon()

    def on_resize(self) -> None:
        """Keep the end in view while following."""
        self._resize_rows()
        self.refresh()

    def on_unmount(self) -> None:
        """Give the disk space back."""
        self.store.close()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """The mouse wheel scrolls too: up, it stops following; at the end, it follows again.

        A view that grows is scrolled back by Textual as far as it has to be: it is at the end all the same.
        """
        super().watch_scroll_y(old_value, new_value)
        if self._is_ours:
            return
        if new_value < old_value and new_value < self._top_at_end():
            self._let_go()
        elif new_value >= self._top_at_end():
            self.action_follow()

    # What is painted, and when

    @property
    def _searches(self) -> list[Matches]:
        return [search for search in (self._filter, self._found, self._jumps_to) if search is not None]

    def _is_behind(self, search: Matches) -> bool:
        return search.searched < len(self.store)

    def _paint_soon(self) -> None:
        if self._paint_timer is None and self.is_attached:
            delay = max(0.001, self._painted_at + self._period - time.monotonic())
            self._paint_timer = self.set_timer(delay, self._paint)

    def _paint(self) -> None:
        self._paint_timer, self._painted_at = None, time.monotonic()
        for search in self._searches:
            search.search(self.store, SEARCH_SECONDS)
        self._jump()
        self._resize_rows()
        if self._follows or self._rows <= self.scroll_offset.y + self.size.height:
            self.refresh()
        state = self.state
        if state != self._told:
            self._told = state
            self.post_message(self.StateChanged(self, state))
        if state.is_searching and self._search_timer is None:
            self._search_timer = self.set_timer(BREATH, self._search_on)

    def _search_on(self) -> None:
        """Search without waiting for the next painting: through a million lines there would be hundreds."""
        self._search_timer = None
        for search in self._searches:
            search.search(self.store, SEARCH_SECONDS)
        if any(self._is_behind(search) for search in self._searches):
            self._search_timer = self.set_timer(BREATH, self._search_on)
        self._paint_soon()

    def _jump(self) -> None:
        """Go to the first hit of a search that was begun to go somewhere, once it is known."""
        search = self._jumps_to
        if search is None or (not search.hits and self._is_behind(search)):
            return
        self._jumps_to = None
        if not search.hits:
            return
        match = 0
        if search is self._found:
            match = bisect_left(search.hits, self._line_of(self.scroll_offset.y)) % len(search.hits)
            self._at_match = match
        self._show_line(search.hits[match])

    def _resize_rows(self) -> None:
        # When lines are broken, scrolling counts lines, and goes on until the last is the first on screen.
        extra = max(0, self.size.height - 1) if self._wraps and self._rows else 0
        was_ours, self._is_ours = self._is_ours, True
        self.virtual_size = Size(0, self._rows + extra)
        self._is_ours = was_ours
        if self._follows:
            self._go_to(self._top_at_end())

    def _go_to(self, top: int) -> None:
        was_ours, self._is_ours = self._is_ours, True
        self.scroll_to(y=max(0, top), animate=False, force=True)
        self._is_ours = was_ours

    def _let_go(self) -> None:
        if self._follows:
            self._follows, self._left_at = False, len(self.store)
            self._paint_soon()

    def _show_line(self, line: int) -> None:
        row = bisect_right(self._filter.hits, line) - 1 if self._filter else line
        self._let_go()
        self._go_to(max(0, row - self.size.height // 3))
        self._paint_soon()
        self.refresh()

    # Rows: the lines that the filter leaves

    @property
    def _rows(self) -> int:
        return len(self._filter.hits) if self._filter else len(self.store)

    def _line_of(self, row: int) -> int:
        if self._filter is None:
            return row
        return self._filter.hits[row] if row < len(self._filter.hits) else len(self.store)

    def _top_at_end(self) -> int:
        height = max(1, self.size.height)
        if not self._wraps:
            return max(0, self._rows - height)
        top, used = self._rows, 0
        while top > 0:
            used += len(self._pieces(self.store.line(self._line_of(top - 1))))
            if used > height:
                break
            top -= 1
        return min(top, max(0, self._rows - 1))

    def _pieces(self, line: StoredLine) -> list[str]:
        width = max(1, self._width - len(self._prefix(line)))
        cells = cells_of(line.text)
        pieces, start = [], 0
        while start < len(cells):
            end = min(len(cells), start + width)
            if end < len(cells) and cells[end] == "" and end > start + 1:
                end -= 1
            pieces.append("".join(cells[start:end]))
            start = end
        return pieces or [""]

    def _broken_lines(self) -> list[_Piece]:
        """What the lines of the screen show when long lines are broken."""
        row, height = self.scroll_offset.y, self.size.height
        key = (row, height, self._width, self._rows, int(self._shows_times), id(self._filter))
        if self._broken is None or self._broken[0] != key:
            found: list[_Piece] = []
            while len(found) < height and row < self._rows:
                texts = self._pieces(self.store.line(self._line_of(row)))
                found.extend(_Piece(row, text, number == 0) for number, text in enumerate(texts))
                row += 1
            self._broken = (key, found)
        return self._broken[1]

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        width, base = self._width, self.rich_style
        if self._wraps:
            pieces = self._broken_lines()
            if y >= len(pieces):
                return Strip.blank(width, base)
            line = self.store.line(self._line_of(pieces[y].row))
            prefix = self._prefix(line)
            return self._strip(line, prefix if pieces[y].is_first else " " * len(prefix), pieces[y].text)
        row = self.scroll_offset.y + y
        if row >= self._rows:
            return Strip.blank(width, base)
        line = self.store.line(self._line_of(row))
        text = "".join(cells_of(line.text)[self._shift :]) if self._shift else line.text
        return self._strip(line, self._prefix(line), text)

    def _prefix(self, line: StoredLine) -> str:
        clock = time.strftime("%H:%M:%S ", time.localtime(line.time)) if self._shows_times else ""
        streams = self.store.streams
        # The stream of each instance of a job is called <job>/<algo-N>-<time>.
        stream = fitted(streams[line.stream].rpartition("/")[2], 8) + " " if len(streams) > 1 else ""
        return clock + stream

    def _strip(self, line: StoredLine, prefix: str, text: str) -> Strip:
        base, width = self.rich_style, self._width
        quiet = base + status_style(self.app.theme_variables, QUIET)
        style = base + self._level_style(line.text)
        text = fitted(text, max(0, width - len(prefix)))
        return Strip([Segment(cut(prefix, width), quiet), *self._marked(text, style)]).adjust_cell_length(width, base)

    @property
    def _width(self) -> int:
        """Cells of a row: the scroll bar takes one."""
        return self.scrollable_content_region.width

    def _level_style(self, text: str) -> Style:
        for pattern, name in _LEVELS:
            if pattern.search(text):
                return status_style(self.app.theme_variables, name)
        return Style.null()

    def _marked(self, text: str, style: Style) -> list[Segment]:
        """The text with what is searched for marked."""
        if not self._query:
            return [Segment(text, style)]
        match = style + self.get_component_rich_style("log-view--match", partial=True)
        flags = 0 if self._query != self._query.lower() else re.IGNORECASE
        parts = re.split(f"({re.escape(self._query)})", text, flags=flags)
        return [Segment(part, match if number % 2 else style) for number, part in enumerate(parts) if part]
