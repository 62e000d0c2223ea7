"""A small image: the pixels that the cells of a terminal can show."""

from __future__ import annotations

from dataclasses import dataclass

Color = tuple[int, int, int]
"""Red, green, blue from 0 to 255."""


@dataclass(frozen=True)
class Pixels:
    """An image of `width` x `height` pixels, three bytes each, row by row; `note` describes the original."""

    width: int
    height: int
    rgb: bytes
    note: str = ""

    def at(self, x: int, y: int) -> Color | None:
        """Return a pixel; None outside the image."""
        if not (0 <= x < self.width and 0 <= y < self.height):
            return None
        start = 3 * (y * self.width + x)
        return self.rgb[start], self.rgb[start + 1], self.rgb[start + 2]


def luminance(color: Color) -> float:
    """Return the brightness of a color, from 0 to 1 (ITU-R BT.601, §2.5.1)."""
    red, green, blue = color
    return (0.299 * red + 0.587 * green + 0.114 * blue) / 255


def fitting(width: int, height: int, most: tuple[int, int]) -> tuple[int, int]:
    """Return the size of an image scaled down to fit, with its aspect ratio; it is never enlarged."""
    factor = min(1.0, most[0] / width, most[1] / height)
    return max(1, round(width * factor)), max(1, round(height * factor))
