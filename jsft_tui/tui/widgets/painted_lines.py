"""Widgets that draw themselves line by line."""

from __future__ import annotations

from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget


class PaintedLines(Widget):
    """Works its style out once for all lines that are drawn together: Textual 8.2 does so whenever it is asked."""

    _style_of_painting: Style | None = None
    """While lines are drawn."""

    @property
    def rich_style(self) -> Style:
        """The style of the widget, on those of what it stands on."""
        return super().rich_style if self._style_of_painting is None else self._style_of_painting

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw lines."""
        self._style_of_painting = super().rich_style
        try:
            return super().render_lines(crop)
        finally:
            self._style_of_painting = None
