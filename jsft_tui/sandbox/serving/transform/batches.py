"""Divide an object into requests to the model, and assemble the answers (SplitType, BatchStrategy, AssembleWith)."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

DEFAULT_PAYLOAD_MB = 6
MEGABYTE = 1 << 20
MOST_BYTES = 1 << 30
"""The largest object that is read, unpacked: all of it is held in memory."""


class BadObject(Exception):
    """An object cannot be divided into requests; the message says why."""


@dataclass(frozen=True)
class Form:
    """How objects are divided and answers assembled.

    Attributes:
        by_line: whether a line is a record (SplitType Line); otherwise the object is one.
        is_single: whether a request has one record (BatchStrategy SingleRecord).
        most: bytes of a request.
        is_gzip: whether objects are compressed.
        end: what is written after each answer (AssembleWith Line).
    """

    by_line: bool
    is_single: bool
    most: int
    is_gzip: bool
    end: bytes

    @classmethod
    def of(cls, request: Mapping[str, Any]) -> Form:
        """Read the form that CreateTransformJob asks for."""
        data, output = request["TransformInput"], request["TransformOutput"]
        megabytes = request.get("MaxPayloadInMB", DEFAULT_PAYLOAD_MB)
        return cls(
            by_line=data.get("SplitType", "None") == "Line",
            is_single=request.get("BatchStrategy", "MultiRecord") == "SingleRecord",
            # 0 means a payload of any size, in chunks.
            most=megabytes * MEGABYTE if megabytes else MOST_BYTES,
            is_gzip=data.get("CompressionType", "None") == "Gzip",
            end=b"\n" if output.get("AssembleWith", "None") == "Line" else b"",
        )

    def requests(self, body: bytes) -> Iterator[bytes]:
        """Yield the bodies of the requests for an object.

        Raises:
            BadObject: it cannot be unpacked, or a record is larger than a request may be.
        """
        content = _unpacked(body) if self.is_gzip else body
        if not self.by_line:
            yield self._checked(content)
            return
        lines = [line for line in content.splitlines(keepends=True) if line.strip()]
        if self.is_single:
            yield from (self._checked(line.rstrip(b"\r\n")) for line in lines)
        else:
            yield from self._batches(lines)

    def _batches(self, lines: Sequence[bytes]) -> Iterator[bytes]:
        batch: list[bytes] = []
        size = 0
        for line in lines:
            if batch and size + len(line) > self.most:
                yield b"".join(batch)
                batch, size = [], 0
            batch.append(self._checked(line))
            size += len(line)
        if batch:
            yield b"".join(batch)

    def assembled(self, answers: Sequence[bytes]) -> bytes:
        """Return the body of the output object."""
        return b"".join(answer + self.end for answer in answers)

    def _checked(self, record: bytes) -> bytes:
        if len(record) > self.most:
            raise BadObject(f"a record of {len(record)} bytes is larger than MaxPayloadInMB ({self.most} bytes)")
        return record


def _unpacked(body: bytes) -> bytes:
    unpacking = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        content = unpacking.decompress(body, MOST_BYTES)
    except (zlib.error, gzip.BadGzipFile) as problem:
        raise BadObject(f"it is not compressed with gzip ({problem})") from problem
    if unpacking.unconsumed_tail or not unpacking.eof:
        raise BadObject("it is cut off, or too large when it is unpacked")
    return content
