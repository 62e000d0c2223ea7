"""Reads the rows of a CSV file, with the place of whatever is wrong."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from jsft_tui.sandbox.trainers.common.settings import UserError

MAX_FIELD_CHARACTERS = 131_072
"""Of one field; the csv module's own default."""
_NAMED = 3


def read_rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The rows with the numbers of the lines on which they end (counted from 1), without empty lines.

    Raises:
        UserError: the file is not UTF-8, or not CSV.
    """
    csv.field_size_limit(MAX_FIELD_CHARACTERS)
    try:
        with path.open(newline="", encoding="utf-8-sig") as source:
            # strict: without it an unterminated quote swallows the rest of the file in silence.
            reader = csv.reader(source, strict=True)
            for row in reader:
                if row:
                    yield reader.line_num, row
    except UnicodeDecodeError as error:
        raise UserError(
            f"{path.name} is not UTF-8 text (byte {error.start} does not belong there); save it as UTF-8"
        ) from None
    except csv.Error as error:
        raise UserError(f"{path.name} is not well-formed CSV ({error}); check its quotes and line ends") from None


class RowErrors:
    """Collects what is wrong with a file's rows, to say it all in one sentence."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._first: list[str] = []
        self._count = 0

    def add(self, line: int, what: str) -> None:
        """Note one row."""
        self._count += 1
        if len(self._first) < _NAMED:
            self._first.append(f"line {line}: {what}")

    def check(self) -> None:
        """See whether all rows were right.

        Raises:
            UserError: some were not.
        """
        if self._count:
            more = ", ..." if self._count > _NAMED else ""
            rows = "row" if self._count == 1 else "rows"
            header = self._count == 1 and self._first[0].startswith("line 1:")
            hint = "; if that is a header, remove it" if header else ""
            raise UserError(f"{self._name} has {self._count} bad {rows}; {'; '.join(self._first)}{more}{hint}")


def quoted(text: str) -> str:
    """A piece of someone's data for a message: short, and with nothing in it that a terminal would obey."""
    return ascii(text if len(text) <= 20 else text[:20] + "...")
