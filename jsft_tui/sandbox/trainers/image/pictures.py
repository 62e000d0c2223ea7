"""A data set of pictures on disk: one folder for each class, read, checked and resized."""

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

SIDE = 96
"""Width and height, in pixels, that every picture is brought to."""
KINDS = frozenset({".jpg", ".jpeg", ".png"})
MOST_PICTURES = 20_000
"""The pixels of a data set are held in memory, 27 KiB for each picture."""
MOST_PIXELS = 64_000_000
"""Of one picture; a small file can hold far more, and would take all memory."""

Pixels = NDArray[np.uint8]
_Item = TypeVar("_Item")
_Result = TypeVar("_Result")

_UNREADABLE = (OSError, SyntaxError, ValueError, EOFError, IndexError, struct.error, zlib.error)
"""What Pillow raises over damaged files of the three kinds."""
_FILTERS = {
    "bilinear": Image.Resampling.BILINEAR,
    "nearest": Image.Resampling.NEAREST,
    "bicubic": Image.Resampling.BICUBIC,
    "area": Image.Resampling.BOX,
    "lanczos3": Image.Resampling.LANCZOS,
}


@dataclass(frozen=True)
class PictureFiles:
    """The files of a channel: every one with its class's place in `classes` (alphabetical order, as JumpStart has)."""

    root: Path
    classes: tuple[str, ...]
    files: tuple[Path, ...]
    labels: NDArray[np.intp]


def find_pictures(root: Path) -> PictureFiles:
    """The pictures in a channel's folder, which has one folder for each class.

    Raises:
        UserError: there are no two classes, or a class has no picture, or there are too many.
    """
    folders = sorted(path for path in root.iterdir() if path.is_dir() and not path.name.startswith("."))
    if len(folders) < 2:
        loose = sum(1 for path in root.iterdir() if path.suffix.lower() in KINDS)
        beside = f" and {_counted(loose, 'picture')} outside any class" if loose else ""
        raise UserError(
            f"channel {root.name!r} has {_counted(len(folders), 'class folder')}{beside}; image classification needs"
            " one folder of pictures for each of at least 2 classes"
        )
    found = {folder.name: _pictures_in(folder) for folder in folders}
    for name, members in found.items():
        if not members:
            raise UserError(f"class {name!r} has no picture (.jpg, .jpeg or .png); add some, or remove its folder")
    files = tuple(file for group in found.values() for file in group)
    if len(files) > MOST_PICTURES:
        raise UserError(
            f"channel {root.name!r} has {len(files)} pictures; the sandbox's trainer takes at most {MOST_PICTURES}"
        )
    _mention_others(root, files)
    labels = np.repeat(np.arange(len(found)), [len(group) for group in found.values()])
    return PictureFiles(root, tuple(found), files, labels)


def read_pictures(pictures: PictureFiles, interpolation: str, stop: StopFlag) -> Pixels:
    """All pictures as (n, 96, 96, 3) RGB.

    Raises:
        UserError: some cannot be read; the message names the first three.
        Stopped: SIGTERM came while reading.
    """
    shape = (len(pictures.files), SIDE, SIDE, 3)
    pixels = np.empty(shape, np.uint8)
    bad: list[str] = []
    read = in_parallel(lambda file: _read(file, interpolation), pictures.files, stop)
    for place, picture in enumerate(read):
        if isinstance(picture, str):
            bad.append(f"{pictures.files[place].relative_to(pictures.root).as_posix()} ({picture})")
        else:
            pixels[place] = picture
    if bad:
        more = ", ..." if len(bad) > 3 else ""
        raise UserError(
            f"{_counted(len(bad), 'picture')} of channel {pictures.root.name!r} cannot be read:"
            f" {', '.join(bad[:3])}{more}; replace or remove them"
        )
    return pixels


def read_picture(file: Path, interpolation: str) -> Pixels:
    """One picture as (96, 96, 3) RGB, as the trainer would see it.

    Raises:
        UserError: it cannot be read.
    """
    picture = _read(file, interpolation)
    if isinstance(picture, str):
        raise UserError(f"{file.name} cannot be read as a picture ({picture})")
    return picture


def in_parallel(work: Callable[[_Item], _Result], items: Iterable[_Item], stop: StopFlag) -> Iterator[_Result]:
    """The results in order, from one thread for each core (numpy and Pillow let go of the interpreter's lock).

    Raises:
        Stopped: SIGTERM came; what had not begun is not done.
    """
    with ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as pool:
        pending = deque(pool.submit(work, item) for item in items)
        try:
            while pending:
                stop.check()
                # Taken out of the queue, so that a result is not held any longer than the caller holds it.
                yield pending.popleft().result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _read(file: Path, interpolation: str) -> Pixels | str:
    """The pixels, or why there are none."""
    try:
        if not file.stat().st_size:
            return "empty file"
        with Image.open(file, formats=("JPEG", "PNG")) as image:
            if image.width * image.height > MOST_PIXELS:
                return f"{image.width} x {image.height} pixels are too many"
            image.draft("RGB", (SIDE, SIDE))
            small = image.convert("RGB").resize((SIDE, SIDE), _FILTERS[interpolation])
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


def _mention_others(root: Path, pictures: tuple[Path, ...]) -> None:
    """Tell the log how many files of a channel are passed over."""
    others = sum(1 for path in root.rglob("*") if path.is_file() and not path.name.startswith(".")) - len(pictures)
    if others:
        log(
            f"Passed over: {_counted(others, 'file')} of channel {root.name!r} that"
            f" {'is' if others == 1 else 'are'} not a .jpg, .jpeg or .png right in a class folder."
        )


def _pictures_in(folder: Path) -> list[Path]:
    return sorted(
        file
        for file in folder.iterdir()
        if file.suffix.lower() in KINDS and not file.name.startswith(".") and file.is_file()
    )


def _counted(count: int, noun: str) -> str:
    plural = noun + ("es" if noun.endswith("s") else "s")
    return f"{count} {noun if count == 1 else plural}"
