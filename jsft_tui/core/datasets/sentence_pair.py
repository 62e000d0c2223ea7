"""Sentence pair classification: `data.csv` without a header, 0 or 1 and two sentences in each row.

Source: AWS's notebook "Introduction to JumpStart - Sentence Pair Classification".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from jsft_tui.core.datasets.csv_rows import CsvRow
from jsft_tui.core.datasets.data_csv import FILE, is_whole, lint_rows, looks_like_a_header, share, shown
from jsft_tui.core.datasets.findings_by_kind import FindingsByKind
from jsft_tui.core.datasets.reader import BudgetedDataset, LintFinding, block, passed, warn
from jsft_tui.core.text import plural

SUMMARY = "data.csv without a header: label 0 or 1, first sentence, second sentence."
RULES = (
    "One file named data.csv directly under the prefix.",
    "No header row.",
    "First column: the label, 0 or 1; both must occur.",
    "Second and third column: the two sentences.",
    "UTF-8.",
)
LABELS = (0, 1)
FEW_ROWS = 20


def lint(data: BudgetedDataset) -> Iterator[LintFinding]:
    """All findings about a sentence pair dataset."""
    return lint_rows(data, _Rows())


@dataclass
class _Rows:
    """What was seen in the file."""

    number: int = 0
    labels: Counter[int] = field(default_factory=Counter)
    found: FindingsByKind = field(default_factory=FindingsByKind)

    def row(self, row: CsvRow, where: str) -> None:
        """A label and two sentences."""
        self.number += 1
        columns = len(row.cells)
        if columns < 3:
            why = f"has {plural(columns, 'column')}; it needs a label and two sentences."
            self.found.add("columns", block(where, why))
            return
        if message := _wrong_label(row):
            self.found.add("label", block(where, message))
        else:
            self.labels[int(row.cells[0])] += 1
        for place, name in ((1, "first"), (2, "second")):
            if not row.cells[place].strip():
                self.found.add("empty", block(where, f"has an empty {name} sentence."))
        if columns > 3:
            why = f"has {columns} columns; only the first three are used. Is a comma not in quotes?"
            self.found.add("more", warn(where, why))

    def whole(self, *, complete: bool) -> Iterator[LintFinding]:
        """Whether both labels occur."""
        if complete and len(self.labels) == 1:
            (label,) = self.labels
            yield block(FILE, f"holds the label {label} only; there must be pairs of 0 and of 1.")
        if complete and self.number < FEW_ROWS:
            yield warn(FILE, f"has only {plural(self.number, 'row')}; expect little of a model trained on it.")
        numbers = ", ".join(f"{self.labels[label]:,} with {label}" for label in LABELS)
        yield passed(FILE, f"{plural(self.number, 'pair')}: {numbers}{share(complete=complete)}.")


def _wrong_label(row: CsvRow) -> str:
    label = shown(row.cells[0])
    if is_whole(row.cells[0]):
        if int(row.cells[0]) in LABELS:
            return ""
        return f"has the label {label[1:-1]}; only 0 and 1 are allowed."
    if looks_like_a_header(row):
        return f"looks like a header ({label} is neither 0 nor 1); data.csv must have none."
    if any(cell.strip() in ("0", "1") for cell in row.cells[1:]):
        return f"has its columns swapped: the label comes first, then the sentences ({label} is neither 0 nor 1)."
    return f"has the label {label}; only 0 and 1 are allowed."
