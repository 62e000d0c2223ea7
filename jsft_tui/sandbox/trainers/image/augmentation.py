"""Augment images: random changes before every epoch, which make a small dataset more useful."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image

from jsft_tui.sandbox.trainers.common.settings import Settings
from jsft_tui.sandbox.trainers.image.images import Pixels


@dataclass(frozen=True)
class Augmentation:
    """Random flips, rotations and zooms, as in Keras's layers RandomFlip, RandomRotation and RandomZoom.

    Attributes:
        horizontal: flip left and right, half of the time.
        vertical: flip top and bottom, half of the time.
        rotation: maximum rotation in either direction, as a fraction of a full turn.
        zoom: maximum change of size in either direction, as a fraction.
    """

    horizontal: bool
    vertical: bool
    rotation: float
    zoom: float

    @classmethod
    def of(cls, settings: Settings) -> Augmentation | None:
        """Create the augmentation from the hyperparameters; None without augmentation."""
        if not settings.flag("augmentation"):
            return None
        flip = settings.text("augmentation_random_flip")
        return cls(
            horizontal=flip in ("horizontal", "horizontal_and_vertical"),
            vertical=flip in ("vertical", "horizontal_and_vertical"),
            rotation=abs(settings.number("augmentation_random_rotation")),
            zoom=abs(settings.number("augmentation_random_zoom")),
        )

    def __call__(self, image: Pixels, rng: np.random.Generator) -> Pixels:
        """Return a randomly changed image; areas outside the original are filled by reflection."""
        if self.horizontal and rng.random() < 0.5:
            image = image[:, ::-1]
        if self.vertical and rng.random() < 0.5:
            image = image[::-1]
        angle = rng.uniform(-self.rotation, self.rotation) * 2 * np.pi
        scale = 1 + rng.uniform(-self.zoom, self.zoom)
        return _rotate(image, angle, max(scale, 0.01)) if self.rotation or self.zoom else image


def _rotate(image: Pixels, angle: float, scale: float) -> Pixels:
    side = image.shape[0]
    wide = Image.fromarray(np.pad(image, ((side, side), (side, side), (0, 0)), mode="symmetric"))
    cosine, sine = scale * np.cos(angle), scale * np.sin(angle)
    half, middle = (side - 1) / 2, (3 * side - 1) / 2
    matrix = (
        cosine,
        sine,
        middle + 0.5 - (cosine + sine) * (half + 0.5),
        -sine,
        cosine,
        middle + 0.5 - (cosine - sine) * (half + 0.5),
    )
    turned = wide.transform((side, side), Image.Transform.AFFINE, matrix, resample=Image.Resampling.BILINEAR)
    return np.asarray(turned, np.uint8)
