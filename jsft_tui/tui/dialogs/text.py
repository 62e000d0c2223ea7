"""A dialog with a text to read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, TypeVar

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from jsft_tui.core.common.text import clean
from jsft_tui.tui.base.dialog import Answer, Dialog
from jsft_tui.tui.widgets.text.text_pane import TextLine, TextPane, wrapped_rows

R = TypeVar("R")


class _Scrolled(TextPane):
    """Says how far it is scrolled to the dialog around it."""

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Say it."""
        super().watch_scroll_y(old_value, new_value)
        if isinstance(self.screen, TextDialog):
            self.screen.show_place()


class TextDialog(Dialog[R]):
    """A text that is scrolled; how much of it was seen stands in the upper border."""

    def __init__(
        self, title: str, lines: Sequence[TextLine], answers: Sequence[Answer], *, after: Sequence[TextLine] = ()
    ) -> None:
        super().__init__(title, answers, after=after)
        self._lines = tuple(lines)
        self._pane = _Scrolled(self._lines)
        self._rows = 0

    def compose_inside(self) -> ComposeResult:
        """Compose the text."""
        yield self._pane

    def on_mount(self) -> None:
        """Focus the text, so that the keys scroll it."""
        self._pane.focus()

    def show_lines(self, lines: Sequence[TextLine]) -> None:
        """Show other lines from now on."""
        self._lines = tuple(lines)
        self._pane.show(self._lines)

    def content_width(self) -> int:
        """Return the cells of the longest line."""
        return max((cell_len(clean(each.text)) for each in self._lines), default=0)

    def fit_inside(self, width: int, rows: int) -> None:
        """Take the rows of the text, as far as there is room."""
        self._rows = sum(len(wrapped_rows(each, width)) for each in self._lines)
        self._pane.styles.height = max(1, min(self._rows, rows))
        self.call_after_refresh(self.show_place)

    def show_place(self) -> None:
        """Say how much of the text was seen, and that it can be scrolled."""
        page = self._pane.size.height
        if not page or self._rows <= page:
            self.show_state("")
            return
        seen = min(self._rows, int(self._pane.scroll_offset.y) + page)
        self.show_state(f"{100 * seen // self._rows} % j k scroll")


class ReadingDialog(TextDialog[bool]):
    """Only to be read."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("q,question_mark,enter", "leave", "Close", show=False)]

    def __init__(self, title: str, lines: Sequence[TextLine]) -> None:
        super().__init__(title, lines, (Answer("esc", "Close"),))
