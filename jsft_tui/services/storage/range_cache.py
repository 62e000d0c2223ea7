"""Pieces of objects that were read already: the same version of an object is not read again for the next check."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass

from jsft_tui.core.storage.uri import S3Uri

CAPACITY = 32 * 2**20
"""Bytes kept at most: those of a few checks, whatever the size of the data."""


@dataclass(frozen=True)
class CachedRange:
    """Bytes of one version of an object; its ETag says which (S3 API reference, "Object")."""

    uri: S3Uri
    etag: str
    start: int
    length: int


class RangeCache:
    """Keeps pieces in memory, those that were asked for last. Thread-safe."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._lock = threading.Lock()
        self._kept: OrderedDict[CachedRange, bytes] = OrderedDict()
        self._bytes = 0

    def get(self, piece: CachedRange) -> bytes | None:
        """The piece's bytes; None when they are not kept."""
        with self._lock:
            if piece in self._kept:
                self._kept.move_to_end(piece)
            return self._kept.get(piece)

    def put(self, piece: CachedRange, data: bytes) -> None:
        """Keep a piece, and let go of what was not asked for longest."""
        with self._lock:
            self._bytes += len(data) - len(self._kept.pop(piece, b""))
            self._kept[piece] = data
            while self._bytes > self._capacity:
                _, old = self._kept.popitem(last=False)
                self._bytes -= len(old)
