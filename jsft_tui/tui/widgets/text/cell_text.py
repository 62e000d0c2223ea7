"""Text as cells of one line: cut, padded and wrapped as the display counts cells."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from rich.cells import cell_len

from jsft_tui.core.common.text import clean
from jsft_tui.tui.terminal.frame_buffer import cells_of

ELLIPSIS = "…"


class Align(Enum):
    """Where a text stands in a wider space."""

    LEFT = "left"
    RIGHT = "right"
    CENTER = "center"


def cut(text: str, width: int) -> str:
    """The text in at most `width` cells, with an ellipsis when something was left out."""
    if width <= 0:
        return ""
    if text.isascii():
        return text if len(text) <= width else text[: width - 1] + ELLIPSIS
    if cell_len(text) <= width:
        return text
    cells = cells_of(text)[:width]
    # The last cell becomes the ellipsis; a wide character that would lose its second cell goes whole.
    kept = list(cells[: width - 1])
    if width - 1 < len(cells) and cells[width - 1] == "" and kept:
        kept[-1] = " "
    return "".join(kept) + ELLIPSIS


def cut_inside(text: str, width: int, tail: int) -> str:
    """The same, but what is left out stands before the last `tail` cells; at the end where that leaves no beginning."""
    if cell_len(text) <= width or tail >= width - 1:
        return cut(text, width)
    end = "".join(cells_of(text)[-tail:])
    return cut(text, width - cell_len(end)) + end if tail > 0 else cut(text, width)


def fitted(text: str, width: int, align: Align = Align.LEFT) -> str:
    """The text in exactly `width` cells."""
    text = cut(text, width)
    free = max(0, width - (len(text) if text.isascii() else cell_len(text)))
    before = {Align.LEFT: 0, Align.RIGHT: free, Align.CENTER: free // 2}[align]
    return f"{' ' * before}{text}{' ' * (free - before)}"


def outside(text: str, width: int, align: Align = Align.LEFT, tail: int = 0) -> str:
    """Text from outside, cleaned, in exactly `width` cells; of one that is too long the last `tail` cells are kept."""
    text = clean(text)
    return fitted(cut_inside(text, width, tail) if tail else text, width, align)


def wrapped(text: str, width: int) -> list[str]:
    """The text in lines of at most `width` cells, broken between words where there are any."""
    if width <= 0:
        return []
    lines: list[str] = []
    for word in _pieces(text.split(), width):
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and cell_len(joined) <= width:
            lines[-1] = joined
        else:
            lines.append(word)
    return lines


def _pieces(words: Iterable[str], width: int) -> Iterable[str]:
    """The words, those that fill more than a line in pieces."""
    for word in words:
        rest = word
        while cell_len(rest) > width:
            cells = cells_of(rest)
            end = width if width >= len(cells) or cells[width] else width - 1
            piece = "".join(cells[: max(1, end)])
            if not piece:
                break
            yield piece
            rest = rest[len(piece) :]
        yield rest


@dataclass(frozen=True)
class Cell:
    """A text from anywhere; `style` is a `Status`'s value, `quiet`, `strong` or nothing."""

    text: str
    style: str = ""
