"""Read sentence pairs: JumpStart's `data.csv`, without header, with a label of 0 or 1 and two sentences."""

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

CLASSES = ("0", "1")
# Not checked against AWS: the fraction that the script keeps for validation, and its seed.
VALIDATION_SHARE = 0.2
SEED = 123
_COLUMNS = "label,first sentence,second sentence"


@dataclass(frozen=True)
class Pairs:
    """Pairs of sentences and their labels."""

    first: tuple[str, ...]
    second: tuple[str, ...]
    labels: Labels

    def select(self, rows: NDArray[np.intp]) -> Pairs:
        """Return some of the pairs."""
        return Pairs(tuple(self.first[row] for row in rows), tuple(self.second[row] for row in rows), self.labels[rows])


@dataclass(frozen=True)
class PairData:
    """The pairs of a job, split into training and validation.

    Attributes:
        digest: of the files' content.
    """

    training: Pairs
    validation: Pairs
    digest: str


def read_data(container: Container) -> PairData:
    """Read the training pairs, and those of the `validation` channel or a fraction of the training pairs.

    Raises:
        UserError: the data is not valid for sentence pairs.
    """
    path = find_data_csv(container.channel("training", "train"), _COLUMNS)
    pairs = _read(path)
    present = np.unique(pairs.labels)
    if len(present) < 2:
        raise UserError(f"{FILE} has only the label {present[0]}; there must be pairs of 0 and of 1")
    digest = hashlib.sha256(path.read_bytes())
    folder = container.optional_channel("validation")
    if folder:
        held_out = find_data_csv(folder, _COLUMNS)
        digest.update(held_out.read_bytes())
        return PairData(pairs, _read(held_out), digest.hexdigest())
    ours, theirs = split(pairs.labels, VALIDATION_SHARE, np.random.default_rng(SEED))
    return PairData(pairs.select(ours), pairs.select(theirs), digest.hexdigest())


def _read(path: Path) -> Pairs:
    rows = read_data_csv(path, _COLUMNS, _row_error)
    labels = np.array([int(row[0]) for row in rows], np.intp)
    return Pairs(tuple(row[1] for row in rows), tuple(row[2] for row in rows), labels)


def _row_error(row: list[str]) -> str:
    """Return the error in a row; empty if it is valid."""
    if not is_whole(row[0]) or int(row[0]) not in (0, 1):
        return f"the label {quoted(row[0])} is neither 0 nor 1"
    if len(row) < 3 or not row[1].strip() or not row[2].strip():
        return "there are no two sentences after the label"
    return ""
