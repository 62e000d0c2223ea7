"""Rows of a CSV file read in chunks: strict quoting, UTF-8 with or without a byte order mark, line numbers."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

MAX_FIELD = 1_000_000
"""Characters of one field; a longer one is nearly always an unterminated quote."""


class UnreadableCsvError(Exception):
    """The file is not what it should be; `line` is where it was noticed."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line
        self.reason = reason


@dataclass(frozen=True)
class CsvRow:
    """A row and the line that it starts on (1 is the first)."""

    line: int
    cells: list[str]


def rows(chunks: Iterable[bytes], *, complete: bool) -> Iterator[CsvRow]:
    """The rows of a file given in chunks.

    Args:
        chunks: the file's bytes from its start.
        complete: whether the chunks reach the file's end; if not, the last (cut) line is left out.

    Raises:
        UnreadableCsvError: not UTF-8, or quotes that do not match.
    """
    csv.field_size_limit(MAX_FIELD)
    lines = _lines(chunks, complete=complete)
    reader = csv.reader(lines, strict=True)
    line = 1
    try:
        for cells in reader:
            if cells:
                yield CsvRow(line, cells)
            line = reader.line_num + 1
    except csv.Error as error:
        if complete or "unexpected end" not in str(error):
            raise UnreadableCsvError(line, f"is not well-formed CSV: {error}") from None


def _lines(chunks: Iterable[bytes], *, complete: bool) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    rest, number = "", 0
    try:
        for chunk in chunks:
            *whole, rest = (rest + decoder.decode(chunk)).split("\n")
            for line in whole:
                number += 1
                yield line + "\n"
        rest += decoder.decode(b"", final=complete)
    except UnicodeDecodeError as error:
        seen = error.object[: error.start].count(b"\n") + number + 1
        byte = error.object[error.start]
        raise UnreadableCsvError(seen, f"is not UTF-8 (byte 0x{byte:02x}); save the file as UTF-8") from None
    if rest and complete:
        yield rest
