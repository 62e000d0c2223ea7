"""Parse untrusted JSON value by value: whatever its depth, size and damage, report a reason and never crash.

Arrays are read element by element, so a document is never held as one tree of objects, and a document that the
budget cuts is checked as far as it was read.
"""

from __future__ import annotations

import codecs
import json
import re
from collections import Counter
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from math import isfinite

from jsft_tui.core.datasets.base.file_kinds import AUGMENTED, HEAD, kind_of


class Repeated(dict[str, object]):
    """An object that has a key more than once; Python keeps the last value, Arrow refuses the object."""

    key = ""


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    keys = [key for key, _ in pairs]
    repeated = Repeated(found)
    repeated.key = Counter(keys).most_common(1)[0][0]
    return repeated


class TooLarge(float):
    """A number with an exponent beyond 64-bit floats, which Arrow refuses and Python reads as infinite."""


def _float(text: str) -> float:
    value = float(text)
    return value if isfinite(value) else TooLarge(value)


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_float=_float)
_BLANKS = re.compile(r"[ \t\r\n]*")
_UTF8_MARK = "\ufeff"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_NEAR_THE_END = 16
"""Characters: the error of a cut value is noticed at most this far before the end (`-Infinity`, `\\ud83d\\ude00`)."""


class UnreadableJsonError(Exception):
    """The text is not what it should be; `line` is where it was noticed, `is_cut` whether that is its end."""

    def __init__(self, line: int, reason: str, *, is_cut: bool = False) -> None:
        super().__init__(reason)
        self.line = line
        self.reason = reason
        self.is_cut = is_cut


class _SyntaxError(Exception):
    """What is wrong, and where in the text."""

    def __init__(self, position: int, reason: str, *, may_be_cut: bool = False) -> None:
        super().__init__(reason)
        self.position = position
        self.reason = reason
        self.may_be_cut = may_be_cut


@dataclass(frozen=True)
class Member:
    """A part of a JSON object.

    Attributes:
        key: whose value it is.
        value: an element of an array, or a value that is no array.
        index: the element's place; None for an array as such (its value is then an empty list), or for no array.
        position: where the element starts in the text.
    """

    key: str
    value: object
    index: int | None = None
    position: int = 0


def decoded(body: bytes, *, complete: bool = True) -> str:
    """Decode a file; the last character may be missing where the file was cut.

    Raises:
        UnreadableJsonError: it is not UTF-8, or no text at all.
    """
    refuse_other_kinds(body)
    try:
        text = codecs.getincrementaldecoder("utf-8")().decode(body, complete)
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        raise UnreadableJsonError(line, f"is not UTF-8 (byte 0x{body[error.start]:02x}); save it as UTF-8") from None
    return text.removeprefix(_UTF8_MARK)


def refuse_other_kinds(head: bytes) -> None:
    """Refuse what is known by its first bytes and is no JSON in UTF-8.

    Raises:
        UnreadableJsonError: it is UTF-16, or a file of another kind; the reason names it.
    """
    if head.startswith(_UTF16_MARKS):
        raise UnreadableJsonError(1, "is UTF-16; save the file as UTF-8")
    kind = kind_of(head[:HEAD])
    if kind and kind is not AUGMENTED:  # which is JSON Lines
        raise UnreadableJsonError(1, f"is {kind}")


def value_of(text: str) -> object:
    """Parse a text that is one value.

    Raises:
        UnreadableJsonError: it is not JSON.
    """
    try:
        value, end = _value(text, _skip(text, 0))
        _nothing_more(text, end)
    except _SyntaxError as bad:
        raise _readable(text, bad) from None
    return value


def members(text: str, *, complete: bool = True) -> Iterator[Member]:
    """Yield the members of a text that is one object; arrays come as such first, then element by element.

    Raises:
        UnreadableJsonError: it is not an object, or not JSON; after the members before the error.
    """
    return _until_cut(text, _members(text), complete=complete)


def records(text: str, *, complete: bool = True) -> Iterator[object]:
    """Yield the elements of a text that is an array, or values one after the other (JSON Lines).

    Raises:
        UnreadableJsonError: it is not JSON; after the values before the error.
    """
    return (value for _, value in placed_records(text, complete=complete))


def placed_records(text: str, *, complete: bool = True) -> Iterator[tuple[int, object]]:
    """Yield the same as `records`, each with the line that it starts on.

    Raises:
        UnreadableJsonError: it is not JSON; the values before were given.
    """
    line, at = 1, 0
    for member in _until_cut(text, _records(text), complete=complete):
        if member.index is not None:
            line += text.count("\n", at, member.position)
            at = member.position
            yield line, member.value


def shown(value: object) -> str:
    """Format a value for a message: the start of strings and numbers, the type of anything else."""
    if isinstance(value, str):
        return repr(value[:30])
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, (int, float)):
        return str(value)[:30]
    return "a list" if isinstance(value, list) else "an object"


def _until_cut(text: str, parts: Iterator[Member], *, complete: bool) -> Iterator[Member]:
    try:
        yield from parts
    except _SyntaxError as bad:
        cut = bad.may_be_cut or len(text) - bad.position <= _NEAR_THE_END
        if complete or not cut:
            raise _readable(text, bad) from None


def _members(text: str) -> Iterator[Member]:
    at = _after(text, _skip(text, 0), "{", "must be one JSON object in braces")
    while text[at : at + 1] != "}":
        key, at = _value(text, at)
        if not isinstance(key, str):
            raise _SyntaxError(at, "is not JSON: a key must be a string")
        at = _after(text, _skip(text, at), ":", "is not JSON: a colon is missing after a key")
        if text[at : at + 1] == "[":
            at = yield from _elements(text, at, key)
        else:
            value, at = _value(text, at)
            yield Member(key, value)
        at = _next(text, at, "}")
    _nothing_more(text, at + 1)


def _elements(text: str, at: int, key: str) -> Generator[Member, None, int]:
    """Yield the elements of the array that starts here; return the position after it."""
    yield Member(key, [])
    at = _skip(text, at + 1)
    index = 0
    while text[at : at + 1] != "]":
        start = at
        value, at = _value(text, at)
        yield Member(key, value, index, start)
        index += 1
        at = _next(text, at, "]")
    return at + 1


def _records(text: str) -> Iterator[Member]:
    at = _skip(text, 0)
    if text[at : at + 1] == "[":
        at = yield from _elements(text, at, "")
        _nothing_more(text, at)
        return
    index = 0
    while at < len(text):
        start = at
        value, at = _value(text, at)
        yield Member("", value, index, start)
        index += 1
        at = _skip(text, at)


def _value(text: str, at: int) -> tuple[object, int]:
    try:
        return _DECODER.raw_decode(text, at)
    except json.JSONDecodeError as error:
        what = error.msg[:1].lower() + error.msg[1:].removesuffix(" at")
        reason = f"is not JSON: {what} at column {error.colno}"
        raise _SyntaxError(error.pos, reason, may_be_cut=error.msg.startswith("Unterminated")) from None
    except RecursionError:
        raise _SyntaxError(at, "is nested too deeply to be read") from None
    except ValueError:
        raise _SyntaxError(at, "contains a number with too many digits") from None


def _next(text: str, at: int, end: str) -> int:
    """Return the position of what follows a value: the next one, or the end."""
    at = _skip(text, at)
    if text[at : at + 1] == end:
        return at
    at = _after(text, at, ",", f"is not JSON: a comma or {end} is missing")
    if text[at : at + 1] == end:
        raise _SyntaxError(at, f"is not JSON: there is a comma before {end}")
    return at


def _after(text: str, at: int, sign: str, otherwise: str) -> int:
    if text[at : at + 1] != sign:
        raise _SyntaxError(at, otherwise)
    return _skip(text, at + 1)


def _nothing_more(text: str, at: int) -> None:
    at = _skip(text, at)
    if at < len(text):
        raise _SyntaxError(at, "is not JSON: there is text after its end")


def _skip(text: str, at: int) -> int:
    found = _BLANKS.match(text, at)
    return found.end() if found else at


def _readable(text: str, bad: _SyntaxError) -> UnreadableJsonError:
    is_cut = bad.may_be_cut or bad.position >= len(text.rstrip())
    return UnreadableJsonError(text.count("\n", 0, bad.position) + 1, bad.reason, is_cut=is_cut)
