"""Read, validate and resize the images of a dataset on disk, which has one folder per class."""

from __future__ import annotations

import os
import struct
import zlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from jsft_tui.sandbox.trainers.common.container import StopFlag, log
from jsft_tui.sandbox.trainers.common.settings import UserError

IMAGE_SIZE = 96
"""Width and height, in pixels, to which every image is resized."""
IMAGE_SUFFIXES = frozenset({".jpg", ".jpeg", ".png"})
MAX_IMAGES = 20_000
"""Maximum number of images: their pixels are held in memory, 27 KiB per image."""
MAX_PIXELS = 64_000_000
"""Maximum pixels of one image: a small file can decode to far more and would exhaust the memory."""

Pixels = NDArray[np.uint8]
_Item = TypeVar("_Item")
_Result = TypeVar("_Result")

_UNREADABLE = (OSError, SyntaxError, ValueError, EOFError, IndexError, struct.error, zlib.error)
"""Exceptions that Pillow raises for damaged files."""
_FILTERS = {
    "bilinear": Image.Resampling.BILINEAR,
    "nearest": Image.Resampling.NEAREST,
    "bicubic": Image.Resampling.BICUBIC,
    "area": Image.Resampling.BOX,
    "lanczos3": Image.Resampling.LANCZOS,
}


@dataclass(frozen=True)
class ImageFiles:
    """The files of a channel; labels are indexes into `classes`, which are in alphabetical order as in JumpStart."""

    root: Path
    classes: tuple[str, ...]
    files: tuple[Path, ...]
    labels: NDArray[np.intp]


def find_images(root: Path) -> ImageFiles:
    """Find the images in a channel's folder, which has one folder for each class.

    Raises:
        UserError: there are fewer than two classes, a class has no image, or there are too many images.
    """
    folders = sorted(path for path in root.iterdir() if path.is_dir() and not path.name.startswith("."))
    if len(folders) < 2:
        loose = sum(1 for path in root.iterdir() if path.suffix.lower() in IMAGE_SUFFIXES)
        beside = f" and {_count_of(loose, 'image')} outside any class" if loose else ""
        raise UserError(
            f"channel {root.name!r} has {_count_of(len(folders), 'class folder')}{beside}; image classification needs"
            " one folder of images for each of at least 2 classes"
        )
    found = {folder.name: _images_in(folder) for folder in folders}
    for name, members in found.items():
        if not members:
            raise UserError(f"class {name!r} has no image (.jpg, .jpeg or .png); add some, or remove its folder")
    files = tuple(file for group in found.values() for file in group)
    if len(files) > MAX_IMAGES:
        raise UserError(
            f"channel {root.name!r} has {len(files)} images; the sandbox's trainer accepts at most {MAX_IMAGES}"
        )
    _log_ignored_files(root, files)
    labels = np.repeat(np.arange(len(found)), [len(group) for group in found.values()])
    return ImageFiles(root, tuple(found), files, labels)


def read_images(images: ImageFiles, interpolation: str, stop: StopFlag) -> Pixels:
    """Read all images as (n, 96, 96, 3) RGB.

    Raises:
        UserError: some cannot be read; the message lists the first three.
        Stopped: SIGTERM arrived while reading.
    """
    shape = (len(images.files), IMAGE_SIZE, IMAGE_SIZE, 3)
    pixels = np.empty(shape, np.uint8)
    bad: list[str] = []
    read = map_parallel(lambda file: _read(file, interpolation), images.files, stop)
    for index, image in enumerate(read):
        if isinstance(image, str):
            bad.append(f"{images.files[index].relative_to(images.root).as_posix()} ({image})")
        else:
            pixels[index] = image
    if bad:
        more = ", ..." if len(bad) > 3 else ""
        raise UserError(
            f"{_count_of(len(bad), 'image')} of channel {images.root.name!r} cannot be read:"
            f" {', '.join(bad[:3])}{more}; replace or remove them"
        )
    return pixels


def read_image(file: Path, interpolation: str) -> Pixels:
    """Read one image as (96, 96, 3) RGB, as the trainer does.

    Raises:
        UserError: it cannot be read.
    """
    image = _read(file, interpolation)
    if isinstance(image, str):
        raise UserError(f"{file.name} cannot be read as an image ({image})")
    return image


def map_parallel(work: Callable[[_Item], _Result], items: Iterable[_Item], stop: StopFlag) -> Iterator[_Result]:
    """Yield the results in order, computed in one thread per core (numpy and Pillow release the GIL).

    Raises:
        Stopped: SIGTERM arrived; work that has not started is canceled.
    """
    with ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as pool:
        pending = deque(pool.submit(work, item) for item in items)
        try:
            while pending:
                stop.check()
                # Removed from the queue, so that only the caller keeps a reference to the result.
                yield pending.popleft().result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _read(file: Path, interpolation: str) -> Pixels | str:
    """Return the pixels, or the reason why the file cannot be read."""
    try:
        if not file.stat().st_size:
            return "empty file"
        with Image.open(file, formats=("JPEG", "PNG")) as image:
            if image.width * image.height > MAX_PIXELS:
                return f"{image.width} x {image.height} pixels are too many"
            image.draft("RGB", (IMAGE_SIZE, IMAGE_SIZE))
            small = image.convert("RGB").resize((IMAGE_SIZE, IMAGE_SIZE), _FILTERS[interpolation])
            return np.asarray(small, np.uint8)
    except Image.DecompressionBombError:
        return "far too many pixels"
    except FileNotFoundError:
        return "no such file"
    except UnidentifiedImageError:
        return "neither JPEG nor PNG"
    except _UNREADABLE as error:
        reason = error.strerror if isinstance(error, OSError) else None
        return reason or str(error)[:80] or type(error).__name__


def _log_ignored_files(root: Path, images: tuple[Path, ...]) -> None:
    """Log how many files of a channel are ignored."""
    others = sum(1 for path in root.rglob("*") if path.is_file() and not path.name.startswith(".")) - len(images)
    if others:
        log(
            f"Ignored: {_count_of(others, 'file')} of channel {root.name!r} that"
            f" {'is' if others == 1 else 'are'} not a .jpg, .jpeg or .png directly in a class folder."
        )


def _images_in(folder: Path) -> list[Path]:
    return sorted(
        file
        for file in folder.iterdir()
        if file.suffix.lower() in IMAGE_SUFFIXES and not file.name.startswith(".") and file.is_file()
    )


def _count_of(count: int, noun: str) -> str:
    plural = noun + ("es" if noun.endswith("s") else "s")
    return f"{count} {noun if count == 1 else plural}"
