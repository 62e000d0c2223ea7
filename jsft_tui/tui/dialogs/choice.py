"""Choose one of a list: type to filter, enter to take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input

from jsft_tui.tui.base.dialog import Dialog
from jsft_tui.tui.widgets.table.columns import Column
from jsft_tui.tui.widgets.table.virtual_table import Rows, VirtualTable
from jsft_tui.tui.widgets.text.cell_text import Align, Cell

TALLEST = 14
"""Rows shown at once."""


@dataclass(frozen=True)
class Choice:
    """Something to choose: what is answered, its words, a note at the right."""

    key: str
    text: str
    note: str = ""
    style: str = ""


class ChoiceDialog(Dialog[str]):
    """Answers the key of what was chosen."""

    DEFAULT_CSS = "ChoiceDialog VirtualTable { height: 10; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,ctrl+n", "move(1)", "Down", show=False, priority=True),
        Binding("up", "move(-1)", "Up", show=False, priority=True),
        Binding("pagedown", "move(10)", "Page down", show=False, priority=True),
        Binding("pageup", "move(-10)", "Page up", show=False, priority=True),
    ]

    def __init__(self, title: str, choices: Sequence[Choice], *, at: str = "", empty: str = "Nothing fits.") -> None:
        """`at` is the key that the cursor begins on."""
        super().__init__(title, "type to filter   up down move   enter take   esc leave")
        self._choices, self._at, self._empty = tuple(choices), at, empty
        notes = max((len(choice.note) for choice in choices), default=0)
        columns = [Column("text", "", min_width=20)]
        if notes:
            columns.append(Column("note", "", width=min(notes, 34), align=Align.RIGHT, priority=1))
        self._table = VirtualTable(columns)
        self._input = Input(select_on_focus=False)
        self._input.cursor_blink = False

    def compose_inside(self) -> ComposeResult:
        """The filter and the list."""
        yield self._input
        yield self._table

    def on_mount(self) -> None:
        """Show all, and begin to type."""
        self._table.can_focus = False
        self._table.styles.height = min(TALLEST, max(3, len(self._choices) + 1))
        self._table.set_message(self._empty)
        self._show("")
        if self._at:
            self._table.move_to_key(self._at)
        self._input.focus()

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._show(event.value)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._take()

    @on(VirtualTable.RowSelected)
    def _selected(self, event: VirtualTable.RowSelected) -> None:
        event.stop()
        self._take()

    def action_move(self, rows: int) -> None:
        """Move in the list."""
        self._table.action_cursor_by(rows)

    def _take(self) -> None:
        if (key := self._table.cursor_key) is not None:
            self.answer(key)

    def _show(self, typed: str) -> None:
        words = typed.lower().split()
        fitting = [c for c in self._choices if all(word in f"{c.text} {c.note}".lower() for word in words)]
        rows = [(c.key, (Cell(c.text, c.style), Cell(c.note, "quiet"))) for c in fitting]
        self._table.set_source(Rows(rows))
