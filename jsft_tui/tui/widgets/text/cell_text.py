"""Text measured in terminal cells: cut, pad and wrap."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from rich.cells import cell_len

from jsft_tui.core.common.text import clean
from jsft_tui.tui.terminal.drawing.frame_buffer import cells_of

ELLIPSIS = "…"


class Align(Enum):
    """Alignment of a text in a wider space."""

    LEFT = "left"
    RIGHT = "right"
    CENTER = "center"


class Cut(Enum):
    """Where a text that is too long is cut."""

    END = "end"
    MIDDLE = "middle"


def cut(text: str, width: int) -> str:
    """Cut text to at most `width` cells, ending in an ellipsis if it was too long."""
    if width <= 0:
        return ""
    if text.isascii():
        return text if len(text) <= width else text[: width - 1] + ELLIPSIS
    if cell_len(text) <= width:
        return text
    cells = cells_of(text)[:width]
    # The last cell becomes the ellipsis; a wide character that would be cut in half is dropped.
    kept = list(cells[: width - 1])
    if width - 1 < len(cells) and cells[width - 1] == "" and kept:
        kept[-1] = " "
    return "".join(kept) + ELLIPSIS


def cut_inside(text: str, width: int, tail: int) -> str:
    """Cut text before its last `tail` cells; at the end if that would leave nothing of the start."""
    if cell_len(text) <= width or tail >= width - 1:
        return cut(text, width)
    end = "".join(cells_of(text)[-tail:])
    return cut(text, width - cell_len(end)) + end if tail > 0 else cut(text, width)


def cut_middle(text: str, width: int) -> str:
    """Cut text in its middle, keeping as much of its start as of its end."""
    return cut_inside(text, width, max(0, width - 1) // 2)


def fitted(text: str, width: int, align: Align = Align.LEFT) -> str:
    """Cut or pad text to exactly `width` cells."""
    text = cut(text, width)
    free = max(0, width - (len(text) if text.isascii() else cell_len(text)))
    before = {Align.LEFT: 0, Align.RIGHT: free, Align.CENTER: free // 2}[align]
    return f"{' ' * before}{text}{' ' * (free - before)}"


def outside(text: str, width: int, align: Align = Align.LEFT, tail: int = 0) -> str:
    """Clean untrusted text and fit it to exactly `width` cells, keeping the last `tail` cells if it is too long."""
    text = clean(text)
    return fitted(cut_inside(text, width, tail) if tail else text, width, align)


def wrapped(text: str, width: int) -> list[str]:
    """Wrap text to lines of at most `width` cells, between words where possible."""
    if width <= 0:
        return []
    lines: list[str] = []
    for word in _split_words(text.split(), width):
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and cell_len(joined) <= width:
            lines[-1] = joined
        else:
            lines.append(word)
    return lines


def _split_words(words: Iterable[str], width: int) -> Iterable[str]:
    """Yield the words; split words that are longer than a line."""
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
    """Untrusted text.

    Attributes:
        text: the text.
        style: a `Status` value, `quiet`, `strong` or empty.
        rest: what follows in other styles, for example a value after its curve.
        shorter: replaces the whole cell where it is too long, for example an ID without its framework.
    """

    text: str
    style: str = ""
    rest: tuple[Cell, ...] = ()
    shorter: Cell | None = None

    @property
    def pieces(self) -> tuple[Cell, ...]:
        """The cell's texts, each with its style."""
        return (self, *self.rest) if self.rest else (self,)


class Piece(NamedTuple):
    """A text that is fit to be shown, in one style."""

    text: str
    style: str = ""
