"""A dialog to confirm what costs money or cannot be undone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input

from jsft_tui.core.common.text import clean
from jsft_tui.tui.base.dialog import NOT_NOW, Answer, Dialog
from jsft_tui.tui.widgets.text.text_pane import TextLine, TextPane, line, wrapped_rows

if TYPE_CHECKING:
    from textual import events


class ConfirmDialog(Dialog[bool]):
    """Returns True for yes: one key, or a typed word if one is required."""

    DEFAULT_CSS = "ConfirmDialog .dialog--wrong { display: none; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y,enter", "agree", "Yes", show=False),
        Binding("n", "leave", "No", show=False),
    ]

    def __init__(
        self,
        title: str,
        lines: Sequence[TextLine],
        *,
        typed: str = "",
        label: str = "yes",
        key: str = "enter",
        leave: str = NOT_NOW.words,
        after: Sequence[TextLine] = (),
    ) -> None:
        """Create the dialog.

        Args:
            title: the question.
            lines: its details; the last one asks for the word, if one must be typed.
            typed: the word that must be typed to agree; empty if the key is enough.
            label: the verb of the action.
            key: that agrees; a capital letter for what acts on AWS and is asked for by the same one.
            leave: what happens without it.
            after: lines below the answers.
        """
        verb = f"{label[:1].upper()}{label[1:]}"
        answers = (Answer("enter" if typed else key, verb), Answer("esc", leave))
        super().__init__(title, answers, after=after)
        self._lines, self._wanted, self._key = tuple(lines), typed, key
        self._text = TextPane(self._lines, can_focus=False)
        self._input = Input(select_on_focus=False)
        self._input.cursor_blink = False
        self._wrong = TextPane(can_focus=False, classes="dialog--wrong")

    def compose_inside(self) -> ComposeResult:
        """Compose the question, and the input if a word must be typed."""
        yield self._text
        if self._wanted:
            yield self._input
            yield self._wrong

    def content_width(self) -> int:
        """Return the cells of the longest line."""
        return max((cell_len(clean(each.text)) for each in self._lines), default=0)

    def fit_inside(self, width: int, rows: int) -> None:
        """Take the rows that the lines need."""
        wanted = sum(len(wrapped_rows(each, width)) for each in self._lines)
        self._text.styles.height = max(1, min(wanted, rows - (2 if self._wanted else 0)))

    def on_mount(self) -> None:
        """Focus the input, if there is one."""
        if self._wanted:
            self._input.focus()

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if event.value.strip().removeprefix("$").replace(",", "") == self._wanted:
            self.answer(True)
        else:
            self._wrong.show([line(f"That is not {self._wanted}.", "bad")])
            self._wrong.display = True

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._wrong.display = False

    def on_key(self, event: events.Key) -> None:
        """Agree with the dialog's own key."""
        if not self._wanted and event.key == self._key != "enter":
            event.stop()
            self.answer(True)

    def action_agree(self) -> None:
        """Agree where enter is the key; a capital letter is the only one that agrees to what it asked for."""
        if not self._wanted and self._key == "enter":
            self.answer(True)
