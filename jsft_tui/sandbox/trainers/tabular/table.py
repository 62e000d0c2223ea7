"""Read tables of numbers: CSV without a header, the target in the first column and features in all others."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from jsft_tui.sandbox.trainers.common.container import Container, StopFlag
from jsft_tui.sandbox.trainers.common.settings import UserError
from jsft_tui.sandbox.trainers.common.tables import RowErrors, quoted, read_rows

VALIDATION_SHARE = 0.2
"""Fraction of the training rows used if there is no validation data, as in JumpStart's tabular models."""
FROM_NOTHING = "none: tabular models start from nothing"
"""The pretrained weights of all of them."""
SEED = 123
MAX_VALUE = 1e100
"""Maximum absolute value: larger numbers would overflow in sums of squares."""
_STOP_EVERY = 5000

Table = NDArray[np.float64]


@dataclass(frozen=True)
class TableRule:
    """What the cells of a table may be.

    Attributes:
        target: names the target in messages.
        target_error: returns the error in a target, given its number and its text; empty if it is valid.
        allows_gaps: whether features may be empty cells (XGBoost learns from them, scikit-learn does not).
    """

    target: str
    target_error: Callable[[float, str], str]
    allows_gaps: bool = False


@dataclass(frozen=True)
class Tables:
    """The tables of a job, with the target in the first column.

    Attributes:
        path: the training file.
        validation: None if the job has no validation data.
        validation_path: its file; the training file if there is none.
        digest: of the files' content.
    """

    path: Path
    training: Table
    validation: Table | None
    validation_path: Path
    digest: str


def read_tables(container: Container, rule: TableRule) -> Tables:
    """Read the training table, and that of the validation data if there is any.

    Training: `train/` or `training/` in the channel, or the channel itself. Validation: `validation/` in the channel,
    or the channel of that name. In each, `data.csv` or the only CSV file.

    Raises:
        UserError: the data is not valid.
        Stopped: SIGTERM arrived.
    """
    channel = container.channel("training", "train")
    path = _find_csv(_first_folder(channel / "train", channel / "training") or channel)
    table = _read(path, rule, container.stop)
    digest = hashlib.sha256(path.read_bytes())
    folder = _first_folder(channel / "validation") or container.optional_channel("validation")
    if not folder:
        return Tables(path, table, None, path, digest.hexdigest())
    held_out = _find_csv(folder)
    others = _read(held_out, rule, container.stop)
    digest.update(held_out.read_bytes())
    if others.shape[1] != table.shape[1]:
        raise UserError(
            f"the validation file {held_out.name} has {others.shape[1]} columns, the training file {table.shape[1]}"
        )
    return Tables(path, table, others, held_out, digest.hexdigest())


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


def _read(path: Path, rule: TableRule, stop: StopFlag) -> Table:
    """Read all numbers of a file; an empty cell is NaN where gaps are allowed."""
    rows: list[list[float]] = []
    bad = RowErrors(path.name)
    columns = 0
    for line, row in read_rows(path):
        columns = columns or len(row)
        wrong = _row_error(row, columns, rule)
        if wrong:
            bad.add(line, wrong)
        else:
            rows.append([float(cell) if cell.strip() else math.nan for cell in row])
        if len(rows) % _STOP_EVERY == 0:
            stop.check()
    bad.check()
    if not rows:
        raise UserError(f"{path.name} is empty; it needs rows of {rule.target} and numbers")
    return np.array(rows, np.float64)


def _row_error(row: list[str], columns: int, rule: TableRule) -> str:
    """Return the error in a row; empty if it is valid."""
    if len(row) < 2:
        return f"it has 1 column, but {rule.target} and at least one number are needed"
    if len(row) != columns:
        return f"it has {len(row)} columns, the first row has {columns}"
    for column, cell in enumerate(row, start=1):
        if column > 1 and rule.allows_gaps and not cell.strip():
            continue
        number = _number(cell)
        if number is None:
            return f"column {column} is {quoted(cell)}, not a number"
        if column == 1 and (wrong := rule.target_error(number, cell)):
            return wrong
    return ""


def _number(cell: str) -> float | None:
    """Return the finite number in a cell; None if there is none."""
    try:
        value = float(cell)
    except ValueError:
        return None
    return value if abs(value) < MAX_VALUE and "_" not in cell else None
