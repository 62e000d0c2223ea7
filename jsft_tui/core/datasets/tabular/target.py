"""Check the target of a table, the first column: a class or a number, for one algorithm."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from jsft_tui.core.common.findings import Level
from jsft_tui.core.common.text import plural
from jsft_tui.core.datasets.base.reader import LintFinding, block, warn
from jsft_tui.core.datasets.parsers.csv_values import TEXTS, CellKind, Column, DType, Sample
from jsft_tui.core.datasets.tabular.algorithms import Algorithm, Fault

MANY_CLASSES = 20
"""Number of classes from which on a class for nearly every row is doubtful."""
MOST_CLASSES = 100_000
"""Distinct targets to remember."""
_WORD = 100
"""Characters of a class to remember."""
_INDEX = "is it the index that pandas writes? Write without it (index=False)"
_NO_NUMBER = TEXTS | {CellKind.GAP, CellKind.INFINITE}
_WORDS = TEXTS | {CellKind.BOOLEAN, CellKind.HUGE}


@dataclass
class Target:
    """The first column, as far as it was read.

    Attributes:
        column: its cells by kind.
        numbers: the distinct numbers, booleans as 0 and 1, with their counts.
        words: the distinct texts.
        fraction: the first number that is not an integer.
        fractions: number of these.
        counts_rows: whether each number is one more than the one before, from 0 or 1 on: a row number.
    """

    column: Column = field(default_factory=Column)
    numbers: Counter[float] = field(default_factory=Counter)
    words: Counter[str] = field(default_factory=Counter)
    fraction: Sample | None = None
    fractions: int = 0
    counts_rows: bool = True
    _last: float | None = None

    def add(self, cell: str, where: str) -> None:
        """Add the target of a row."""
        kind = self.column.add(cell, where)
        if kind in TEXTS:
            self.counts_rows = False
            word = cell[:_WORD]
            if word in self.words or len(self.words) < MOST_CLASSES:
                self.words[word] += 1
            return
        if kind in _NO_NUMBER:
            return
        number = float(cell.lower() == "true") if kind is CellKind.BOOLEAN else float(cell)
        if number in self.numbers or len(self.numbers) < MOST_CLASSES:
            self.numbers[number] += 1
        expected = number in (0, 1) if self._last is None else number == self._last + 1
        self.counts_rows, self._last = self.counts_rows and expected, number
        if not number.is_integer():
            self.fraction = self.fraction or Sample(where, cell)
            self.fractions += 1

    @property
    def is_text(self) -> bool:
        """Return whether pandas reads it as text, or as values of several types."""
        return self.column.dtype is DType.OBJECT

    @property
    def is_row_number(self) -> bool:
        """Return whether it only counts the rows, as the index does that pandas writes."""
        return self.counts_rows and len(self.numbers) >= MANY_CLASSES

    @property
    def classes(self) -> int:
        """Return the number of distinct values."""
        return len(self.numbers) + len(self.words)

    def unknown_to(self, training: Target) -> str:
        """Return a class that is not in the training rows; empty if all are."""
        numbers = sorted(self.numbers.keys() - training.numbers.keys())
        words = sorted(self.words.keys() - training.words.keys())
        unknown = [f"{number:g}" for number in numbers[:1]] or [repr(word) for word in words[:1]]
        return unknown[0] if unknown and training.classes else ""


def class_findings(target: Target, to: Algorithm, *, rows: int, complete: bool) -> Iterator[LintFinding]:
    """Yield the findings about a target that is a class."""
    column = target.column
    yield from _told(to, Fault.MISSING_CLASS, column, CellKind.GAP, "has no target: its first column is {cell}")
    yield from _told(to, Fault.INFINITE_CLASS, column, CellKind.INFINITE, "has the class {cell}, which is infinite")
    if target.is_text:
        sample = column.sample(TEXTS) or column.sample(_WORDS) or next(iter(column.first.values()))
        why = "has the class {cell}, which is not an integer"
        yield from _finding(to, Fault.WORD_CLASS, sample, why, column.count(TEXTS))
    if complete and target.classes < 2:
        yield block("", f"there is {plural(target.classes, 'class', 'classes')}; a classifier needs at least two.")
    elif target.is_row_number:
        yield block("", f"the target counts the rows; {_INDEX}.")
    elif complete and target.classes >= MANY_CLASSES and target.classes * 2 > rows:
        yield warn("", f"there are {target.classes:,} classes in {rows:,} rows; is the target a number?")
    elif not target.is_text and not target.fraction:
        yield from _class_numbers(target, to, complete=complete)
    if target.fraction and not target.is_text:
        why = "has the class {cell}, which is not an integer"
        yield from _finding(to, Fault.FRACTION_CLASS, target.fraction, why, target.fractions)


def _class_numbers(target: Target, to: Algorithm, *, complete: bool) -> Iterator[LintFinding]:
    """Yield the finding if the classes are not numbered as the algorithm requires."""
    classes = sorted(target.numbers)
    negative = target.column.first.get(CellKind.NEGATIVE) if classes and classes[0] < 0 else None
    if classes == [float(number) for number in range(len(classes))] or not (complete or negative):
        return
    if len(classes) > 2:
        fault = Fault.CLASS_NUMBERS
    elif complete and (classes[0] > 0 or classes[-1] <= 0):
        fault = Fault.ONE_SIDED_PAIR
    else:
        fault = Fault.CLASS_PAIR
    level = to.level(fault)
    wanted = f"{to.name} takes only 0 to {len(classes) - 1}"
    if fault is Fault.ONE_SIDED_PAIR and level is Level.BLOCK and to.level(Fault.CLASS_PAIR) is Level.WARN:
        wanted = f"{to.name} uses labels above 0 as one class and the others as the other, so it learns nothing"
    elif level is not Level.BLOCK:
        wanted = f"0 to {len(classes) - 1} is documented"
    if negative:
        count = target.column.counts[CellKind.NEGATIVE]
        more = f" ({count:,} such rows)" if count > 1 else ""
        yield LintFinding(
            level, negative.where, f"has the negative class {negative.cell.strip()[:30]}; {wanted}{more}."
        )
    else:
        first, last = f"{classes[0]:g}", f"{classes[-1]:g}"
        yield LintFinding(level, "", f"the {len(classes):,} classes go from {first} to {last}; {wanted}.")


def number_findings(target: Target, to: Algorithm, *, rows: int, complete: bool) -> Iterator[LintFinding]:
    """Yield the findings about a target that is a number."""
    column = target.column
    if target.is_text and (sample := column.sample(TEXTS) or column.sample({CellKind.BOOLEAN})):
        why = "has the target {cell}, which is not a number"
        yield from _finding(to, Fault.WORD_TARGET, sample, why, max(1, column.count(TEXTS)))
    yield from _told(to, Fault.MISSING_TARGET, column, CellKind.GAP, "has no target: its first column is {cell}")
    yield from _told(to, Fault.INFINITE_TARGET, column, CellKind.INFINITE, "has the target {cell}, which is infinite")
    why = "has the target {cell}, which is infinite as a 32-bit float"
    yield from _told(to, Fault.LARGE_TARGET, column, CellKind.LARGE, why)
    if target.is_row_number:
        yield warn("", f"the target counts the rows; {_INDEX}.")
    if complete and len(target.numbers) == 1 and not target.is_text and rows > 1:
        value = f"{next(iter(target.numbers)):g}"
        why = f"the target is {value} in every row; there is nothing to learn."
        yield LintFinding(to.level(Fault.CONSTANT_TARGET), "", why)


def _told(to: Algorithm, fault: Fault, column: Column, kind: CellKind, why: str) -> Iterator[LintFinding]:
    """Yield the finding about the cells of a kind, if there are any."""
    if sample := column.first.get(kind):
        yield from _finding(to, fault, sample, why, column.counts[kind])


def _finding(to: Algorithm, fault: Fault, sample: Sample, why: str, count: int) -> Iterator[LintFinding]:
    """Yield one finding for all rows with a fault, located at the first."""
    level = to.level(fault)
    if level is Level.PASS:
        return
    more = f" ({count:,} such rows)" if count > 1 else ""
    message = why.replace("{cell}", repr(sample.cell[:30]))
    yield LintFinding(level, sample.where, f"{message}; {_consequence(to, fault)}{more}.")


def _consequence(to: Algorithm, fault: Fault) -> str:
    """Return the consequence for the training."""
    if to.level(fault) is Level.BLOCK:
        return f"{to.name} cannot train with it"
    if fault is Fault.WORD_CLASS:
        return f"{to.name} may read it, but integers from 0 are documented"
    if fault is Fault.FRACTION_CLASS:
        return "integers from 0 are documented"
    return f"{to.name} may train with another value"
