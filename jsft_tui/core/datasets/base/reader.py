"""Read a dataset for a linter: listings of one level, ranged reads, a byte budget."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from jsft_tui.core.common.findings import Level, verdict
from jsft_tui.core.common.text import plural
from jsft_tui.core.datasets.base.contents import Contents

DEFAULT_BUDGET = 8 * 2**20
"""Bytes that a lint reads at most, by default."""
DEFAULT_READS = 4000
"""Ranged reads per lint, at most, by default."""
BATCH = 64
"""Reads between two progress reports."""
CHUNK = 256 * 1024
"""Bytes per ranged read."""


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
        complete: False if there are more entries than were listed.
    """

    objects: tuple[DataObject, ...]
    prefixes: tuple[str, ...]
    complete: bool = True


@dataclass(frozen=True)
class Span:
    """A range of bytes of an object."""

    name: str
    start: int
    length: int


class DatasetSource(Protocol):
    """The storage of a dataset; names are relative to its root."""

    def listing(self, prefix: str = "") -> Listing:
        """List what is directly below a prefix (a bounded number of entries)."""
        ...

    def read(self, name: str, start: int, length: int) -> bytes:
        """Read bytes of an object; fewer at its end."""
        ...

    def listings(self, prefixes: Sequence[str]) -> list[Listing]:
        """List many prefixes in parallel; results are in their order."""
        ...

    def read_many(self, spans: Sequence[Span]) -> list[bytes]:
        """Read many spans in parallel; results are in their order."""
        ...


@dataclass(frozen=True)
class LintFinding:
    """A finding of a linter and its location (`data.csv line 17`, `roses/1.jpg`; empty: the whole dataset).

    `need` is the name of the need that it concerns; empty for none.
    """

    level: Level
    where: str
    message: str
    need: str = field(default="", compare=False)


def block(where: str, message: str) -> LintFinding:
    """Create a finding that blocks: training would fail or learn nonsense."""
    return LintFinding(Level.BLOCK, where, message)


def warn(where: str, message: str) -> LintFinding:
    """Create a warning: training would run, but perhaps not as intended."""
    return LintFinding(Level.WARN, where, message)


def passed(where: str, message: str) -> LintFinding:
    """Create a finding for something that was checked and is right."""
    return LintFinding(Level.PASS, where, message)


@dataclass
class BudgetedDataset:
    """A dataset that is read under a byte budget; counts what was seen.

    Attributes:
        source: its storage.
        budget: bytes that may be read.
        reads: ranged reads that may be made of many small objects.
        bytes_read: bytes read so far.
        objects: objects listed so far.
        folders: folders seen in listings, whether they were listed themselves or not.
        sampled: whether anything was left unread or unlisted.
        on_progress: called after each read or listing (for a progress bar); may raise to cancel.
        contents: what the linter saw.
    """

    source: DatasetSource
    budget: int = DEFAULT_BUDGET
    reads: int = DEFAULT_READS
    bytes_read: int = 0
    objects: int = 0
    folders: int = 0
    sampled: bool = False
    on_progress: Callable[[BudgetedDataset], None] = field(default=lambda _: None)
    contents: Contents = field(default_factory=Contents)
    _root: Listing | None = None

    @property
    def left(self) -> int:
        """Return the bytes that may still be read."""
        return max(0, self.budget - self.bytes_read)

    def listing(self, prefix: str = "") -> Listing:
        """List what is directly below a prefix (the root is listed once)."""
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
        """Read bytes of an object, within the budget."""
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
        """List what is directly below each of many prefixes."""
        found = self.source.listings(prefixes)
        self._count(found)
        self.on_progress(self)
        return found

    def read_many(self, spans: Sequence[Span]) -> list[bytes]:
        """Read many spans, in order: as many as the budgets allow, each one completely."""
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
        """Yield an object in chunks from its start, until its end, a number of bytes, or the end of the budget."""
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
        objects: number of objects seen.
        bytes_read: bytes that were read.
        sampled: whether only a part of the data was checked.
        folders: number of folders seen; folders whose names show that the data is wrong are not listed.
        contents: what was seen: what is there for each need, classes, rows.
    """

    findings: tuple[LintFinding, ...]
    objects: int
    bytes_read: int
    sampled: bool
    folders: int = 0
    contents: Contents = field(default_factory=Contents, compare=False)

    @property
    def seen(self) -> str:
        """Return what was listed: `24 objects and 2 folders`, `2 folders`, `1 object`."""
        objects, folders = plural(self.objects, "object"), plural(self.folders, "folder")
        if not self.folders:
            return objects
        return f"{objects} and {folders}" if self.objects else folders

    @property
    def answer(self) -> str:
        """Return whether it fits: `It fits.`, `It fits, with 2 warnings.`, `It does not fit: 1 problem.`."""
        blocks, warnings = (sum(found.level is level for found in self.findings) for level in (Level.BLOCK, Level.WARN))
        if blocks:
            return f"It does not fit: {plural(blocks, 'problem')}."
        return f"It fits, with {plural(warnings, 'warning')}." if warnings else "It fits."

    @property
    def verdict(self) -> Level:
        """Return the worst level of the findings."""
        return verdict(finding.level for finding in self.findings)
