"""Read the text classifier's dataset: JumpStart's `data.csv`, without header, with an integer label and a text."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from jsft_tui.sandbox.trainers.common.container import Container
from jsft_tui.sandbox.trainers.common.fit import split
from jsft_tui.sandbox.trainers.common.scores import Labels
from jsft_tui.sandbox.trainers.common.settings import UserError
from jsft_tui.sandbox.trainers.common.tables import quoted
from jsft_tui.sandbox.trainers.text.data_csv import FILE, find_data_csv, is_whole, read_data_csv

_COLUMNS = "label,text"


@dataclass(frozen=True)
class TextData:
    """The texts of a job, split into training and validation.

    Attributes:
        classes: the labels in the file, `0`, `1` and so on, or starting at a larger number.
        labels: of the training texts, as indexes into `classes`.
        digest: of the files' content.
    """

    classes: tuple[str, ...]
    training: tuple[str, ...]
    labels: Labels
    validation: tuple[str, ...]
    validation_labels: Labels
    digest: str


def read_data(container: Container) -> TextData:
    """Read the training texts, and those of the `validation` channel or a fraction of the training texts.

    Raises:
        UserError: the data is not valid for text classification.
        Stopped: SIGTERM arrived.
    """
    settings = container.settings
    validation_folder = container.optional_channel("validation")
    path = find_data_csv(container.channel("training", "train"), _COLUMNS)
    labels, texts = _read(path)
    _check_labels(labels)
    container.stop.check()
    # JumpStart's pages say both "0 to n-1" and "1, 2, 3, n": any first label is accepted.
    first, last = int(labels.min()), int(labels.max())
    classes = tuple(str(label) for label in range(first, last + 1))
    labels -= first
    digest = hashlib.sha256(path.read_bytes())
    if validation_folder:
        held_out = find_data_csv(validation_folder, _COLUMNS)
        others, other_texts = _read(held_out)
        strange = others[(others < first) | (others > last)]
        if len(strange):
            raise UserError(f"the validation channel has the label {strange[0]}, but training has {first}..{last}")
        others -= first
        digest.update(held_out.read_bytes())
        return TextData(classes, texts, labels, other_texts, others, digest.hexdigest())
    rng = np.random.default_rng(settings.integer("random_seed"))
    ours, theirs = split(labels, settings.number("validation_split_ratio"), rng)
    return TextData(
        classes=classes,
        training=_select(texts, ours),
        labels=labels[ours],
        validation=_select(texts, theirs),
        validation_labels=labels[theirs],
        digest=digest.hexdigest(),
    )


def _read(path: Path) -> tuple[Labels, tuple[str, ...]]:
    rows = read_data_csv(path, _COLUMNS, _row_error)
    return np.array([int(label) for label, _ in rows], np.intp), tuple(text for _, text in rows)


def _row_error(row: list[str]) -> str:
    """Return the error in a row; empty if it is valid."""
    if not is_whole(row[0]) or int(row[0]) < 0:
        return f"the label {quoted(row[0])} is not an integer from 0 on"
    if len(row) < 2 or not row[1].strip():
        return "there is no text after the label"
    return ""


def _check_labels(labels: Labels) -> None:
    """Check that there are at least two labels, without a gap between them.

    Raises:
        UserError: there is only one label, or there is a gap.
    """
    present = np.unique(labels)
    if len(present) < 2:
        raise UserError(f"{FILE} has only the label {present[0]}; at least 2 classes are needed")
    gaps = np.flatnonzero(np.diff(present) > 1)
    if len(gaps):
        raise UserError(
            f"the labels in {FILE} go from {present[0]} to {present[-1]}, but none is {present[gaps[0]] + 1};"
            f" number the {len(present)} classes without a gap"
        )


def _select(texts: tuple[str, ...], rows: NDArray[np.intp]) -> tuple[str, ...]:
    return tuple(texts[row] for row in rows)
