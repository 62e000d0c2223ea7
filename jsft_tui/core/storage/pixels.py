"""A small picture: the pixels that a terminal's cells can show."""

from __future__ import annotations

from dataclasses import dataclass

Color = tuple[int, int, int]
"""Red, green, blue from 0 to 255."""


@dataclass(frozen=True)
class Pixels:
    """A picture of `width` x `height` pixels, three bytes each, row by row; `note` says what it was before."""

    width: int
    height: int
    rgb: bytes
    note: str = ""

    def at(self, x: int, y: int) -> Color | None:
        """A pixel; None below or beside the picture."""
        if not (0 <= x < self.width and 0 <= y < self.height):
            return None
        start = 3 * (y * self.width + x)
        return self.rgb[start], self.rgb[start + 1], self.rgb[start + 2]


def luminance(color: Color) -> float:
    """How bright a colour looks, from 0 to 1 (ITU-R BT.601, §2.5.1)."""
    red, green, blue = color
    return (0.299 * red + 0.587 * green + 0.114 * blue) / 255


def fitting(width: int, height: int, most: tuple[int, int]) -> tuple[int, int]:
    """The size of a picture made small enough, keeping its form; it is never made larger."""
    factor = min(1.0, most[0] / width, most[1] / height)
    return max(1, round(width * factor)), max(1, round(height * factor))
