"""An image in cells: half blocks of two pixels, shades on terminals with few colors, all pixels with Kitty."""

from __future__ import annotations

import os
from functools import lru_cache
from itertools import count
from random import randrange

from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from jsft_tui.core.storage import pixels
from jsft_tui.core.storage.pixels import Pixels, luminance
from jsft_tui.tui.terminal.drawing.display import DiffRenderMixin
from jsft_tui.tui.terminal.images import kitty
from jsft_tui.tui.terminal.images.graphics import cell_pixels
from jsft_tui.tui.theme.color_support import color_count, is_colorless
from jsft_tui.tui.theme.glyphs import is_utf8

HALF = "▀"
SHADES = " ░▒▓█"
ASCII_SHADES = " .:+#@"


class ImageView(Widget):
    """Displays `Pixels`, which must not exceed the size that `room_in` returns."""

    DEFAULT_CSS = "ImageView { height: 1fr; margin: 0 1; background: $background; }"
    _numbers = count(randrange(1, 2**23))

    def __init__(self) -> None:
        super().__init__()
        self._pixels: Pixels | None = None
        self._number = 0
        """The image's number in the terminal; 0 if it was not transmitted."""

    @staticmethod
    def room_in(columns: int, rows: int) -> tuple[int, int]:
        """Return how many pixels (width, height) fit in a number of cells."""
        across, down = cell_pixels() or (1, 2)
        most = len(kitty.NUMBERS)
        return max(1, min(columns, most)) * across, max(1, min(rows, most)) * down

    @property
    def pixels(self) -> Pixels | None:
        """The image displayed."""
        return self._pixels

    def show(self, picture: Pixels | None) -> None:
        """Display an image, or none."""
        if picture == self._pixels:
            return
        self._forget()
        self._pixels = picture
        if picture is not None and cell_pixels() is not None:
            self._number = next(self._numbers) % 2**24
            self._write(kitty.transmission(picture, self._number, *self._cells(picture)))
        self.refresh()

    def on_unmount(self) -> None:
        """Delete the image from the terminal."""
        self._forget()

    def render_line(self, y: int) -> Strip:
        """Render one row."""
        width, base, picture = self.size.width, self.rich_style, self._pixels
        if picture is None:
            return Strip.blank(width, base)
        if self._number:
            segments = self._placed(picture, y, base)
        elif 2 * y >= picture.height:
            segments = []
        else:
            columns = range(min(width, picture.width))
            if is_colorless(os.environ) or color_count(os.environ) == 16:
                segments = [Segment("".join(_shade(picture, x, y) for x in columns), base)]
            else:
                segments = [
                    Segment(HALF, base + _style(picture.at(x, 2 * y), picture.at(x, 2 * y + 1))) for x in columns
                ]
        return Strip(Segment.simplify(segments)).adjust_cell_length(width, base)

    def _placed(self, picture: Pixels, y: int, base: Style) -> list[Segment]:
        columns, rows = self._cells(picture)
        if y >= rows:
            return []
        style = base + Style(color=Color.from_rgb(*kitty.color_of(self._number)))
        return [Segment("".join(kitty.cell(y, x) for x in range(min(columns, self.size.width))), style)]

    @staticmethod
    def _cells(picture: Pixels) -> tuple[int, int]:
        across, down = cell_pixels() or (1, 2)
        return -(-picture.width // across), -(-picture.height // down)

    def _forget(self) -> None:
        if self._number:
            self._write(kitty.removal(self._number))
            self._number = 0

    def _write(self, sequence: str) -> None:
        if isinstance(self.app, DiffRenderMixin):
            self.app.write_sequence(sequence)


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
