"""Read the data of the tabular trainers, split into training and validation: classes, or numbers to predict."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from jsft_tui.sandbox.trainers.common.container import Container
from jsft_tui.sandbox.trainers.common.fit import split
from jsft_tui.sandbox.trainers.common.scores import Targets
from jsft_tui.sandbox.trainers.common.settings import UserError
from jsft_tui.sandbox.trainers.common.tables import quoted
from jsft_tui.sandbox.trainers.tabular.table import SEED, VALIDATION_SHARE, Table, TableRule, read_tables

MAX_CLASSES = 1000


@dataclass(frozen=True)
class TabularData:
    """The rows of a job, split into training and validation.

    Attributes:
        classes: the distinct classes as texts, in numerical order; empty for regression.
        training: the features, shaped (rows, features).
        targets: indexes into `classes`, or the numbers to predict.
        digest: of the files' content.
    """

    classes: tuple[str, ...]
    training: Table
    targets: Targets
    validation: Table
    validation_targets: Targets
    digest: str


def class_rule(*, allows_gaps: bool = False) -> TableRule:
    """Return the rule of tables whose first column is a class."""
    return TableRule("a class", _class_error, allows_gaps)


def number_rule(*, allows_gaps: bool = False) -> TableRule:
    """Return the rule of tables whose first column is a number to predict."""
    return TableRule("a target", lambda _number, _cell: "", allows_gaps)


def read_classes(container: Container, rule: TableRule) -> TabularData:
    """Read the rows and their classes.

    Raises:
        UserError: the data is not valid.
        Stopped: SIGTERM arrived.
    """
    tables = read_tables(container, rule)
    table, others = tables.training, tables.validation
    numbers = table[:, 0].astype(np.int64)
    classes = _classes(numbers, tables.path)
    labels = np.searchsorted(classes, numbers)
    names = tuple(str(value) for value in classes)
    if others is not None:
        held_out = others[:, 0].astype(np.int64)
        unknown = np.setdiff1d(held_out, classes)
        if len(unknown):
            raise UserError(
                f"the validation file {tables.validation_path.name} has the class {unknown[0]},"
                " which the training file lacks"
            )
        their_labels = np.searchsorted(classes, held_out)
        return TabularData(names, table[:, 1:], labels, others[:, 1:], their_labels, tables.digest)
    ours, theirs = split(labels, VALIDATION_SHARE, np.random.default_rng(SEED))
    return TabularData(names, table[ours, 1:], labels[ours], table[theirs, 1:], labels[theirs], tables.digest)


def read_numbers(container: Container, rule: TableRule) -> TabularData:
    """Read the rows and the numbers to predict.

    Raises:
        UserError: the data is not valid.
        Stopped: SIGTERM arrived.
    """
    tables = read_tables(container, rule)
    table, others = tables.training, tables.validation
    if others is None:
        if len(table) < 2:
            raise UserError(f"{tables.path.name} has a single row; a second one is needed to validate with")
        order = np.random.default_rng(SEED).permutation(len(table))
        held_out = min(max(1, round(len(table) * VALIDATION_SHARE)), len(table) - 1)
        table, others = table[order[held_out:]], table[order[:held_out]]
    return TabularData((), table[:, 1:], table[:, 0], others[:, 1:], others[:, 0], tables.digest)


def _class_error(number: float, cell: str) -> str:
    if not number.is_integer() or abs(number) > 2**53:
        return f"the class {quoted(cell)} in column 1 is not an integer"
    return ""


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
