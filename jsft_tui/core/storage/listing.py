"""What a listing of S3 has brought so far: any number of keys, kept compactly."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from jsft_tui.core.storage.uri import Entry

NO_SIZE = -1
"""Stands for the size of a prefix."""


@dataclass(frozen=True)
class Item:
    """One row: its name below the place listed, bytes (None for a prefix), epoch seconds."""

    name: str
    size: int | None
    modified: float | None

    @property
    def is_prefix(self) -> bool:
        """Whether it is a prefix rather than an object."""
        return self.size is None


class _Part:
    """The rows of one page: about forty bytes each, the names in one text."""

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
    """Rows in the order in which they came; they are only ever added."""

    def __init__(self) -> None:
        self._parts: list[_Part] = []
        self._starts: list[int] = []
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, items: Sequence[Item]) -> None:
        """The rows of a further page."""
        if items:
            self._parts.append(_Part(items))
            self._starts.append(self._count)
            self._count += len(items)

    def item(self, index: int) -> Item:
        """A row."""
        part, row = self._at(index)
        return part.item(row)

    def name(self, index: int) -> str:
        """A row's name."""
        part, row = self._at(index)
        return part.name(row)

    def find(self, words: Sequence[str], first: int, end: int) -> Iterator[int | None]:
        """The rows from `first` up to `end` whose folded names contain all words; None after each page looked at."""
        for start, part in zip(tuple(self._starts), tuple(self._parts), strict=False):
            if start >= end or start + len(part.ends) <= first:
                continue
            # What is in a name is in the names together: most pages need no closer look.
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
    """The rows whose names contain all words, whatever their case; `extend` looks at those that came since."""

    def __init__(self, listed: ObjectListing, text: str) -> None:
        self._listed = listed
        self._words = text.casefold().split()
        self._indexes = array("Q")
        self._done = 0

    def __len__(self) -> int:
        return len(self._indexes)

    def __getitem__(self, position: int) -> int:
        return self._indexes[position]

    def extend(self, is_wanted: Callable[[], bool] = lambda: True) -> None:
        """Look at the rows that were not looked at yet, as long as somebody wants it."""
        end = len(self._listed)
        for index in self._listed.find(self._words, self._done, end):
            if index is not None:
                self._indexes.append(index)
            elif not is_wanted():
                return
        self._done = end


def items_of(entries: Sequence[Entry], below: str) -> list[Item]:
    """The rows of a page, named relative to the prefix `below`; its own "folder" object is left out."""
    return [
        Item(entry.uri.key.removeprefix(below), entry.size, entry.modified)
        for entry in entries
        if entry.uri.key != below
    ]
