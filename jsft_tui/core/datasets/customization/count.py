"""Count the records and characters of a language dataset, within a byte budget."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from jsft_tui.core.datasets.base.findings_by_kind import FindingsByKind
from jsft_tui.core.datasets.base.reader import BudgetedDataset
from jsft_tui.core.datasets.generative.jsonl_files import jsonl_files, read_lines

CHARACTERS_PER_TOKEN = 4
"""Characters of English text per token, the usual rule of thumb; other languages and code have fewer."""


@dataclass(frozen=True)
class RecordCount:
    """What was counted.

    Attributes:
        records: records read.
        characters: of their texts.
        bytes_read, bytes_total: how much of the data that was.
    """

    records: int
    characters: int
    bytes_read: int
    bytes_total: int

    @property
    def is_complete(self) -> bool:
        """Return whether everything was read."""
        return self.bytes_read >= self.bytes_total

    @property
    def all_records(self) -> int:
        """Return the number of records, extrapolated from what was read."""
        return self._whole(self.records)

    @property
    def tokens(self) -> int:
        """Return the estimated number of tokens of the whole dataset."""
        return self._whole(self.characters) // CHARACTERS_PER_TOKEN

    def _whole(self, number: int) -> int:
        return number if self.is_complete or not self.bytes_read else number * self.bytes_total // self.bytes_read


def count_records(data: BudgetedDataset) -> RecordCount:
    """Count as much as the budget allows."""
    items = jsonl_files(data.listing())
    counter = _Counter()
    before = data.bytes_read
    read_lines(data, items, counter)
    return RecordCount(counter.records, counter.characters, data.bytes_read - before, sum(item.size for item in items))


@dataclass
class _Counter:
    records: int = 0
    characters: int = 0
    found: FindingsByKind = field(default_factory=FindingsByKind)

    def line(self, fields: Mapping[str, object], where: str) -> None:
        """Count one record."""
        del where
        self.records += 1
        self.characters += _characters(fields)


def _characters(value: object) -> int:
    """Count the characters of all texts in a value, whose nesting the parser limits."""
    if isinstance(value, str):
        return len(value)
    inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    return sum(map(_characters, inner))
