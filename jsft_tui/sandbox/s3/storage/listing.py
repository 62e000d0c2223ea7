"""One page of a listing: keys and common prefixes, in order, from a bucket of any size.

A page costs as many index look-ups as it has entries, whatever the bucket holds: with a delimiter, the
listing jumps over everything below a common prefix once that has been seen.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass

from jsft_tui.sandbox.s3.storage.database import after_prefix
from jsft_tui.sandbox.s3.storage.store import ObjectInfo

Range = Callable[[str, str | None, int], list[ObjectInfo]]
"""Reads up to n objects from a key on, before another key (None: to the end)."""


@dataclass(frozen=True)
class ListRequest:
    """What is to be listed.

    Attributes:
        prefix: only keys that begin with it.
        delimiter: keys that go on with it after the prefix are rolled up to a common prefix; empty: none are.
        start: the first key that may be listed.
        limit: how many entries (keys and common prefixes) a page may have.
    """

    prefix: str = ""
    delimiter: str = ""
    start: str = ""
    limit: int = 1000


@dataclass(frozen=True)
class Page:
    """One page: its entries, and the `start` of the next one (None: this was the last)."""

    objects: list[ObjectInfo]
    prefixes: list[str]
    next_start: str | None

    @property
    def last(self) -> str:
        """The last entry: the `marker` of version 1 listings."""
        names = [entry.key for entry in self.objects[-1:]] + self.prefixes[-1:]
        return max(names, default="")


def start_after(key: str, prefix: str, delimiter: str) -> str:
    """The first key that may be listed after `key`; a common prefix that `key` is in has been listed already."""
    rolled = _common_prefix(key, prefix, delimiter)
    if rolled:
        # Nothing comes after the last possible prefix: start beyond every key.
        return after_prefix(rolled) or "\U0010ffff" * 257
    return key + "\0" if key else ""


def encode_token(start: str) -> str:
    """A continuation token: opaque to clients."""
    return base64.urlsafe_b64encode(start.encode()).decode()


def decode_token(token: str) -> str:
    """The start that `encode_token` was given.

    Raises:
        ValueError: it is not one of our tokens.
    """
    try:
        return base64.b64decode(token, altchars=b"-_", validate=True).decode()
    except (binascii.Error, UnicodeDecodeError) as error:
        raise ValueError("not a continuation token") from error


def list_page(request: ListRequest, read: Range) -> Page:
    """One page of a listing."""
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
    """Walks over the keys of one page, one entry further than the page, to know whether there is more."""

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
            # Few reads ahead of a folder are wasted; long runs without one are read in large steps.
            step = 2 if rolled_up else min(step * 4, most_entries)
        return Page(self._objects, self._prefixes, None)

    def _take(self, batch: list[ObjectInfo]) -> bool:
        """Take entries; whether it ended at a common prefix, behind which reading has to go on."""
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
