"""Read the linear model's dataset: CSV without a header, the class in the first column and numbers in all others."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from jsft_tui.sandbox.trainers.common.container import Container, StopFlag
from jsft_tui.sandbox.trainers.common.fit import split
from jsft_tui.sandbox.trainers.common.scores import Labels
from jsft_tui.sandbox.trainers.common.settings import UserError
from jsft_tui.sandbox.trainers.common.tables import RowErrors, quoted, read_rows

VALIDATION_SHARE = 0.2
"""Fraction of the training rows used if there is no validation data, as in JumpStart's tabular models."""
SEED = 123
MAX_CLASSES = 1000
MAX_VALUE = 1e100
"""Maximum absolute value: larger numbers would overflow in sums of squares."""
_STOP_EVERY = 5000

Table = NDArray[np.float64]


@dataclass(frozen=True)
class TabularData:
    """The rows of a job, split into training and validation.

    Attributes:
        classes: the distinct values of the first column, as texts, in numerical order.
        training: shaped (rows, features).
        digest: of the files' content.
    """

    classes: tuple[str, ...]
    training: Table
    labels: Labels
    validation: Table
    validation_labels: Labels
    digest: str


def read_data(container: Container) -> TabularData:
    """Read the training rows, and those of the validation data or a fifth of the training rows.

    Training: `train/` or `training/` in the channel, or the channel itself. Validation: `validation/` in the channel,
    or the channel of that name. In each, `data.csv` or the only CSV file.

    Raises:
        UserError: the data is not valid for the linear model.
        Stopped: SIGTERM arrived.
    """
    channel = container.channel("training", "train")
    path = _find_csv(_first_folder(channel / "train", channel / "training") or channel)
    table = _read(path, container.stop)
    targets = table[:, 0].astype(np.int64)
    validation_folder = _first_folder(channel / "validation") or container.optional_channel("validation")
    classes = _classes(targets, path)
    labels = np.searchsorted(classes, targets)
    names = tuple(str(value) for value in classes)
    digest = hashlib.sha256(path.read_bytes())
    if validation_folder:
        held_out = _find_csv(validation_folder)
        others = _read(held_out, container.stop)
        digest.update(held_out.read_bytes())
        _check_like_training(others, table, classes, held_out)
        their_labels = np.searchsorted(classes, others[:, 0].astype(np.int64))
        return TabularData(names, table[:, 1:], labels, others[:, 1:], their_labels, digest.hexdigest())
    ours, theirs = split(labels, VALIDATION_SHARE, np.random.default_rng(SEED))
    return TabularData(names, table[ours, 1:], labels[ours], table[theirs, 1:], labels[theirs], digest.hexdigest())


def _first_folder(*candidates: Path) -> Path | None:
    return next((folder for folder in candidates if folder.is_dir()), None)


def _find_csv(folder: Path) -> Path:
    if (folder / "data.csv").is_file():
        return folder / "data.csv"
    found = sorted(path for path in folder.glob("*.csv") if path.is_file())
    if len(found) == 1:
        return found[0]
    if found:
        raise UserError(
            f"folder {folder.name!r} has {len(found)} CSV files ({found[0].name}, {found[1].name}, ...) and none of"
            " them is data.csv; leave one, or name it data.csv"
        )
    raise UserError(f"folder {folder.name!r} has no CSV file; put train/data.csv or data.csv into the training channel")


def _read(path: Path, stop: StopFlag) -> Table:
    """Read all numbers of a file, with the class in the first column."""
    rows: list[list[float]] = []
    bad = RowErrors(path.name)
    columns = 0
    for line, row in read_rows(path):
        columns = columns or len(row)
        wrong = _row_error(row, columns)
        if wrong:
            bad.add(line, wrong)
        else:
            rows.append([float(cell) for cell in row])
        if len(rows) % _STOP_EVERY == 0:
            stop.check()
    bad.check()
    if not rows:
        raise UserError(f"{path.name} is empty; it needs rows of a class and numbers")
    return np.array(rows, np.float64)


def _row_error(row: list[str], columns: int) -> str:
    """Return the error in a row; empty if it is valid."""
    if len(row) < 2:
        return "it has 1 column, but a class and at least one number are needed"
    if len(row) != columns:
        return f"it has {len(row)} columns, the first row has {columns}"
    for column, cell in enumerate(row, start=1):
        number = _number(cell)
        if number is None:
            return f"column {column} is {quoted(cell)}, not a number"
        if column == 1 and (not number.is_integer() or abs(number) > 2**53):
            return f"the class {quoted(cell)} in column 1 is not an integer"
    return ""


def _number(cell: str) -> float | None:
    """Return the finite number in a cell; None if there is none."""
    try:
        value = float(cell)
    except ValueError:
        return None
    return value if abs(value) < MAX_VALUE and "_" not in cell else None


def _classes(targets: NDArray[np.int64], path: Path) -> NDArray[np.int64]:
    """Return the distinct classes, sorted.

    Raises:
        UserError: there is only one class, or there are too many.
    """
    classes = np.unique(targets)
    if len(classes) < 2:
        raise UserError(f"the first column of {path.name} is always {targets[0]}; at least 2 classes are needed")
    if len(classes) > MAX_CLASSES:
        raise UserError(
            f"the first column of {path.name} has {len(classes)} different values, more than {MAX_CLASSES}; it must be"
            " the class, not a measured number"
        )
    return classes


def _check_like_training(others: Table, table: Table, classes: NDArray[np.int64], path: Path) -> None:
    """Check that validation data has the columns and classes of the training data.

    Raises:
        UserError: it does not.
    """
    if others.shape[1] != table.shape[1]:
        raise UserError(
            f"the validation file {path.name} has {others.shape[1]} columns, the training file {table.shape[1]}"
        )
    unknown = np.setdiff1d(others[:, 0].astype(np.int64), classes)
    if len(unknown):
        raise UserError(f"the validation file {path.name} has the class {unknown[0]}, which the training file lacks")
