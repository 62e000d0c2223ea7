"""S3 as people use it here: what lies where, datasets for the linter, objects to download."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from jsft_tui.aws.s3 import S3
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.datasets.base.question import DataQuestion
from jsft_tui.core.datasets.base.reader import (
    DEFAULT_BUDGET,
    DEFAULT_READS,
    BudgetedDataset,
    DataObject,
    LintReport,
    Listing,
    Span,
)
from jsft_tui.core.datasets.registry import lint
from jsft_tui.core.storage.bucket import BucketFacts
from jsft_tui.core.storage.uri import Bucket, Entry, Page, S3Uri
from jsft_tui.services.background.tasks import map_parallel
from jsft_tui.services.storage.downloads import Match, download, match
from jsft_tui.services.storage.range_cache import CachedRange, RangeCache
from jsft_tui.services.storage.transfer import Advance, size

S = TypeVar("S")
T = TypeVar("T")

WORKERS = 16
"""Pieces of a dataset read at once."""


def looked_at(report: LintReport) -> str:
    """How much of a dataset was looked at; by names alone it may be clear that it is no good."""
    if not report.bytes_read:
        return f"{report.seen} listed, nothing read"
    return f"{report.seen} listed, {size(report.bytes_read)} read: {'a sample' if report.sampled else 'all of it'}"


class Storage:
    """S3 of one target."""

    def __init__(self, s3: S3) -> None:
        self._s3 = s3
        self._pieces = RangeCache()

    def buckets(self) -> list[Bucket]:
        """All buckets that may be listed."""
        return self._s3.buckets()

    def bucket(self, name: str) -> BucketFacts:
        """Whether a bucket exists, and its region."""
        return self._s3.bucket(name)

    def page(self, uri: S3Uri, token: str | None = None) -> Page:
        """One page of what lies directly below a prefix."""
        return self._s3.page(uri, token)

    def entries(self, uri: S3Uri) -> Iterator[Entry]:
        """All that lies directly below a prefix, page by page."""
        token = None
        while True:
            page = self._s3.page(uri, token)
            yield from page.entries
            token = page.token
            if token is None:
                return

    def lint(
        self,
        question: DataQuestion,
        uri: S3Uri,
        budget: int = DEFAULT_BUDGET,
        reads: int = DEFAULT_READS,
        on_progress: Callable[[BudgetedDataset], None] = lambda _: None,
    ) -> LintReport:
        """Look at a dataset for a task and a model; objects that did not change since the last look are not read again.

        Args:
            question: what the data is for.
            uri: the prefix that it lies under.
            budget: bytes to read at the most.
            reads: pieces of objects to read at the most, where there are many small ones.
            on_progress: told after each step; may raise to cancel.

        Raises:
            Problem: the bucket is missing or denied.
        """
        root = uri.as_prefix()
        data = BudgetedDataset(S3Dataset(self._s3, root, self._pieces), budget, reads, on_progress=on_progress)
        return lint(question, data)

    def download(self, uri: S3Uri, path: Path, advance: Advance) -> bool:
        """Download one object to a file; see `services.downloads.download`."""
        return download(self._s3, uri, path, advance)

    def match(self, uri: S3Uri, path: Path) -> Match:
        """Whether a file holds an object's bytes; see `services.downloads.match`."""
        return match(self._s3, uri, path)

    def objects(self, uri: S3Uri) -> list[Entry]:
        """All objects under a prefix."""
        return list(self._s3.objects(uri))

    def read(self, uri: S3Uri, start: int, length: int) -> bytes:
        """Bytes of an object; fewer at its end."""
        return self._s3.read(uri, start, length)

    def head(self, uri: S3Uri) -> Entry:
        """One object's facts."""
        return self._s3.head(uri)


class S3Dataset:
    """A dataset in S3, as the linter reads it."""

    def __init__(self, s3: S3, root: S3Uri, pieces: RangeCache | None = None) -> None:
        self._s3 = s3
        self._root = root
        self._pieces = pieces or RangeCache()
        self._etags: dict[S3Uri, str] = {}

    def listing(self, prefix: str = "") -> Listing:
        """The first page of what lies directly below a prefix."""
        page = self._s3.page(self._root.child(prefix) if prefix else self._root)
        cut = len(self._root.key)
        own = self._root.key + prefix
        self._etags.update((entry.uri, entry.etag) for entry in page.entries if entry.etag)
        objects = tuple(
            DataObject(entry.uri.key[cut:], entry.size)
            for entry in page.entries
            if entry.size is not None and entry.uri.key != own  # the "folder" object that consoles make
        )
        prefixes = tuple(entry.uri.key[cut:] for entry in page.entries if entry.is_prefix)
        return Listing(objects, prefixes, complete=page.token is None)

    def read(self, name: str, start: int, length: int) -> bytes:
        """Bytes of an object of the dataset: of the version that was listed, if it was, without reading them twice."""
        uri = self._root.child(name)
        piece = CachedRange(uri, self._etags.get(uri, ""), start, length)
        known = self._pieces.get(piece) if piece.etag else None
        if known is not None:
            return known
        data = self._s3.read(uri, start, length)
        if piece.etag:
            self._pieces.put(piece, data)
        return data

    def listings(self, prefixes: Sequence[str]) -> list[Listing]:
        """The first page below each prefix, several at a time."""
        return _in_order(self.listing, prefixes)

    def read_many(self, spans: Sequence[Span]) -> list[bytes]:
        """Pieces of objects, several at a time."""
        return _in_order(lambda span: self.read(span.name, span.start, span.length), spans)


def _in_order(call: Callable[[S], T], items: Sequence[S]) -> list[T]:
    """What a call gives for each item, made in parallel.

    Raises:
        Problem: the first that any of the calls met.
    """
    found: dict[int, T] = {}
    for number, result in map_parallel(lambda number: call(items[number]), range(len(items)), WORKERS):
        if isinstance(result, Problem):
            raise result
        found[number] = result
    return [found[number] for number in range(len(items))]
