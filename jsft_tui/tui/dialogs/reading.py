"""A text to read, and where it asks for it, to agree to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from jsft_tui.tui.dialogs.dialog import Dialog
from jsft_tui.tui.widgets.text_pane import TextLine, TextPane


class ReadingDialog(Dialog[bool]):
    """Answers True when the person agreed to a text that asks for it."""

    DEFAULT_CSS = "ReadingDialog > #box { height: 90%; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "agree", "Agree", show=False),
        Binding("q,question_mark", "leave", "Close", show=False),
    ]

    def __init__(self, title: str, lines: Sequence[TextLine], *, agree: str = "") -> None:
        """`agree` says what y does; empty when there is nothing to agree to."""
        super().__init__(title, f"j k scroll   y {agree}   esc leave" if agree else "j k scroll   esc close")
        self._asks = bool(agree)
        self._pane = TextPane(lines)

    def compose_inside(self) -> ComposeResult:
        """The text."""
        yield self._pane

    def on_mount(self) -> None:
        """Scroll with the keys at once."""
        self._pane.focus()

    def action_agree(self) -> None:
        """Agree."""
        if self._asks:
            self.answer(True)
