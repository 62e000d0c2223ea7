"""Cells of a row fitted to the widths of the columns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from rich.cells import cell_len

from jsft_tui.core.common.text import clean
from jsft_tui.tui.widgets.table.columns import Column, Placed
from jsft_tui.tui.widgets.text.cell_text import Align, Cell, Cut, Piece, cut, cut_inside, cut_middle


class Fitted(NamedTuple):
    """The pieces of a column in a row, which take exactly its width."""

    column: Column
    pieces: tuple[Piece, ...]


def fit_row(placed: Sequence[Placed], cells: Sequence[Cell]) -> Iterator[Fitted]:
    """Yield the texts of each column, with the gap before it."""
    widths = [each.width for each in placed]
    gaps = [each.gap for each in placed]
    pieces = [_pieces(cells[each.index] if each.index < len(cells) else Cell(""), each.width) for each in placed]
    for at, each in enumerate(placed[:-1]):
        after = placed[at + 1]
        missing = _length(pieces[at]) - widths[at]
        if each.column.pushes and missing > 0 and _push(missing, at, gaps, widths, pieces):
            continue
        if not each.column.spills or missing <= 0:
            continue
        if _length(pieces[at + 1]) == 0:
            taken = min(missing, gaps[at + 1] + widths[at + 1])
        elif after.column.align is Align.RIGHT:
            taken = max(0, min(missing, gaps[at + 1] + widths[at + 1] - _length(pieces[at + 1]) - 1))
        else:
            continue
        widths[at] += taken
        gaps[at + 1], widths[at + 1] = 0, gaps[at + 1] + widths[at + 1] - taken
    for each, gap, width, texts in zip(placed, gaps, widths, pieces, strict=True):
        yield Fitted(each.column, _aligned(_cut(texts, width, each.column), width, each.column.align, gap))


def _push(missing: int, at: int, gaps: list[int], widths: list[int], pieces: Sequence[Sequence[Piece]]) -> bool:
    """Give a column so many cells more by moving the texts after it to the right; return whether there was room.

    The blanks after the texts go first, then those before them but one. Where there is not enough room nothing moves.
    """
    after = range(at + 1, len(widths))
    lengths = [_length(pieces[each]) for each in after]
    behind = [max(0, widths[each] - length) for each, length in zip(after, lengths, strict=True)]
    before = [max(0, gaps[each] - (1 if length else 0)) for each, length in zip(after, lengths, strict=True)]
    if sum(behind) + sum(before) < missing:
        return False
    widths[at] += missing
    for sizes, blanks in ((widths, behind), (gaps, before)):
        for each, cells in zip(after, blanks, strict=True):
            taken = min(missing, cells)
            sizes[each] -= taken
            missing -= taken
    return True


def marked(piece: Piece, words: re.Pattern[str], style: str) -> Iterator[Piece]:
    """Yield the parts of a text, those that fit the words in another style."""
    at = 0
    for found in words.finditer(piece.text):
        if found.start() > at:
            yield Piece(piece.text[at : found.start()], piece.style)
        yield Piece(found[0], style)
        at = found.end()
    if at < len(piece.text):
        yield Piece(piece.text[at:], piece.style)


def any_of(words: Iterable[str]) -> re.Pattern[str] | None:
    """Return a pattern that finds each of the words, the longest first; None without words."""
    wanted = sorted({word for word in words if word}, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, wanted)), re.IGNORECASE) if wanted else None


def _pieces(cell: Cell, width: int) -> tuple[Piece, ...]:
    texts: tuple[Piece, ...] = (Piece(clean(cell.text), cell.style),)
    if cell.rest:
        texts += tuple(Piece(clean(piece.text), piece.style) for piece in cell.rest)
    return _pieces(cell.shorter, width) if cell.shorter is not None and _length(texts) > width else texts


def _length(pieces: Sequence[Piece]) -> int:
    if len(pieces) == 1:
        text = pieces[0].text
        return len(text) if text.isascii() else cell_len(text)
    return sum(cell_len(text) for text, _ in pieces)


def _cut(pieces: tuple[Piece, ...], width: int, column: Column) -> tuple[Piece, ...]:
    if _length(pieces) <= width:
        return pieces
    if len(pieces) == 1:
        return (Piece(_cut_text(pieces[0].text, width, column), pieces[0].style),)
    kept: list[Piece] = []
    for number, (text, style) in enumerate(pieces):
        is_followed = _length(pieces[number + 1 :]) > 0
        # A piece that just fits is cut, too, if there is no room for the ellipsis of what follows.
        short = cut(f"{text} ", width) if is_followed and _length([Piece(text)]) == width else cut(text, width)
        kept.append(Piece(short, style))
        width -= _length([Piece(short)])
        if width <= 0 or short != text:
            break
    return tuple(kept)


def _cut_text(text: str, width: int, column: Column) -> str:
    if column.tail:
        return cut_inside(text, width, column.tail)
    return cut_middle(text, width) if column.cut is Cut.MIDDLE else cut(text, width)


def _aligned(pieces: tuple[Piece, ...], width: int, align: Align, gap: int) -> tuple[Piece, ...]:
    """Return the pieces with blanks around them, after the gap."""
    free = max(0, width - _length(pieces))
    before = {Align.LEFT: 0, Align.RIGHT: free, Align.CENTER: free // 2}[align]
    left, right = " " * (gap + before), " " * (free - before)
    if len(pieces) == 1:  # most cells
        text, style = pieces[0]
        return (Piece(f"{left}{text}{right}", style),)
    return tuple(piece for piece in (Piece(left), *pieces, Piece(right)) if piece.text)
