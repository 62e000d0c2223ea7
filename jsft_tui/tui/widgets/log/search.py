"""Searching and filtering a log in slices, so that a search through a million lines never blocks the event loop."""

from __future__ import annotations

import time
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable

from jsft_tui.tui.widgets.log.levels import is_error
from jsft_tui.tui.widgets.log.store import LogStore


class Matches:
    """Line numbers of the matching lines, as far as the store has been searched."""

    def __init__(self, matches: Callable[[str], bool]) -> None:
        self._matches = matches
        self.hits = array("q")
        self.searched = 0

    def search(self, store: LogStore, seconds: float) -> bool:
        """Continue searching for about the given time; return whether all lines have been searched."""
        until = time.monotonic() + seconds
        while self.searched < len(store) and time.monotonic() < until:
            first = self.searched
            count, matches = 0, self._matches
            for count, (_, text, _) in enumerate(store.lines(first, 1_000), 1):
                if matches(text):
                    self.hits.append(first + count - 1)
            self.searched = first + count
        return self.searched >= len(store)

    def forget(self, first: int) -> None:
        """Drop the results from this line on, because those lines have changed."""
        self.searched = min(self.searched, first)
        while self.hits and self.hits[-1] >= first:
            self.hits.pop()


def contains(query: str) -> Callable[[str], bool]:
    """Return a test for the query: case-sensitive when the query has capitals, else case-insensitive."""
    if query != query.lower():
        return lambda text: query in text
    return lambda text: query in text.lower()


class LogSearch:
    """The filter, the text search and the error search of one log view.

    Rows are what the view shows: all lines of the store, or those that pass the filter.
    """

    def __init__(self, store: LogStore) -> None:
        self._store = store
        self.query = ""
        self.filter: Matches | None = None
        self._found: Matches | None = None
        self._errors: Matches | None = None
        self._pending_jump: Matches | None = None
        """The search whose first hit the view goes to, once it is known."""
        self._current = -1
        self._error, self._error_step = -1, 1
        """Number of the error that was jumped to, and the direction of the next jump."""

    # Filter

    def set_filter(self, query: str) -> None:
        """Keep only lines that contain a text; all lines if it is empty."""
        self.filter = Matches(contains(query)) if query else None

    @property
    def row_count(self) -> int:
        """Number of lines that pass the filter."""
        return len(self.filter.hits) if self.filter else len(self._store)

    def line_of(self, row: int) -> int:
        """Return the line number of a row; the number of lines if there is no such row."""
        if self.filter is None:
            return row
        return self.filter.hits[row] if row < len(self.filter.hits) else len(self._store)

    def row_of(self, line: int) -> int:
        """Return the row of a line, or the last row before it if the filter hides the line."""
        return bisect_right(self.filter.hits, line) - 1 if self.filter else line

    # Search

    def set_query(self, query: str) -> None:
        """Search for a text and jump to its first match; an empty text ends the search."""
        self.query, self._current = query, -1
        self._found = self._pending_jump = Matches(contains(query)) if query else None

    def jump_to_first_error(self) -> None:
        """Jump to the first line that looks like an error."""
        self._error = -1
        self.jump_to_error(1)

    def jump_to_error(self, direction: int) -> None:
        """Jump to the next (1) or previous (-1) line that looks like an error, around at the ends."""
        if self._errors is None:
            self._errors = Matches(is_error)
        self._error_step, self._pending_jump = direction, self._errors

    @property
    def match_count(self) -> int:
        """Number of matches found so far."""
        return len(self._found.hits) if self._found else 0

    @property
    def match_number(self) -> int:
        """Number of the match that was jumped to last, from 1; 0 if none was."""
        return min(self._current + 1, self.match_count)

    def next_match(self, direction: int) -> int | None:
        """Return the line of the next (1) or previous (-1) match, wrapping around at the ends."""
        if not self._found or not self._found.hits:
            return None
        self._current = (self._current + direction) % len(self._found.hits)
        return self._found.hits[self._current]

    def take_jump(self, row: int) -> int | None:
        """Return the line of a pending jump, once it is known.

        Args:
            row: the top row of the view, from which a text search starts.
        """
        search = self._pending_jump
        if search is None or (not search.hits and self._is_behind(search)):
            return None
        self._pending_jump = None
        if not search.hits:
            return None
        if search is self._errors:
            self._error = (self._error + self._error_step) % len(search.hits)
            return search.hits[self._error]
        match = 0
        if search is self._found:
            match = self._current = bisect_left(search.hits, self.line_of(row)) % len(search.hits)
        return search.hits[match]

    # Progress

    @property
    def is_running(self) -> bool:
        """Whether there are lines that have not been searched yet."""
        return any(self._is_behind(search) for search in self._active)

    def advance(self, seconds: float) -> None:
        """Continue every active search for about the given time."""
        for search in self._active:
            search.search(self._store, seconds)

    def forget(self, first: int) -> None:
        """Drop the results from this line on, because those lines have changed."""
        for search in (self.filter, self._found, self._errors):
            if search is not None:
                search.forget(first)

    @property
    def _active(self) -> list[Matches]:
        return [search for search in (self.filter, self._found, self._pending_jump) if search is not None]

    def _is_behind(self, search: Matches) -> bool:
        return search.searched < len(self._store)
