"""The rows of a tabular dataset: as many columns in each, a target to be learned, features that can be read."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from jsft_tui.core.common.text import plural
from jsft_tui.core.datasets.base.findings_by_kind import FindingsByKind
from jsft_tui.core.datasets.base.reader import LintFinding, block, warn
from jsft_tui.core.datasets.parsers.csv_rows import CsvRow
from jsft_tui.core.datasets.text.data_csv import shown

MANY_CLASSES = 20
"""Classes from which on a class for nearly every row is doubtful."""
MOST_CLASSES = 100_000
"""Different targets that are remembered."""
_NUMBER = re.compile(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
# What pandas.read_csv takes for a missing value (`na_values` in its documentation).
_GAPS = frozenset(
    ("", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN", "<NA>", "N/A", "NA")
) | {"NULL", "NaN", "None", "n/a", "nan", "null"}


@dataclass(frozen=True)
class TableRules:
    """What a model wants.

    Attributes:
        classes: whether the target is a class; else it is a number.
        numeric: whether every feature must be a number.
        gaps: whether values may be missing.
        text: whether any column may hold text.
        categories: numbers of the columns that are categories (the target is 0).
    """

    classes: bool
    numeric: bool = False
    gaps: bool = True
    text: bool = False
    categories: frozenset[int] = frozenset()


@dataclass
class Table:
    """What was seen of the rows of some files; `like` are the training rows that validation rows must fit."""

    rules: TableRules
    like: Table | None = None
    columns: int = 0
    rows: int = 0
    complete: bool = True
    readable: bool = True
    targets: Counter[float] = field(default_factory=Counter)
    last_cells: set[str] = field(default_factory=set)
    found: FindingsByKind = field(default_factory=FindingsByKind)
    _first: tuple[CsvRow, str] | None = None
    _text_columns: set[int] = field(default_factory=set)

    def unreadable(self, where: str, reason: str) -> None:
        """That a file is no CSV file from some place on."""
        self.readable = False
        self.found.add("unreadable", block(where, reason))

    def add(self, row: CsvRow, where: str) -> None:
        """A row of a file. The first of each file waits for the second, which shows whether it is a header."""
        if row.line == 1 or (self._first is None and self.rows == 0):
            self.end_file()
            self._first = (row, where)
            return
        if self._first is not None:
            first, place = self._first
            self._first = None
            if _is_header(first, row):
                why = f"looks like a header ({shown(first.cells[0])} is no target); there must be none."
                self.found.add("header", block(place, why))
            else:
                self._judge(first.cells, place)
        self._judge(row.cells, where)

    def end_file(self) -> None:
        """No more rows of this file."""
        if self._first is not None:
            first, place = self._first
            self._first = None
            self._judge(first.cells, place)

    def _judge(self, cells: Sequence[str], where: str) -> None:
        self.rows += 1
        expected = self.columns or (self.like.columns if self.like else 0)
        self.columns = self.columns or len(cells)
        if len(cells) < 2:
            hint = "; is another separator than a comma used?" if re.search(r"[;\t|]", cells[0]) else ""
            self.found.add("columns", block(where, f"has one column; it needs a target and features{hint}."))
            return
        if expected and len(cells) != expected:
            others = "the training rows have" if self.like and self.rows == 1 else "the rows before have"
            why = f"has {plural(len(cells), 'column')}, {others} {expected:,}."
            self.found.add("width", block(where, why))
            return
        self._target(cells, where)
        if len(self.last_cells) < MOST_CLASSES:
            self.last_cells.add(cells[-1].strip()[:20])
        for place, cell in enumerate(cells[1:], start=1):
            if not _NUMBER.fullmatch(cell):
                self._no_plain_number(place, cell.strip(), where)
            elif place in self.rules.categories:
                self._category(place, cell, where)

    def _target(self, cells: Sequence[str], where: str) -> None:
        cell = cells[0].strip()
        if cell in _GAPS:
            self.found.add("no target", block(where, f"has no target: its first column is {shown(cell)}."))
            return
        number = float(cell) if _NUMBER.fullmatch(cell) else None
        if number is None or abs(number) == float("inf"):
            self._target_is_text(cell, where)
        elif not self.rules.classes:
            self._count(number)
        elif not number.is_integer():
            self.found.add("fraction", block(where, f"has the class {shown(cell)}, which is not an integer."))
        else:
            self._count(number)
            if number < 0:
                judge = warn if self.rules.numeric else block
                self.found.add("negative", judge(where, f"has the negative class {shown(cell)[1:-1]}."))

    def _target_is_text(self, cell: str, where: str) -> None:
        if self.rules.classes:
            judge = warn if self.rules.text else block
            self.found.add("class", judge(where, f"has the class {shown(cell)}, which is not an integer."))
        else:
            self.found.add("target", block(where, f"has the target {shown(cell)}, which is not a number."))

    def _count(self, number: float) -> None:
        if number in self.targets or len(self.targets) < MOST_CLASSES:
            self.targets[number] += 1

    def _no_plain_number(self, place: int, cell: str, where: str) -> None:
        if _NUMBER.fullmatch(cell):
            return  # blanks round it
        if cell in _GAPS:
            if not self.rules.gaps:
                why = f"has no value in column {place + 1}; linear models cannot train with gaps."
                self.found.add("gap", block(where, why))
        elif self.rules.numeric:
            self.found.add("text", block(where, f"has {shown(cell)} in column {place + 1}, which is not a number."))
        elif place in self.rules.categories:
            self._category(place, cell, where)
        elif not self.rules.text and place not in self._text_columns:
            self._text_columns.add(place)
            why = f"has {shown(cell)} in column {place + 1}, which categorical_index.json does not name ({place})."
            self.found.add("text", warn(where, why))

    def _category(self, place: int, cell: str, where: str) -> None:
        number = float(cell) if _NUMBER.fullmatch(cell) else None
        if number is None or not number.is_integer():
            why = f"has {shown(cell)} in the categorical column {place}; categories are whole numbers from 0 on."
            self.found.add("category", warn(where, why))
        elif number < 0:
            why = f"has {shown(cell)[1:-1]} in the categorical column {place}; categories must not be negative."
            self.found.add("negative category", block(where, why))

    @property
    def numbers(self) -> str:
        """Rows, features, classes, in words."""
        part = "" if self.complete else " in the part that was read"
        features = plural(max(self.columns - 1, 0), "feature")
        count = len(self.targets) if self.rules.classes else 0
        classes = f", {plural(count, 'class', 'classes')}" if count else ""
        return f"{plural(self.rows, 'row')}, {features}{classes}{part}."

    def findings(self) -> Iterator[LintFinding]:
        """All of them, those about the target as a whole last."""
        if self._target_last():
            (first, *_), count = self.found.of("fraction"), self.found.count("fraction")
            why = "the target seems to be in the last column; it must be in the first"
            self.found.replace(
                "fraction", block(first.where, f"{first.message[:-1]}, nor are {count - 1:,} more: {why}.")
            )
        yield from self.found.all()
        if self.like is not None:
            yield from self._unknown_classes(self.like)
        elif self.complete and self.rows and not any(map(self.found.has, ("header", "class", "target", "columns"))):
            yield from self._judge_classes() if self.rules.classes else self._judge_targets()

    def _target_last(self) -> bool:
        """Whether the first column holds fractions, and the last a few whole numbers."""
        whole = all(re.fullmatch(r"[0-9]{1,6}", cell) for cell in self.last_cells)
        few = 2 <= len(self.last_cells) <= max(2, min(MANY_CLASSES, self.rows // 4))
        return self.found.count("fraction") * 2 > self.rows and whole and few

    def _unknown_classes(self, training: Table) -> Iterator[LintFinding]:
        unknown = sorted(self.targets.keys() - training.targets.keys())
        if unknown and self.rules.classes and training.complete and 0 < len(training.targets) < MOST_CLASSES:
            yield block("", f"validation has the class {unknown[0]:g}, which no training row has.")

    def _judge_classes(self) -> Iterator[LintFinding]:
        classes = sorted(self.targets)
        if self.found.has("fraction"):
            return
        if len(classes) < 2:
            yield block("", f"there is {plural(len(classes), 'class', 'classes')}; a classifier needs at least two.")
        elif len(classes) >= MANY_CLASSES and len(classes) * 2 > self.rows:
            yield warn("", f"there are {len(classes):,} classes in {self.rows:,} rows; is the target a number?")
        elif classes[0] >= 0 and classes != [float(number) for number in range(len(classes))]:
            first, last = f"{classes[0]:g}", f"{classes[-1]:g}"
            yield warn("", f"the classes go from {first} to {last}; 0 to {len(classes) - 1} is what is documented.")

    def _judge_targets(self) -> Iterator[LintFinding]:
        if len(self.targets) == 1 and self.rows > 1:
            yield warn("", f"the target is {next(iter(self.targets)):g} in every row; there is nothing to learn.")


def _is_header(first: CsvRow, second: CsvRow) -> bool:
    """Whether the first line has no number at all, and the second has some."""
    if first.line != 1 or any(_NUMBER.fullmatch(cell.strip()) for cell in first.cells):
        return False
    named = all(cell.strip() not in _GAPS for cell in first.cells)
    return named and any(_NUMBER.fullmatch(cell.strip()) for cell in second.cells)
