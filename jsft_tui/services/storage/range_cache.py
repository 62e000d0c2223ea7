"""Cache of byte ranges: an unchanged object is not read again by the next dataset check."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass

from jsft_tui.core.storage.uri import S3Uri

CAPACITY = 32 * 2**20
"""The most bytes cached: enough for a few checks, whatever the size of the data."""


@dataclass(frozen=True)
class CachedRange:
    """A byte range of one version of an object, which the ETag identifies (S3 API reference, "Object")."""

    uri: S3Uri
    etag: str
    start: int
    length: int


class RangeCache:
    """Keep the most recently used ranges in memory. Thread-safe."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._lock = threading.Lock()
        self._ranges: OrderedDict[CachedRange, bytes] = OrderedDict()
        self._bytes = 0

    def get(self, key: CachedRange) -> bytes | None:
        """Return the bytes of a range; None if they are not cached."""
        with self._lock:
            if key in self._ranges:
                self._ranges.move_to_end(key)
            return self._ranges.get(key)

    def put(self, key: CachedRange, data: bytes) -> None:
        """Cache a range, and evict the least recently used ones."""
        with self._lock:
            self._bytes += len(data) - len(self._ranges.pop(key, b""))
            self._ranges[key] = data
            while self._bytes > self._capacity:
                _, old = self._ranges.popitem(last=False)
                self._bytes -= len(old)
