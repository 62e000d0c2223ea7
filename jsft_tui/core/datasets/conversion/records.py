"""Read the records of a JSON lines, JSON or CSV file in chunks, each with its line or with what is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from jsft_tui.core.datasets.parsers.csv_rows import UnreadableCsvError, rows
from jsft_tui.core.datasets.parsers.json_lines import json_lines
from jsft_tui.core.datasets.parsers.json_text import UnreadableJsonError

TABLE_ENDINGS = (".csv", ".tsv", ".tab")
_OTHER_SEPARATORS = {"\t": "tabs", ";": "semicolons", "|": "bars"}


class UnreadableRecordsError(Exception):
    """The file as a whole cannot be read; the text says why and where."""


@dataclass(frozen=True)
class Record:
    """A record.

    Attributes:
        line: where it starts, from 1.
        fields: its values; empty if there is a fault.
        fault: why there are none.
    """

    line: int
    fields: Mapping[str, object] = field(default_factory=dict)
    fault: str = ""


def records(name: str, chunks: Iterable[bytes]) -> Iterator[Record]:
    """Yield the records of a file by its name's ending.

    Raises:
        UnreadableRecordsError: it is neither JSON lines, nor a JSON array, nor CSV with a header.
    """
    try:
        yield from _table(name, chunks) if name.lower().endswith(TABLE_ENDINGS) else _lines(chunks)
    except (UnreadableCsvError, UnreadableJsonError) as error:
        raise UnreadableRecordsError(f"{name} line {error.line}: {error.reason}") from error


def _lines(chunks: Iterable[bytes]) -> Iterator[Record]:
    for line in json_lines(chunks, complete=True):
        fault = "a line that is too long" if line.too_long else "a line that is no JSON object" if line.fault else ""
        yield Record(line.number, line.fields, fault)


def _table(name: str, chunks: Iterable[bytes]) -> Iterator[Record]:
    header: tuple[str, ...] = ()
    for row in rows(chunks, complete=True):
        cells = tuple(row.cells)
        if not header:
            header = tuple(cell.strip() for cell in cells)
            _refuse_other_separator(name, header)
        elif len(cells) > len(header):
            yield Record(row.line, fault="a row with more cells than the header")
        else:
            yield Record(row.line, dict(zip(header, cells, strict=False)))


def _refuse_other_separator(name: str, header: tuple[str, ...]) -> None:
    found = [words for sign, words in _OTHER_SEPARATORS.items() if len(header) == 1 and sign in header[0]]
    if found:
        raise UnreadableRecordsError(f"{name} separates its columns by {found[0]}; write commas")
