"""The question before an endpoint is deleted: what goes, what stays because something else uses it, what it saves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from jsft_tui.core.common.text import clean
from jsft_tui.core.serving.listed.words import month_words
from jsft_tui.core.serving.teardown import Teardown
from jsft_tui.tui.base.dialog import TAKE, Answer, Dialog
from jsft_tui.tui.keymap.action import key_name
from jsft_tui.tui.theme.tokens import MONEY_STRONG, Ink
from jsft_tui.tui.widgets.text.cell_text import Cell
from jsft_tui.tui.widgets.text.text_pane import TextLine, TextPane, line, wrapped_rows

LABEL = 13
"""Cells of the kind of what is deleted."""
MOST_USERS = 3


class TeardownDialog(Dialog[bool]):
    """Returns True if all of it is to be deleted."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("n", "leave", "Keep it", show=False)]

    def __init__(self, title: str, lines: Sequence[TextLine], note: str, keys: Sequence[str]) -> None:
        """Create the question.

        Args:
            title: the question.
            lines: what goes and what stays.
            note: stands below the answers: what stays in any case.
            keys: that delete, which agree here, too.
        """
        answers = (Answer(f"{key_name(keys[0])} or {TAKE}", "Delete"), Answer("esc", "Keep it"))
        super().__init__(title, answers, after=[line(note, Ink.MUTED)])
        self._lines = tuple(lines)
        self._text = TextPane(self._lines, can_focus=False)
        self._bindings.bind(",".join((*keys, TAKE)), "agree", "Delete", show=False)

    def compose_inside(self) -> ComposeResult:
        """Compose what goes and what stays."""
        yield self._text

    def content_width(self) -> int:
        """Return the cells of the longest line."""
        return max((cell_len(clean(each.text)) for each in self._lines), default=0)

    def fit_inside(self, width: int, rows: int) -> None:
        """Take the rows that the lines need."""
        wanted = sum(len(wrapped_rows(each, width)) for each in self._lines)
        self._text.styles.height = max(1, min(wanted, rows))

    def action_agree(self) -> None:
        """Delete it."""
        self.answer(True)


def teardown_lines(found: Teardown, per_month: float | None, place: Sequence[Cell]) -> list[TextLine]:
    """Return what is deleted, what is kept and why, where that is, and what it saves.

    Args:
        found: what goes and what stays.
        per_month: USD that it costs; None where that is unknown or nothing.
        place: names the account and the region.
    """
    lines = [_fact(kind, Cell(name)) for kind, name in found.names]
    lines += list(_kept(found))
    lines.append(_fact("in", *place))
    if found.endpoint and per_month:
        lines += [
            line(""),
            TextLine((Cell("It saves "), Cell(month_words(per_month), MONEY_STRONG), Cell(" a month."))),
        ]
    return lines


def _kept(found: Teardown) -> Iterator[TextLine]:
    for each in found.shared:
        more = f" and {len(each.users) - MOST_USERS} more" if len(each.users) > MOST_USERS else ""
        users = f"used by {', '.join(each.users[:MOST_USERS])}{more}"
        yield _fact(each.kind, Cell(each.name), Cell(f" stays: {users}", Ink.WARN))


def _fact(label: str, *cells: Cell) -> TextLine:
    words = label.removeprefix("endpoint ").capitalize()
    return TextLine((Cell(words.ljust(LABEL + 1), Ink.MUTED), *cells), LABEL + 1)
