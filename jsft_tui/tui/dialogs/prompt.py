"""A dialog to enter one line of text."""

from __future__ import annotations

from collections.abc import Callable

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input

from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.text import clean
from jsft_tui.tui.base.dialog import BESIDE, BLANK, NOT_NOW, Answer, Dialog
from jsft_tui.tui.widgets.text.text_pane import TextLine, TextPane, line, wrapped_rows

Check = Callable[[str], str | None]
"""Returns what is wrong with a text, or None."""
MOST_ROWS = 8


def anything(_text: str) -> str | None:
    """Accept every text."""
    return None


def parsed_by(parse: Callable[[str], object]) -> Check:
    """Return a check that accepts what a parser accepts, with the message of its `Problem` or `ValueError`."""

    def check(text: str) -> str | None:
        try:
            parse(text)
        except Problem as problem:
            return str(problem)
        except ValueError as error:
            return str(error)
        return None

    return check


class PromptDialog(Dialog[str]):
    """Returns the entered text once it is valid; errors are displayed below it while typing."""

    def __init__(
        self, title: str, value: str = "", *, check: Check = anything, about: str = "", label: str = "take"
    ) -> None:
        super().__init__(title, (Answer("enter", f"{label[:1].upper()}{label[1:]}"), NOT_NOW))
        self._check, self._about, self._begin_with = check, about, value
        self._input = Input(select_on_focus=False)
        self._input.cursor_blink = False
        self._note = TextPane(can_focus=False)
        self._noted: tuple[TextLine, ...] = ()

    def compose_inside(self) -> ComposeResult:
        """Compose the input and the notes."""
        yield self._input
        yield self._note

    def on_mount(self) -> None:
        """Focus the input."""
        self._input.value = self._begin_with
        self._input.cursor_position = len(self._begin_with)
        self._show(None)
        self._input.focus()

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._show(self._check(self._value) if self._value else None)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        wrong = self._check(self._value)
        if wrong is None:
            self.answer(self._value)
        else:
            self._show(wrong)

    @property
    def _value(self) -> str:
        return clean(self._input.value).strip()

    def _show(self, wrong: str | None) -> None:
        about: list[TextLine] = [line(self._about, "muted")] if self._about else []
        self._noted = (line(f"! {wrong}" if wrong else "", "bad"), *about)
        self._note.show(self._noted)
        width = self.query_one("#box").styles.width
        self._fit_note(int(width.value) - 2 * BLANK - BESIDE if width is not None else self._note.text_width)

    def fit_inside(self, width: int, rows: int) -> None:
        """Take the rows that the notes need."""
        del rows
        self._fit_note(width)

    def _fit_note(self, width: int) -> None:
        wanted = sum(len(wrapped_rows(each, max(1, width))) for each in self._noted)
        self._note.styles.height = min(MOST_ROWS, max(1, wanted))
