"""A horizontal border of a box, with a text at each end."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from jsft_tui.core.common.text import clean
from jsft_tui.tui.theme.glyphs import BORDERS, BorderGlyphs
from jsft_tui.tui.theme.styles import ink_style
from jsft_tui.tui.theme.tokens import ACCENT_STRONG, Ink
from jsft_tui.tui.widgets.text.cell_text import Cell, cut, cut_middle

TITLE = "title"
"""Style name of a title: accent where the focus is, else strong."""
ENDS = 9
"""Cells of both corners with what stands between them and two texts."""


class Edge(Enum):
    """Which border of a box."""

    TOP = "top"
    DIVIDER = "divider"
    BOTTOM = "bottom"

    def corners(self, glyphs: BorderGlyphs) -> tuple[str, str]:
        """Return the left and the right corner."""
        match self:
            case Edge.TOP:
                return glyphs.top_left, glyphs.top_right
            case Edge.DIVIDER:
                return glyphs.left_join, glyphs.right_join
            case Edge.BOTTOM:
                return glyphs.bottom_left, glyphs.bottom_right


class BorderLine(Widget):
    """`╭─ left ──────── right ─╮`; the right text goes first where there is no room for both.

    The line is lit with the focus; heavy lines show that where there are no colors. No rule of CSS does this: Textual
    styles the children of a box when they are shown, not when the focus comes into the box.
    """

    DEFAULT_CSS = """
    BorderLine { height: 1; color: $line; background: $background; }
    """

    def __init__(self, edge: Edge, left: Sequence[Cell] = (), right: Sequence[Cell] = ()) -> None:
        super().__init__()
        self._edge = edge
        self._left, self._right = tuple(left), tuple(right)

    @property
    def text(self) -> str:
        """Both texts, without the line."""
        return "  ".join(filter(None, ("".join(cell.text for cell in side) for side in (self._left, self._right))))

    @property
    def is_lit(self) -> bool:
        """Whether the focus is within the box, and no dialog stands on it."""
        is_near = isinstance(self.parent, Widget) and self.parent.has_pseudo_class("focus-within")
        return is_near and self.screen.is_active

    @property
    def line_type(self) -> str:
        """The type of the line, by Textual's name."""
        return self.app.theme_variables["focused-border-type"] if self.is_lit else "round"

    def show(self, left: Sequence[Cell], right: Sequence[Cell]) -> None:
        """Display these texts."""
        if (tuple(left), tuple(right)) != (self._left, self._right):
            self._left, self._right = tuple(left), tuple(right)
            self.refresh()

    def set_edge(self, edge: Edge) -> None:
        """Become another border: a box that stands below another one shares its border."""
        if edge is not self._edge:
            self._edge = edge
            self.refresh()

    def render_line(self, _y: int) -> Strip:
        """Render the line."""
        width, is_lit = self.size.width, self.is_lit
        base = self.rich_style + ink_style(self.app.theme_variables, Ink.ACCENT if is_lit else Ink.LINE)
        glyphs = BORDERS[self.line_type]
        first, last = self._edge.corners(glyphs)
        dash = glyphs.horizontal
        right = self._segments(self._right, width - 6, base, is_lit=is_lit)
        taken = sum(cell_len(segment.text) for segment in right)
        left = self._segments(self._left, width - 6 - (taken + 3 if taken else 0), base, is_lit=is_lit)
        start = [Segment(first + dash, base), *_spaced(left, base)]
        end = [*_spaced(right, base), Segment(dash + last, base)]
        free = width - sum(cell_len(segment.text) for segment in (*start, *end))
        return Strip([*start, Segment(dash * max(0, free), base), *end]).adjust_cell_length(width, base)

    def _segments(self, cells: Sequence[Cell], width: int, base: Style, *, is_lit: bool) -> list[Segment]:
        plain = Style(bgcolor=base.bgcolor)
        segments = []
        for cell in cells:
            text = _shortened(clean(cell.text), width)
            width -= cell_len(text)
            if text:
                segments.append(Segment(text, plain + self._style(cell.style, is_lit=is_lit)))
        return segments

    def _style(self, name: str, *, is_lit: bool) -> Style:
        if name != TITLE:
            return ink_style(self.app.theme_variables, name or "text")
        return ink_style(self.app.theme_variables, ACCENT_STRONG if is_lit else "strong")


def _shortened(text: str, width: int) -> str:
    """Return a text in so many cells: a name loses its middle, as its end is what tells it from others."""
    return cut(text, width) if " " in text else cut_middle(text, width)


def _spaced(segments: list[Segment], base: Style) -> list[Segment]:
    """Return the segments with a blank at each side; nothing for nothing."""
    return [Segment(" ", base), *segments, Segment(" ", base)] if segments else []
