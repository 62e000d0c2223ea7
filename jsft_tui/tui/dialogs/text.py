"""A text to read, and where it asks for it, to agree to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from jsft_tui.tui.base.dialog import HEIGHT, MOST_WIDTH, WIDTH, Dialog
from jsft_tui.tui.widgets.text.text_pane import TextLine, TextPane, wrapped_rows

BESIDE, ABOVE_AND_BELOW = 4, 4
"""Cells and rows of the box that are not the text: border and padding; border, title and keys."""


class ReadingDialog(Dialog[bool]):
    """Answers True when the person agreed to a text that asks for it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "agree", "Agree", show=False),
        Binding("q,question_mark", "leave", "Close", show=False),
    ]

    def __init__(self, title: str, lines: Sequence[TextLine], *, agree: str = "") -> None:
        """`agree` says what y does; empty when there is nothing to agree to."""
        super().__init__(title, f"j k scroll   y {agree}   esc leave" if agree else "j k scroll   esc close")
        self._asks = bool(agree)
        self._lines = tuple(lines)
        self._pane = TextPane(self._lines)

    def compose_inside(self) -> ComposeResult:
        """The text."""
        yield self._pane

    def on_mount(self) -> None:
        """Scroll with the keys at once."""
        self._pane.focus()
        self._fit()

    def on_resize(self) -> None:
        """Another width breaks the lines elsewhere."""
        self._fit()

    def _fit(self) -> None:
        """As many rows as the text takes, as far as there is room."""
        width, height = self.app.size
        room = max(1, min(int(width * WIDTH), MOST_WIDTH) - BESIDE)
        rows = sum(len(wrapped_rows(each, room)) for each in self._lines)
        self._pane.styles.height = max(1, min(rows, int(height * HEIGHT) - ABOVE_AND_BELOW))

    def action_agree(self) -> None:
        """Agree."""
        if self._asks:
            self.answer(True)
