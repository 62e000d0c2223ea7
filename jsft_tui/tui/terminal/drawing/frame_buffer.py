"""The displayed and the wanted frame, cell by cell, and the shortest update from one to the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from rich.cells import split_graphemes
from rich.color import ColorSystem
from rich.segment import Segment

from jsft_tui.core.common.text import CONTROLS
from jsft_tui.tui.terminal.drawing.ansi_writer import (
    PLAIN,
    UNKNOWN_POSITION,
    CellStyle,
    StyledRun,
    blank_style,
    cell_style,
    encode,
    is_equivalent,
    move_cursor,
    split_runs,
)
from jsft_tui.tui.theme.glyphs import ASCII

MAX_GAP = 3
"""Up to this many unchanged cells between two changed ones are rewritten: cheaper than moving the cursor."""

MIN_SCROLLED_ROWS = 5
"""Minimum number of rows to scroll; fewer are rewritten."""

MIN_SCROLL_SAVING = 40
"""Bytes that scrolling has to save, as what does not scroll with the rest must be rewritten after it."""

MOVE_COST = 7
"""Approximate bytes of moving the cursor to a run."""


@lru_cache(maxsize=8192)
def cells_of(text: str, encoding: str = "utf-8", *, ascii_only: bool = False) -> tuple[str, ...]:
    """Split text into cells, without control characters; the second cell of a wide character is empty.

    Args:
        text: of any origin.
        encoding: what cannot be written in it is replaced.
        ascii_only: whether glyphs are replaced as well, but not the letters of other languages.
    """
    if not text.isprintable():
        text = text.translate(CONTROLS)
    if ascii_only:
        text = text.translate(ASCII)
    if text.isascii():
        return tuple(text)
    cells: list[str] = []
    for start, end, width in split_graphemes(text)[0]:
        if width:
            grapheme = _encodable(text[start:end], encoding, width)
            cells.append(grapheme)
            cells.extend(" " if grapheme == "?" else "" for _ in range(width - 1))
    return tuple(cells)


def _encodable(grapheme: str, encoding: str, width: int) -> str:
    try:
        grapheme.encode(encoding)
    except UnicodeEncodeError:
        replacement = grapheme.translate(ASCII)
        return replacement if width == 1 and replacement.isascii() else "?"
    return grapheme


class FrameBuffer:
    """The cells of a terminal. `put` sets what to display; `difference` returns the update, at first of everything."""

    def __init__(
        self, width: int, height: int, encoding: str = "utf-8", *, can_erase: bool = False, ascii_only: bool = False
    ) -> None:
        """Create a buffer for a terminal whose content is unknown.

        Args:
            width: in cells.
            height: in cells.
            encoding: of the terminal.
            can_erase: whether the terminal erases with the current background color ("bce").
            ascii_only: whether glyphs are replaced by ASCII.
        """
        self.width, self.height, self._encoding, self._can_erase = width, height, encoding, can_erase
        self._ascii_only = ascii_only
        self._wanted = [_Row(width) for _ in range(height)]
        self._shown = [_Row(width) for _ in range(height)]
        self._dirty: set[int] = set()
        self._knows_nothing = True
        """Whether nothing is known of what the terminal displays: then nothing there can be scrolled."""

    def forget(self) -> None:
        """Assume nothing about what the terminal displays: the next difference is the whole frame."""
        self._shown = [_Row(self.width) for _ in range(self.height)]
        self._knows_nothing = True
        self._dirty.update(range(self.height))

    def put(self, x: int, y: int, width: int, segments: Iterable[Segment], colors: ColorSystem | None) -> None:
        """Set `width` cells of row y from column x on. Cells outside the screen are ignored."""
        if not 0 <= y < self.height or x < 0:
            return
        texts: list[str | None] = []
        styles: list[CellStyle] = []
        for segment in segments:
            if segment.control:
                continue
            cells = cells_of(segment.text, self._encoding, ascii_only=self._ascii_only)
            texts.extend(cells)
            style = cell_style(segment.style, colors)
            blank = blank_style(style)
            styles.extend(blank if cell == " " else style for cell in cells)
        self._wanted[y].put(x, min(width, self.width - x), texts, styles)
        self._dirty.add(y)

    def difference(self) -> str:
        """Return the sequences that bring the terminal up to date, and assume that they are sent; empty if it is."""
        changed = [y for y in sorted(self._dirty) if not self._wanted[y].is_same(self._shown[y])]
        still = {y: self._runs(y, self._shown[y]) for y in changed}
        found = self._encoded(still.values())
        if not self._knows_nothing:
            scrolled = min(self._scrolled(still), key=len, default=found)
            if len(scrolled) + MIN_SCROLL_SAVING < len(found):
                found = scrolled
        self._knows_nothing = False
        for y in changed:
            self._shown[y].copy(self._wanted[y])
        self._dirty.clear()
        return found

    def _runs(self, y: int, shown: _Row) -> list[StyledRun]:
        """Return what to write on row y, given what the terminal displays there."""
        row = self._wanted[y]
        return [
            run for start, end in row.changed_ranges(shown) for run in split_runs(y, start, end, row.texts, row.styles)
        ]

    def _encoded(self, rows: Iterable[Iterable[StyledRun]]) -> str:
        return encode([run for row in rows for run in row], self.width, can_erase=self._can_erase)

    def _scrolled(self, still: Mapping[int, Sequence[StyledRun]]) -> Iterator[str]:
        """Yield updates that scroll rows within margins and write what does not move with them.

        They set margins and delete or insert lines between them (DECSTBM; ECMA-48 §8.3.32 and §8.3.67), which every
        terminal supports. The content of inserted lines counts as unknown, as terminals fill them differently.

        Args:
            still: what to write on which rows if none is scrolled.
        """
        top, bottom = _longest_run(still)
        if bottom - top < MIN_SCROLLED_ROWS:
            return
        cleared = {y: self._runs(y, _Row(self.width)) for y in range(top, bottom)}
        for by in self._shifts(top, bottom):
            moved = {y: self._runs(y, self._shown[y + by]) for y in range(top, bottom) if top <= y + by < bottom}
            region = _best_region(range(top, bottom), by, still, moved, cleared)
            if region is None:
                continue
            first, end = region
            rows = {**still, **{y: moved[y] if first <= y + by < end else cleared[y] for y in range(first, end)}}
            lines = f"\x1b[{abs(by) if abs(by) > 1 else ''}{'M' if by > 0 else 'L'}"
            rest = self._encoded(rows[y] for y in sorted(rows))
            yield f"\x1b[{first + 1};{end}r{move_cursor(UNKNOWN_POSITION, first, 0)}{lines}\x1b[r{rest}"

    def _shifts(self, top: int, bottom: int) -> set[int]:
        """Guess by how many rows the content moved up (negative: down), from the left part of some sample rows."""
        part = slice(0, self.width // 3)
        quarter = (bottom - top) // 4
        found: dict[int, int] = {}
        for y in range(top + quarter // 2, bottom, max(1, quarter)):
            texts = self._wanted[y].texts[part]
            for before in range(top, bottom):
                if before != y and self._shown[before].texts[part] == texts:
                    found[before - y] = found.get(before - y, 0) + 1
        return set(sorted(found, key=lambda by: -found[by])[:3])


def _longest_run(rows: Iterable[int]) -> tuple[int, int]:
    """Return the longest run of rows (first, end), which may have gaps of one row."""
    longest, start, last = (0, 0), -9, -9
    for y in rows:
        start = start if y - last <= 2 else y
        last = y
        longest = max(longest, (start, last + 1), key=lambda run: run[1] - run[0])
    return longest


_Rows = Mapping[int, Sequence[StyledRun]]


def _best_region(within: range, by: int, still: _Rows, moved: _Rows, cleared: _Rows) -> tuple[int, int] | None:
    """Return the rows (first, end) whose scrolling leaves the least to write; None if scrolling does not pay.

    Args:
        within: the rows that may be scrolled.
        by: how far up; down if negative.
        still: what to write on a row that is not scrolled.
        moved: what to write on a row that was scrolled there.
        cleared: what to write on a row whose content is unknown.
    """
    saved_by_moving = {y: _cost(still.get(y, ())) - _cost(moved[y]) for y in moved}
    saved_by_clearing = {y: _cost(still.get(y, ())) - _cost(cleared[y]) for y in within}
    best, found = 0, None
    for first in within:
        # Grow the region row by row; the rows scrolled in are at its top or bottom.
        saved = 0
        for end in range(first + abs(by) + 1, within.stop + 1):
            last = end - 1 - by if by > 0 else end - 1
            if end == first + abs(by) + 1:
                coming = range(last + 1, end) if by > 0 else range(first, last)
                saved = sum(saved_by_clearing[y] for y in coming) + saved_by_moving[last]
            elif by > 0:
                saved += saved_by_moving[last] + saved_by_clearing[end - 1] - saved_by_clearing[last]
            else:
                saved += saved_by_moving[last]
            if saved > best:
                best, found = saved, (first, end)
    return found


def _cost(runs: Iterable[StyledRun]) -> int:
    """Estimate the bytes of writing some runs."""
    return sum(len(run.texts) + MOVE_COST for run in runs)


class _Row:
    """A row of cells; a cell that was never set has no text."""

    __slots__ = ("styles", "texts", "width")

    def __init__(self, width: int) -> None:
        self.width = width
        self.texts: list[str | None] = [None] * width
        self.styles: list[CellStyle] = [PLAIN] * width

    def copy(self, other: _Row) -> None:
        self.texts[:] = other.texts
        self.styles[:] = other.styles

    def put(self, x: int, width: int, texts: list[str | None], styles: list[CellStyle]) -> None:
        """Set exactly `width` cells: pad with blanks, and blank out wide characters that would be cut in half."""
        if width <= 0:
            return
        if len(texts) < width:
            texts.extend([" "] * (width - len(texts)))
            styles.extend([blank_style(styles[-1]) if styles else PLAIN] * (width - len(styles)))
        if len(texts) > width and texts[width] == "":
            texts[_first_column(texts, width) : width] = [" "] * (width - _first_column(texts, width))
        end = x + width
        if x and self.texts[x] == "":
            self.texts[x - 1] = " "
        if end < self.width and self.texts[end] == "":
            self.texts[end] = " "
        self.texts[x:end] = texts[:width]
        self.styles[x:end] = styles[:width]

    def is_same(self, other: _Row) -> bool:
        return self.texts == other.texts and self.styles == other.styles

    def changed_ranges(self, shown: _Row) -> Iterator[tuple[int, int]]:
        """Yield the ranges of cells (start, end) to write; cells that were never set are left alone."""
        if self.is_same(shown):
            return
        start = end = -1
        for x in self._changed_cells(shown):
            if start < 0:
                start = x
            elif x > end and not self._is_worth_rewriting(end, x):
                yield start, end
                start = x
            end = x + 1
        if start >= 0:
            yield start, end

    def _changed_cells(self, shown: _Row) -> Iterator[int]:
        cells: Iterable[tuple[str | None, str | None, CellStyle, CellStyle]]
        cells = zip(self.texts, shown.texts, self.styles, shown.styles, strict=True)
        for x, (text, old_text, style, old_style) in enumerate(cells):
            if text is not None and (text != old_text or style != old_style):
                yield x

    def _is_worth_rewriting(self, start: int, end: int) -> bool:
        """Return whether the unchanged cells between two ranges are few and share the style of their neighbors."""
        if end - start > MAX_GAP or not all(self.texts[start:end]):
            return False
        around = range(start - 1, end + 1)
        styles = {self.styles[x] for x in around if self.texts[x] != " "}
        if len(styles) > 1:
            return False
        style = styles.pop() if styles else self.styles[end]
        return all(is_equivalent(style, self.texts[x], self.styles[x]) for x in around)


def _first_column(texts: Sequence[str | None], x: int) -> int:
    """Return the first column of the wide character that covers column x."""
    while x > 0 and texts[x] == "":
        x -= 1
    return x
