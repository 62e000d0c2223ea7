"""One line of styled texts: some aligned left, some right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from jsft_tui.core.common.text import clean
from jsft_tui.tui.theme.styles import ink_style
from jsft_tui.tui.widgets.text.cell_text import Cell, cut


class LineBar(Widget):
    """A line of cleaned texts; the right side takes precedence when there is no room for both."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"line-bar--fill"}
    DEFAULT_CSS = (
        "LineBar { height: 1; color: $foreground; background: $background; }\n"
        "LineBar > .line-bar--fill { color: $border-blurred; }"
    )

    def __init__(
        self,
        left: Sequence[Cell] = (),
        right: Sequence[Cell] = (),
        *,
        fill: str = " ",
        id: str | None = None,  # noqa: A002  (Textual's name)
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._left, self._right = tuple(left), tuple(right)
        self._fill = fill

    @property
    def text(self) -> str:
        """The text, without the space between the two sides."""
        return "".join(cell.text for cell in (*self._left, *self._right))

    def show(self, left: Sequence[Cell], right: Sequence[Cell] = ()) -> None:
        """Display these texts."""
        if (tuple(left), tuple(right)) != (self._left, self._right):
            self._left, self._right = tuple(left), tuple(right)
            self.refresh()

    def render_line(self, _y: int) -> Strip:
        """Render the line."""
        width, base = self.size.width, self.rich_style
        fill = base + self.get_component_rich_style("line-bar--fill", partial=True)
        right = self._segments(self._right, width, base)
        taken = sum(cell_len(segment.text) for segment in right)
        left = self._segments(self._left, max(0, width - taken - 1), base)
        between = width - taken - sum(cell_len(segment.text) for segment in left)
        return Strip([*left, Segment(self._fill * between, fill), *right]).adjust_cell_length(width, base)

    def _segments(self, cells: Sequence[Cell], width: int, base: Style) -> list[Segment]:
        segments = []
        for cell in cells:
            text = cut(clean(cell.text), width)
            width -= cell_len(text)
            if text:
                segments.append(Segment(text, base + ink_style(self.app.theme_variables, cell.style)))
        return segments
