"""Tabular data: numbers that we generate, for classification and for regression."""

from __future__ import annotations

from random import Random

from jsft_tui.sandbox.seed.datasets.text import csv_bytes

README = """\
Generated points (synthetic)

train/data.csv (480 rows) and validation/data.csv (120 rows) have no header. The first column is the target, the other
four are numbers. For classification the target is 0, 1 or 2, and each class is a cloud of points around its own
centre (standard deviation 1); the clouds overlap a little. For regression the target is a straight line through the
four numbers plus noise. Nothing was measured anywhere: a program made the numbers.
"""

_CENTERS = ((0.0, 0.0, 0.0, 0.0), (3.0, 1.0, -1.0, 0.5), (-1.0, 3.0, 1.5, -0.5))
_SLOPES = (2.0, -1.0, 0.5, 0.0)


def points(seed: int = 7, rows: int = 600) -> dict[str, bytes]:
    """`train/data.csv` and `validation/data.csv` of three classes."""
    random = Random(seed)
    table: list[tuple[object, ...]] = []
    for row in range(rows):
        label = row % len(_CENTERS)
        table.append((label, *(round(random.gauss(centre, 1.0), 4) for centre in _CENTERS[label])))
    return _split(table)


def regression_points(seed: int = 11, rows: int = 600) -> dict[str, bytes]:
    """`train/data.csv` and `validation/data.csv` with a number as the target."""
    random = Random(seed)
    table: list[tuple[object, ...]] = []
    for _ in range(rows):
        features = [random.gauss(0.0, 1.0) for _ in _SLOPES]
        target = 10 + sum(slope * value for slope, value in zip(_SLOPES, features, strict=True))
        table.append((round(target + random.gauss(0.0, 0.3), 4), *(round(value, 4) for value in features)))
    return _split(table)


def _split(table: list[tuple[object, ...]]) -> dict[str, bytes]:
    training = len(table) * 4 // 5
    return {"train/data.csv": csv_bytes(table[:training]), "validation/data.csv": csv_bytes(table[training:])}
