"""Store the rows of an S3 listing compactly, for any number of keys."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from jsft_tui.core.storage.uri import Entry, Page

NO_SIZE = -1
"""Encodes the missing size of a prefix."""


@dataclass(frozen=True)
class Item:
    """One row: its name relative to the listed prefix, bytes (None for a prefix), epoch seconds."""

    name: str
    size: int | None
    modified: float | None

    @property
    def is_prefix(self) -> bool:
        """Return whether it is a prefix rather than an object."""
        return self.size is None


class _Part:
    """The rows of one page, at about forty bytes each; the names are one text."""

    __slots__ = ("ends", "modified", "names", "sizes")

    def __init__(self, items: Sequence[Item]) -> None:
        self.names = "".join(item.name for item in items)
        self.ends = array("I")
        end = 0
        for item in items:
            end += len(item.name)
            self.ends.append(end)
        self.sizes = array("q", (NO_SIZE if item.size is None else item.size for item in items))
        self.modified = array("d", (item.modified or 0 for item in items))

    def name(self, row: int) -> str:
        return self.names[self.ends[row - 1] if row else 0 : self.ends[row]]

    def item(self, row: int) -> Item:
        size = self.sizes[row]
        return Item(self.name(row), None if size == NO_SIZE else size, self.modified[row] or None)


class ObjectListing:
    """Rows in the order of arrival; rows are only ever added."""

    def __init__(self) -> None:
        self._parts: list[_Part] = []
        self._starts: list[int] = []
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, items: Sequence[Item]) -> None:
        """Add the rows of a further page."""
        if items:
            self._parts.append(_Part(items))
            self._starts.append(self._count)
            self._count += len(items)

    def item(self, index: int) -> Item:
        """Return a row."""
        part, row = self._at(index)
        return part.item(row)

    def name(self, index: int) -> str:
        """Return a row's name."""
        part, row = self._at(index)
        return part.name(row)

    def find(self, words: Sequence[str], first: int, end: int) -> Iterator[int | None]:
        """Yield the rows from `first` to `end` whose casefolded names contain all words, and None after each page."""
        for start, part in zip(tuple(self._starts), tuple(self._parts), strict=False):
            if start >= end or start + len(part.ends) <= first:
                continue
            # Search the joined names first: most pages need no closer look.
            together = part.names.casefold()
            if all(word in together for word in words):
                for index in range(max(first, start), min(end, start + len(part.ends))):
                    name = part.name(index - start).casefold()
                    if all(word in name for word in words):
                        yield index
            yield None

    def _at(self, index: int) -> tuple[_Part, int]:
        number = bisect_right(self._starts, index) - 1
        return self._parts[number], index - self._starts[number]


class Matches:
    """The rows whose names contain all words, ignoring case; `extend` searches the rows added since."""

    def __init__(self, listing: ObjectListing, text: str) -> None:
        self._listing = listing
        self._words = text.casefold().split()
        self._indexes = array("Q")
        self._done = 0

    def __len__(self) -> int:
        return len(self._indexes)

    def __getitem__(self, position: int) -> int:
        return self._indexes[position]

    def extend(self, is_wanted: Callable[[], bool] = lambda: True) -> None:
        """Search the rows that were not searched yet, as long as the result is wanted."""
        end = len(self._listing)
        for index in self._listing.find(self._words, self._done, end):
            if index is not None:
                self._indexes.append(index)
            elif not is_wanted():
                return
        self._done = end


def items_of(entries: Sequence[Entry], below: str) -> list[Item]:
    """Return the rows of a page, named relative to the prefix `below`; its own "folder" object is left out."""
    return [
        Item(entry.uri.key.removeprefix(below), entry.size, entry.modified)
        for entry in entries
        if entry.uri.key != below
    ]


@dataclass(frozen=True)
class FolderCount:
    """The files below a folder, those in folders below it too, and when the newest was modified."""

    files: int
    modified: float | None


def folder_counts(page: Page, below: str) -> dict[str, FolderCount]:
    """Count the files of the folders directly below a prefix, where a flat listing has all of them.

    Args:
        page: a listing without a delimiter, from the prefix's first key on.
        below: the prefix's key.
    """
    counts: dict[str, FolderCount] = {}
    last = ""
    for entry in page.entries:
        head, slash, rest = entry.uri.key.removeprefix(below).partition("/")
        last = head + slash
        if slash:
            so_far = counts.get(last, FolderCount(0, None))
            newest = max(filter(None, (so_far.modified, entry.modified)), default=None)
            counts[last] = FolderCount(so_far.files + bool(rest and not rest.endswith("/")), newest)
    if page.token is not None:
        counts.pop(last, None)  # more of it may follow
    return counts
