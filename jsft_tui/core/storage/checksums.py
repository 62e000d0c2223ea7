"""Verify downloaded bytes against the ETag and the checksums of an object.

An ETag is the MD5 of the bytes, or for a multipart upload the MD5 of the parts' MD5s and their number; with SSE-KMS
or SSE-C it is neither (S3 API reference, Object: ETag). A CRC32 or SHA-256 of the whole object is preferred, where
the uploader added one (S3 user guide, "Checking object integrity").
"""

from __future__ import annotations

import base64
import hashlib
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

_MD5 = re.compile(r"[0-9a-f]{32}")
_MD5_OF_PARTS = re.compile(r"[0-9a-f]{32}-(\d{1,5})")


@dataclass(frozen=True)
class ObjectFacts:
    """An object as HeadObject describes it.

    Attributes:
        size: bytes.
        etag: without quotes.
        part_size: bytes of its first part, for a multipart upload; None if unknown.
        encryption: ServerSideEncryption; empty for none.
        crc32, sha256: base64 checksums of the whole object; empty when there are none.
        crc32_of_parts: base64 CRC32 of the CRC32s of its parts, `…-3`; empty when there is none.
    """

    size: int
    etag: str
    part_size: int | None = None
    encryption: str = ""
    crc32: str = ""
    sha256: str = ""
    crc32_of_parts: str = ""

    @property
    def has_parts(self) -> bool:
        """Return whether it was uploaded in parts."""
        return bool(_MD5_OF_PARTS.fullmatch(self.etag))


class Verifier(Protocol):
    """Receives all bytes in order, then tells whether they match the object."""

    def update(self, data: bytes) -> None:
        """Add the next bytes."""
        ...

    def matches(self) -> bool:
        """Return whether all bytes together match the object."""
        ...


def verifier(facts: ObjectFacts) -> Verifier | None:
    """Return the strongest check that the facts allow; None if S3 provides nothing to check but the size."""
    if facts.sha256:
        return _Sha256(facts.sha256)
    if facts.crc32:
        return _Crc32(facts.crc32)
    if facts.crc32_of_parts:
        return _any_of([_Crc32OfParts(facts.crc32_of_parts, size) for size in _part_sizes(facts)])
    if facts.encryption in ("aws:kms", "aws:kms:dsse", "SSE-C"):
        return None
    if _MD5.fullmatch(facts.etag):
        return _Md5(facts.etag)
    return _any_of([_Md5OfParts(facts.etag, size) for size in _part_sizes(facts)])


MIB = 1 << 20
_USUAL = tuple(MIB * size for size in (5, 8, 10, 15, 16, 25, 32, 50, 64, 100, 128, 256, 512, 1024))
"""Part sizes of upload programs; 8 MiB is that of boto3 and the AWS CLI (S3 transfer settings), and its doubles."""


def _part_sizes(facts: ObjectFacts) -> list[int]:
    """Return the part size if S3 says it, else the usual ones that give as many parts."""
    match = _MD5_OF_PARTS.fullmatch(facts.etag)
    if match is None:
        return []
    if facts.part_size:
        return [facts.part_size]
    parts = int(match[1])
    found = [part for part in _USUAL if -(-facts.size // part) == parts]
    return found[-1:] if parts == 1 else found  # one part is the same for every size


def _any_of(checks: Sequence[Verifier]) -> Verifier | None:
    return _AnyOf(checks) if checks else None


class _Md5:
    def __init__(self, etag: str) -> None:
        self._etag, self._md5 = etag, hashlib.md5(usedforsecurity=False)

    def update(self, data: bytes) -> None:
        self._md5.update(data)

    def matches(self) -> bool:
        return self._md5.hexdigest() == self._etag


class _Md5OfParts:
    def __init__(self, etag: str, part_size: int) -> None:
        self._etag, self._part_size = etag, part_size
        self._digests: list[bytes] = []
        self._md5, self._in_part = hashlib.md5(usedforsecurity=False), 0

    def update(self, data: bytes) -> None:
        start = 0
        while start < len(data):
            piece = data[start : start + self._part_size - self._in_part]
            self._md5.update(piece)
            self._in_part += len(piece)
            start += len(piece)
            if self._in_part == self._part_size:
                self._end_part()

    def _end_part(self) -> None:
        self._digests.append(self._md5.digest())
        self._md5, self._in_part = hashlib.md5(usedforsecurity=False), 0

    def matches(self) -> bool:
        if self._in_part:
            self._end_part()
        whole = hashlib.md5(b"".join(self._digests), usedforsecurity=False).hexdigest()
        return f"{whole}-{len(self._digests)}" == self._etag


class _AnyOf:
    def __init__(self, checks: Sequence[Verifier]) -> None:
        self._checks = checks

    def update(self, data: bytes) -> None:
        for check in self._checks:
            check.update(data)

    def matches(self) -> bool:
        return any(check.matches() for check in self._checks)


class _Crc32OfParts:
    def __init__(self, expected: str, part_size: int) -> None:
        self._expected, self._part_size = expected, part_size
        self._sums: list[bytes] = []
        self._crc, self._in_part = 0, 0

    def update(self, data: bytes) -> None:
        start = 0
        while start < len(data):
            piece = data[start : start + self._part_size - self._in_part]
            self._crc = zlib.crc32(piece, self._crc)
            self._in_part += len(piece)
            start += len(piece)
            if self._in_part == self._part_size:
                self._end_part()

    def _end_part(self) -> None:
        self._sums.append(self._crc.to_bytes(4, "big"))
        self._crc, self._in_part = 0, 0

    def matches(self) -> bool:
        if self._in_part:
            self._end_part()
        whole = zlib.crc32(b"".join(self._sums)).to_bytes(4, "big")
        return f"{base64.b64encode(whole).decode()}-{len(self._sums)}" == self._expected


class _Crc32:
    def __init__(self, expected: str) -> None:
        self._expected, self._crc = expected, 0

    def update(self, data: bytes) -> None:
        self._crc = zlib.crc32(data, self._crc)

    def matches(self) -> bool:
        return base64.b64encode(self._crc.to_bytes(4, "big")).decode() == self._expected


class _Sha256:
    def __init__(self, expected: str) -> None:
        self._expected, self._sha = expected, hashlib.sha256()

    def update(self, data: bytes) -> None:
        self._sha.update(data)

    def matches(self) -> bool:
        return base64.b64encode(self._sha.digest()).decode() == self._expected
