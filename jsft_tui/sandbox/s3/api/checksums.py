"""Compute the checksums that S3 clients send with a body ("Checking object integrity", S3 User Guide)."""

from __future__ import annotations

import base64
import hashlib
import zlib
from collections.abc import Callable
from functools import cache
from typing import Protocol

SLOW_LIMIT_BYTES = 2 << 20
"""CRC32C and CRC64NVME are computed in Python, so they are checked only for bodies up to this size."""

HEADER = "x-amz-checksum-"


class Checksum(Protocol):
    """A checksum that is updated with the bytes of a body."""

    def update(self, data: bytes, /) -> object:
        """Add the next bytes."""
        ...

    def digest(self) -> bytes:
        """Return the checksum; empty if it was not computed because the body was too large."""
        ...


class _Crc32:
    def __init__(self) -> None:
        self._value = 0

    def update(self, data: bytes, /) -> None:
        self._value = zlib.crc32(data, self._value)

    def digest(self) -> bytes:
        return self._value.to_bytes(4, "big")


class _TableCrc:
    """A reflected CRC, initialized with ones and inverted at the end, computed byte by byte."""

    def __init__(self, bits: int, polynomial: int) -> None:
        self._bits = bits
        self._table = _table(polynomial)
        self._mask = (1 << bits) - 1
        self._value = self._mask
        self._remaining = SLOW_LIMIT_BYTES

    def update(self, data: bytes, /) -> None:
        self._remaining -= len(data)
        if self._remaining < 0:
            return
        value, table = self._value, self._table
        for byte in data:
            value = table[(value ^ byte) & 0xFF] ^ (value >> 8)
        self._value = value

    def digest(self) -> bytes:
        return b"" if self._remaining < 0 else (self._value ^ self._mask).to_bytes(self._bits // 8, "big")


@cache
def _table(polynomial: int) -> tuple[int, ...]:
    table = []
    for byte in range(256):
        value = byte
        for _ in range(8):
            value = value >> 1 ^ (polynomial if value & 1 else 0)
        table.append(value)
    return tuple(table)


ALGORITHMS: dict[str, Callable[[], Checksum]] = {
    "crc32": _Crc32,
    "crc32c": lambda: _TableCrc(32, 0x82F63B78),
    "crc64nvme": lambda: _TableCrc(64, 0x9A6C9329AC4BC9B5),
    "sha1": lambda: hashlib.sha1(usedforsecurity=False),
    "sha256": hashlib.sha256,
}
"""The algorithms of S3, by their names in lower case."""


def composite(algorithm: str, part_checksums: list[str]) -> str:
    """Return the checksum of an object from those of its parts, as S3 writes it: base64 and the number of parts."""
    checksum = ALGORITHMS[algorithm]()
    checksum.update(b"".join(base64.b64decode(part) for part in part_checksums))
    return f"{base64.b64encode(checksum.digest()).decode()}-{len(part_checksums)}"
