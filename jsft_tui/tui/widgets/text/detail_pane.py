"""What is told about the row under the cursor: it changes with each move, so it has no scroll bar to change as well."""

from __future__ import annotations

from rich.segment import Segment
from textual.strip import Strip

from jsft_tui.tui.widgets.text.text_pane import TextPane

ABOVE, BELOW = "▴", "▾"


class DetailPane(TextPane):
    """Text to read, with a mark at its edge where it goes on."""

    DEFAULT_CSS = "DetailPane { scrollbar-size-vertical: 0; padding: 0 0 0 1; }"

    @property
    def text_width(self) -> int:
        """All but the column of the marks."""
        return max(0, super().text_width - 1)

    def render_line(self, y: int) -> Strip:
        """One row of the screen."""
        strip = super().render_line(y)
        base = self.rich_style
        return Strip([*strip, Segment(self._mark(y), base + self._style("quiet"))])

    def _mark(self, y: int) -> str:
        first, height = self.scroll_offset.y, self.scrollable_content_region.height
        if y == height - 1 and first + height < self.virtual_size.height:
            return BELOW
        return ABOVE if y == 0 and first else " "
