"""Check the one file of the text tasks: data.csv directly under the prefix, without a header, row by row."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from jsft_tui.core.common.text import plural
from jsft_tui.core.datasets.base.batch_size import batch_findings
from jsft_tui.core.datasets.base.contents import Lengths
from jsft_tui.core.datasets.base.file_kinds import there_instead
from jsft_tui.core.datasets.base.findings_by_kind import FindingsByKind
from jsft_tui.core.datasets.base.leftovers import leftover, leftovers
from jsft_tui.core.datasets.base.needs import Need, Needs, about, always, file_need
from jsft_tui.core.datasets.base.question import DataQuestion
from jsft_tui.core.datasets.base.reader import BudgetedDataset, DataObject, LintFinding, Listing, block, warn
from jsft_tui.core.datasets.parsers.csv_rows import CsvRow, UnreadableCsvError, rows
from jsft_tui.core.datasets.parsers.csv_values import SINCE_PANDAS_2, CellKind, Column, DType, is_missing

FILE = "data.csv"
COLUMNS, VALUES, TEXT = "columns", "values", "text"
"""Names of needs."""
_NEEDS = {
    "": VALUES,
    **dict.fromkeys(("wide", "columns", "more"), COLUMNS),
    **dict.fromkeys(("empty", "missing", "blank", "nul", "row within"), TEXT),
}
"""Kind of a finding -> its need."""
_WHOLE = re.compile(r"[-+]?[0-9]{1,18}")
_ROW_WITHIN = re.compile(r"[\r\n][0-9]{1,6},")
"""Within a quoted text: the start of another row, as it is where a closing quote was forgotten."""
_BLANKS = " \t\n\v\f\r"
"""What pandas allows around a number; a no-break space makes it text."""


@dataclass
class RowJudge(ABC):
    """Checks rows for their columns and texts; each task adds its own checks.

    Attributes:
        NEEDS: the columns in words.
        COLUMNS: number of columns.
        TEXTS: columns that must not be blank, with their names.
        FEW_ROWS: with fewer rows a warning is given; none if no number is known.
    """

    NEEDS: ClassVar[str]
    COLUMNS: ClassVar[int]
    TEXTS: ClassVar[Mapping[int, str]]
    FEW_ROWS: ClassVar[int] = 0

    number: int = 0
    found: FindingsByKind = field(default_factory=FindingsByKind)
    texts: dict[int, Column] = field(default_factory=dict)
    lengths: Lengths = field(default_factory=Lengths)
    width: int = 0
    """Columns of the first row."""

    def row(self, row: CsvRow, where: str) -> None:
        """Check one row; add findings."""
        self.number += 1
        columns = len(row.cells)
        self.width = self.width or columns
        if row.too_wide:
            why = f"has {columns} columns and the first row {row.width}; pandas refuses such a file (ParserError)"
            self.found.add("wide", block(where, f"{why}. Is a comma not quoted?"))
            return
        if columns < self.COLUMNS:
            self.found.add("columns", block(where, f"has {plural(columns, 'column')}; it needs {self.NEEDS}."))
            return
        self.values(row, where)
        for place, name in self.TEXTS.items():
            self._text(place, row.cells[place], name, where)
            if is_whole(row.cells[0]) and _ROW_WITHIN.search(row.cells[place]):
                why = f"has a {name} that holds what looks like another row; is its quote not closed?"
                self.found.add("row within", warn(where, why))
        if columns > self.COLUMNS:
            why = f"has {columns} columns; it needs only {self.NEEDS}."
            self.found.add("more", warn(where, f"{why} Is a comma not quoted?"))

    def _text(self, place: int, cell: str, name: str, where: str) -> None:
        """Check a text as pandas reads it; an empty one is missing, which tokenizers refuse."""
        self.texts.setdefault(place, Column()).add(cell, where)
        self.lengths.add(len(cell))
        if not cell:
            self.found.add("empty", block(where, f"has an empty {name}."))
        elif is_missing(cell):
            since = " from version 2.0 on" if cell == SINCE_PANDAS_2 else ""
            why = f"has {shown(cell)} as its {name}, which pandas reads as a missing value{since}."
            self.found.add("missing", warn(where, why))
        elif not cell.strip():
            self.found.add("blank", warn(where, f"has only spaces as its {name}."))
        elif "\0" in cell:
            self.found.add("nul", warn(where, f"has a NUL byte in its {name}; is the file damaged?"))

    def types(self) -> Iterator[LintFinding]:
        """Warn if pandas reads all texts of a column as numbers or booleans."""
        for place, column in self.texts.items():
            if self.number > 1 and column.dtype is not DType.OBJECT and not column.counts.keys() <= {CellKind.GAP}:
                what = "true or false" if column.dtype is DType.BOOL else "a number"
                why = f"has no {self.TEXTS[place]} that is not {what}; pandas does not read them as text."
                yield warn(FILE, why)

    @property
    @abstractmethod
    def seen(self) -> str:
        """What the columns beside the texts hold, in few words."""

    @property
    def classes(self) -> Mapping[str, int]:
        """The number of rows of each class; empty where there are none."""
        return {}

    @abstractmethod
    def values(self, row: CsvRow, where: str) -> None:
        """Check the columns of a row that has all of them."""

    @abstractmethod
    def whole(self, *, complete: bool) -> Iterator[LintFinding]:
        """Yield the findings about all rows, at least one; `complete`: no row was left unread."""

    def few_rows(self) -> Iterator[LintFinding]:
        """Warn about too few rows."""
        if self.number < self.FEW_ROWS:
            yield warn(FILE, f"has only {plural(self.number, 'row')}; the model will learn little from it.")


def is_whole(text: str) -> bool:
    """Return whether a cell is a plain integer of at most 18 digits."""
    return _WHOLE.fullmatch(text.strip(_BLANKS)) is not None


def shown(cell: str) -> str:
    """Format a cell for a message: quoted and shortened."""
    return repr(cell.strip(" ")[:30])


def looks_like_a_header(row: CsvRow) -> bool:
    """Return whether the row is the first and none of its cells is a number."""
    return row.line == 1 and not any(is_whole(cell) for cell in row.cells)


def lint_rows(data: BudgetedDataset, question: DataQuestion, judge: RowJudge) -> Iterator[LintFinding]:
    """Yield all findings about a dataset that is one data.csv."""
    listing = data.listing()
    item = next((found for found in listing.objects if found.name == FILE), None)
    if item is None:
        data.contents.saw(FILE, "missing")
        if listing.complete:
            yield from about(FILE, [block("", _missing(listing))])
        else:
            why = f"there is no {FILE} among the first {len(listing.objects):,} objects; there are others."
            yield from about(FILE, [warn("", why)])
        return
    if item.size == 0:
        data.contents.saw(FILE, "empty")
        yield from about(FILE, [block(FILE, "is empty.")])
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
        unreadable = error.finding(FILE)
    _saw(judge, data, complete=complete)
    yield from judge.found.all(_NEEDS)
    if unreadable:
        yield from about(FILE, [unreadable])
    elif number:
        yield from about(TEXT, judge.types())
        yield from about(VALUES, judge.whole(complete=complete))
        yield from batch_findings(question, number, "rows") if complete else ()
    else:
        yield from about(FILE, [_no_rows(complete=complete)])


def needs(columns: str, values: str) -> Needs:
    """Return the needs of a task with one data.csv: the columns, and what holds for those beside the texts."""
    return always(file_need(FILE), Need(COLUMNS, columns), Need(VALUES, values), Need(TEXT, "no empty text"))


def _saw(judge: RowJudge, data: BudgetedDataset, *, complete: bool) -> None:
    contents = data.contents
    contents.saw(FILE, f"{plural(judge.number, 'row')}{'' if complete else ' read'}")
    if not judge.number:
        return
    contents.saw(COLUMNS, plural(judge.width, "column"))
    if judge.texts:
        empty = judge.found.number("empty", "missing", "blank")
        contents.saw(VALUES, judge.seen)
        contents.saw(TEXT, f"{empty:,} empty" if empty else "none empty")
        contents.facts.append(("Texts", str(judge.lengths)))
    contents.count("rows", judge.number, judge.classes, complete=complete)


def share(*, complete: bool) -> str:
    """Return what a message adds if it does not cover the whole file."""
    return "" if complete else " in the part that was read"


def _no_rows(*, complete: bool) -> LintFinding:
    if complete:
        return block(FILE, "has no rows.")
    return warn(FILE, "has rows longer than the read limit; none could be read.")


def _missing(listing: Listing) -> str:
    names = [name for name in _names(listing) if leftover(name) is None]
    csvs = [name for name in names if name.lower().endswith(".csv")]
    if csvs:
        return f"there is no {FILE} here; {csvs[0]} must be named {FILE}."
    if instead := there_instead(names):
        return f"there is no {FILE} here; {instead}."
    folders = [name for name in names if name.endswith("/")]
    if folders:
        return f"there is no {FILE} directly under the prefix; is it one level deeper, in {folders[0]}?"
    if left := leftovers(_names(listing)):
        return f"there is no {FILE} under the prefix; {left[0][0]} is {left[0][1]}."
    return f"there is no {FILE} under the prefix."


def _names(listing: Listing) -> list[str]:
    return [found.name for found in listing.objects] + list(listing.prefixes)


def _beside(listing: Listing) -> Iterator[LintFinding]:
    others = [found for found in listing.objects if found.name not in (FILE, "") and found.size]
    if others:
        yield beside(others, FILE)


def beside(others: list[DataObject], what: str) -> LintFinding:
    """Create a warning about other files beside those that are read."""
    name = others[0].name
    count = f"{len(others):,} in all"
    if left := leftover(name):
        return warn(name, f"is next to {what} and is {left} ({count}).")
    return warn(name, f"is next to {what} and is downloaded without being used ({count}).")
