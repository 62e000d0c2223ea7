"""Encode styled cells as the shortest ANSI sequences that draw them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby, product
from typing import NamedTuple

from rich.color import Color, ColorSystem
from rich.style import Style


class CellStyle(NamedTuple):
    """Style of a cell: parameters of "select graphic rendition" (SGR, ECMA-48 §8.3.117), empty for the default."""

    attributes: str = ""
    foreground: str = ""
    background: str = ""


class CursorPosition(NamedTuple):
    """Position of the terminal's cursor; column -1 when terminals may disagree about it."""

    row: int
    column: int


class StyledRun(NamedTuple):
    """Adjacent cells that are written with one style; the second cell of a wide character is empty."""

    row: int
    column: int
    texts: Sequence[str | None]
    style: CellStyle
    is_blank: bool


PLAIN = CellStyle()
UNKNOWN_POSITION = CursorPosition(-1, -1)

LONG_GAP, LONG_END = 12, 8
"""From this many blanks on, within a run or at its end, they are erased (ECH, ECMA-48 §8.3.38), not written."""

LOOKAHEAD = 16
"""Runs among which the next one to write is chosen."""

MOST_TRIALS = 1_600
"""Choices for a whole frame: of more runs the next one is chosen among fewer."""

NEVER = 1_000
"""More bytes than any cursor movement and change of style take."""

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
_GRAYS = [(level, level, level) for level in range(8, 239, 10)]
_PALETTE = {color: number for number, color in enumerate([*_CUBE, *_GRAYS], 16) if number > 21}
"""Colors of xterm's 256-color palette, whose numbers are shorter; not the first 16, which users can redefine."""
_ON_BLANKS = {"4", "7", "9", "21", "53"}
"""Attributes that are visible on a blank: lines, and reversed colors."""


@lru_cache(maxsize=8192)
def cell_style(style: Style | None, colors: ColorSystem | None) -> CellStyle:
    """Convert a Rich style for a terminal with these colors, or with none. Links and other metadata are dropped."""
    if style is None:
        return PLAIN
    attributes = ";".join(code for name, code in _ATTRIBUTES if getattr(style, name))
    if colors is None:
        return CellStyle(attributes)
    return CellStyle(attributes, _codes_of(style.color, colors, 38), _codes_of(style.bgcolor, colors, 48))


def _codes_of(color: Color | None, colors: ColorSystem, kind: int) -> str:
    """Return the parameters of a foreground (38) or background (48) color, empty for the default color."""
    if color is None:
        return ""
    # Rich takes the next grey but one for light greys, also where the color is one of the 256.
    is_exact = colors is ColorSystem.EIGHT_BIT and color.triplet in _PALETTE
    near = color if is_exact else color.downgrade(colors)
    if near.triplet is not None and near.triplet in _PALETTE:
        return f"{kind};5;{_PALETTE[near.triplet]}"
    codes = near.get_ansi_codes(foreground=kind == 38)
    return "" if codes in (("39",), ("49",)) else ";".join(codes)


@lru_cache(maxsize=8192)
def blank_style(style: CellStyle) -> CellStyle:
    """Return the visible part of a style on a blank: the background, and everything if a line or reversal shows.

    A reversed named color is a background as well.
    """
    if style.attributes == "7" and style.foreground.startswith("38;"):
        return CellStyle(background=f"4{style.foreground[1:]}")
    return style if _marks_blanks(style) else CellStyle(background=style.background)


def _marks_blanks(style: CellStyle) -> bool:
    return not _ON_BLANKS.isdisjoint(_codes(style))


def is_equivalent(style: CellStyle, text: str | None, wanted: CellStyle) -> bool:
    """Return whether a cell written with a style looks as wanted."""
    return style == wanted or (text == " " and blank_style(style) == wanted)


def split_runs(
    row: int, start: int, end: int, texts: Sequence[str | None], styles: Sequence[CellStyle]
) -> Iterator[StyledRun]:
    """Split the cells of a row between two columns into as few runs as there are visible styles."""
    while start < end and not texts[start]:
        start += 1
    while start < end < len(texts) and texts[end] == "":
        end += 1
    begin, style, is_blank = start, PLAIN, True
    for x in range(start, end):
        text, cell = texts[x], styles[x]
        if x > begin:
            if not text or (is_equivalent(style, text, cell) and not is_blank):
                continue
            # Blanks take the style of what follows them, if it is not visible on blanks.
            if not is_blank or blank_style(cell) != style:
                yield StyledRun(row, begin, texts[begin:x], style, is_blank)
                begin, is_blank = x, True
        style, is_blank = cell, is_blank and text == " "
    if begin < end:
        yield StyledRun(row, begin, texts[begin:end], style, is_blank)


def encode(runs: Sequence[StyledRun], width: int, *, can_erase: bool = False) -> str:
    """Return the sequences that write the runs and then reset the attributes.

    The order is that of the shortest steps: labels one below the other, then their values on the way back, with half
    of the changes of style. It saves a quarter of the bytes of a cursor move.

    Args:
        runs: row by row.
        width: of the terminal, in cells.
        can_erase: whether the terminal erases with the current background color ("bce").
    """
    return _Encoder(width, can_erase).write(runs)


class _Encoder:
    """Encodes runs one after the other."""

    def __init__(self, width: int, can_erase: bool) -> None:
        self._width, self._can_erase = width, can_erase
        self._out: list[str] = []
        self._style, self._at = PLAIN, UNKNOWN_POSITION

    def write(self, runs: Iterable[StyledRun]) -> str:
        """Return the sequences that write the runs and then reset the attributes."""
        waiting = list(runs)
        reach = min(LOOKAHEAD, MOST_TRIALS // max(1, len(waiting)))
        while waiting:
            self._write(waiting.pop(self._nearest(waiting[:reach])))
        self._change_style(PLAIN)
        return "".join(self._out)

    def _nearest(self, runs: Sequence[StyledRun]) -> int:
        """Return the place of the run to which the cursor movement and the change of style are the shortest."""
        nearest, fewest, held_row = 0, NEVER, -1
        for place, run in enumerate(runs):
            # What a terminal draws wider than expected is put right by what is written after it.
            if run.row == held_row:
                continue
            needed = len(move_cursor(self._at, run.row, run.column))
            if not (run.is_blank and is_equivalent(self._style, " ", run.style)):
                needed += len(_change_style(self._style, run.style))
            if needed < fewest:
                nearest, fewest = place, needed
            if not needed:
                break
            if not all(map(_has_certain_width, filter(None, run.texts))):
                held_row = run.row
        return nearest

    def _write(self, run: StyledRun) -> None:
        if not run.is_blank:
            self._change_style(run.style)
        elif not is_equivalent(self._style, " ", run.style):
            self._change_style(_style_for_blanks(self._style, run.style))
        x = run.column
        for is_blank, group in groupby(run.texts, " ".__eq__):
            texts = list(group)
            ends = x + len(texts) == run.column + len(run.texts)
            if is_blank and len(texts) >= (LONG_END if ends else LONG_GAP) and self._erases:
                self._out.append(f"{move_cursor(self._at, run.row, x)}\x1b[{len(texts)}X")
                self._at = CursorPosition(run.row, x)
            else:
                self._put(run.row, x, texts)
            x += len(texts)

    def _put(self, y: int, x: int, texts: Sequence[str | None]) -> None:
        last = x + len(texts)
        for place, text in enumerate(texts, x):
            if not text:
                continue
            if self._at != (y, place):
                self._out.append(move_cursor(self._at, y, place))
            self._out.append(text)
            beyond = place + 2 if place + 1 < last and texts[place + 1 - x] == "" else place + 1
            # After the last column, terminals differ: the cursor stays on it, or waits to wrap.
            is_known = _has_certain_width(text) and beyond < self._width
            self._at = CursorPosition(y, beyond if is_known else -1)

    @property
    def _erases(self) -> bool:
        return self._can_erase and not _marks_blanks(self._style)

    def _change_style(self, style: CellStyle) -> None:
        self._out.append(_change_style(self._style, style))
        self._style = style


def move_cursor(at: CursorPosition, y: int, x: int) -> str:
    """Return the shortest cursor movement between two cells: absolute, or relative by rows and columns."""
    if at == (y, x):
        return ""
    by_number = f"\x1b[{y + 1};{x + 1}H" if x else f"\x1b[{y + 1}H"
    if at.row < 0 or at.column < 0:
        return by_number
    return min(_step(y - at.row, "B", "A") + _step(x - at.column, "C", "D"), by_number, key=len)


def _step(by: int, forth: str, back: str) -> str:
    """Return a relative movement in one direction (CUU, CUD, CUF, CUB; ECMA-48 §8.3.18 to §8.3.22)."""
    if not by:
        return ""
    return f"\x1b[{abs(by) if abs(by) > 1 else ''}{forth if by > 0 else back}"


def _style_for_blanks(before: CellStyle, wanted: CellStyle) -> CellStyle:
    """Return the style closest to `before` with which blanks look as wanted."""
    if _marks_blanks(before) or _marks_blanks(wanted):
        return wanted
    return before._replace(background=wanted.background)


@lru_cache(maxsize=8192)
def _change_style(before: CellStyle, after: CellStyle) -> str:
    """Return the shortest SGR sequence that changes the style `before` to `after`."""
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
    from_reset = ["0", *(part for part in after if part)]
    return f"\x1b[{min(';'.join(step), ';'.join(from_reset), key=len)}m"


def _codes(style: CellStyle) -> list[str]:
    return style.attributes.split(";") if style.attributes else []


@lru_cache(maxsize=8192)
def _has_certain_width(cell: str) -> bool:
    """Return whether every terminal agrees on the width of a cell's text: not for emoji, joiners and new symbols."""
    if len(cell) != 1:
        return False
    code = ord(cell)
    return code < 0x2600 or 0x2800 <= code < 0x2900 or 0x2E80 <= code < 0xFE00 or 0xFF00 <= code < 0xFFF0
