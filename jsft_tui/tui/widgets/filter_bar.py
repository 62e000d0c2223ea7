"""One line to type a filter or a search into."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Input, Static

from jsft_tui.core.common.text import clean

DEBOUNCE = 0.08
"""Seconds without a key after which the text counts."""


class FilterBar(Widget):
    """A prompt and an input. Escape clears the text; without one it leaves, as enter and the down key do."""

    DEFAULT_CSS = """
    FilterBar { layout: horizontal; height: 1; background: $surface; }
    FilterBar > Static { width: auto; padding: 0 1; color: $primary; text-style: bold; }
    FilterBar > Input, FilterBar > Input:focus {
        width: 1fr; height: 1; border: none; padding: 0; background: $surface;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "clear_or_leave", "Clear", show=False),
        Binding("down", "leave", "To the list", show=False),
    ]

    @dataclass
    class Told(Message):
        """Something became of the text; `value` is what it is."""

        filter_bar: FilterBar
        value: str

        @property
        def control(self) -> FilterBar:
            """The bar."""
            return self.filter_bar

    class Changed(Told):
        """The text is another one now."""

    class Entered(Told):
        """Enter was pressed; `Left` follows."""

    class Left(Told):
        """The person is done typing; `value` is what stays."""

    def __init__(
        self,
        prompt: Callable[[], str] = lambda: "/",
        *,
        placeholder: str = "",
        id: str | None = None,  # noqa: A002  (Textual's name)
        classes: str | None = None,
    ) -> None:
        """`prompt` says what stands before the text: the key that leads here."""
        super().__init__(id=id, classes=classes)
        self._prompt = prompt
        self._input = Input(placeholder=placeholder, select_on_focus=False, compact=True)
        self._input.cursor_blink = False
        self._timer: Timer | None = None
        self._told = ""

    @property
    def value(self) -> str:
        """The text."""
        return clean(self._input.value)

    def set_value(self, value: str) -> None:
        """Put a text there; it is not told as a change."""
        self._told = clean(value)
        self._input.value = self._told
        self._input.cursor_position = len(self._told)

    def compose(self) -> ComposeResult:
        """The prompt and the input."""
        yield Static(Content(self._prompt()))
        yield self._input

    def focus(self, scroll_visible: bool = True) -> FilterBar:
        """Begin to type."""
        # At once: the next key is for the input already.
        self.screen.set_focus(self._input, scroll_visible)
        return self

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(DEBOUNCE, self._tell)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._tell()
        self.post_message(self.Entered(self, self.value))
        self.action_leave()

    def action_leave(self) -> None:
        """Done typing."""
        self._tell()
        self.post_message(self.Left(self, self.value))

    def action_clear_or_leave(self) -> None:
        """Clear the text, or leave when there is none."""
        if self._input.value:
            self._input.value = ""
            self._tell()
        else:
            self.action_leave()

    def _tell(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        if self.value != self._told:
            self._told = self.value
            self.post_message(self.Changed(self, self.value))
