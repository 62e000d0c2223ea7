"""List a bucket page by page: keys and common prefixes, in order.

The cost of a page is proportional to its entries, not to the size of the bucket: with a delimiter, the listing skips
everything below a common prefix once that has been seen.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass

from jsft_tui.sandbox.s3.storage.database import after_prefix
from jsft_tui.sandbox.s3.storage.store import ObjectInfo

Range = Callable[[str, str | None, int], list[ObjectInfo]]
"""Read up to n objects from a key on, before another key (None: to the end)."""


@dataclass(frozen=True)
class ListRequest:
    """Parameters of a listing.

    Attributes:
        prefix: list only keys that begin with it.
        delimiter: keys that contain it after the prefix are rolled up into a common prefix; empty: none are.
        start: the first key that may be listed.
        limit: the maximum number of entries (keys and common prefixes) of a page.
    """

    prefix: str = ""
    delimiter: str = ""
    start: str = ""
    limit: int = 1000


@dataclass(frozen=True)
class Page:
    """One page: its entries, and the `start` of the next page (None: this is the last one)."""

    objects: list[ObjectInfo]
    prefixes: list[str]
    next_start: str | None

    @property
    def last(self) -> str:
        """The last entry: the `marker` of version 1 listings."""
        names = [entry.key for entry in self.objects[-1:]] + self.prefixes[-1:]
        return max(names, default="")


def start_after(key: str, prefix: str, delimiter: str) -> str:
    """Return the first key to list after `key`; skip a common prefix that contains `key`, as it is already listed."""
    rolled = _common_prefix(key, prefix, delimiter)
    if rolled:
        # No string sorts after the last possible prefix: start beyond every key.
        return after_prefix(rolled) or "\U0010ffff" * 257
    return key + "\0" if key else ""


def encode_token(start: str) -> str:
    """Return the continuation token of a start key: opaque to clients."""
    return base64.urlsafe_b64encode(start.encode()).decode()


def decode_token(token: str) -> str:
    """Return the start key of a continuation token.

    Raises:
        ValueError: the token is not valid.
    """
    try:
        return base64.b64decode(token, altchars=b"-_", validate=True).decode()
    except (binascii.Error, UnicodeDecodeError) as error:
        raise ValueError("not a continuation token") from error


def list_page(request: ListRequest, read: Range) -> Page:
    """Return one page of a listing."""
    if request.limit <= 0:
        return Page([], [], None)
    builder = _PageBuilder(request, read)
    return builder.page()


def _common_prefix(key: str, prefix: str, delimiter: str) -> str:
    if not delimiter or not key.startswith(prefix):
        return ""
    head, found, _ = key[len(prefix) :].partition(delimiter)
    return prefix + head + delimiter if found else ""


class _PageBuilder:
    """Collects the entries of one page, and reads one entry further to know whether the page is the last."""

    def __init__(self, request: ListRequest, read: Range) -> None:
        self._request = request
        self._read = read
        self._stop = after_prefix(request.prefix)
        self._start: str | None = max(request.start, request.prefix)
        self._objects: list[ObjectInfo] = []
        self._prefixes: list[str] = []
        self._more = False

    def page(self) -> Page:
        most_entries = self._request.limit + 1
        step = 2 if self._request.delimiter else most_entries
        while self._start is not None:
            batch = self._read(self._start, self._stop, step)
            rolled_up = self._take(batch)
            if self._more:
                return Page(self._objects, self._prefixes, self._start)
            if not rolled_up and len(batch) < step:
                break
            # Small steps waste few reads before a common prefix; long runs of keys are read in large steps.
            step = 2 if rolled_up else min(step * 4, most_entries)
        return Page(self._objects, self._prefixes, None)

    def _take(self, batch: list[ObjectInfo]) -> bool:
        """Add entries; return whether the last one is a common prefix, after which reading must continue."""
        request = self._request
        for entry in batch:
            if len(self._objects) + len(self._prefixes) == request.limit:
                self._more = True
                self._start = entry.key
                return False
            rolled = _common_prefix(entry.key, request.prefix, request.delimiter)
            if rolled:
                self._prefixes.append(rolled)
                self._start = after_prefix(rolled)
                return True
            self._objects.append(entry)
            self._start = entry.key + "\0"
        return False
