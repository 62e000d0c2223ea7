"""Create image classification data: drawn shapes, one folder per class."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

import numpy as np

from jsft_tui.sandbox.seed.datasets.drawing import SHAPES, draw, jpeg

README = """\
Drawn shapes (synthetic)

400 images of 96 by 96 pixels in five folders: circles, crosses, squares, stars, triangles. They were drawn by a
program with random positions, sizes, rotations, colors and noise; they contain no photograph and no other dataset.
"""


def shapes(per_class: int = 80) -> Iterator[tuple[str, bytes]]:
    """Yield `<class>/<number>.jpg` for five classes, as (key, body)."""
    for shape in SHAPES:
        yield from shapes_of(shape, per_class)


def shapes_of(shape: str, count: int) -> Iterator[tuple[str, bytes]]:
    """Yield `<shape>/<number>.jpg`, always the same images for the same shape, as (key, body)."""
    random = np.random.default_rng(zlib.crc32(shape.encode()))
    for number in range(count):
        yield f"{shape}/{shape}-{number:03d}.jpg", jpeg(draw(shape, random).picture)
