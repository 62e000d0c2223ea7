"""Check data for sentence pair classification: `data.csv` without a header, 0 or 1 and two sentences per row.

Source: AWS's notebook "Introduction to JumpStart - Sentence Pair Classification".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar

from jsft_tui.core.catalog.task import Task
from jsft_tui.core.common.text import plural
from jsft_tui.core.datasets.base.data_format import DataFormat, Sample
from jsft_tui.core.datasets.base.question import DataQuestion
from jsft_tui.core.datasets.base.reader import BudgetedDataset, LintFinding, block, passed
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

SUMMARY = "data.csv without a header: label 0 or 1, first sentence, second sentence."
RULES = (
    "One file named data.csv directly under the prefix.",
    "No header row.",
    "First column: the label, 0 or 1; both must occur.",
    "Second and third column: the two sentences.",
    "UTF-8.",
)
LABELS = (0, 1)


def lint(data: BudgetedDataset, question: DataQuestion) -> Iterator[LintFinding]:
    """Yield all findings about a sentence pair dataset."""
    return lint_rows(data, question, _Rows())


@dataclass
class _Rows(RowJudge):
    """The rows of the file."""

    NEEDS = "a label and two sentences"
    COLUMNS = 3
    TEXTS: ClassVar = {1: "first sentence", 2: "second sentence"}
    FEW_ROWS = 20

    labels: Counter[int] = field(default_factory=Counter)

    @property
    def seen(self) -> str:
        """The labels."""
        return " and ".join(map(str, sorted(self.labels))) or "neither"

    @property
    def classes(self) -> dict[str, int]:
        """The rows of each label."""
        return {str(label): self.labels[label] for label in sorted(self.labels)}

    def values(self, row: CsvRow, where: str) -> None:
        """Check that the label is one of the two."""
        if message := _wrong_label(row):
            self.found.add("label", block(where, message))
        else:
            self.labels[int(row.cells[0])] += 1

    def whole(self, *, complete: bool) -> Iterator[LintFinding]:
        """Check that both labels occur."""
        if complete and len(self.labels) == 1:
            (label,) = self.labels
            yield block(FILE, f"holds the label {label} only; there must be pairs of 0 and of 1.")
        if complete:
            yield from self.few_rows()
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


SAMPLE = Sample(
    "data.csv: label, two sentences",
    (
        "1,A man sleeps,Someone rests",
        "0,A man sleeps,A man runs",
    ),
    "no header, labels 0 and 1, UTF-8",
    "1,A man sleeps,Someone rests   0,A man sleeps,A man runs",
)
FORMAT = DataFormat(
    Task.SENTENCE_PAIR, SUMMARY, RULES, lint, SAMPLE, needs("label, two sentences", "label 0 or 1, both")
)
