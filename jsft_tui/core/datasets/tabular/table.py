"""Check the rows of a tabular dataset: equal numbers of columns, a usable target, readable features."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from jsft_tui.core.common.text import plural
from jsft_tui.core.datasets.base.findings_by_kind import FindingsByKind
from jsft_tui.core.datasets.base.needs import about
from jsft_tui.core.datasets.base.reader import LintFinding, block, warn
from jsft_tui.core.datasets.parsers.csv_rows import CsvRow
from jsft_tui.core.datasets.parsers.csv_values import TEXTS, CellKind, Column, cell_kind
from jsft_tui.core.datasets.tabular.algorithms import UNKNOWN, Algorithm, Fault
from jsft_tui.core.datasets.tabular.features import MOST_COLUMNS, feature_findings
from jsft_tui.core.datasets.tabular.target import MANY_CLASSES, MOST_CLASSES, Target, class_findings, number_findings

_NO_NUMBERS = TEXTS | {CellKind.GAP, CellKind.BOOLEAN}
_OTHER_SEPARATOR = re.compile(r"[;\t]")
_FEW_DIGITS = re.compile(r"[0-9]{1,6}")


ROWS, TARGET, FEATURES = "rows", "target", "features"
"""Names of needs."""


@dataclass(frozen=True)
class TableRules:
    """Requirements of a model.

    Attributes:
        classes: whether the target is a class; otherwise it is a number.
        algorithm: which algorithm it is.
        categories: numbers of the categorical columns (the target is 0).
    """

    classes: bool
    algorithm: Algorithm = UNKNOWN
    categories: frozenset[int] = frozenset()


@dataclass
class Table:
    """The rows of some files, as far as they were read; validation rows must match the training rows in `like`."""

    rules: TableRules
    like: Table | None = None
    columns: int = 0
    rows: int = 0
    complete: bool = True
    readable: bool = True
    target: Target = field(default_factory=Target)
    features: list[Column] = field(default_factory=list)
    last_cells: set[str] = field(default_factory=set)
    other_separator: int = 0
    """Rows whose first cell holds another separator, so that the comma is that of decimals."""
    found: FindingsByKind = field(default_factory=FindingsByKind)
    _first: tuple[CsvRow, str] | None = None

    def unreadable(self, finding: LintFinding) -> None:
        """Record that a file is not CSV from some position on."""
        self.readable = False
        self.found.add("unreadable", finding)

    def add(self, row: CsvRow, where: str) -> None:
        """Add a row. The first of each file waits for the second, which shows whether it is a header."""
        if row.line == 1 or (self._first is None and self.rows == 0):
            self.end_file()
            self._first = (row, where)
            return
        if self._first is not None:
            first, place = self._first
            self._first = None
            if _is_header(first, row):
                self.found.add("header", block(place, _header_fault(first)))
            else:
                self._judge(first.cells, place)
        self._judge(row.cells, where)

    def end_file(self) -> None:
        """End the current file."""
        if self._first is not None:
            first, place = self._first
            self._first = None
            self._judge(first.cells, place)

    def _judge(self, cells: Sequence[str], where: str) -> None:
        self.rows += 1
        expected = self.columns or (self.like.columns if self.like else 0)
        if not self.columns:
            self.columns = len(cells)
            self.features = [Column() for _ in cells[1 : MOST_COLUMNS + 1]]
        if len(cells) < 2:
            hint = "; is the separator not a comma?" if re.search(r"[;\t|]", cells[0]) else "."
            self.found.add("columns", block(where, f"has one column; it needs a target and features{hint}"))
            return
        if expected and len(cells) != expected:
            is_other_table = self.like is not None and self.rows == 1
            others = "the training rows have" if is_other_table else "the rows before have"
            why = f"has {plural(len(cells), 'column')}, {others} {expected:,}"
            if is_other_table or len(cells) > expected:
                self.found.add("width", block(where, f"{why}."))
                return
            # pandas' reader fills a short row with NaN, and refuses only one that is wider than the first.
            self.found.add("short", warn(where, f"{why}; the cells that are missing are read as empty."))
            cells = [*cells, *[""] * (expected - len(cells))]
        self.other_separator += bool(_OTHER_SEPARATOR.search(cells[0]))
        self.target.add(cells[0], where)
        if len(self.last_cells) < MOST_CLASSES:
            self.last_cells.add(cells[-1].strip()[:20])
        for column, cell in zip(self.features, cells[1 : MOST_COLUMNS + 1], strict=False):
            column.add(cell, where)

    @property
    def numbers(self) -> str:
        """Return rows, features and classes, in words."""
        part = "" if self.complete else " in the part that was read"
        features = plural(max(self.columns - 1, 0), "feature")
        count = self.target.classes if self.rules.classes else 0
        classes = f", {plural(count, 'class', 'classes')}" if count else ""
        return f"{plural(self.rows, 'row')}, {features}{classes}{part}."

    def findings(self) -> Iterator[LintFinding]:
        """Yield all findings: about rows first, then about whole columns."""
        yield from self.found.all({"": ROWS})
        if self.columns > MOST_COLUMNS + 1:
            yield warn("", f"has {self.columns:,} columns; only the first {MOST_COLUMNS + 1:,} were checked.")
        if not self.target.column.counts:
            return
        if self.rows > 1 and self.other_separator == self.rows:
            why = "the separator seems to be a semicolon or tab, and the comma that of decimals"
            fault = block("", f"{why}; separate columns by commas, and write decimals with a point.")
            yield from about(ROWS, [fault])
            return
        yield from about(TARGET, self._of_the_target())
        yield from about(FEATURES, feature_findings(self.features, self.rules.categories, self.rules.algorithm))
        yield from about(FEATURES, self._constant())
        if self.like is not None:
            yield from about(TARGET, self._unknown_classes(self.like))

    def _constant(self) -> Iterator[LintFinding]:
        """Yield that no feature differs between the training rows, of which two at least were read."""
        if self.like is None and self.complete and self.rows > 1 and not any(each.varies for each in self.features):
            level = self.rules.algorithm.level(Fault.CONSTANT_FEATURES)
            yield LintFinding(level, "", "every feature is the same in all rows; there is nothing to learn from.")

    def _of_the_target(self) -> Iterator[LintFinding]:
        fraction, to = self.target.fraction, self.rules.algorithm
        if self.rules.classes and fraction and self._target_last():
            cell, count = repr(fraction.cell[:30]), self.target.fractions - 1
            why = f"has the class {cell}, which is not an integer, and {count:,} more: "
            hint = "the target seems to be in the last column; it must be in the first."
            yield block(fraction.where, why + hint)
            return
        judge = class_findings if self.rules.classes else number_findings
        # Whether all classes are there can be checked only for training rows, if all of them were read.
        whole = self.complete and self.like is None and not any(map(self.found.has, ("header", "width", "unreadable")))
        yield from judge(self.target, to, rows=self.rows, complete=whole)

    def _target_last(self) -> bool:
        """Return whether the first column has many fractions, and the last one a few integers or words."""
        whole = all(_FEW_DIGITS.fullmatch(cell) or cell_kind(cell) in TEXTS for cell in self.last_cells)
        few = 2 <= len(self.last_cells) <= max(2, min(MANY_CLASSES, self.rows // 4))
        many = self.target.fractions * 2 > self.rows
        several = self.target.fractions * 4 > self.rows and self.target.classes * 2 > self.rows
        return (many or several) and whole and few

    def _unknown_classes(self, training: Table) -> Iterator[LintFinding]:
        known = training.complete and training.readable and training.target.classes < MOST_CLASSES
        if self.rules.classes and known and (unknown := self.target.unknown_to(training.target)):
            yield block("", f"validation has the class {unknown}, which no training row has.")


def _is_header(first: CsvRow, second: CsvRow) -> bool:
    """Return whether the first line is only words, and the second one has a number.

    The first word is empty where pandas wrote its index: then a number must stand under a word.
    """
    names = first.cells if first.cells[0] else first.cells[1:]
    if first.line != 1 or not names or any(cell_kind(cell) not in TEXTS for cell in names):
        return False
    return any(cell_kind(cell) not in _NO_NUMBERS for cell in second.cells[len(first.cells) - len(names) :])


def _header_fault(first: CsvRow) -> str:
    if not first.cells[0]:
        return "looks like a header with the index of pandas before it; write without both (header=False, index=False)."
    return f"looks like a header ({first.cells[0][:30]!r} is not a target); remove it."
