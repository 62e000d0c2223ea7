"""All keys of a screen on one page, in columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from textual.binding import Binding, BindingType

from jsft_tui.tui.base.dialog import BESIDE, Answer
from jsft_tui.tui.dialogs.text import TextDialog
from jsft_tui.tui.keymap.help_page import HelpPage, KeyLine, KeySection
from jsft_tui.tui.widgets.text.cell_text import Cell, cut
from jsft_tui.tui.widgets.text.text_pane import TextLine, line

WIDEST = 104
THREE_FROM, TWO_FROM = 96, 60
"""Cells of the text from which it has three columns, or two."""
GAP = 2
"""Cells between two columns."""
KEYS = 10
"""Cells of the keys, with the blank after them."""


class HelpDialog(TextDialog[bool]):
    """Returns True to look for a key by what it does."""

    FIRST_IS_BUTTON = False
    WIDEST = WIDEST
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "find", "Find a key", show=False),
        Binding("q,question_mark", "leave", "Close", show=False),
    ]

    def __init__(self, page: HelpPage) -> None:
        super().__init__(page.title, (), (Answer("/", "find a key"), Answer("esc", "close")))
        self._page = page

    def content_width(self) -> int:
        """Return the cells of three columns: it is as wide as there is room."""
        return WIDEST - BESIDE

    def fit_inside(self, width: int, rows: int) -> None:
        """Lay the columns out anew."""
        self.show_lines(page_lines(self._page, width))
        super().fit_inside(width, rows)

    def action_find(self) -> None:
        """Look for a key by what it does."""
        self.answer(True)


def page_lines(page: HelpPage, width: int) -> list[TextLine]:
    """Return the page as lines of a width: in three columns, two or one."""
    own, acts, lists, everywhere = page.own, page.acts, page.lists, page.everywhere
    if width >= THREE_FROM:
        columns: Sequence[Sequence[KeySection]] = ((*own,), (acts, lists), (everywhere,))
        pitch = width // 3
    elif width >= TWO_FROM:
        columns, pitch = ((*own, acts), (everywhere, lists)), width // 2
    else:
        columns, pitch = ((*own, acts, lists, everywhere),), width
    columned = [_column(sections, pitch - GAP) for sections in columns[:-1]]
    columned.append(_column(columns[-1], pitch))
    lines: list[TextLine] = []
    for number in range(max(map(len, columned))):
        cells: list[Cell] = []
        for at, column in enumerate(columned):
            found = column[number] if number < len(column) else ()
            taken = sum(cell_len(cell.text) for cell in found)
            is_last = all(number >= len(other) for other in columned[at + 1 :])
            cells += found if is_last else (*found, Cell(" " * (pitch - taken)))
        lines.append(TextLine(tuple(cells), is_drawing=True))
    return [*lines, line(""), *(line(text, "muted") for text in page.notes)]


def _column(sections: Sequence[KeySection], width: int) -> list[tuple[Cell, ...]]:
    """Return the lines of a column."""
    lines: list[tuple[Cell, ...]] = []
    for section in sections:
        if section.lines:
            lines += [()] if lines else []
            lines.append((Cell(cut(section.title, width), "strong"),))
            lines += [_key_line(each, width) for each in section.lines]
    return lines


def _key_line(each: KeyLine, width: int) -> tuple[Cell, Cell]:
    keys = f"{each.keys} ".ljust(KEYS)
    return Cell(keys, "key"), Cell(cut(each.text, width - len(keys)))
