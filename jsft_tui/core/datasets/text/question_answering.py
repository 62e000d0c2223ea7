"""Check data for question answering: `data.csv` without a header; question, context, start and end of the answer.

Source: AWS's notebook "Introduction to JumpStart - Question Answering". Whether the end is the answer's last character
or the one after it is not documented, so both are accepted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
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

SUMMARY = "data.csv without a header: question, context, start and end of the answer as character positions."
RULES = (
    "One file named data.csv directly under the prefix.",
    "No header row.",
    "First column: the question. Second column: the context that contains the answer.",
    "Third and fourth column: where the answer starts and ends in the context, in characters from 0, integers.",
    "UTF-8.",
)
ENOUGH_ROWS = 8
"""Number of rows from which on answers that start inside words cannot be chance."""


def lint(data: BudgetedDataset, question: DataQuestion) -> Iterator[LintFinding]:
    """Yield all findings about a question answering dataset."""
    return lint_rows(data, question, _Rows())


@dataclass
class _Rows(RowJudge):
    """The rows of the file."""

    NEEDS = "a question, a context, a start and an end"
    COLUMNS = 4
    TEXTS: ClassVar = {0: "question", 1: "context"}
    FEW_ROWS = 10

    inside_words: int = 0

    @property
    def seen(self) -> str:
        """The answers."""
        outside = self.found.number("position", "order", "outside")
        return f"{outside:,} outside" if outside else "all inside"

    def values(self, row: CsvRow, where: str) -> None:
        """Check that the answer is inside the context."""
        if is_whole(row.cells[2]) and is_whole(row.cells[3]):
            self._answer(row.cells[1], int(row.cells[2]), int(row.cells[3]), where)
        else:
            self.found.add("position", block(where, _no_position(row)))

    def _answer(self, context: str, start: int, end: int, where: str) -> None:
        if start == end in (-1, 0):
            self.found.add("nothing", warn(where, f"has no answer ({start} to {end}); is there none in its context?"))
        elif start < 0 or end < start:
            self.found.add("order", block(where, f"has the answer at {start} to {end}, which is not a valid range."))
        elif end > len(context) or start >= len(context) > 0:
            bytes_too = ""
            if len(context) < end <= len(context.encode("utf-8", "replace")):
                bytes_too = "; positions count characters, not bytes"
            why = f"has the answer at {start} to {end}, but its context has {len(context):,} characters"
            self.found.add("outside", block(where, f"{why}{bytes_too}."))
        elif start == end:
            why = f"has an answer that ends where it starts, at {start}; is it empty?"
            self.found.add("nothing", warn(where, why))
        elif not context[start:end].strip():
            self.found.add("blank", warn(where, f"has only spaces at {start} to {end} of its context."))
        elif start and context[start - 1].isalnum() and context[start].isalnum():
            self.inside_words += 1

    def whole(self, *, complete: bool) -> Iterator[LintFinding]:
        """Check that the positions match word boundaries."""
        if self.inside_words * 2 > self.number >= ENOUGH_ROWS:
            share_of = f"{self.inside_words:,} of {self.number:,} answers"
            yield warn(FILE, f"has {share_of} starting in the middle of a word; do positions count from 0?")
        if complete:
            yield from self.few_rows()
        yield passed(FILE, f"{plural(self.number, 'question')}{share(complete=complete)}.")


def _no_position(row: CsvRow) -> str:
    place = 2 if not is_whole(row.cells[2]) else 3
    cell, name = shown(row.cells[place]), ("start", "end")[place - 2]
    if looks_like_a_header(row):
        return f"looks like a header ({cell} is not a position); remove it."
    return f"has {cell} as the {name} of its answer, which is not an integer."


SAMPLE = Sample(
    "data.csv: question, context, answer",
    (
        "Who wrote it?,Ana wrote it.,0,3",
        "When?,It was in May.,10,13",
    ),
    "no header; the answer's start and end in characters",
    "Who wrote it?,Ana wrote it.,0,3",
)
FORMAT = DataFormat(
    Task.QUESTION_ANSWERING,
    SUMMARY,
    RULES,
    lint,
    SAMPLE,
    needs("question, context …", "answer in its context"),
)
