"""A dialog to choose one item of a list: type to filter, enter to take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Input

from jsft_tui.tui.base.dialog import LEAVE, Answer, Dialog
from jsft_tui.tui.widgets.bars.line_bar import LineBar
from jsft_tui.tui.widgets.table.columns import Column
from jsft_tui.tui.widgets.table.rows import Rows
from jsft_tui.tui.widgets.table.virtual_table import VirtualTable
from jsft_tui.tui.widgets.text.cell_text import Align, Cell

TALLEST = 14
"""Maximum number of rows on screen."""
BLANK = Column("blank", "", width=1)
"""Between the cursor and the text."""
WIDEST_NOTE = 34


@dataclass(frozen=True)
class Choice:
    """An item of the list: its key, its text, a note at the right, and where it belongs, after that."""

    key: str
    text: str
    note: str = ""
    style: str = ""
    place: str = ""


class _Items(VirtualTable, can_focus=False):
    """Keys are for it though what is typed goes to the filter."""

    DEFAULT_CSS = """
    _Items > .virtual-table--cursor {
        color: $block-cursor-foreground; background: $block-cursor-background;
        text-style: $block-cursor-text-style;
    }
    _Items:nocolor > .virtual-table--cursor { text-style: reverse; }
    """

    @property
    def is_lit(self) -> bool:
        """Always."""
        return True


class ChoiceDialog(Dialog[str]):
    """Returns the key of the chosen item.

    Class attributes:
        PROMPT: stands before what is typed.
    """

    FIRST_IS_BUTTON = False
    PROMPT: ClassVar[str] = ""
    DEFAULT_CSS = """
    ChoiceDialog .choice--typed { height: 1; margin-bottom: 1; }
    ChoiceDialog .choice--prompt { width: 3; background: $bar; padding: 0 0 0 1; }
    ChoiceDialog .choice--count { margin-top: 1; padding: 0 1; }
    ChoiceDialog Input > .input--placeholder { color: $muted; }
    ChoiceDialog #box.-low .choice--typed { margin-bottom: 0; }
    ChoiceDialog #box.-low .choice--count { display: none; }
    ChoiceDialog > #box > .dialog--body { padding: 1 0 0 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,ctrl+n", "move(1)", "Down", show=False, priority=True),
        Binding("up", "move(-1)", "Up", show=False, priority=True),
        Binding("pagedown", "move(10)", "Page down", show=False, priority=True),
        Binding("pageup", "move(-10)", "Page up", show=False, priority=True),
    ]

    def __init__(
        self,
        title: str,
        choices: Sequence[Choice],
        *,
        at: str = "",
        empty: str = "Nothing matches.",
        noun: str = "",
    ) -> None:
        """Create the dialog.

        Args:
            title: the question.
            choices: the items.
            at: key of the initial cursor row.
            empty: what is said where none matches.
            noun: what the items are, for their count.
        """
        super().__init__(title, (Answer("enter", "take"), LEAVE, Answer("^u", "clear")))
        self._choices, self._at, self._empty, self._noun = tuple(choices), at, empty, noun
        columns = [BLANK, Column("text", "", min_width=20, gap=0)]
        notes = max((len(choice.note) for choice in choices), default=0)
        places = max((len(choice.place) for choice in choices), default=0)
        if notes:
            align = Align.LEFT if places else Align.RIGHT
            columns.append(Column("note", "", width=min(notes, WIDEST_NOTE), align=align, priority=1))
        if places:
            columns.append(Column("place", "", width=places, priority=2))
        self._table = _Items(columns, margin=2)
        self._input = Input(placeholder="type to filter", select_on_focus=False)
        self._input.cursor_blink = False
        self._count = LineBar(classes="choice--count")

    def compose_inside(self) -> ComposeResult:
        """Compose the filter, the list, and how many there are."""
        with Horizontal(classes="choice--typed"):
            if self.PROMPT:
                yield LineBar((Cell(self.PROMPT, "muted"),), classes="choice--prompt")
            yield self._input
        yield self._table
        yield self._count

    def on_mount(self) -> None:
        """Display all items and focus the filter."""
        self._table.set_message(self._empty)
        self._show("")
        if self._at:
            self._table.move_to_key(self._at)
        self._input.focus()

    def fit_inside(self, width: int, rows: int) -> None:
        """Take the rows of all items, as far as there is room beside the filter and the count."""
        del width
        self._table.styles.height = max(1, min(TALLEST, max(3, len(self._choices)), rows - 3))

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._show(event.value)

    @on(VirtualTable.RowHighlighted)
    def _moved(self, event: VirtualTable.RowHighlighted) -> None:
        event.stop()
        self.call_after_refresh(self._show_count)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._take()

    @on(VirtualTable.RowSelected)
    def _selected(self, event: VirtualTable.RowSelected) -> None:
        event.stop()
        self._take()

    def action_move(self, rows: int) -> None:
        """Move the cursor in the list."""
        self._table.action_cursor_by(rows)

    def _take(self) -> None:
        if (key := self._table.cursor_key) is not None:
            self.answer(key)

    def _show(self, typed: str) -> None:
        words = typed.lower().split()
        fitting = [c for c in self._choices if all(word in f"{c.text} {c.note} {c.place}".lower() for word in words)]
        rows = [
            (c.key, (Cell(""), Cell(c.text, c.style), Cell(c.note, "muted"), Cell(c.place, "muted"))) for c in fitting
        ]
        self._table.set_source(Rows(rows))
        self._table.mark_words(words)
        self._show_count()
        self.call_after_refresh(self._show_count)  # how many are below is known when they are laid out

    def _show_count(self) -> None:
        """Say how many items match, and how many are below those that are seen."""
        found, noun = len(self._table.source), f" {self._noun}" if self._noun else ""
        below = found - self._table.shown_rows.stop if self._table.size.height else 0
        more = (Cell(f"▾ {below:,} more", "muted"),) if below > 0 else ()
        self._count.show((Cell(f"{found:,} of {len(self._choices):,}{noun}", "muted"),), more)
