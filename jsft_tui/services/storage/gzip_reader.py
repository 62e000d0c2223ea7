"""Read a gzip file as a stream whose cost grows with its contents, also where a little becomes a lot.

`tarfile` copies all that a chunk expands to for each block that it takes of it (`_Stream._read`, Python 3.11): an
archive of zeros takes minutes for what takes a second.
"""

from __future__ import annotations

import io
import zlib
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer as Buffer

MAGIC = b"\x1f\x8b"
PIECE = 2**16
"""Compressed bytes that are read at once."""
_GZIP = 16 + zlib.MAX_WBITS
"""Header and trailer of gzip (zlib, `inflateInit2`)."""


class GzipReader(io.RawIOBase):
    """The contents of a gzip file; like gzip, it ignores what comes after its end and is no gzip."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self._inflate = zlib.decompressobj(_GZIP)
        self._packed = b""

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: Buffer) -> int:
        """Read as much as there is room for.

        Raises:
            EOFError: the file ends before its contents do.
            zlib.error: it is damaged.
        """
        view = memoryview(buffer).cast("B")
        while True:
            if self._inflate.eof and not self._next_member():
                return 0
            if not self._packed:
                self._packed = self._source.read(PIECE)
            is_at_end = not self._packed
            data = self._inflate.decompress(self._packed, len(view))
            self._packed = self._inflate.unconsumed_tail
            if self._inflate.eof:
                self._packed = self._inflate.unused_data
            if data:
                view[: len(data)] = data
                return len(data)
            if is_at_end and not self._inflate.eof:
                raise EOFError("it ends before its contents do")

    def _next_member(self) -> bool:
        """Begin the gzip file that follows the one that has ended, if one does."""
        if len(self._packed) < len(MAGIC):
            self._packed += self._source.read(PIECE)
        if not self._packed.startswith(MAGIC):
            return False
        self._inflate = zlib.decompressobj(_GZIP)
        return True
