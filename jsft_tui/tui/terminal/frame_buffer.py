"""What the terminal shows and what it should show, cell by cell, and the shortest way from one to the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from rich.cells import split_graphemes
from rich.color import ColorSystem
from rich.segment import Segment

from jsft_tui.tui.terminal.ansi_writer import (
    NOWHERE,
    PLAIN,
    Look,
    Piece,
    blank_look,
    go,
    look_of,
    pieces_of,
    serves,
    written,
)

NEAR = 3
"""So many unchanged cells between two changed ones are written again: cheaper than moving the cursor."""

LEAST_SCROLLED = 5
"""Fewer rows than this are written rather than scrolled."""

WORTH_SCROLLING = 40
"""So many bytes scrolling has to save: what does not scroll with the rest is written again after it."""

MOVE = 7
"""Bytes, about, that going to a piece costs."""

# C0, DEL, C1, the bidirectional marks and overrides: none takes a cell, so that deleting them keeps the layout.
# Halves of UTF-16 pairs take one and cannot be encoded.
_BIDI = (0x061C, 0x200E, 0x200F, *range(0x2028, 0x202F), *range(0x2066, 0x206A))
_CONTROLS: dict[int, str | None] = {
    **dict.fromkeys((*range(0x20), *range(0x7F, 0xA0), *_BIDI, 0xFEFF)),
    **dict.fromkeys(range(0xD800, 0xE000), "\ufffd"),
}

_TWINS = str.maketrans(
    {
        **dict.fromkeys("─━═╌╍┄┅┈┉╴╶╸╺▁▔⎺⎽▂▀▄🬂🬭", "-"),
        **dict.fromkeys("│┃║╎╏┆┇┊┋▌▐▏▕▎▊", "|"),
        **dict.fromkeys("┌┐└┘├┤┬┴┼╭╮╰╯╔╗╚╝╠╣╦╩╬┏┓┗┛┣┫┳┻╋", "+"),
        **dict.fromkeys("█▇▆▅▓▒░", "#"),
        **dict.fromkeys("●•◆■▪·", "*"),
        **dict.fromkeys("…", "."),
        **dict.fromkeys("–—−", "-"),
        **dict.fromkeys("▸▶►→›", ">"),
        **dict.fromkeys("◂◀◄←‹", "<"),
        **dict.fromkeys("▲△↑", "^"),
        **dict.fromkeys("▼▽↓", "v"),
    }
)
"""What stands for the characters of our own drawing where the terminal's encoding has none."""


@lru_cache(maxsize=8192)
def cells_of(text: str, encoding: str = "utf-8") -> tuple[str, ...]:
    """The text, one entry a cell; the second cell of a wide character is empty. No entry holds a control character."""
    if not text.isprintable():
        text = text.translate(_CONTROLS)
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
        twin = grapheme.translate(_TWINS)
        return twin if width == 1 and twin.isascii() else "?"
    return grapheme


class Picture:
    """A screen of cells. `put` says what it should show, `difference` how to get there; nothing is known at first."""

    def __init__(self, width: int, height: int, encoding: str = "utf-8", *, can_erase: bool = False) -> None:
        """An unknown screen.

        Args:
            width: in cells.
            height: in cells.
            encoding: of the terminal.
            can_erase: whether the terminal erases with the background that it draws with ("bce").
        """
        self.width, self.height, self._encoding, self._can_erase = width, height, encoding, can_erase
        self._wanted = [_Row(width) for _ in range(height)]
        self._shown = [_Row(width) for _ in range(height)]
        self._touched: set[int] = set()

    def forget(self) -> None:
        """The terminal may show anything: the next difference is the whole picture."""
        self._shown = [_Row(self.width) for _ in range(self.height)]
        self._touched.update(range(self.height))

    def put(self, x: int, y: int, width: int, segments: Iterable[Segment], colors: ColorSystem | None) -> None:
        """Set `width` cells of row y from column x on. What lies outside the screen is left out."""
        if not 0 <= y < self.height or x < 0:
            return
        texts: list[str | None] = []
        looks: list[Look] = []
        for segment in segments:
            if segment.control:
                continue
            cells = cells_of(segment.text, self._encoding)
            texts.extend(cells)
            look = look_of(segment.style, colors)
            blank = blank_look(look)
            looks.extend(blank if cell == " " else look for cell in cells)
        self._wanted[y].put(x, min(width, self.width - x), texts, looks)
        self._touched.add(y)

    def difference(self) -> str:
        """The sequences that make the terminal show the picture, which it is then taken to do; '' when it does."""
        changed = [y for y in sorted(self._touched) if not self._wanted[y].is_like(self._shown[y])]
        still = {y: self._pieces(y, self._shown[y]) for y in changed}
        found = self._written(still.values())
        scrolled = min(self._scrolled(still), key=len, default=found)
        if len(scrolled) + WORTH_SCROLLING < len(found):
            found = scrolled
        for y in changed:
            self._shown[y].copy(self._wanted[y])
        self._touched.clear()
        return found

    def _pieces(self, y: int, shown: _Row) -> list[Piece]:
        """What to write on row y when the terminal shows this on it."""
        row = self._wanted[y]
        return [
            piece for start, end in row.runs_unlike(shown) for piece in pieces_of(y, start, end, row.texts, row.looks)
        ]

    def _written(self, rows: Iterable[Iterable[Piece]]) -> str:
        return written([piece for row in rows for piece in row], self.width, can_erase=self._can_erase)

    def _scrolled(self, still: Mapping[int, Sequence[Piece]]) -> Iterator[str]:
        """Ways to let the terminal move rows that went up or down, and to write what does not move with them.

        Sets margins and deletes or inserts lines between them (DECSTBM; ECMA-48 §8.3.32 and §8.3.67), which every
        terminal knows. The lines that come in are unknown, as terminals fill them differently.

        Args:
            still: what to write on which rows when none is moved.
        """
        top, bottom = _longest(still)
        if bottom - top < LEAST_SCROLLED:
            return
        anew = {y: self._pieces(y, _Row(self.width)) for y in range(top, bottom)}
        for by in self._shifts(top, bottom):
            moved = {y: self._pieces(y, self._shown[y + by]) for y in range(top, bottom) if top <= y + by < bottom}
            region = _best_region(range(top, bottom), by, still, moved, anew)
            if region is None:
                continue
            first, end = region
            rows = {**still, **{y: moved[y] if first <= y + by < end else anew[y] for y in range(first, end)}}
            lines = f"\x1b[{abs(by) if abs(by) > 1 else ''}{'M' if by > 0 else 'L'}"
            rest = self._written(rows[y] for y in sorted(rows))
            yield f"\x1b[{first + 1};{end}r{go(NOWHERE, first, 0)}{lines}\x1b[r{rest}"

    def _shifts(self, top: int, bottom: int) -> set[int]:
        """By how many rows the rows may have gone up (or down, negative), judging by the left part of some of them."""
        part = slice(0, self.width // 3)
        quarter = (bottom - top) // 4
        found: dict[int, int] = {}
        for y in range(top + quarter // 2, bottom, max(1, quarter)):
            texts = self._wanted[y].texts[part]
            for before in range(top, bottom):
                if before != y and self._shown[before].texts[part] == texts:
                    found[before - y] = found.get(before - y, 0) + 1
        return set(sorted(found, key=lambda by: -found[by])[:3])


def _longest(rows: Iterable[int]) -> tuple[int, int]:
    """The longest run of rows (first, end); one row in it may be missing."""
    longest, start, last = (0, 0), -9, -9
    for y in rows:
        start = start if y - last <= 2 else y
        last = y
        longest = max(longest, (start, last + 1), key=lambda run: run[1] - run[0])
    return longest


_Rows = Mapping[int, Sequence[Piece]]


def _best_region(within: range, by: int, still: _Rows, moved: _Rows, anew: _Rows) -> tuple[int, int] | None:
    """The rows (first, end) to scroll by so many so that the least has to be written; None when it is best not to.

    Args:
        within: the rows that may be scrolled.
        by: how far up; down where negative.
        still: what to write on a row that is not moved.
        moved: what to write on a row that comes from another one.
        anew: what to write on a row that comes in.
    """
    saved_by_moving = {y: _cost(still.get(y, ())) - _cost(moved[y]) for y in moved}
    saved_by_clearing = {y: _cost(still.get(y, ())) - _cost(anew[y]) for y in within}
    best, found = 0, None
    for first in within:
        # Grown row by row: the first that come in are at the top or at the bottom.
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


def _cost(pieces: Iterable[Piece]) -> int:
    """Bytes, about, that writing takes."""
    return sum(len(piece.texts) + MOVE for piece in pieces)


class _Row:
    """A row of cells; a cell that nobody set has no text."""

    __slots__ = ("looks", "texts", "width")

    def __init__(self, width: int) -> None:
        self.width = width
        self.texts: list[str | None] = [None] * width
        self.looks: list[Look] = [PLAIN] * width

    def copy(self, other: _Row) -> None:
        self.texts[:] = other.texts
        self.looks[:] = other.looks

    def put(self, x: int, width: int, texts: list[str | None], looks: list[Look]) -> None:
        """Set exactly `width` cells: too few are filled with blanks, a wide character cut in two becomes blank."""
        if width <= 0:
            return
        if len(texts) < width:
            texts.extend([" "] * (width - len(texts)))
            looks.extend([blank_look(looks[-1]) if looks else PLAIN] * (width - len(looks)))
        if len(texts) > width and texts[width] == "":
            texts[_lead(texts, width) : width] = [" "] * (width - _lead(texts, width))
        end = x + width
        if x and self.texts[x] == "":
            self.texts[x - 1] = " "
        if end < self.width and self.texts[end] == "":
            self.texts[end] = " "
        self.texts[x:end] = texts[:width]
        self.looks[x:end] = looks[:width]

    def is_like(self, other: _Row) -> bool:
        return self.texts == other.texts and self.looks == other.looks

    def runs_unlike(self, shown: _Row) -> Iterator[tuple[int, int]]:
        """The runs of cells (start, end) to write; those that nobody set are left as they are."""
        if self.is_like(shown):
            return
        start = end = -1
        for x in self._unlike(shown):
            if start < 0:
                start = x
            elif x > end and not self._is_worth_writing_again(end, x):
                yield start, end
                start = x
            end = x + 1
        if start >= 0:
            yield start, end

    def _unlike(self, shown: _Row) -> Iterator[int]:
        cells: Iterable[tuple[str | None, str | None, Look, Look]]
        cells = zip(self.texts, shown.texts, self.looks, shown.looks, strict=True)
        for x, (text, old_text, look, old_look) in enumerate(cells):
            if text is not None and (text != old_text or look != old_look):
                yield x

    def _is_worth_writing_again(self, start: int, end: int) -> bool:
        """Whether the unchanged cells between two runs are few and can be written with what is around them."""
        if end - start > NEAR or not all(self.texts[start:end]):
            return False
        around = range(start - 1, end + 1)
        looks = {self.looks[x] for x in around if self.texts[x] != " "}
        if len(looks) > 1:
            return False
        look = looks.pop() if looks else self.looks[end]
        return all(serves(look, self.texts[x], self.looks[x]) for x in around)


def _lead(texts: Sequence[str | None], x: int) -> int:
    """The column where the wide character that covers column x begins."""
    while x > 0 and texts[x] == "":
        x -= 1
    return x
