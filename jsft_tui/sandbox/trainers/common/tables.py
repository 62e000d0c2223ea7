"""Read the rows of a CSV file and report the position of errors."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from jsft_tui.sandbox.trainers.common.settings import UserError

MAX_FIELD_CHARACTERS = 131_072
"""Maximum length of one field; the csv module's default."""
_NAMED = 3


def read_rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield the non-empty rows with the numbers (from 1) of the lines on which they end.

    Raises:
        UserError: the file is not UTF-8, or not CSV.
    """
    csv.field_size_limit(MAX_FIELD_CHARACTERS)
    try:
        with path.open(newline="", encoding="utf-8-sig") as source:
            # strict: otherwise an unterminated quote would silently include the rest of the file.
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
    """Errors in a file's rows, reported in one sentence."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._first: list[str] = []
        self._count = 0

    def add(self, line: int, what: str) -> None:
        """Add the error of one row."""
        self._count += 1
        if len(self._first) < _NAMED:
            self._first.append(f"line {line}: {what}")

    def check(self) -> None:
        """Raise if there are errors.

        Raises:
            UserError: some rows are invalid.
        """
        if self._count:
            more = ", ..." if self._count > _NAMED else ""
            rows = "row" if self._count == 1 else "rows"
            header = self._count == 1 and self._first[0].startswith("line 1:")
            hint = "; if that is a header, remove it" if header else ""
            raise UserError(f"{self._name} has {self._count} bad {rows}; {'; '.join(self._first)}{more}{hint}")


def quoted(text: str) -> str:
    """Return user data for a message: shortened, and without characters that a terminal would interpret."""
    return ascii(text if len(text) <= 20 else text[:20] + "...")
