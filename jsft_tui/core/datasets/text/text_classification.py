"""Check data for text classification: `data.csv` without a header, an integer label and a text per row.

Sources: developer guide, jumpstart-fine-tune and text-classification-tensorflow; where they disagree (labels
"1, 2, 3, n" or "between 0 and the number of classes") labels that do not start at 0 are a warning.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar

from jsft_tui.core.catalog.task import Task
from jsft_tui.core.common.text import plural
from jsft_tui.core.datasets.base.data_format import DataFormat, Sample
from jsft_tui.core.datasets.base.question import DataQuestion
from jsft_tui.core.datasets.base.reader import BudgetedDataset, LintFinding, block, passed, warn
from jsft_tui.core.datasets.parsers.csv_rows import CsvRow
from jsft_tui.core.datasets.text.data_csv import (
    FILE,
    RowJudge,
    is_whole,
    lint_rows,
    looks_like_a_header,
    needs,
    share,
    shown,
)

SUMMARY = "data.csv without a header: an integer label, then the text."
RULES = (
    "One file named data.csv directly under the prefix.",
    "No header row.",
    "First column: the class as an integer, best 0 to n-1 without a gap.",
    "Second column: the text, in the model's language.",
    "UTF-8, and at least two classes with several rows each.",
)
_WHOLE_AS_FRACTION = re.compile(r"([0-9]+)\.0*")


def lint(data: BudgetedDataset, question: DataQuestion) -> Iterator[LintFinding]:
    """Yield all findings about a text classification dataset."""
    return lint_rows(data, question, _Rows())


@dataclass
class _Rows(RowJudge):
    """The rows of the file."""

    NEEDS = "a label and a text"
    COLUMNS = 2
    TEXTS: ClassVar = {1: "text"}
    FEW_ROWS = 20

    labels: Counter[int] = field(default_factory=Counter)
    start: str = ""
    """The first label."""
    counts_rows: bool = True
    """Whether the labels so far are 0, 1, 2 and so on, or 1, 2, 3."""

    @property
    def seen(self) -> str:
        """The classes."""
        return plural(len(self.labels), "class", "classes")

    @property
    def classes(self) -> dict[str, int]:
        """The rows of each class."""
        return {str(label): self.labels[label] for label in sorted(self.labels)}

    def values(self, row: CsvRow, where: str) -> None:
        """Check that the label is a class."""
        label = row.cells[0]
        self.start = self.start or label
        counts = is_whole(label) and int(label) in (self.number - 1, self.number)
        self.counts_rows = self.counts_rows and counts
        if not is_whole(label):
            if self.number == 2:
                self._take_back_header()
            self.found.add("label", block(where, _bad_label(row)))
        elif int(label) < 0:
            self.found.add("negative", block(where, f"has the negative label {int(label)}."))
        else:
            self.labels[int(label)] += 1

    def _take_back_header(self) -> None:
        """Judge the first row anew: words as labels in the first two rows are no header."""
        first = next(iter(self.found.of("label")), None)
        if first is not None and "header" in first.message:
            why = f"has the label {shown(self.start)}, which is not an integer; number the classes: 0, 1, 2 …"
            self.found.replace("label", block(first.where, why))

    def whole(self, *, complete: bool) -> Iterator[LintFinding]:
        """Check the classes and their numbers."""
        classes = sorted(self.labels)
        if complete and not self.found.has("label"):
            yield from _classes(classes)
        if complete:
            yield from self._counts(classes)
        numbers = f"{plural(self.number, 'row')}, {plural(len(classes), 'class', 'classes')}"
        yield passed(FILE, f"{numbers}{share(complete=complete)}.")

    def _counts(self, classes: list[int]) -> Iterator[LintFinding]:
        rare = [label for label in classes if self.labels[label] == 1]
        if len(rare) == self.number > 2 and self.counts_rows:
            why = "has labels that count the rows; is it the index that pandas writes? Write without it (index=False)."
            yield block(FILE, why)
        elif len(rare) == self.number >= self.FEW_ROWS:
            yield warn(FILE, "gives every row a label of its own; is the first column an id instead of a class?")
        elif rare and len(classes) > 1:
            yield warn(FILE, f"has a single row of class {rare[0]}; it cannot be in training and validation both.")
        yield from self.few_rows()


def _bad_label(row: CsvRow) -> str:
    label = shown(row.cells[0])
    if fraction := _WHOLE_AS_FRACTION.fullmatch(row.cells[0].strip()):
        return f"has the label {label}, which is not an integer; write {fraction[1][:30]}."
    if looks_like_a_header(row):
        return f"looks like a header ({label} is not an integer label); data.csv must have none."
    if is_whole(row.cells[1]):
        return f"has its columns swapped: the label comes first, then the text ({label} is not an integer)."
    return f"has the label {label}, which is not an integer."


def _classes(classes: list[int]) -> Iterator[LintFinding]:
    if len(classes) < 2:
        yield block(FILE, f"holds {plural(len(classes), 'class', 'classes')}; a classifier needs at least two.")
        return
    first, last = classes[0], classes[-1]
    if last - first + 1 != len(classes):
        missing = next(label for label, found in zip(range(first, last), classes, strict=False) if label != found)
        yield block(FILE, f"has labels up to {last} but none with {missing}; number the classes without a gap.")
    elif first != 0:
        yield warn(FILE, f"has labels from {first} to {last}; 0 to {len(classes) - 1} is what the algorithms document.")


SAMPLE = Sample(
    "data.csv: label, text",
    (
        "0,A film that goes nowhere",
        "1,I laughed all the way through",
    ),
    "no header, labels from 0, UTF-8",
    "0,A film that goes nowhere   1,I laughed all the way",
)
FORMAT = DataFormat(
    Task.TEXT_CLASSIFICATION, SUMMARY, RULES, lint, SAMPLE, needs("a label and a text", "labels 0, 1, 2 …")
)
