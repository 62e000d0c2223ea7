"""An app that holds one widget, and what it shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from textual.app import App, ComposeResult
from textual.message import Message
from textual.widget import Widget

from jsft_tui.tui.theme.themes import DARK, THEMES


class Stage(App[None]):
    """Shows widgets and keeps the messages they post."""

    ENABLE_COMMAND_PALETTE = False

    def __init__(self, *widgets: Widget, css: str = "", kinds: Sequence[type[Message]] = ()) -> None:
        super().__init__()
        self._widgets, self._kinds = widgets, tuple(kinds)
        self.posted: list[Any] = []
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = DARK

    def compose(self) -> ComposeResult:
        yield from self._widgets

    async def on_event(self, event: Any) -> None:
        await super().on_event(event)

    def record(self, message: Message) -> None:
        """Message hook for `run_test`: each message of the wanted kinds, once."""
        if isinstance(message, self._kinds) and message not in self.posted:
            self.posted.append(message)


def lines(widget: Widget) -> list[str]:
    """What the widget shows, line by line, without blanks at the end."""
    return [widget.render_line(y).text.rstrip() for y in range(widget.size.height)]
