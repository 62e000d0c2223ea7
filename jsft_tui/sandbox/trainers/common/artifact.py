"""Write a job's model artifact (`model.tar.gz`), and read it in a later job or in `predict`.

Three files: `model.npz` (the arrays), `class_label_to_prediction_index.json` (label to index, the name that JumpStart's
image and segmentation models use) and `training_info.json`. A tarball is untrusted, so nothing in it is
unpacked to disk or unpickled, and sizes are checked before anything is read.
"""

from __future__ import annotations

import json
import tarfile
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jsft_tui.sandbox.trainers.common.arrays import MAX_BYTES, read_arrays, write_arrays
from jsft_tui.sandbox.trainers.common.container import log, write_json
from jsft_tui.sandbox.trainers.common.settings import UserError

MODEL = "model.npz"
LABELS = "class_label_to_prediction_index.json"
INFO = "training_info.json"
MAX_MEMBERS = 100_000

Arrays = Mapping[str, NDArray[Any]]


@dataclass(frozen=True)
class Artifact:
    """A trained model.

    Attributes:
        arrays: its parameters and other arrays that prediction needs.
        classes: the labels, in the order of the model's outputs.
        info: how it was trained; `task` determines its input.
    """

    arrays: Arrays
    classes: tuple[str, ...]
    info: Mapping[str, Any]

    @property
    def task(self) -> str:
        """The task, for example `image-classification`."""
        return str(self.info.get("task", "an unknown task"))

    def array(self, name: str, *shape: int) -> NDArray[Any]:
        """Return one of its arrays.

        Args:
            name: the array's name.
            shape: the required shape; -1 matches any length.

        Raises:
            UserError: it is missing, has another shape or contains values that are not finite numbers.
        """
        value = self.arrays.get(name)
        if value is None:
            raise UserError(f"the model has no array {name!r}; it was not made by this trainer")
        fits = len(shape) == value.ndim and all(
            want in (-1, have) for want, have in zip(shape, value.shape, strict=True)
        )
        if not fits or value.dtype.kind not in "fi" or not np.isfinite(value).all():
            raise UserError(f"the array {name!r} of the model is not what this trainer would have written")
        return value


def write_artifact(folder: Path, artifact: Artifact) -> None:
    """Write the three files, each atomically."""
    write_arrays(folder / MODEL, artifact.arrays, zipfile.ZIP_DEFLATED)
    write_json(folder / LABELS, {label: index for index, label in enumerate(artifact.classes)})
    write_json(folder / INFO, artifact.info)


def read_artifact(tarball: Path) -> Artifact | None:
    """Return the model in a tarball, or in the folder of an uncompressed one; None if there is none of these trainers.

    Raises:
        UserError: the file is not a readable tarball, or the model in it is damaged.
    """
    try:
        files = _files(tarball) if tarball.is_dir() else _members(tarball)
    except (tarfile.TarError, EOFError, OSError, zlib.error) as error:
        raise UserError(f"{tarball.name} cannot be read as a tar.gz archive ({error})") from None
    if MODEL not in files:
        return None
    missing = [name for name in (LABELS, INFO) if name not in files]
    if missing:
        raise UserError(f"{tarball.name} has a {MODEL} but no {missing[0]}; the model is incomplete")
    try:
        return Artifact(read_arrays(files[MODEL]), _classes(files[LABELS]), _info(files[INFO]))
    except (ValueError, KeyError, EOFError, OSError, zipfile.BadZipFile, zlib.error) as error:
        raise UserError(f"the model in {tarball.name} is damaged ({error})") from None


def previous_model(channel: Path | None, task: str) -> Artifact | None:
    """Return the model in a job's `model` channel from which training continues.

    That channel contains a model's pretrained artifact, or a previous job's `model.tar.gz` (incremental training).
    The sandbox ignores pretrained artifacts: its weights come from a package.

    Raises:
        UserError: the model there was trained for another task, or cannot be read.
    """
    tarballs = sorted(channel.rglob("*.tar.gz")) if channel else []
    for tarball in tarballs:
        found = read_artifact(tarball)
        if found is None:
            continue
        if found.task != task:
            raise UserError(f"channel 'model' contains a model for {found.task}; this job needs one for {task}")
        return found
    return None


def keeps_head(previous: Artifact | None, classes: tuple[str, ...], reinitialize: str) -> bool:
    """Return whether the previous model's head is kept, according to the hyperparameter `reinitialize_top_layer`.

    Raises:
        UserError: it must be kept (`False`), but there is no head for these classes.
    """
    same = previous is not None and previous.classes == classes
    if reinitialize == "False" and not same:
        trained_on = (
            f"was trained on the classes {_short_list(previous.classes)}, not {_short_list(classes)}"
            if previous
            else "is missing"
        )
        raise UserError(
            "reinitialize_top_layer is False, but a previous model in channel 'model' whose top layer could be kept"
            f" {trained_on}; set it to Auto or True"
        )
    return same and reinitialize != "True"


def log_previous_model(previous: Artifact | None, classes: tuple[str, ...], reinitialize: str) -> None:
    """Log that training continues from the previous model, if there is one."""
    if previous:
        head = "kept" if keeps_head(previous, classes, reinitialize) else "replaced by a new one"
        log(f"Continuing from the model in channel 'model'; its head is {head}.")


def _short_list(classes: tuple[str, ...]) -> str:
    return ", ".join(classes[:5]) + (f" and {len(classes) - 5} more" if len(classes) > 5 else "")


def _files(folder: Path) -> dict[str, bytes]:
    """Return the contents of the model's files that are in a folder.

    Raises:
        UserError: one of them is too large.
    """
    found: dict[str, bytes] = {}
    for path in (folder / name for name in (MODEL, LABELS, INFO)):
        if path.is_file():
            if path.stat().st_size > MAX_BYTES:
                raise UserError(f"{path.name} in {folder.name} is not a file of a reasonable size")
            found[path.name] = path.read_bytes()
    return found


def _members(tarball: Path) -> dict[str, bytes]:
    """Return the contents of the model's files that are in the tarball.

    Raises:
        UserError: one of them is not a plain file, or too large.
    """
    found: dict[str, bytes] = {}
    with tarfile.open(tarball, "r:gz") as archive:
        for count, member in enumerate(archive):
            name = member.name.removeprefix("./")
            if count >= MAX_MEMBERS:
                raise UserError(f"{tarball.name} contains more than {MAX_MEMBERS} files")
            if name not in (MODEL, LABELS, INFO):
                continue
            source = archive.extractfile(member) if member.isfile() else None
            if source is None or member.size > MAX_BYTES:
                raise UserError(f"{name} in {tarball.name} is not a plain file of a reasonable size")
            found[name] = source.read()
    return found


def _classes(content: bytes) -> tuple[str, ...]:
    document = json.loads(content)
    if not isinstance(document, dict) or sorted(document.values()) != list(range(len(document))):
        raise ValueError(f"{LABELS} does not number the labels from 0")
    return tuple(sorted(document, key=document.__getitem__))


def _info(content: bytes) -> dict[str, Any]:
    document = json.loads(content)
    if not isinstance(document, dict):
        raise ValueError(f"{INFO} is not an object")
    return document
