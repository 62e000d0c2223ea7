"""The detail of an instance type, in which a cursor goes over the settings of the run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from jsft_tui.tui.widgets.text.detail_view import DetailView


class SettingsView(DetailView):
    """Posts where the cursor goes; the screen draws it. Pages scroll as in every text."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "move(1)", "Down", show=False),
        Binding("up,k", "move(-1)", "Up", show=False),
    ]

    @dataclass(eq=False, repr=False)
    class Moved(Message):
        """Posted when the cursor is to go to another setting."""

        view: SettingsView
        by: int

        @property
        def control(self) -> SettingsView:
            """The view."""
            return self.view

    @dataclass(eq=False, repr=False)
    class FocusChanged(Message):
        """Posted when the view got or lost the focus."""

        view: SettingsView

        @property
        def control(self) -> SettingsView:
            """The view."""
            return self.view

    def action_move(self, by: int) -> None:
        """Go to another setting."""
        self.post_message(self.Moved(self, by))

    def on_focus(self) -> None:
        """Show the cursor."""
        self.post_message(self.FocusChanged(self))

    def on_blur(self) -> None:
        """Hide the cursor."""
        self.post_message(self.FocusChanged(self))
