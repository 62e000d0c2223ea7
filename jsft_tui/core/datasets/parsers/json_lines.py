"""JSON Lines read in chunks: one object a line, each with its number or with what is wrong.

What Hugging Face datasets (Arrow's JSON reader) makes of a file decides: it also reads one array, objects over several
lines, several objects on a line, and lines that end in a carriage return; it refuses a key that an object has twice,
and half of a surrogate pair (tried with datasets 2.17.1 and 5.2.0).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain

from jsft_tui.core.datasets.parsers.json_text import (
    Repeated,
    TooLarge,
    UnreadableJsonError,
    decoded,
    placed_records,
    refuse_other_kinds,
    shown,
    value_of,
)

MAX_LINE = 2**20
"""Bytes of one line; longer ones are skipped."""

_UTF8_MARK = b"\xef\xbb\xbf"
_BLANKS = b" \t\r\n"
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_EXPONENT = re.compile(r"\d[eE]\+?\d{3}")
_ONE_A_LINE = "AWS's pages ask for one object on each line"


@dataclass(frozen=True)
class JsonLine:
    """A line.

    Attributes:
        number: counted from 1.
        fields: its object; empty if there is a fault.
        fault: why there is no object.
        too_long: whether it was left out for its length.
        doubt: what is read and yet not as the format is described; empty when nothing is.
    """

    number: int
    fields: Mapping[str, object] = field(default_factory=dict)
    fault: str = ""
    too_long: bool = False
    doubt: str = ""


def json_lines(chunks: Iterable[bytes], *, complete: bool) -> Iterator[JsonLine]:
    """Yield the lines of a file given in chunks, without blank ones.

    Args:
        chunks: the file's bytes from its start.
        complete: whether the chunks reach the file's end; if not, the last (cut) line is left out.

    Raises:
        UnreadableJsonError: the file as a whole is something else: UTF-16, gzip, an array that is not well-formed.
    """
    rest = iter(chunks)
    head = _head(rest)
    refuse_other_kinds(head)
    head = head.removeprefix(_UTF8_MARK)
    doubt = _doubt_about_all(head)
    if doubt:
        yield from _document(b"".join((head, *rest)), doubt, complete=complete)
        return
    pieces: Iterable[bytes] = chain([head], rest)
    if b"\n" not in head and b"\r" in head.strip(_BLANKS):  # as old Macs end lines
        pieces = (piece.replace(b"\r", b"\n") for piece in pieces)
    for number, line in enumerate(_lines(pieces, complete=complete), start=1):
        if len(line) > MAX_LINE:
            yield JsonLine(number, too_long=True)
        elif line.strip(_BLANKS):
            yield from _read(number, line)


def _head(chunks: Iterator[bytes]) -> bytes:
    """As many chunks as hold the first line that is not blank."""
    head = b""
    for chunk in chunks:
        head += chunk
        start = head.removeprefix(_UTF8_MARK).lstrip(_BLANKS)
        if b"\n" in start or len(start) > MAX_LINE:
            break
    return head


def _doubt_about_all(head: bytes) -> str:
    """Return what is doubtful about a file whose lines are not objects, by the first one; empty if they may be."""
    first, end, _ = head.lstrip(_BLANKS).partition(b"\n")
    if first.startswith(b"["):
        return f"starts a JSON array, which is read; {_ONE_A_LINE}"
    if not first.startswith(b"{") or not end:
        return ""
    try:
        value_of(decoded(first))
    except UnreadableJsonError as error:
        # A string cannot go over the end of a line: such a line is damaged.
        if error.is_cut and "nterminated" not in error.reason:
            return f"starts an object that spans several lines, which is read; {_ONE_A_LINE}"
    return ""


def _document(body: bytes, doubt: str, *, complete: bool) -> Iterator[JsonLine]:
    """Yield the objects of a file that is one array, or objects over any number of lines."""
    for line, value in placed_records(decoded(body, complete=complete), complete=complete):
        yield _judged(line, value, "", doubt)
        doubt = ""


def _read(number: int, line: bytes) -> Iterator[JsonLine]:
    try:
        text = decoded(line)
        values = [value_of(text)]
    except UnreadableJsonError as error:
        values = _several(line) if error.reason.endswith("after its end") else []
        if not values:
            yield JsonLine(number, fault=error.reason)
            return
    doubt = f"contains {len(values)} objects, which are read; {_ONE_A_LINE}" if len(values) > 1 else ""
    for value in values:
        yield _judged(number, value, text, doubt)
        doubt = ""


def _several(line: bytes) -> list[object]:
    """Return the values on one line, if all of them can be read."""
    try:
        return [value for _, value in placed_records(decoded(line))]
    except UnreadableJsonError:
        return []


def _judged(number: int, value: object, text: str, doubt: str) -> JsonLine:
    if not isinstance(value, dict):
        return JsonLine(number, fault=f"is {shown(value)}; each line must be a JSON object in braces")
    may_be_bad = not text or _SURROGATE.search(text) or _EXPONENT.search(text) or isinstance(value, Repeated)
    fault = fault_of(value) if may_be_bad else ""
    return JsonLine(number, fault=fault) if fault else JsonLine(number, value, doubt=doubt)


def fault_of(value: Mapping[str, object]) -> str:
    """Return why Arrow refuses an object that Python reads; empty if it does not."""
    if isinstance(value, Repeated):
        return f"has the key {shown(value.key)} twice, which Hugging Face datasets refuse"
    if _is_too_large(value):
        return "contains a number that no 64-bit float holds, which Hugging Face datasets refuse"
    if _has_half_a_pair(value):
        return "contains half of a surrogate pair (\\ud800 to \\udfff), which is no character"
    return ""


def _is_too_large(value: object) -> bool:
    """Return whether a number was read as infinite; `Infinity` itself is read by Arrow."""
    rest = [value]
    while rest:
        part = rest.pop()
        if isinstance(part, TooLarge):
            return True
        rest += part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    return False


def _has_half_a_pair(value: object) -> bool:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return True
    return False


def _lines(chunks: Iterable[bytes], *, complete: bool) -> Iterator[bytes]:
    """Yield lines without their line ends; of a line that is too long only enough to recognize it."""
    rest = b""
    for chunk in chunks:
        *lines, last = chunk.split(b"\n")
        for line in lines:
            yield rest + line
            rest = b""
        rest = (rest + last)[: MAX_LINE + 1]
    if rest and complete:
        yield rest
