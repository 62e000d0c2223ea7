"""How a linter sees a dataset: listings of one level, ranged reads, a byte budget."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from jsft_tui.core.common.findings import Level, verdict
from jsft_tui.core.common.text import plural

DEFAULT_BUDGET = 8 * 2**20
"""Bytes that a lint reads at most unless told otherwise."""
DEFAULT_READS = 4000
"""Pieces of objects that a lint reads at most unless told otherwise."""
BATCH = 64
"""Pieces read before progress is told again."""
CHUNK = 256 * 1024
"""Bytes of one ranged read."""


@dataclass(frozen=True)
class DataObject:
    """An object of the dataset; `name` is relative to its root, `size` in bytes."""

    name: str
    size: int


@dataclass(frozen=True)
class Listing:
    """One level below a prefix.

    Attributes:
        objects: the objects there.
        prefixes: the "folders" there, each with its trailing slash, relative to the root.
        complete: False when there is more than was listed.
    """

    objects: tuple[DataObject, ...]
    prefixes: tuple[str, ...]
    complete: bool = True


@dataclass(frozen=True)
class Span:
    """Bytes of an object that are wanted."""

    name: str
    start: int
    length: int


class DatasetSource(Protocol):
    """Where a dataset lies; names are relative to its root."""

    def listing(self, prefix: str = "") -> Listing:
        """What lies directly below a prefix (a bounded number of entries)."""
        ...

    def read(self, name: str, start: int, length: int) -> bytes:
        """Bytes of an object; fewer at its end."""
        ...

    def listings(self, prefixes: Sequence[str]) -> list[Listing]:
        """The same as `listing` for many prefixes at once, in their order."""
        ...

    def read_many(self, spans: Sequence[Span]) -> list[bytes]:
        """The same as `read` for many spans at once, in their order."""
        ...


@dataclass(frozen=True)
class LintFinding:
    """Something a linter noticed, with its place (`data.csv line 17`, `roses/1.jpg`; empty: the whole)."""

    level: Level
    where: str
    message: str


def block(where: str, message: str) -> LintFinding:
    """The training would fail or learn nonsense."""
    return LintFinding(Level.BLOCK, where, message)


def warn(where: str, message: str) -> LintFinding:
    """The training would run, and the user may not have meant it."""
    return LintFinding(Level.WARN, where, message)


def passed(where: str, message: str) -> LintFinding:
    """Something that was looked at and is right."""
    return LintFinding(Level.PASS, where, message)


@dataclass
class BudgetedDataset:
    """A dataset read under a byte budget; counts what was seen.

    Attributes:
        source: where it lies.
        budget: bytes that may be read.
        reads: how many pieces may be read, where many small objects are looked into.
        bytes_read: bytes read so far.
        objects: objects listed so far.
        folders: folders that were seen in listings, whether these were listed in turn or not.
        sampled: whether anything was left unread or unlisted.
        on_progress: called after each read or listing (for a progress bar); may raise to cancel.
    """

    source: DatasetSource
    budget: int = DEFAULT_BUDGET
    reads: int = DEFAULT_READS
    bytes_read: int = 0
    objects: int = 0
    folders: int = 0
    sampled: bool = False
    on_progress: Callable[[BudgetedDataset], None] = field(default=lambda _: None)
    _root: Listing | None = None

    @property
    def left(self) -> int:
        """Bytes that may still be read."""
        return max(0, self.budget - self.bytes_read)

    def listing(self, prefix: str = "") -> Listing:
        """What lies directly below a prefix (the root is asked for once)."""
        if not prefix and self._root is not None:
            return self._root
        found = self.source.listing(prefix)
        self._count((found,))
        if not prefix:
            self._root = found
        self.on_progress(self)
        return found

    def _count(self, found: Sequence[Listing]) -> None:
        self.objects += sum(len(listing.objects) for listing in found)
        self.folders += sum(len(listing.prefixes) for listing in found)
        self.sampled = self.sampled or not all(listing.complete for listing in found)

    def read(self, name: str, start: int, length: int) -> bytes:
        """Bytes of an object, as far as the budget goes."""
        allowed = min(length, self.left)
        if allowed < length:
            self.sampled = True
        if allowed <= 0:
            return b""
        data = self.source.read(name, start, allowed)
        self.bytes_read += len(data)
        self.on_progress(self)
        return data

    def listings(self, prefixes: Sequence[str]) -> list[Listing]:
        """What lies directly below each of many prefixes."""
        found = self.source.listings(prefixes)
        self._count(found)
        self.on_progress(self)
        return found

    def read_many(self, spans: Sequence[Span]) -> list[bytes]:
        """Many pieces at once, in order; as many of them as the budgets allow, each whole."""
        allowed, cost = [], 0
        for span in spans[: self.reads]:
            if cost + span.length > self.left:
                break
            allowed.append(span)
            cost += span.length
        self.sampled = self.sampled or len(allowed) < len(spans)
        pieces: list[bytes] = []
        for start in range(0, len(allowed), BATCH):
            some = self.source.read_many(allowed[start : start + BATCH])
            pieces += some
            self.reads -= len(some)
            self.bytes_read += sum(map(len, some))
            self.on_progress(self)
        return pieces

    def chunks(self, item: DataObject, most: int | None = None) -> Iterator[bytes]:
        """An object from its start, chunk by chunk, until its end, so many bytes, or the end of the budget."""
        position, end = 0, item.size if most is None else min(item.size, most)
        self.sampled = self.sampled or end < item.size
        while position < end:
            data = self.read(item.name, position, min(CHUNK, end - position))
            if not data:
                return
            position += len(data)
            yield data


@dataclass(frozen=True)
class LintReport:
    """The result of a lint.

    Attributes:
        findings: all of them, worst first.
        objects: how many objects were seen.
        bytes_read: how much was read.
        sampled: whether more lies there than was looked at.
        folders: how many folders were seen; where it is clear by their names that the data is no good, nothing in them.
    """

    findings: tuple[LintFinding, ...]
    objects: int
    bytes_read: int
    sampled: bool
    folders: int = 0

    @property
    def seen(self) -> str:
        """What was listed: `24 objects and 2 folders`, `2 folders`, `1 object`."""
        objects, folders = plural(self.objects, "object"), plural(self.folders, "folder")
        if not self.folders:
            return objects
        return f"{objects} and {folders}" if self.objects else folders

    @property
    def verdict(self) -> Level:
        """Whether a training with this data makes sense."""
        return verdict(finding.level for finding in self.findings)
