"""Type one line."""

from __future__ import annotations

from collections.abc import Callable

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input

from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.text import clean
from jsft_tui.tui.base.dialog import Dialog
from jsft_tui.tui.widgets.text.text_pane import TextLine, TextPane, line

Check = Callable[[str], str | None]
"""What is wrong with a text, None when nothing is."""


def anything(_text: str) -> str | None:
    """Takes every text."""
    return None


def parsed_by(parse: Callable[[str], object]) -> Check:
    """A check that takes what a parser takes; it says what a `Problem` or a `ValueError` says."""

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
    """Answers the text typed, once it is right; what is wrong with it is said while typing."""

    DEFAULT_CSS = "PromptDialog TextPane { height: auto; max-height: 8; }"

    def __init__(self, title: str, value: str = "", *, check: Check = anything, about: str = "") -> None:
        super().__init__(title, "enter take   esc leave")
        self._check, self._about, self._begin_with = check, about, value
        self._input = Input(select_on_focus=False)
        self._input.cursor_blink = False
        self._note = TextPane(can_focus=False)

    def compose_inside(self) -> ComposeResult:
        """The input and what is to be said about it."""
        yield self._input
        yield self._note

    def on_mount(self) -> None:
        """Begin to type."""
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
        about: list[TextLine] = [line(self._about, "quiet")] if self._about else []
        shown = [*about, line(f"! {wrong}" if wrong else "", "warning")]
        self._note.show(shown)
        self._note.styles.height = min(8, max(2, sum(1 + len(each.text) // 70 for each in shown)))
