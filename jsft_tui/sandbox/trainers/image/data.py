"""Read the image classifier's dataset: the images of a job's channels, split into training and validation."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from jsft_tui.sandbox.trainers.common.container import Container
from jsft_tui.sandbox.trainers.common.fit import split
from jsft_tui.sandbox.trainers.common.scores import Labels
from jsft_tui.sandbox.trainers.common.settings import UserError
from jsft_tui.sandbox.trainers.image.images import ImageFiles, Pixels, find_images, read_images


@dataclass(frozen=True)
class ImageData:
    """The images of a job, split into training and validation.

    Attributes:
        classes: folder names in alphabetical order.
    """

    classes: tuple[str, ...]
    training: Pixels
    labels: Labels
    validation: Pixels
    validation_labels: Labels

    @property
    def digest(self) -> str:
        """Digest of the training data."""
        digest = hashlib.sha256()
        for part in (self.training, self.labels, self.validation, self.validation_labels):
            digest.update(np.ascontiguousarray(part).data)
        return digest.hexdigest()


def read_data(container: Container) -> ImageData:
    """Read the training images, and those of the `validation` channel or a fraction of the training images.

    Raises:
        UserError: the data is not valid for image classification.
        Stopped: SIGTERM arrived.
    """
    settings, stop = container.settings, container.stop
    interpolation = settings.text("image_resize_interpolation")
    validation_folder = container.optional_channel("validation")
    files = find_images(container.channel("training", "train"))
    if validation_folder:
        held_out = _find_validation(validation_folder, files.classes, container)
        pixels = read_images(files, interpolation, stop)
        others = read_images(held_out, interpolation, stop)
        return ImageData(files.classes, pixels, files.labels, others, held_out.labels)
    pixels = read_images(files, interpolation, stop)
    rng = np.random.default_rng(settings.integer("random_seed"))
    ours, theirs = split(files.labels, settings.number("validation_split_ratio"), rng)
    labels = files.labels
    return ImageData(files.classes, pixels[ours], labels[ours], pixels[theirs], labels[theirs])


def _find_validation(folder: Path, classes: tuple[str, ...], container: Container) -> ImageFiles:
    """Return the files of the `validation` channel.

    Raises:
        UserError: its classes are not those of the training channel.
    """
    held_out = find_images(folder)
    if held_out.classes != classes:
        odd = sorted(set(held_out.classes) ^ set(classes))
        raise UserError(
            "the validation channel has other class folders than the training channel: only one of the two has"
            f" {odd[0]!r}"
        )
    container.stop.check()
    return held_out
