"""Check data for sentence similarity: `data.csv` without a header, a unique id and a text per row.

Source: AWS's notebook "Introduction to JumpStart - Text Embedding and Sentence Similarity". Training builds an index
over the texts; the ids identify the neighbors that are found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar

from jsft_tui.core.catalog.task import Task
from jsft_tui.core.common.text import plural
from jsft_tui.core.datasets.base.data_format import DataFormat, Sample
from jsft_tui.core.datasets.base.question import DataQuestion
from jsft_tui.core.datasets.base.reader import BudgetedDataset, LintFinding, block, passed, warn
from jsft_tui.core.datasets.parsers.csv_rows import CsvRow
from jsft_tui.core.datasets.parsers.csv_values import is_missing
from jsft_tui.core.datasets.text.data_csv import FILE, RowJudge, is_whole, lint_rows, needs, share, shown

SUMMARY = "data.csv without a header: a unique id, then the text."
RULES = (
    "One file named data.csv directly under the prefix.",
    "No header row.",
    "First column: an id that stands only once.",
    "Second column: the text.",
    "UTF-8.",
)
_NUMBER = re.compile(r"[-+]?[0-9]{1,15}(?:\.0*)?")
_HEADERS = frozenset({"id", "ids", "index", "sentence_id", "text_id", "doc_id", "label"})
_TEXT_HEADERS = frozenset({"text", "sentence", "sentences", "content", "document", "description", "title"})


def lint(data: BudgetedDataset, question: DataQuestion) -> Iterator[LintFinding]:
    """Yield all findings about a sentence similarity dataset."""
    return lint_rows(data, question, _Rows())


@dataclass
class _Rows(RowJudge):
    """The rows of the file: ids and the lines where they first occurred."""

    NEEDS = "an id and a text"
    COLUMNS = 2
    TEXTS: ClassVar = {1: "text"}

    swapped: int = 0
    ids: dict[str, int] = field(default_factory=dict)

    @property
    def seen(self) -> str:
        """The ids."""
        twice = self.found.number("twice")
        return f"{twice:,} twice" if twice else "all different"

    def values(self, row: CsvRow, where: str) -> None:
        """Check that no other row has the id."""
        key, text = row.cells[0].strip(), row.cells[1].strip()
        first = self.ids.setdefault(_as_read(key), row.line)
        if row.line == 1 and key.lower() in _HEADERS and text.lower() in _TEXT_HEADERS:
            self.found.add("header", block(where, f"looks like a header ({shown(key)}); data.csv must have none."))
        elif not key:
            self.found.add("no id", block(where, "has an empty id."))
        elif is_missing(row.cells[0]):
            why = f"has the id {shown(key)}, which pandas reads as a missing value; choose another."
            self.found.add("missing id", warn(where, why))
        elif first != row.line:
            self.found.add("twice", block(where, f"has the id {shown(key)}, which line {first} already has."))
        self.swapped += is_whole(text) and not is_whole(key)

    def whole(self, *, complete: bool) -> Iterator[LintFinding]:
        """Check that there is something to compare."""
        if self.swapped == self.number:
            yield block(FILE, "has its columns swapped: the id comes first, then the text.")
        if complete and self.number < 2:
            yield block(FILE, "has one row; there is nothing to compare it with.")
        yield passed(FILE, f"{plural(self.number, 'text')}{share(complete=complete)}.")


def _as_read(key: str) -> str:
    """Return an id as pandas reads it: 01, 1 and 1.0 are one number."""
    return f"{int(float(key))}" if _NUMBER.fullmatch(key) else key


SAMPLE = Sample(
    "data.csv: id, text",
    (
        "a1,Where is my order?",
        "a2,How do I get a refund?",
    ),
    "no header, each id once, UTF-8",
    "a1,Where is my order?   a2,How do I get a refund?",
)
FORMAT = DataFormat(Task.SENTENCE_SIMILARITY, SUMMARY, RULES, lint, SAMPLE, needs("an id and a text", "each id once"))
