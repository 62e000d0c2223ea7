"""Draw noisy images of one shape each, and report where the shape is."""

from __future__ import annotations

import io
import math
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

SHAPES = ("circles", "crosses", "squares", "stars", "triangles")
"""The classes, in alphabetical order, in which image classification numbers its folders."""


@dataclass(frozen=True)
class Drawing:
    """An image and the outline of the shape on it, in pixels."""

    picture: Image.Image
    outline: tuple[tuple[float, float], ...]

    @property
    def box(self) -> tuple[int, int, int, int]:
        """The shape's bounding box, clipped to the image: xmin, ymin, xmax, ymax."""
        width, height = self.picture.size
        xs, ys = zip(*self.outline, strict=True)
        return (
            max(0, math.floor(min(xs))),
            max(0, math.floor(min(ys))),
            min(width, math.ceil(max(xs))),
            min(height, math.ceil(max(ys))),
        )

    def mask(self, value: int) -> Image.Image:
        """Return a grayscale image that is `value` inside the shape and 0 elsewhere."""
        mask = Image.new("L", self.picture.size, 0)
        ImageDraw.Draw(mask).polygon(self.outline, fill=value)
        return mask


def draw(shape: str, random: np.random.Generator, size: int = 96, radii: tuple[float, float] = (0.22, 0.36)) -> Drawing:
    """Draw an image of a shape with random position, size, rotation, color and noise.

    Args:
        shape: one of `SHAPES`.
        random: the random number generator.
        size: width and height of the image in pixels.
        radii: smallest and largest radius of the shape, as shares of `size`.
    """
    background, color = _two_colors(random)
    radius = size * random.uniform(*radii)
    center = random.uniform(radius + 2, size - radius - 2, 2)
    outline = _outline(shape, radius, center, random.uniform(0, 2 * math.pi))
    picture = Image.new("RGB", (size, size), tuple(background.tolist()))
    ImageDraw.Draw(picture).polygon(outline, fill=tuple(color.tolist()))
    noise = random.integers(-18, 19, (size, size, 3), dtype=np.int16)
    noisy = np.clip(np.asarray(picture, dtype=np.int16) + noise, 0, 255).astype(np.uint8)
    return Drawing(Image.fromarray(noisy), outline)


def jpeg(picture: Image.Image) -> bytes:
    """Encode the image as JPEG."""
    body = io.BytesIO()
    picture.save(body, "JPEG", quality=88)
    return body.getvalue()


def png(picture: Image.Image) -> bytes:
    """Encode the image as PNG."""
    body = io.BytesIO()
    picture.save(body, "PNG")
    return body.getvalue()


def _two_colors(random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Choose a background and a foreground color with sufficient contrast."""
    background = random.integers(0, 256, 3)
    while True:
        color = random.integers(0, 256, 3)
        if int(np.abs(color - background).sum()) > 200:
            return background, color


def _outline(shape: str, radius: float, center: np.ndarray, turn: float) -> tuple[tuple[float, float], ...]:
    return tuple(
        (
            float(center[0] + radius * reach * math.cos(angle + turn)),
            float(center[1] + radius * reach * math.sin(angle + turn)),
        )
        for angle, reach in _corners(shape)
    )


def _corners(shape: str) -> list[tuple[float, float]]:
    """Return the shape's corners around its center: angle in radians, distance as a fraction of the radius."""
    if shape == "crosses":
        return _cross_corners()
    count, inner = {"circles": (48, 1.0), "squares": (4, 1.0), "triangles": (3, 1.0), "stars": (10, 0.42)}[shape]
    return [(2 * math.pi * index / count, inner if index % 2 else 1.0) for index in range(count)]


def _cross_corners() -> list[tuple[float, float]]:
    arm = 0.3
    half = math.asin(arm)
    corners = []
    for quarter in range(4):
        angle = quarter * math.pi / 2
        corners += [(angle - half, 1.0), (angle + half, 1.0), (angle + math.pi / 4, arm * math.sqrt(2))]
    return corners
