"""Preview the beginning of an object as lines: tables as columns, JSON by field, other bytes as hex."""

from __future__ import annotations

import codecs
import csv
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from jsft_tui.core.common.text import cells, clean, fit, plural

HEAD = 64 * 1024
"""Bytes of a text to read for a preview."""
MAX_IMAGE_BYTES = 2 * 2**20
"""Bytes of an image to read for a preview."""
MAX_LINES = 200
MAX_LINE = 1000
"""Maximum characters of a line."""
MAX_COLUMNS = 20
COLUMN_CELLS = 24
"""Maximum cells of a table column; the last one is not truncated."""
HEX_ROWS, HEX_BYTES = 32, 8
MAX_UNPRINTABLE = 0.05
"""Bytes count as binary if characters that do not occur in text exceed this share."""

_IMAGES = (".jpg", ".jpeg", ".png")
_SEPARATORS = {".csv": ",", ".tsv": "\t"}
_LINE_ENDS = re.compile(r"\r\n?|\n")
_MAGIC = (
    (b"\x1f\x8b", "gzip"),
    (b"PK\x03\x04", "zip"),
    (b"PAR1", "Parquet"),
    (b"%PDF", "PDF"),
    (b"\x93NUMPY", "NumPy array"),
    (b"\x89HDF", "HDF5"),
    (b"\x89PNG\r\n\x1a\n", "PNG image"),
    (b"\xff\xd8\xff", "JPEG image"),
)


class Kind(Enum):
    """The type of the contents."""

    TABLE = "table"
    JSON = "JSON"
    TEXT = "text"
    BINARY = "binary"
    EMPTY = "empty"


@dataclass(frozen=True)
class PreviewLine:
    """A line: a label (may be empty) and the text, without control characters."""

    text: str
    label: str = ""


@dataclass(frozen=True)
class Preview:
    """The lines of a preview; `note` describes them, `is_whole` tells whether they are the whole object."""

    kind: Kind
    note: str
    lines: tuple[PreviewLine, ...]
    is_whole: bool


def is_image(name: str) -> bool:
    """Return whether the file extension is that of an image that can be drawn."""
    return name.lower().endswith(_IMAGES)


def preview(name: str, data: bytes, *, is_whole: bool) -> Preview:
    """Return a preview of the beginning of an object.

    Args:
        name: the object's name; its extension determines the format.
        data: its first bytes.
        is_whole: whether these are all.
    """
    if not data:
        return Preview(Kind.EMPTY, "empty", (), True)
    text = _text(data, is_whole=is_whole)
    if text is None:
        return Preview(Kind.BINARY, _magic(data), _hex(data), is_whole and len(data) <= HEX_ROWS * HEX_BYTES)
    rows = _rows(text, is_whole=is_whole)
    kind, lines = _read(name.lower(), rows, text if is_whole else "")
    some = tuple(_limited(lines))
    return Preview(kind, kind.value, some[:MAX_LINES], is_whole and len(some) <= MAX_LINES)


def _read(name: str, rows: list[str], whole: str) -> tuple[Kind, Iterable[PreviewLine]]:
    ending = name[name.rfind(".") :] if "." in name else ""
    if ending in _SEPARATORS:
        table = _table(rows, _SEPARATORS[ending])
        if table is not None:
            return Kind.TABLE, table
    if ending in (".jsonl", ".ndjson"):
        return Kind.JSON, _json_lines(rows)
    if ending in (".json", ".manifest") and whole:
        document = _parsed(whole)
        if not isinstance(document, _Unread):
            pretty = json.dumps(document, indent=2, ensure_ascii=False).splitlines()
            return Kind.JSON, (PreviewLine(clean(row)) for row in pretty)
    return Kind.TEXT, (PreviewLine(_one_line(row)) for row in rows)


def _one_line(row: str) -> str:
    return clean(row[: 2 * MAX_LINE].replace("\t", "    "))


def _text(data: bytes, *, is_whole: bool) -> str | None:
    """Decode the bytes; None if they are not text. A character that is cut at the end is left out."""
    encoding = "utf-16" if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    text = codecs.getincrementaldecoder(encoding)("replace").decode(data, is_whole)
    unprintable = sum(text.count(character) for character in "\ufffd\0\x01\x02\x03\x04")
    return None if not text or unprintable > MAX_UNPRINTABLE * len(text) else text


def _rows(text: str, *, is_whole: bool) -> list[str]:
    """Split into lines; the last one, which may be incomplete, is left out unless it is the only one."""
    rows = _LINE_ENDS.split(text)
    if len(rows) > 1 and (not is_whole or not rows[-1]):
        rows.pop()
    return rows[: MAX_LINES + 1]


def _limited(lines: Iterable[PreviewLine]) -> Iterator[PreviewLine]:
    for number, each in enumerate(lines):
        if number > MAX_LINES:
            return
        cut = f"{each.text[:MAX_LINE]}…" if len(each.text) > MAX_LINE else each.text
        yield PreviewLine(cut, each.label)


def _table(rows: Sequence[str], separator: str) -> list[PreviewLine] | None:
    try:
        records = [record[:MAX_COLUMNS] for record in csv.reader(rows, delimiter=separator, strict=False)]
    except csv.Error:
        return None
    count = max((len(record) for record in records), default=0)
    widths = [
        min(COLUMN_CELLS, max((cells(record[column]) for record in records if column < len(record)), default=0))
        for column in range(count)
    ]
    return [PreviewLine(_columns(record, widths)) for record in records]


def _columns(record: Sequence[str], widths: Sequence[int]) -> str:
    shown = [clean(value[:MAX_LINE]) for value in record]
    padded = []
    for value, width in zip(shown[:-1], widths, strict=False):
        value = fit(value, width)
        padded.append(value + " " * (width - cells(value)))
    return "  ".join([*padded, *shown[-1:]])


class _Unread:
    """Represents a text that is not valid JSON."""


def _parsed(text: str) -> object:
    try:
        document: object = json.loads(text)
    except (ValueError, RecursionError):
        return _Unread()
    return document


def _json_lines(rows: Sequence[str]) -> Iterator[PreviewLine]:
    for number, row in enumerate(rows, start=1):
        document = _parsed(row)
        if isinstance(document, dict) and document:
            yield PreviewLine("", f"line {number}")
            for key, value in document.items():
                yield PreviewLine(_value(value), f"  {clean(str(key))[:40]}")
        else:
            yield PreviewLine(
                _one_line(row), f"line {number}, not JSON" if isinstance(document, _Unread) else f"line {number}"
            )


def _value(value: object) -> str:
    return clean(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def _magic(data: bytes) -> str:
    return next((name for magic, name in _MAGIC if data.startswith(magic)), "binary") + ", first bytes"


def _hex(data: bytes) -> tuple[PreviewLine, ...]:
    some = data[: HEX_ROWS * HEX_BYTES]
    pieces = [(start, some[start : start + HEX_BYTES]) for start in range(0, len(some), HEX_BYTES)]
    return tuple(
        PreviewLine(f"{piece.hex(' '):<{HEX_BYTES * 3 - 1}}  {_printable(piece)}", f"{start:04x}")
        for start, piece in pieces
    )


def _printable(piece: bytes) -> str:
    return "".join(chr(byte) if 0x20 <= byte < 0x7F else "." for byte in piece)


def preview_note(shown: Preview, size: int) -> str:
    """Describe which part of the object the preview shows."""
    if shown.is_whole:
        return shown.note
    if shown.kind is Kind.BINARY:
        return f"{shown.note} of {plural(size, 'byte')}"
    return f"{shown.note}, the first {plural(len(shown.lines), 'line')}"
