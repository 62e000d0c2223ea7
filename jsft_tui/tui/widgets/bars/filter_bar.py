"""A one-line input for a filter or a search."""

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
from jsft_tui.tui.terminal.one_shot import one_shot

DEBOUNCE = 0.08
"""Seconds without a key after which the text takes effect."""


class FilterBar(Widget):
    """A prompt and an input. Escape clears the text; if it is empty, escape leaves, as enter and down do."""

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

    @dataclass(eq=False, repr=False)
    class FilterMessage(Message):
        """Base of the messages; `value` is the text."""

        filter_bar: FilterBar
        value: str

        @property
        def control(self) -> FilterBar:
            """The bar."""
            return self.filter_bar

    class Changed(FilterMessage):
        """Posted when the text has changed and typing has paused."""

    class Entered(FilterMessage):
        """Posted when enter is pressed; `Left` follows."""

    class Left(FilterMessage):
        """Posted when typing has ended; `value` stays in effect."""

    def __init__(
        self,
        prompt: Callable[[], str] = lambda: "/",
        *,
        placeholder: str = "",
        id: str | None = None,  # noqa: A002  (Textual's name)
        classes: str | None = None,
    ) -> None:
        """Create the bar; `prompt` returns the text before the input: the key that focuses it."""
        super().__init__(id=id, classes=classes)
        self._prompt = prompt
        self._input = Input(placeholder=placeholder, select_on_focus=False, compact=True)
        self._input.cursor_blink = False
        self._timer: Timer | None = None
        self._posted_value = ""

    @property
    def value(self) -> str:
        """The text."""
        return clean(self._input.value)

    def set_value(self, value: str) -> None:
        """Set the text without posting `Changed`."""
        self._posted_value = clean(value)
        self._input.value = self._posted_value
        self._input.cursor_position = len(self._posted_value)

    def compose(self) -> ComposeResult:
        """Compose the prompt and the input."""
        yield Static(Content(self._prompt()))
        yield self._input

    def focus(self, scroll_visible: bool = True) -> FilterBar:
        """Focus the input."""
        # At once, because the next key is already for the input.
        self.screen.set_focus(self._input, scroll_visible)
        return self

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        if self._timer is not None:
            self._timer.stop()
        self._timer = one_shot(self, DEBOUNCE, self._post_change)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._post_change()
        self.post_message(self.Entered(self, self.value))
        self.action_leave()

    def action_leave(self) -> None:
        """End typing."""
        self._post_change()
        self.post_message(self.Left(self, self.value))

    def action_clear_or_leave(self) -> None:
        """Clear the text, or leave if it is empty."""
        if self._input.value:
            self._input.value = ""
            self._post_change()
        else:
            self.action_leave()

    def _post_change(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        if self.value != self._posted_value:
            self._posted_value = self.value
            self.post_message(self.Changed(self, self.value))
