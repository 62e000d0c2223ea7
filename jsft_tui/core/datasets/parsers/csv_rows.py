"""Rows of a CSV file read in chunks: strict quoting, UTF-8 with or without a byte order mark, line numbers."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

MAX_FIELD = 1_000_000
"""Characters of one field; a longer one is nearly always an unterminated quote."""
MAX_LINE = 16 * 2**20
"""Bytes of one line; without line ends a file would have to be held whole."""

_UTF8_MARK = b"\xef\xbb\xbf"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_NOT_CLOSED = "has a quote that is never closed"
# What the csv module says, in words that name the cause.
_REASONS = {
    "unexpected end of data": _NOT_CLOSED,
    "field larger than field limit": f"{_NOT_CLOSED}, or a field of more than {MAX_FIELD:,} characters",
    "expected after": "has a quote inside a field; double it, and put the whole field in quotes",
}


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
        UnreadableCsvError: not UTF-8, or quotes that do not match; the rows before it were given.
    """
    csv.field_size_limit(MAX_FIELD)
    reader = csv.reader(_lines(chunks, complete=complete), strict=True)
    line = 1
    try:
        for cells in reader:
            if cells:
                yield CsvRow(line, cells)
            line = reader.line_num + 1
    except csv.Error as error:
        if complete or "unexpected end" not in str(error):
            raise UnreadableCsvError(line, _reason(str(error))) from None


def _reason(message: str) -> str:
    known = (ours for theirs, ours in _REASONS.items() if theirs in message)
    return next(known, f"is not well-formed CSV: {message}")


def _lines(chunks: Iterable[bytes], *, complete: bool) -> Iterator[str]:
    for number, line in enumerate(_undecoded_lines(chunks, complete=complete), start=1):
        yield _decoded(number, line)


def _undecoded_lines(chunks: Iterable[bytes], *, complete: bool) -> Iterator[bytes]:
    """Lines with what ends them: a newline, a carriage return, or both."""
    rest = b""
    for chunk in chunks:
        lines = (rest + chunk).splitlines(keepends=True)
        # A carriage return at the end may be the first half of a line end.
        rest = lines.pop() if lines and not lines[-1].endswith(b"\n") else b""
        yield from lines
        if len(rest) > MAX_LINE:
            yield rest  # judged as too long by whoever decodes it
            return
    if rest and complete:
        yield rest


def _decoded(number: int, line: bytes) -> str:
    if len(line) > MAX_LINE:
        raise UnreadableCsvError(number, f"is longer than {MAX_LINE // 2**20} MiB; is this a CSV file?")
    if number == 1:
        if line.startswith(_UTF16_MARKS):
            raise UnreadableCsvError(1, "is UTF-16; save the file as UTF-8")
        line = line.removeprefix(_UTF8_MARK)
    try:
        text = line.decode()
    except UnicodeDecodeError as error:
        byte = line[error.start]
        raise UnreadableCsvError(number, f"is not UTF-8 (byte 0x{byte:02x}); save the file as UTF-8") from None
    if "\0" in text:
        raise UnreadableCsvError(number, "holds a NUL byte: the file is damaged, or UTF-16 instead of UTF-8")
    return text
