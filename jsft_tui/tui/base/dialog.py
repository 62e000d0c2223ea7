"""What all dialogs are: a box with a title over the screen, left with escape."""

from __future__ import annotations

from typing import ClassVar, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from jsft_tui.tui.widgets.line_bar import LineBar
from jsft_tui.tui.widgets.text.cell_text import Cell

R = TypeVar("R")


WIDTH, HEIGHT, MOST_WIDTH = 0.9, 0.9, 96
"""Of the box: parts of the terminal, and cells."""
INPUT_DELAY = 0.4
"""Seconds before a question that comes late is answered by anything."""


class Dialog(ModalScreen[R | None]):
    """A box over the screen. Its answer is None when the person leaves it with escape."""

    # The screen below is not dimmed: that would paint all of it twice.
    DEFAULT_CSS = f"""
    Dialog {{ align: center middle; background: transparent; }}
    Dialog > #box {{
        width: {WIDTH:.0%}; max-width: {MOST_WIDTH}; height: auto; max-height: {HEIGHT:.0%};
        border: round $border; background: $background;
    }}
    Dialog .dialog--title {{ color: $primary; text-style: bold; }}
    Dialog .dialog--keys {{ color: $foreground-darken-2; }}
    Dialog Input, Dialog Input:focus {{ height: 1; border: none; padding: 0 1; background: $panel; }}
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Leave", show=False)]

    def __init__(self, title: str, keys: str) -> None:
        """`keys` says in the last line what can be pressed."""
        super().__init__()
        self._is_answered = self._is_deaf = False
        self._keys = keys
        self._key_line = LineBar((Cell(f" {keys}"),), classes="dialog--keys")
        self._heading = title

    def compose(self) -> ComposeResult:
        """The box."""
        with Vertical(id="box"):
            yield LineBar((Cell(f" {self._heading}"),), classes="dialog--title")
            yield from self.compose_inside()
            yield self._key_line

    def show_keys(self, keys: str) -> None:
        """Say something else in the last line."""
        self._keys = keys
        self._key_line.show((Cell(" …" if self._is_deaf else f" {keys}"),))

    def guard_input(self) -> None:
        """It comes of an answer, maybe while one types: for a moment nothing answers it. Called before it is shown.

        What is typed into a line stays there, and a text scrolls: that is seen, and decides nothing.
        """
        self._is_deaf = INPUT_DELAY > 0
        self.show_keys(self._keys)

    def on_mount(self) -> None:
        """The moment begins when it is seen."""
        if self._is_deaf:
            self.call_after_refresh(self.set_timer, INPUT_DELAY, self.listen)

    def listen(self) -> None:
        """From now on it can be answered."""
        self._is_deaf = False
        self.show_keys(self._keys)

    def compose_inside(self) -> ComposeResult:
        """What stands between the title and the keys."""
        raise NotImplementedError

    def action_leave(self) -> None:
        """Leave without an answer."""
        self.answer(None)

    def answer(self, result: R | None) -> None:
        """Answer and go, once: a second answer would take the screen below away. Not before it listens."""
        if not self._is_answered and not self._is_deaf:
            self._is_answered = True
            self.dismiss(result)
