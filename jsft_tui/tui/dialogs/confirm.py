"""Ask before something that costs or cannot be undone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input

from jsft_tui.tui.base.dialog import Dialog
from jsft_tui.tui.widgets.text.text_pane import TextLine, TextPane


class ConfirmDialog(Dialog[bool]):
    """Answers True for yes: the key y, or a word typed where one is asked for."""

    DEFAULT_CSS = "ConfirmDialog TextPane { height: auto; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "agree", "Yes", show=False),
        Binding("n", "leave", "No", show=False),
    ]

    def __init__(self, title: str, lines: Sequence[TextLine], *, typed: str = "", label: str = "yes") -> None:
        """What is asked.

        Args:
            title: of the question.
            lines: what it is about.
            typed: what has to be typed to agree; empty: the key y.
            label: what y does.
        """
        super().__init__(title, f"type {typed} and enter to {label}   esc no" if typed else f"y {label}   n, esc no")
        self._lines, self._wanted = tuple(lines), typed
        self._input = Input(select_on_focus=False)
        self._input.cursor_blink = False

    def compose_inside(self) -> ComposeResult:
        """What is asked."""
        text = TextPane(self._lines, can_focus=False)
        text.styles.height = sum(1 + len(each.text) // 76 for each in self._lines)
        yield text
        if self._wanted:
            yield self._input

    def on_mount(self) -> None:
        """Begin to type where that is asked for."""
        if self._wanted:
            self._input.focus()

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if event.value.strip().removeprefix("$").replace(",", "") == self._wanted:
            self.answer(True)
        else:
            self.show_keys(f"that is not {self._wanted}: type it to agree   esc no")

    def action_agree(self) -> None:
        """Yes."""
        if not self._wanted:
            self.answer(True)
