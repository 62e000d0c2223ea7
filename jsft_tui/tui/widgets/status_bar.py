"""The line above the footer: what just happened."""

from __future__ import annotations

import os

from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from jsft_tui.core.common.text import clean
from jsft_tui.tui.theme.styles import status_style
from jsft_tui.tui.theme.themes import Status, glyph
from jsft_tui.tui.widgets.text.cell_text import fitted


class StatusBar(Widget):
    """Shows one message, until the next one."""

    DEFAULT_CSS = "StatusBar { height: 1; color: $foreground; background: $background; }"

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002  (Textual's name)
        super().__init__(id=id, classes=classes)
        self._text = ""
        self._sign: Status | None = None

    @property
    def text(self) -> str:
        """The message shown."""
        return self._text

    def say(self, text: str, sign: Status | None = None) -> None:
        """Show a message in place of the last one; the sign says how it is meant."""
        text = clean(text)
        if (text, sign) != (self._text, self._sign):
            self._text, self._sign = text, sign
            self.refresh()

    def clear(self) -> None:
        """Show nothing."""
        self.say("")

    def render_line(self, _y: int) -> Strip:
        """The message."""
        width, style = self.size.width, self.rich_style
        mark = ""
        if self._sign is not None:
            style += status_style(self.app.theme_variables, self._sign.value)
            mark = glyph(self._sign, os.environ) + " "
        return Strip([Segment(fitted(f" {mark}{self._text}", width), style)], width)
