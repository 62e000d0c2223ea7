"""Scroll bars that move by whole cells."""

from __future__ import annotations

from typing import ClassVar

from textual.scrollbar import ScrollBar, ScrollBarRender


class WholeCells(ScrollBarRender):
    """Renders no fractions of a cell at the ends, which would cost about 50 bytes per row that scrolls."""

    VERTICAL_BARS: ClassVar[list[str]] = [" "]
    HORIZONTAL_BARS: ClassVar[list[str]] = [" "]


def use_whole_cells() -> None:
    """Render all scroll bars in whole cells."""
    ScrollBar.renderer = WholeCells
