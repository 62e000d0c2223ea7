"""How cells are drawn, and the shortest sequences that write some of them on a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby, product
from typing import NamedTuple

from rich.color import Color, ColorSystem
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


class Piece(NamedTuple):
    """Cells beside each other that one look serves; the second cell of a wide character is empty."""

    row: int
    column: int
    texts: Sequence[str | None]
    look: Look
    is_blank: bool


PLAIN = Look()
NOWHERE = Move(-1, -1)

LONG_GAP, LONG_END = 12, 8
"""So many blanks between others, or at the end of a piece, are erased (ECH, ECMA-48 §8.3.38) rather than written."""

FEW = 400
"""So many pieces are put into another order where that is shorter: more are a new screen, whose cells cost most."""

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
_OFF = {
    **{"1": "22", "2": "22", "3": "23", "4": "24", "5": "25", "6": "25"},
    **{"7": "27", "8": "28", "9": "29", "21": "24", "53": "55"},
}
_STEPS = (0, 95, 135, 175, 215, 255)
_CUBE = list(product(_STEPS, repeat=3))
_GREYS = [(level, level, level) for level in range(8, 239, 10)]
_PALETTE = {color: number for number, color in enumerate([*_CUBE, *_GREYS], 16) if number > 21}
"""Colours that have a number, which is shorter (xterm's 256). Some people give the first of them other colours."""
_ON_BLANKS = {"4", "7", "9", "21", "53"}
"""Attributes that are seen on a blank: lines, and reversed colours."""


@lru_cache(maxsize=8192)
def look_of(style: Style | None, colors: ColorSystem | None) -> Look:
    """How a style is drawn with the terminal's colours, or with none. Links and other meta data have no look."""
    if style is None:
        return PLAIN
    attributes = ";".join(code for name, code in _ATTRIBUTES if getattr(style, name))
    if colors is None:
        return Look(attributes)
    return Look(attributes, _codes_of(style.color, colors, 38), _codes_of(style.bgcolor, colors, 48))


def _codes_of(color: Color | None, colors: ColorSystem, kind: int) -> str:
    """The parameters of a colour (38: of the foreground, 48: of the background), empty for what a cell has anyway."""
    if color is None:
        return ""
    near = color.downgrade(colors)
    if near.triplet is not None and near.triplet in _PALETTE:
        return f"{kind};5;{_PALETTE[near.triplet]}"
    codes = near.get_ansi_codes(foreground=kind == 38)
    return "" if codes in (("39",), ("49",)) else ";".join(codes)


@lru_cache(maxsize=8192)
def blank_look(look: Look) -> Look:
    """What is seen of a look on a blank: its background, and all of it where a line or reversed colours show.

    Reversed colours that are named are a background as well.
    """
    if look.attributes == "7" and look.foreground.startswith("38;"):
        return Look(background=f"4{look.foreground[1:]}")
    return look if _marks_blanks(look) else Look(background=look.background)


def _marks_blanks(look: Look) -> bool:
    return not _ON_BLANKS.isdisjoint(_codes(look))


def serves(look: Look, text: str | None, wanted: Look) -> bool:
    """Whether a cell that is written with a look is seen as wanted."""
    return look == wanted or (text == " " and blank_look(look) == wanted)


def pieces_of(row: int, start: int, end: int, texts: Sequence[str | None], looks: Sequence[Look]) -> Iterator[Piece]:
    """The cells of a row from one column to another, in as few pieces as there are looks to be seen."""
    while start < end and not texts[start]:
        start += 1
    while start < end < len(texts) and texts[end] == "":
        end += 1
    begin, look, is_blank = start, PLAIN, True
    for x in range(start, end):
        text, cell = texts[x], looks[x]
        if x > begin:
            if not text or (serves(look, text, cell) and not is_blank):
                continue
            # Blanks are written with the look of what follows them, where it is not seen on them.
            if not is_blank or blank_look(cell) != look:
                yield Piece(row, begin, texts[begin:x], look, is_blank)
                begin, is_blank = x, True
        look, is_blank = cell, is_blank and text == " "
    if begin < end:
        yield Piece(row, begin, texts[begin:end], look, is_blank)


def written(pieces: Sequence[Piece], width: int, *, can_erase: bool = False) -> str:
    """The shortest of two ways to write pieces: row by row, or look by look, as naming a colour may cost more than
    going somewhere else.

    Args:
        pieces: row by row.
        width: of the terminal, in cells.
        can_erase: whether the terminal erases with the background that it draws with.
    """
    by_place = _Pen(width, can_erase).write(pieces)
    if len(pieces) > FEW:
        return by_place
    return min(by_place, _Pen(width, can_erase).write(_look_by_look(pieces)), key=len)


def _look_by_look(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """The pieces of one look after those of another that is near.

    Where terminals may disagree about a width, what stands further right in that row is written last, as in any text.
    """
    every = list(pieces)
    unsure = {piece.row for piece in every if not all(_is_sure(text) for text in piece.texts if text)}
    yield from (piece for piece in every if piece.row in unsure)
    groups: dict[Look, list[Piece]] = {}
    blanks: list[Piece] = []
    for piece in every:
        if piece.row not in unsure:
            (blanks if piece.is_blank else groups.setdefault(piece.look, [])).append(piece)
    for piece in blanks:
        look = next((look for look in groups if blank_look(look) == piece.look), piece.look)
        groups.setdefault(look, []).append(piece)
    at = PLAIN
    while groups:
        at = min(groups, key=lambda look: len(_turn(at, look)))
        yield from sorted(groups.pop(at), key=lambda piece: piece[:2])


class _Pen:
    """Writes pieces one after the other."""

    def __init__(self, width: int, can_erase: bool) -> None:
        self._width, self._can_erase = width, can_erase
        self._out: list[str] = []
        self._look, self._at = PLAIN, NOWHERE

    def write(self, pieces: Iterable[Piece]) -> str:
        """The sequences that write the pieces and then draw as a terminal does at first."""
        for piece in pieces:
            self._write(piece)
        self._turn(PLAIN)
        return "".join(self._out)

    def _write(self, piece: Piece) -> None:
        if not piece.is_blank:
            self._turn(piece.look)
        elif not serves(self._look, " ", piece.look):
            self._turn(_for_blanks(self._look, piece.look))
        x = piece.column
        for is_blank, run in groupby(piece.texts, " ".__eq__):
            texts = list(run)
            ends = x + len(texts) == piece.column + len(piece.texts)
            if is_blank and len(texts) >= (LONG_END if ends else LONG_GAP) and self._erases:
                self._out.append(f"{go(self._at, piece.row, x)}\x1b[{len(texts)}X")
                self._at = Move(piece.row, x)
            else:
                self._put(piece.row, x, texts)
            x += len(texts)

    def _put(self, y: int, x: int, texts: Sequence[str | None]) -> None:
        last = x + len(texts)
        for place, text in enumerate(texts, x):
            if not text:
                continue
            if self._at != (y, place):
                self._out.append(go(self._at, y, place))
            self._out.append(text)
            beyond = place + 2 if place + 1 < last and texts[place + 1 - x] == "" else place + 1
            # In the last column the cursor stays where it is, or waits behind it.
            self._at = Move(y, beyond) if _is_sure(text) and beyond < self._width else Move(y, -1)

    @property
    def _erases(self) -> bool:
        return self._can_erase and not _marks_blanks(self._look)

    def _turn(self, look: Look) -> None:
        self._out.append(_turn(self._look, look))
        self._look = look


def go(at: Move, y: int, x: int) -> str:
    """The shortest way from one cell to another: by their numbers, along the row, or by rows and then along."""
    if at == (y, x):
        return ""
    by_number = f"\x1b[{y + 1};{x + 1}H" if x else f"\x1b[{y + 1}H"
    if at.row < 0 or at.column < 0:
        return by_number
    return min(_step(y - at.row, "B", "A") + _step(x - at.column, "C", "D"), by_number, key=len)


def _step(by: int, forth: str, back: str) -> str:
    """Some cells into a direction or against it (CUU, CUD, CUF, CUB; ECMA-48 §8.3.22)."""
    if not by:
        return ""
    return f"\x1b[{abs(by) if abs(by) > 1 else ''}{forth if by > 0 else back}"


def _for_blanks(before: Look, wanted: Look) -> Look:
    """The look nearest to `before` with which blanks are seen as wanted."""
    if _marks_blanks(before) or _marks_blanks(wanted):
        return wanted
    return before._replace(background=wanted.background)


@lru_cache(maxsize=8192)
def _turn(before: Look, after: Look) -> str:
    """The shortest sequence that makes a terminal that draws like `before` draw like `after`."""
    if after == before:
        return ""
    if after == PLAIN:
        return "\x1b[m"
    had, has = _codes(before), _codes(after)
    off = {_OFF[code]: None for code in had if code not in has}
    on = [code for code in has if code not in had or _OFF[code] in off]
    step = [*off, *on]
    if after.foreground != before.foreground:
        step.append(after.foreground or "39")
    if after.background != before.background:
        step.append(after.background or "49")
    anew = ["0", *(part for part in after if part)]
    return f"\x1b[{min(';'.join(step), ';'.join(anew), key=len)}m"


def _codes(look: Look) -> list[str]:
    return look.attributes.split(";") if look.attributes else []


@lru_cache(maxsize=8192)
def _is_sure(cell: str) -> bool:
    """Whether every terminal gives the cell's text the width we think: not so for emoji, joiners and new symbols."""
    if len(cell) != 1:
        return False
    code = ord(cell)
    return code < 0x2600 or 0x2800 <= code < 0x2900 or 0x2E80 <= code < 0xFE00 or 0xFF00 <= code < 0xFFF0
