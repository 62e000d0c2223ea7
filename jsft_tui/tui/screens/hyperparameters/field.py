"""The field in which a value is edited in its row."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region
from textual.message import Message
from textual.widgets import Input

from jsft_tui.core.common.text import clean


class ValueField(Input):
    """A line to type a value into, which stands on its row; arrows step."""

    DEFAULT_CSS = """
    ValueField, ValueField:focus {
        display: none; layer: edit; position: absolute; width: 16; height: 1; border: none; padding: 0;
        color: $foreground; background: $bar; background-tint: transparent;
    }
    ValueField.-open { display: block; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "step(1)", "Up", show=False),
        Binding("down", "step(-1)", "Down", show=False),
        Binding("escape", "undo", "Undo", show=False),
    ]

    @dataclass(eq=False, repr=False)
    class Stepped(Message):
        """Posted when the value is to go up or down."""

        field: ValueField
        steps: int

        @property
        def control(self) -> ValueField:
            """The field."""
            return self.field

    @dataclass(eq=False, repr=False)
    class Undone(Message):
        """Posted when the value is not to be kept."""

        field: ValueField

        @property
        def control(self) -> ValueField:
            """The field."""
            return self.field

    @dataclass(eq=False, repr=False)
    class ResetAsked(Message):
        """Posted when the field is to have the default."""

        field: ValueField

        @property
        def control(self) -> ValueField:
            """The field."""
            return self.field

    def __init__(self) -> None:
        super().__init__(compact=True, select_on_focus=True)
        self.cursor_blink = False
        self._reset_keys: Collection[str] = ()

    @property
    def text(self) -> str:
        """The text, fit to be a value."""
        return clean(self.value).strip()

    @property
    def is_open(self) -> bool:
        """Whether a value is edited."""
        return self.has_class("-open")

    def open(self, text: str, where: Region, reset_keys: Collection[str]) -> None:
        """Edit a text at a place of the screen; each of the keys asks for the default instead of being typed."""
        self._reset_keys = reset_keys
        self.set_text(text)
        self.stand_at(where)
        self.add_class("-open")
        # At once, because the next key is already for it.
        self.screen.set_focus(self)

    def close(self) -> None:
        """Take the field away."""
        self.remove_class("-open")

    def stand_at(self, where: Region) -> None:
        """Move to a place of the screen."""
        self.styles.offset = where.offset
        self.styles.width = where.width

    def set_text(self, text: str) -> None:
        """Put a text into the field, selected: what is typed replaces it."""
        self.value = text
        self.action_select_all()

    def action_step(self, steps: int) -> None:
        """Go up or down."""
        self.post_message(self.Stepped(self, steps))

    def action_undo(self) -> None:
        """Leave without keeping the value."""
        self.post_message(self.Undone(self))

    async def _on_key(self, event: events.Key) -> None:
        if event.key in self._reset_keys:
            event.stop()
            event.prevent_default()
            self.post_message(self.ResetAsked(self))
            return
        await super()._on_key(event)
