"""JSON Lines read in chunks: one object a line, each with its number or with what is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from jsft_tui.core.datasets.parsers.json_text import UnreadableJsonError, decoded, shown, value_of

MAX_LINE = 2**20
"""Bytes of one line; longer ones are left out."""

_UTF8_MARK = b"\xef\xbb\xbf"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class JsonLine:
    """A line.

    Attributes:
        number: counted from 1.
        fields: the object on it; empty when there is a fault.
        fault: why there is no object.
        too_long: whether it was left out for its length.
    """

    number: int
    fields: Mapping[str, object] = field(default_factory=dict)
    fault: str = ""
    too_long: bool = False


def json_lines(chunks: Iterable[bytes], *, complete: bool) -> Iterator[JsonLine]:
    """The lines of a file given in chunks, without blank ones.

    Args:
        chunks: the file's bytes from its start.
        complete: whether the chunks reach the file's end; if not, the last (cut) line is left out.

    Raises:
        UnreadableJsonError: the file as a whole is something else: UTF-16, an array, objects over several lines.
    """
    for number, line in enumerate(_lines(chunks, complete=complete), start=1):
        if number == 1:
            line = line.removeprefix(_UTF8_MARK)
            _judge_start(line)
        if len(line) > MAX_LINE:
            yield JsonLine(number, too_long=True)
        elif line.strip():
            yield _read(number, line)


def _read(number: int, line: bytes) -> JsonLine:
    try:
        value = value_of(decoded(line))
    except UnreadableJsonError as error:
        return JsonLine(number, fault=error.reason)
    if not isinstance(value, dict):
        return JsonLine(number, fault=f"is {shown(value)}; each line must be a JSON object in braces")
    return JsonLine(number, value)


def _judge_start(line: bytes) -> None:
    if line.startswith(_UTF16_MARKS):
        raise UnreadableJsonError(1, "is UTF-16; save the file as UTF-8")
    start = line.strip()
    if start.startswith(b"["):
        raise UnreadableJsonError(1, "starts a JSON array; write one object a line, without brackets and commas")
    if start == b"{":
        raise UnreadableJsonError(1, "starts an object that goes over several lines; each must stand on one line")


def _lines(chunks: Iterable[bytes], *, complete: bool) -> Iterator[bytes]:
    """Lines without what ends them; of one that is too long only as much as shows it."""
    rest = b""
    for chunk in chunks:
        *lines, last = chunk.split(b"\n")
        for line in lines:
            yield rest + line
            rest = b""
        rest = (rest + last)[: MAX_LINE + 1]
    if rest and complete:
        yield rest
