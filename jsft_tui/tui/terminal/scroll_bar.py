"""Scroll bars that move by whole cells."""

from __future__ import annotations

from typing import ClassVar

from textual.scrollbar import ScrollBar, ScrollBarRender


class WholeCells(ScrollBarRender):
    """Its ends are no parts of a cell: with them, every row that scrolls would cost some 50 bytes."""

    VERTICAL_BARS: ClassVar[list[str]] = [" "]
    HORIZONTAL_BARS: ClassVar[list[str]] = [" "]


def use_whole_cells() -> None:
    """Draw all scroll bars like that."""
    ScrollBar.renderer = WholeCells
