"""CBOR (RFC 8949), as far as Smithy's RPC v2 protocol uses it.

CloudWatch's model names that protocol before JSON: newer SDKs speak it, boto3 1.44 still prefers JSON.
Only what JSON can say, plus byte strings and timestamps: a timestamp is read as its number of epoch seconds,
and a `Timestamp` is written with tag 1.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

MAX_DEPTH = 64
"""Deeper documents are refused: no request of ours nests so deep."""

_BREAK = object()


@dataclass(frozen=True)
class Timestamp:
    """A point in time, in epoch seconds."""

    seconds: float


def encode(value: Any) -> bytes:
    """`value` as CBOR: None, bool, int, float, str, bytes, `Timestamp`, mappings and sequences of these.

    Raises:
        TypeError: the value is of another type.
    """
    out = bytearray()
    _encode(value, out)
    return bytes(out)


def decode(data: bytes) -> Any:
    """The value that `data` holds; a tagged timestamp becomes its number.

    Raises:
        ValueError: the data is not well-formed CBOR of the supported kinds.
    """
    reader = _Reader(data)
    value = reader.item(0)
    if value is _BREAK:
        raise ValueError("CBOR: unexpected break")
    return value


def _head(major: int, argument: int) -> bytes:
    if argument < 24:
        return bytes([major << 5 | argument])
    for code, limit, layout in ((24, 1 << 8, ">B"), (25, 1 << 16, ">H"), (26, 1 << 32, ">I")):
        if argument < limit:
            return bytes([major << 5 | code]) + struct.pack(layout, argument)
    return bytes([major << 5 | 27]) + struct.pack(">Q", argument)


def _encode(value: Any, out: bytearray) -> None:
    if value is None or isinstance(value, bool):
        out.append({None: 0xF6, True: 0xF5, False: 0xF4}[value])
    elif isinstance(value, int):
        out += _head(0, value) if value >= 0 else _head(1, -1 - value)
    elif isinstance(value, float):
        out += b"\xfb" + struct.pack(">d", value)
    elif isinstance(value, str):
        text = value.encode()
        out += _head(3, len(text)) + text
    elif isinstance(value, bytes):
        out += _head(2, len(value)) + value
    else:
        _encode_composite(value, out)


def _encode_composite(value: Any, out: bytearray) -> None:
    if isinstance(value, Timestamp):
        out += _head(6, 1)
        _encode(float(value.seconds), out)
    elif isinstance(value, Mapping):
        out += _head(5, len(value))
        for key, member in value.items():
            _encode(key, out)
            _encode(member, out)
    elif isinstance(value, Sequence):
        out += _head(4, len(value))
        for member in value:
            _encode(member, out)
    else:
        raise TypeError(f"CBOR: cannot write a {type(value).__name__}")


class _Reader:
    """Reads one item after another from a byte string."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def item(self, depth: int) -> Any:
        if depth > MAX_DEPTH:
            raise ValueError("CBOR: nested too deep")
        head = self._take(1)[0]
        major, info = head >> 5, head & 31
        if major == 7:
            return self._simple(info)
        if info == 31:
            return self._indefinite(major, depth)
        argument = self._argument(info)
        if major == 0:
            return argument
        if major == 1:
            return -1 - argument
        if major in (2, 3):
            return self._text(major, self._take(argument))
        if major == 6:
            return self.item(depth + 1)
        return self._composite(major, argument, depth)

    def _take(self, count: int) -> bytes:
        piece = self._data[self._at : self._at + count]
        if len(piece) != count:
            raise ValueError("CBOR: the data ends too early")
        self._at += count
        return piece

    def _argument(self, info: int) -> int:
        if info < 24:
            return info
        layouts = {24: ">B", 25: ">H", 26: ">I", 27: ">Q"}
        if info not in layouts:
            raise ValueError("CBOR: reserved length")
        return int(struct.unpack(layouts[info], self._take(1 << (info - 24)))[0])

    def _simple(self, info: int) -> Any:
        constants = {20: False, 21: True, 22: None, 23: None, 31: _BREAK}
        floats = {25: ">e", 26: ">f", 27: ">d"}
        if info in constants:
            return constants[info]
        if info in floats:
            return struct.unpack(floats[info], self._take(1 << (info - 24)))[0]
        raise ValueError("CBOR: unknown simple value")

    @staticmethod
    def _text(major: int, data: bytes) -> str | bytes:
        return data.decode() if major == 3 else data

    def _composite(self, major: int, count: int, depth: int) -> Any:
        if count > len(self._data):
            raise ValueError("CBOR: the data ends too early")
        if major == 4:
            return [self.item(depth + 1) for _ in range(count)]
        return {self.item(depth + 1): self.item(depth + 1) for _ in range(count)}

    def _indefinite(self, major: int, depth: int) -> Any:
        items: list[Any] = []
        while (item := self.item(depth + 1)) is not _BREAK:
            items.append(item)
        if major == 2:
            return b"".join(items)
        if major == 3:
            return "".join(items)
        if major == 4:
            return items
        if major == 5 and len(items) % 2 == 0:
            return dict(zip(items[::2], items[1::2], strict=True))
        raise ValueError("CBOR: malformed item of indefinite length")
