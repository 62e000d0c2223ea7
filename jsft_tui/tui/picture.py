"""What the terminal shows and what it should show, cell by cell, and the shortest way from one to the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from rich.cells import split_graphemes
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style


class Look(NamedTuple):
    """How a cell is drawn: the parameters of "select graphic rendition" (ECMA-48 §8.3.117), empty for the default."""

    attributes: str = ""
    foreground: str = ""
    background: str = ""


class Move(NamedTuple):
    """Where the terminal's cursor is; column -1 when terminals may disagree."""

    row: int
    column: int


PLAIN = Look()
NOWHERE = Move(-1, -1)
NEAR = 3
"""So many unchanged cells between two changed ones are written again: cheaper than moving the cursor."""

LEAST_SCROLLED = 5
"""Fewer rows than this are written rather than scrolled."""

WORTH_SCROLLING = 100
"""So many bytes scrolling has to save: what does not scroll with the rest is written again after it."""

MOVE = 7
"""Bytes, about, that going to a run of cells costs."""

_ATTRIBUTES = (
    ("bold", "1"),
    ("dim", "2"),
    ("italic", "3"),
    ("underline", "4"),
    ("blink", "5"),
    ("blink2", "6"),
    ("reverse", "7"),
    ("conceal", "8"),
    ("strike", "9"),
    ("underline2", "21"),
    ("overline", "53"),
)

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


@lru_cache(maxsize=8192)
def look_of(style: Style | None, colors: ColorSystem | None) -> Look:
    """How a style is drawn with the terminal's colours, or with none. Links and other meta data have no look."""
    if style is None:
        return PLAIN
    attributes = ";".join(code for name, code in _ATTRIBUTES if getattr(style, name))
    if colors is None:
        return Look(attributes)
    foreground = style.color.downgrade(colors).get_ansi_codes() if style.color else ()
    background = style.bgcolor.downgrade(colors).get_ansi_codes(foreground=False) if style.bgcolor else ()
    # 39 and 49 are what a cell has anyway.
    return Look(
        attributes,
        "" if foreground == ("39",) else ";".join(foreground),
        "" if background == ("49",) else ";".join(background),
    )


@lru_cache(maxsize=8192)
def _turn(before: Look, after: Look) -> str:
    """The sequence that makes a terminal that draws like `before` draw like `after`."""
    if after == before:
        return ""
    if after == PLAIN:
        return "\x1b[m"
    parameters = []
    if after.attributes != before.attributes:
        if before.attributes:
            parameters.append("0")
            before = PLAIN
        parameters.append(after.attributes)
    if after.foreground != before.foreground:
        parameters.append(after.foreground or "39")
    if after.background != before.background:
        parameters.append(after.background or "49")
    return f"\x1b[{';'.join(part for part in parameters if part)}m"


@lru_cache(maxsize=8192)
def _is_sure(cell: str) -> bool:
    """Whether every terminal gives the cell's text the width we think: not so for emoji, joiners and new symbols."""
    if len(cell) != 1:
        return False
    code = ord(cell)
    return code < 0x2600 or 0x2800 <= code < 0x2900 or 0x2E80 <= code < 0xFE00 or 0xFF00 <= code < 0xFFF0


class Picture:
    """A screen of cells. `put` says what it should show, `difference` how to get there; nothing is known at first."""

    def __init__(self, width: int, height: int, encoding: str = "utf-8") -> None:
        self.width, self.height, self._encoding = width, height, encoding
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
            looks.extend([look_of(segment.style, colors)] * len(cells))
        self._wanted[y].put(x, min(width, self.width - x), texts, looks)
        self._touched.add(y)

    def difference(self) -> str:
        """The sequences that make the terminal show the picture, which it is then taken to do; '' when it does."""
        out = [self._scroll()]
        look, at = PLAIN, NOWHERE
        for y in sorted(self._touched):
            wanted, shown = self._wanted[y], self._shown[y]
            for start, end in wanted.runs_unlike(shown):
                out.append(_go(at, y, start))
                at, look = self._write(out, y, start, end, look)
            shown.copy(wanted)
        self._touched.clear()
        out.append(_turn(look, PLAIN))
        return "".join(out)

    def _scroll(self) -> str:
        """Let the terminal move rows that went up or down, where that leaves much less to write.

        Sets margins and deletes or inserts lines between them (DECSTBM; ECMA-48 §8.3.32 and §8.3.67), which every
        terminal knows. The lines that come in are unknown, as terminals fill them differently.
        """
        top, bottom = self._changed_rows()
        if bottom - top < LEAST_SCROLLED:
            return ""
        costs = {by: self._cost(top, bottom, by) for by in (0, *self._shifts(top, bottom))}
        by = min(costs, key=lambda each: costs[each])
        if by == 0 or costs[by] + WORTH_SCROLLING > costs[0]:
            return ""
        self._shown[top:bottom] = [self._before(y, by, top, bottom) for y in range(top, bottom)]
        self._touched.update(range(top, bottom))
        lines = f"\x1b[{by}M" if by > 0 else f"\x1b[{-by}L"
        return f"\x1b[{top + 1};{bottom}r{_go(NOWHERE, top, 0)}{lines}\x1b[r"

    def _changed_rows(self) -> tuple[int, int]:
        """The longest run of rows to change (first, end); one row in it may stay as it is."""
        longest, start, last = (0, 0), -9, -9
        for y in sorted(self._touched):
            if self._wanted[y].is_like(self._shown[y]):
                continue
            start = start if y - last <= 2 else y
            last = y
            longest = max(longest, (start, last + 1), key=lambda run: run[1] - run[0])
        return longest

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

    def _before(self, y: int, by: int, top: int, bottom: int) -> _Row:
        """What row y shows when the rows from top to bottom have gone up."""
        return self._shown[y + by] if top <= y + by < bottom else _Row(self.width)

    def _cost(self, top: int, bottom: int, by: int) -> int:
        """Bytes, about, to write when the rows have gone up so far."""
        rows = ((self._wanted[y], self._before(y, by, top, bottom)) for y in range(top, bottom))
        return sum(end - start + MOVE for wanted, shown in rows for start, end in wanted.runs_unlike(shown))

    def _write(self, out: list[str], y: int, start: int, end: int, look: Look) -> tuple[Move, Look]:
        row = self._wanted[y]
        at = Move(y, start)
        for x, text, cell_look in zip(range(start, end), row.texts[start:end], row.looks[start:end], strict=True):
            if not text:
                continue
            if at.column != x:
                out.append(_go(at, y, x))
            if cell_look != look:
                out.append(_turn(look, cell_look))
                look = cell_look
            out.append(text)
            beyond = x + 2 if x + 1 < self.width and row.texts[x + 1] == "" else x + 1
            # In the last column the cursor stays where it is, or waits behind it.
            at = Move(y, beyond) if _is_sure(text) and beyond < self.width else Move(y, -1)
        return at, look


def _go(at: Move, y: int, x: int) -> str:
    """From one cell to another."""
    if at == (y, x):
        return ""
    if at.row == y and 0 <= at.column < x:
        return f"\x1b[{x - at.column}C" if x > at.column + 1 else "\x1b[C"
    return f"\x1b[{y + 1};{x + 1}H" if x else f"\x1b[{y + 1}H"


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
            looks.extend([looks[-1] if looks else PLAIN] * (width - len(looks)))
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
        """Whether the unchanged cells between two runs look like their neighbours and are few."""
        look = self.looks[start - 1]
        return end - start <= NEAR and all(
            self.texts[x] and self.looks[x] == look and self.looks[end] == look for x in range(start, end)
        )


def _lead(texts: Sequence[str | None], x: int) -> int:
    """The column where the wide character that covers column x begins."""
    while x > 0 and texts[x] == "":
        x -= 1
    return x
