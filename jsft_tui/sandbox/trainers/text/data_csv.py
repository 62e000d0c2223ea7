"""Read the one file of the text tasks: JumpStart's `data.csv`, without a header."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from jsft_tui.sandbox.trainers.common.container import log
from jsft_tui.sandbox.trainers.common.settings import UserError
from jsft_tui.sandbox.trainers.common.tables import RowErrors, read_rows

FILE = "data.csv"
_WHOLE = re.compile(r"[-+]?[0-9]{1,18}")


def find_data_csv(folder: Path, columns: str) -> Path:
    """Return the file of a channel.

    Args:
        folder: the channel's folder.
        columns: the columns by name, for the message.

    Raises:
        UserError: there is none.
    """
    path = folder / FILE
    if not path.is_file():
        raise UserError(
            f"channel {folder.name!r} has no {FILE} at its top level; add it, with one row {columns!r} per example"
        )
    return path


def read_data_csv(path: Path, columns: str, row_error: Callable[[list[str]], str]) -> list[list[str]]:
    """Return the rows of the file, cut to the columns that are used.

    Args:
        path: the file.
        columns: the columns by name, separated by commas, for messages.
        row_error: returns the error in a row; empty if it is valid.

    Raises:
        UserError: a row is invalid, or there is none.
    """
    width = columns.count(",") + 1
    rows: list[list[str]] = []
    bad = RowErrors(path.name)
    wider = 0
    for line, row in read_rows(path):
        wrong = row_error(row)
        if wrong:
            bad.add(line, wrong)
        else:
            rows.append(row[:width])
        wider += len(row) > width
    bad.check()
    if wider:
        count = {2: "two", 3: "three", 4: "four"}[width]
        log(
            f"Rows with more than {count} columns: {wider} of {path.name}; only the first {count} are used"
            " (a text with a comma in it needs quotes)."
        )
    if not rows:
        raise UserError(f"{path.name} of channel {path.parent.name!r} is empty; it needs rows {columns!r}")
    return rows


def is_whole(cell: str) -> bool:
    """Return whether a cell is an integer of at most 18 digits."""
    return _WHOLE.fullmatch(cell.strip()) is not None
