"""Sentence similarity: `data.csv` without a header, a unique id and a text in each row.

Source: AWS's notebook "Introduction to JumpStart - Text Embedding and Sentence Similarity". Training builds an index
over the texts; an id is what a neighbour is called by.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar

from jsft_tui.core.catalog.task import Task
from jsft_tui.core.common.text import plural
from jsft_tui.core.datasets.base.data_format import DataFormat
from jsft_tui.core.datasets.base.question import DataQuestion
from jsft_tui.core.datasets.base.reader import BudgetedDataset, LintFinding, block, passed
from jsft_tui.core.datasets.parsers.csv_rows import CsvRow
from jsft_tui.core.datasets.text.data_csv import FILE, RowJudge, is_whole, lint_rows, share, shown

SUMMARY = "data.csv without a header: a unique id, then the text."
RULES = (
    "One file named data.csv directly under the prefix.",
    "No header row.",
    "First column: an id that stands only once.",
    "Second column: the text.",
    "UTF-8.",
)
_HEADERS = frozenset({"id", "ids", "index", "sentence_id", "text_id", "doc_id", "label"})
_TEXT_HEADERS = frozenset({"text", "sentence", "sentences", "content", "document", "description", "title"})


def lint(data: BudgetedDataset, _question: DataQuestion) -> Iterator[LintFinding]:
    """Yield all findings about a sentence similarity dataset."""
    return lint_rows(data, _Rows())


@dataclass
class _Rows(RowJudge):
    """What was seen in the file: ids and the lines they first stood on."""

    NEEDS = "an id and a text"
    COLUMNS = 2
    TEXTS: ClassVar = {1: "text"}

    swapped: int = 0
    ids: dict[str, int] = field(default_factory=dict)

    def values(self, row: CsvRow, where: str) -> None:
        """The id is one that no other row has."""
        key, text = row.cells[0].strip(), row.cells[1].strip()
        first = self.ids.setdefault(key, row.line)
        if row.line == 1 and key.lower() in _HEADERS and text.lower() in _TEXT_HEADERS:
            self.found.add("header", block(where, f"looks like a header ({shown(key)}); data.csv must have none."))
        elif not key:
            self.found.add("no id", block(where, "has an empty id."))
        elif first != row.line:
            self.found.add("twice", block(where, f"has the id {shown(key)}, which line {first} has already."))
        self.swapped += is_whole(text) and not is_whole(key)

    def whole(self, *, complete: bool) -> Iterator[LintFinding]:
        """Whether there is something to compare."""
        if self.swapped == self.number:
            yield block(FILE, "has its columns swapped: the id comes first, then the text.")
        if complete and self.number < 2:
            yield block(FILE, "has one row; there is nothing to compare it with.")
        yield passed(FILE, f"{plural(self.number, 'text')}{share(complete=complete)}.")


FORMAT = DataFormat(Task.SENTENCE_SIMILARITY, SUMMARY, RULES, lint)
