"""The one file of the text tasks: data.csv directly under the prefix, without a header, read row by row."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Protocol

from jsft_tui.core.datasets.csv_rows import CsvRow, UnreadableCsvError, rows
from jsft_tui.core.datasets.findings_by_kind import FindingsByKind
from jsft_tui.core.datasets.reader import BudgetedDataset, DataObject, LintFinding, Listing, block, warn

FILE = "data.csv"
_WHOLE = re.compile(r"[-+]?[0-9]{1,18}")


class RowJudge(Protocol):
    """What a task says of the file's rows."""

    found: FindingsByKind

    def row(self, row: CsvRow, where: str) -> None:
        """Judge one row; what is wrong with it goes to the findings."""
        ...

    def whole(self, *, complete: bool) -> Iterator[LintFinding]:
        """What can be said at the end of at least one row; `complete`: no row was left unread."""
        ...


def is_whole(text: str) -> bool:
    """Whether a cell is a plain integer of at most 18 digits."""
    return _WHOLE.fullmatch(text.strip()) is not None


def shown(cell: str) -> str:
    """A cell as a message repeats it: quoted, and its start only."""
    return repr(cell.strip()[:30])


def looks_like_a_header(row: CsvRow) -> bool:
    """Whether the row is the first and none of its cells is a number."""
    return row.line == 1 and not any(is_whole(cell) for cell in row.cells)


def lint_rows(data: BudgetedDataset, judge: RowJudge) -> Iterator[LintFinding]:
    """All findings about a dataset that is one data.csv."""
    listing = data.listing()
    item = next((found for found in listing.objects if found.name == FILE), None)
    if item is None:
        if listing.complete:
            yield block("", _missing(listing))
        else:
            yield warn(
                "", f"there is no {FILE} among the first {len(listing.objects):,} objects; others lie beside it."
            )
        return
    if item.size == 0:
        yield block(FILE, "is empty.")
        return
    yield from _beside(listing)
    complete = data.left >= item.size
    number = 0
    unreadable = None
    try:
        for row in rows(data.chunks(item), complete=complete):
            number += 1
            judge.row(row, f"{FILE} line {row.line}")
    except UnreadableCsvError as error:
        unreadable = block(f"{FILE} line {error.line}", f"{error.reason}.")
    yield from judge.found.all()
    if unreadable:
        yield unreadable
    elif number:
        yield from judge.whole(complete=complete)
    else:
        yield _no_rows(complete=complete)


def share(*, complete: bool) -> str:
    """What a message adds when it does not speak of the whole file."""
    return "" if complete else " in the part that was read"


def _no_rows(*, complete: bool) -> LintFinding:
    if complete:
        return block(FILE, "holds no rows.")
    return warn(FILE, "has rows too long for the bytes that may be read; no row of it could be read.")


def _missing(listing: Listing) -> str:
    names = [found.name for found in listing.objects] + list(listing.prefixes)
    csvs = [name for name in names if name.lower().endswith(".csv")]
    if csvs:
        return f"there is no {FILE} here; {csvs[0]} must be named {FILE}."
    if listing.prefixes:
        return f"there is no {FILE} directly under the prefix; is it one level deeper, in {listing.prefixes[0]}?"
    return f"there is no {FILE} under the prefix."


def _beside(listing: Listing) -> Iterator[LintFinding]:
    others = [found for found in listing.objects if found.name not in (FILE, "") and found.size]
    if others:
        yield beside(others, FILE)


def beside(others: list[DataObject], what: str) -> LintFinding:
    """That other files lie beside what is read."""
    count = f"{len(others):,} in all"
    return warn(others[0].name, f"lies beside {what} and is copied to the instance for nothing ({count}).")
