"""The one file of the text tasks: data.csv directly under the prefix, without a header, read row by row."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from jsft_tui.core.common.text import plural
from jsft_tui.core.datasets.base.findings_by_kind import FindingsByKind
from jsft_tui.core.datasets.base.reader import BudgetedDataset, DataObject, LintFinding, Listing, block, warn
from jsft_tui.core.datasets.parsers.csv_rows import CsvRow, UnreadableCsvError, rows

FILE = "data.csv"
_WHOLE = re.compile(r"[-+]?[0-9]{1,18}")


_NUMBERS = {2: "two", 3: "three", 4: "four"}


@dataclass
class RowJudge(ABC):
    """What is said of the file's rows: that each has its columns and its texts; a task adds what is its own.

    Attributes:
        NEEDS: the columns in words.
        COLUMNS: how many these are.
        TEXTS: those that must not be blank, with their names.
        FEW_ROWS: with fewer a model learns little; none where that is not said.
    """

    NEEDS: ClassVar[str]
    COLUMNS: ClassVar[int]
    TEXTS: ClassVar[Mapping[int, str]]
    FEW_ROWS: ClassVar[int] = 0

    number: int = 0
    found: FindingsByKind = field(default_factory=FindingsByKind)

    def row(self, row: CsvRow, where: str) -> None:
        """Judge one row; what is wrong with it goes to the findings."""
        self.number += 1
        columns = len(row.cells)
        if columns < self.COLUMNS:
            self.found.add("columns", block(where, f"has {plural(columns, 'column')}; it needs {self.NEEDS}."))
            return
        self.values(row, where)
        for place, name in self.TEXTS.items():
            if not row.cells[place].strip():
                self.found.add("empty", block(where, f"has an empty {name}."))
        if columns > self.COLUMNS:
            used = f"only the first {_NUMBERS[self.COLUMNS]} are used"
            self.found.add("more", warn(where, f"has {columns} columns; {used}. Is a comma not in quotes?"))

    @abstractmethod
    def values(self, row: CsvRow, where: str) -> None:
        """Judge what stands in the columns of a row that has all of them."""

    @abstractmethod
    def whole(self, *, complete: bool) -> Iterator[LintFinding]:
        """What can be said at the end of at least one row; `complete`: no row was left unread."""

    def few_rows(self) -> Iterator[LintFinding]:
        """Says so when there are few."""
        if self.number < self.FEW_ROWS:
            yield warn(FILE, f"has only {plural(self.number, 'row')}; expect little of a model trained on it.")


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
