"""Parse CSV files in chunks, as pandas' C parser does.

Source: pandas, `pandas/_libs/src/parser/tokenizer.c`, with the defaults of `read_csv(header=None)`, which is how
JumpStart's scripts read (the public copies of its LightGBM and CatBoost scripts). So: a quote counts at the start of a
field only; what follows the closing one belongs to the field; empty lines and those of blanks are skipped; NUL bytes
are text; the first row fixes how many columns there are.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from jsft_tui.core.common.findings import Level
from jsft_tui.core.datasets.base.file_kinds import HEAD, kind_of
from jsft_tui.core.datasets.base.reader import LintFinding

MAX_LINE = 16 * 2**20
"""Bytes of one line, or characters of one quoted field; a file without ends would have to be held in memory."""
DOUBTFUL_FIELD = 1_000_000
"""Characters of an unclosed quoted field from which on a warning is given if only a part of the file is read."""

_UTF8_MARK = b"\xef\xbb\xbf"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_FIELD_END = re.compile(r"[,\r\n]|\Z")
_JSON = re.compile(rb'(?:\xef\xbb\xbf)?\s*(?:\[\s*)?\{\s*"[^"\n]{1,100}"\s*:')
_NOT_CLOSED = "has a quote that is never closed"


class UnreadableCsvError(Exception):
    """The file is not valid CSV.

    Attributes:
        line: where that was noticed; 0 for the file as a whole.
        reason: a sentence without its subject.
        level: a block for what the reader refuses, a warning for what was not read completely.
    """

    def __init__(self, line: int, reason: str, level: Level = Level.BLOCK) -> None:
        super().__init__(reason)
        self.line = line
        self.reason = reason
        self.level = level

    def finding(self, name: str) -> LintFinding:
        """Return the finding about the file of this name."""
        return LintFinding(self.level, f"{name} line {self.line}" if self.line else name, f"{self.reason}.")


@dataclass(frozen=True)
class CsvRow:
    """A row.

    Attributes:
        line: the line that it starts on (from 1).
        cells: its fields.
        width: number of columns of the file: pandas fills a narrower row with missing values, and refuses the file
            for a wider one ("Expected 2 fields in line 4, saw 3").
    """

    line: int
    cells: list[str]
    width: int

    @property
    def too_wide(self) -> bool:
        """Return whether pandas refuses the file because of this row."""
        return len(self.cells) > self.width


def rows(chunks: Iterable[bytes], *, complete: bool, free: int = 1) -> Iterator[CsvRow]:
    """Yield the rows of a file given in chunks.

    Args:
        chunks: the file's bytes from its start.
        complete: whether the chunks reach the file's end; if not, the last (cut) line is left out.
        free: how many of the first rows may be of any width: one, and two where the first is a header (pandas takes
            the columns that the header lacks for an index).

    Raises:
        UnreadableCsvError: not UTF-8, an unclosed quote, or another kind of file; after the rows before it.
    """
    lines = enumerate(_lines(chunks, complete=complete), start=1)
    width = 0
    for line, text in lines:
        content = text.rstrip("\r\n")
        if '"' in content:
            found = _quoted_cells(text, line, lines, complete=complete)
            if found is None:
                return
            cells = found
        elif content.strip(" \t"):
            cells = content.split(",")
        else:
            continue
        if free > 0:
            free -= 1
            width = max(width, len(cells))
        yield CsvRow(line, cells, width)


def _quoted_cells(text: str, line: int, lines: Iterator[tuple[int, str]], *, complete: bool) -> list[str] | None:
    """Return the cells of a row with quotes, which may span lines; None if it is cut off."""
    cells: list[str] = []
    at = 0
    while True:
        parts: list[str] = []
        if text.startswith('"', at):
            closed = _closed(text, at + 1, parts, lines)
            if closed is None:
                _judge_unclosed(line, sum(map(len, parts)), complete=complete)
                return None
            text, at = closed
        end = _end_of_field(text, at)
        parts.append(text[at:end])
        cells.append("".join(parts))
        if text[end : end + 1] != ",":
            return cells
        at = end + 1


def _closed(text: str, at: int, parts: list[str], lines: Iterator[tuple[int, str]]) -> tuple[str, int] | None:
    """Collect a quoted text in `parts`; return the line with the closing quote and the position after it."""
    held = 0
    for line in itertools.chain((text,), (more for _, more in lines)):
        while (end := line.find('"', at)) >= 0:
            parts.append(line[at:end])
            if not line.startswith('"', end + 1):
                return line, end + 1
            parts.append('"')
            at = end + 2
        parts.append(line[at:])
        held += len(parts[-1])
        if held > MAX_LINE:
            return None
        at = 0
    return None


def _judge_unclosed(line: int, length: int, *, complete: bool) -> None:
    """Raise what is known about a quoted field without an end."""
    if length > MAX_LINE:
        why = f"has a quote that is not closed within {MAX_LINE // 2**20} MiB; the rest was not checked"
        raise UnreadableCsvError(line, why, Level.WARN)
    if complete:
        raise UnreadableCsvError(line, _NOT_CLOSED)
    if length > DOUBTFUL_FIELD:
        why = f"has a quote that is not closed in the {length:,} characters after it that were read"
        raise UnreadableCsvError(line, why, Level.WARN)


def _end_of_field(text: str, at: int) -> int:
    found = _FIELD_END.search(text, at)
    return found.start() if found else len(text)


def _lines(chunks: Iterable[bytes], *, complete: bool) -> Iterator[str]:
    for number, line in enumerate(_undecoded_lines(_known(chunks), complete=complete), start=1):
        yield _decoded(number, line)


def _known(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the chunks of a file, unless its first bytes show that it is another kind of file."""
    head = b""
    more = iter(chunks)
    while len(head) < HEAD and (chunk := next(more, b"")):
        head += chunk
    _judge_head(head[:HEAD])
    yield head
    yield from more


def _judge_head(head: bytes) -> None:
    if head.startswith(_UTF16_MARKS):
        raise UnreadableCsvError(1, "is UTF-16; save the file as UTF-8")
    if kind := kind_of(head):
        raise UnreadableCsvError(0, f"is {kind}")
    if _JSON.match(head):
        raise UnreadableCsvError(1, "is JSON, not CSV; write the values in columns, separated by commas")
    if len(head) >= 4 and head.count(0) * 5 >= len(head) * 2:
        raise UnreadableCsvError(1, "has NUL bytes between its characters: it is UTF-16, or damaged; save it as UTF-8")


def _undecoded_lines(chunks: Iterable[bytes], *, complete: bool) -> Iterator[bytes]:
    """Yield lines with their line ends: a newline, a carriage return, or both."""
    rest = b""
    for chunk in chunks:
        lines = (rest + chunk).splitlines(keepends=True)
        # A carriage return at the end may be the first half of a line end.
        rest = lines.pop() if lines and not lines[-1].endswith(b"\n") else b""
        yield from lines
        if len(rest) > MAX_LINE:
            yield rest  # `_decoded` rejects it as too long
            return
    if rest and complete:
        yield rest


def _decoded(number: int, line: bytes) -> str:
    if len(line) > MAX_LINE:
        why = f"is longer than {MAX_LINE // 2**20} MiB and was not checked; lines of CSV files are shorter"
        raise UnreadableCsvError(number, why, Level.WARN)
    if number == 1:
        line = line.removeprefix(_UTF8_MARK)
    try:
        return line.decode()
    except UnicodeDecodeError as error:
        byte = line[error.start]
        raise UnreadableCsvError(number, f"is not UTF-8 (byte 0x{byte:02x}); save the file as UTF-8") from None
