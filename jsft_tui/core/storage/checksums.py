"""What S3 says of an object's bytes, and whether those that arrived are the same.

An ETag is the MD5 of the bytes, or for an object uploaded in parts the MD5 of the parts' MD5s and their number;
with SSE-KMS or SSE-C it is neither (S3 API reference, Object: ETag). A CRC32 or SHA-256 of the whole object is
worth more, where the uploader left one (S3 user guide, "Checking object integrity").
"""

from __future__ import annotations

import base64
import hashlib
import re
import zlib
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
        part_size: bytes of its first part, for an object uploaded in parts; None when it is not known.
        encryption: ServerSideEncryption; empty for none.
        crc32, sha256: base64 checksums of the whole object; empty when there are none.
    """

    size: int
    etag: str
    part_size: int | None = None
    encryption: str = ""
    crc32: str = ""
    sha256: str = ""

    @property
    def has_parts(self) -> bool:
        """Whether it was uploaded in parts."""
        return bool(_MD5_OF_PARTS.fullmatch(self.etag))


class Verifier(Protocol):
    """Is given all bytes in order, then says whether they are the object's."""

    def update(self, data: bytes) -> None:
        """More bytes."""
        ...

    def matches(self) -> bool:
        """Whether all bytes given are the object's."""
        ...


def verifier(facts: ObjectFacts) -> Verifier | None:
    """The best check that the facts allow; None when S3 says nothing that could be checked but the size."""
    if facts.sha256:
        return _Sha256(facts.sha256)
    if facts.crc32:
        return _Crc32(facts.crc32)
    if facts.encryption in ("aws:kms", "aws:kms:dsse", "SSE-C"):
        return None
    if _MD5.fullmatch(facts.etag):
        return _Md5(facts.etag)
    if facts.has_parts and facts.part_size:
        return _Md5OfParts(facts.etag, facts.part_size)
    return None


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
