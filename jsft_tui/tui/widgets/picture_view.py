"""A picture in cells: two pixels in each as half blocks, or one shade where there are few colours."""

from __future__ import annotations

import os
from functools import lru_cache

from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from jsft_tui.core import pixels
from jsft_tui.core.pixels import Pixels, luminance
from jsft_tui.tui.theme import color_count, is_colorless, is_utf8

HALF = "▀"
SHADES = " ░▒▓█"
ASCII_SHADES = " .:+#@"


class PictureView(Widget):
    """Shows `Pixels`; make them `room` pixels large at the most."""

    DEFAULT_CSS = "PictureView { height: 1fr; margin: 0 1; background: $background; }"

    def __init__(self) -> None:
        super().__init__()
        self._pixels: Pixels | None = None

    @property
    def room(self) -> tuple[int, int]:
        """How many pixels there is room for: width, height."""
        return max(1, self.size.width), max(2, 2 * self.size.height)

    @property
    def pixels(self) -> Pixels | None:
        """The picture shown."""
        return self._pixels

    def show(self, picture: Pixels | None) -> None:
        """Show a picture."""
        if picture != self._pixels:
            self._pixels = picture
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Two rows of pixels."""
        width, base, picture = self.size.width, self.rich_style, self._pixels
        if picture is None or 2 * y >= picture.height:
            return Strip.blank(width, base)
        columns = range(min(width, picture.width))
        if is_colorless(os.environ) or color_count(os.environ) == 16:
            text = "".join(_shade(picture, x, y) for x in columns)
            return Strip([Segment(text, base)]).adjust_cell_length(width, base)
        segments = [Segment(HALF, base + _style(picture.at(x, 2 * y), picture.at(x, 2 * y + 1))) for x in columns]
        return Strip(Segment.simplify(segments)).adjust_cell_length(width, base)


def _shade(picture: Pixels, x: int, y: int) -> str:
    both = [color for color in (picture.at(x, 2 * y), picture.at(x, 2 * y + 1)) if color is not None]
    bright = sum(map(luminance, both)) / len(both) if both else 0.0
    shades = SHADES if is_utf8(os.environ) else ASCII_SHADES
    return shades[min(len(shades) - 1, int(bright * len(shades)))]


@lru_cache(maxsize=16_384)
def _style(above: pixels.Color | None, below: pixels.Color | None) -> Style:
    return Style(
        color=Color.from_rgb(*above) if above is not None else None,
        bgcolor=Color.from_rgb(*below) if below is not None else None,
    )
