"""Create small datasets that the trainers can really learn."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

SHAPES = ("circle", "cross", "square")
TOPICS = (
    "the bucket keeps every object under a key and serves it as a file",
    "a table reads and writes items with a partition key and a sort key",
    "the function runs your code on an event and returns a response",
)


def draw_shapes(root: Path, classes: tuple[str, ...], count: int, seed: int = 0) -> Path:
    """Draw one folder of images for each class, on noise."""
    rng = np.random.default_rng(seed)
    for name in classes:
        folder = root / name
        folder.mkdir(parents=True)
        for number in range(count):
            _drawn(name, rng).save(folder / f"{name}-{number:02}.{'png' if number % 3 == 0 else 'jpg'}")
    return root


def _drawn(name: str, rng: np.random.Generator) -> Image.Image:
    noise = rng.normal(rng.uniform(40, 110, 3), 12, (80, 100, 3)).clip(0, 255).astype(np.uint8)
    image = Image.fromarray(noise)
    pen = ImageDraw.Draw(image)
    size = int(rng.integers(14, 28))
    x, y = int(rng.integers(size, 100 - size)), int(rng.integers(size, 80 - size))
    color = tuple(int(value) for value in rng.integers(150, 256, 3))
    box = (x - size, y - size, x + size, y + size)
    if name == "circle":
        pen.ellipse(box, fill=color)
    elif name == "square":
        pen.rectangle(box, fill=color)
    else:
        pen.line((x - size, y - size, x + size, y + size), fill=color, width=7)
        pen.line((x - size, y + size, x + size, y - size), fill=color, width=7)
    return image


def write_texts(root: Path, rows: int, seed: int = 0) -> Path:
    """Write data.csv with sentences of shuffled topic words among common ones."""
    rng = np.random.default_rng(seed)
    common = ["and", "for", "when", "not", "all", "it", "you", "can", "be", "set", "this", "new", "name"]
    root.mkdir(parents=True)
    with (root / "data.csv").open("w", newline="") as target:
        for number in range(rows):
            label = number % len(TOPICS)
            words = list(rng.choice(TOPICS[label].split(), 5)) + list(rng.choice(common, 5))
            csv.writer(target).writerow([label, " ".join(rng.permutation(words))])
    return root


def write_table(path: Path, rows: int, seed: int = 0) -> Path:
    """Write three classes by linear rules with noise; features of very different sizes, one of them constant."""
    rng = np.random.default_rng(7)
    weights = rng.normal(size=(4, 3))
    rng = np.random.default_rng(seed)
    features = rng.normal(size=(rows, 4))
    labels = (features @ weights + 0.3 * rng.gumbel(size=(rows, 3))).argmax(1)
    scaled = features * [1, 100, 0.01, 1] + [0, 5, 0, 1000]
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="") as target:
        for label, row in zip(labels, scaled, strict=True):
            csv.writer(target).writerow([int(label) + 1, *(float(number) for number in row), 3.5])
    return path.parent
