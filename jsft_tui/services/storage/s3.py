"""S3 of a target: list prefixes, and validate datasets."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
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
    block,
)
from jsft_tui.core.datasets.customization.count import RecordCount, count_records
from jsft_tui.core.datasets.registry import lint
from jsft_tui.core.storage.key_rules import local_name
from jsft_tui.core.storage.manifest import HEAD, manifest_fault
from jsft_tui.core.storage.uri import Entry, Page, S3Uri
from jsft_tui.services.background.tasks import map_parallel
from jsft_tui.services.storage.range_cache import CachedRange, RangeCache
from jsft_tui.services.storage.transfer import size

S = TypeVar("S")
T = TypeVar("T")

ARCHIVED_STATE = "InvalidObjectState"
"""GetObject's code for an archived object, one in an archive tier of Intelligent-Tiering included."""
WORKERS = 16
"""Ranges of a dataset read at once."""


def coverage_text(report: LintReport) -> str:
    """Return how much of a dataset was read; the names alone may show that it is unusable."""
    if not report.bytes_read:
        return f"{report.seen}, none read"
    return f"{report.seen}, {'a sample' if report.sampled else 'all'} read, {size(report.bytes_read)}"


class Storage:
    """Use cases on the S3 of one target; single calls go to the adapter itself, `s3`."""

    def __init__(self, s3: S3) -> None:
        self.s3 = s3
        self._ranges = RangeCache()

    def entries(self, uri: S3Uri) -> Iterator[Entry]:
        """Yield everything directly below a prefix, page by page."""
        token = None
        while True:
            page = self.s3.page(uri, token)
            yield from page.entries
            token = page.token
            if token is None:
                return

    def look(self, uri: S3Uri) -> Page:
        """Return one listing of everything below a prefix: up to a thousand objects, none of them read."""
        return self.s3.flat_page(uri.as_prefix())

    def lint(
        self,
        question: DataQuestion,
        uri: S3Uri,
        budget: int = DEFAULT_BUDGET,
        reads: int = DEFAULT_READS,
        on_progress: Callable[[BudgetedDataset], None] = lambda _: None,
    ) -> LintReport:
        """Validate a dataset for a task and a model; objects unchanged since the last check are not read again.

        Args:
            question: what the data is for.
            uri: the start of the keys of the dataset: a folder, one object, or the start of names.
            budget: the most bytes to read.
            reads: the most ranges to read, which limits a dataset of many small objects.
            on_progress: called after each step; may raise to cancel.

        Raises:
            Problem: the bucket is missing or denied.
        """
        data = BudgetedDataset(S3Dataset(self.s3, uri, self._ranges), budget, reads, on_progress=on_progress)
        try:
            return _manifest_report(data) or lint(question, data)
        except Problem as problem:
            if problem.code != ARCHIVED_STATE:
                raise
            finding = block(
                "", f"{problem.message.rstrip('.')}. Restore the archived objects (aws s3api restore-object)."
            )
            return LintReport((finding,), data.objects, data.bytes_read, data.sampled, data.folders, data.contents)

    def count_records(self, uri: S3Uri, budget: int = DEFAULT_BUDGET) -> RecordCount:
        """Count the records of a language dataset; what `lint` has read is not read again.

        Raises:
            Problem: the bucket is missing or denied.
        """
        return count_records(BudgetedDataset(S3Dataset(self.s3, uri, self._ranges), budget))


def _manifest_report(data: BudgetedDataset) -> LintReport | None:
    """Return the report on a single file that is a manifest; None for anything else."""
    root = data.listing()
    if root.prefixes or len(root.objects) != 1 or data.left < HEAD:
        return None
    name = root.objects[0].name
    fault = manifest_fault(data.read(name, 0, HEAD))
    return (
        LintReport((block(name, fault),), data.objects, data.bytes_read, data.sampled, data.folders) if fault else None
    )


class S3Dataset:
    """A dataset in S3, as the validation reads it: with the names that its files have for the training script."""

    def __init__(self, s3: S3, uri: S3Uri, cache: RangeCache | None = None) -> None:
        """Create it; `uri` is the start of its keys (see `core.storage.key_rules.local_name`)."""
        self._s3 = s3
        self._uri = uri
        self._folder = uri.as_prefix().key
        self._is_folder = self._folder == uri.key
        self._cache = cache or RangeCache()
        self._etags: dict[str, str] = {}
        self._beside: frozenset[str] | None = None
        """The first parts of names that lie beside the folder, for the start of names."""

    def listing(self, prefix: str = "") -> Listing:
        """Return the first page directly below a prefix."""
        return self._level(self._key(prefix)) if prefix or self._is_folder else self._top()

    def read(self, name: str, start: int, length: int) -> bytes:
        """Return bytes of an object; those of a listed object are cached by its ETag."""
        uri = S3Uri(self._uri.bucket, self._key(name))
        key = CachedRange(uri, self._etags.get(uri.key, ""), start, length)
        known = self._cache.get(key) if key.etag else None
        if known is not None:
            return known
        data = self._s3.read(uri, start, length)
        if key.etag:
            self._cache.put(key, data)
        return data

    def _key(self, name: str) -> str:
        if not self._is_folder and self._beside is None:
            self._top()
        if self._beside and name.partition("/")[0] in self._beside:
            return self._uri.parent.key + name
        return self._folder + name

    def _top(self) -> Listing:
        """Return what a start of names finds: the folder of that name, if there is one, and what lies beside it."""
        found = self._level(self._uri.key)
        inside = self._level(self._folder) if "" in found.prefixes else Listing((), ())  # its name in itself is empty
        prefixes = tuple(prefix for prefix in found.prefixes if prefix)
        self._beside = frozenset(name.partition("/")[0] for name in (*prefixes, *(item.name for item in found.objects)))
        return Listing(
            (*inside.objects, *found.objects), (*inside.prefixes, *prefixes), inside.complete and found.complete
        )

    def _level(self, key: str) -> Listing:
        page = self._s3.page(S3Uri(self._uri.bucket, key))
        self._etags.update((entry.uri.key, entry.etag) for entry in page.entries if entry.etag)
        names = [
            (local_name(entry.uri.key, self._uri.key), entry)
            for entry in page.entries
            if not key.endswith("/") or entry.uri.key != key  # the empty object with which the console makes a "folder"
        ]
        objects = tuple(DataObject(name, entry.size) for name, entry in names if entry.size is not None)
        return Listing(objects, tuple(name for name, entry in names if entry.is_prefix), page.token is None)

    def listings(self, prefixes: Sequence[str]) -> list[Listing]:
        """Return the first page below each prefix, read in parallel."""
        return _in_order(self.listing, prefixes)

    def read_many(self, spans: Sequence[Span]) -> list[bytes]:
        """Return ranges of objects, read in parallel."""
        return _in_order(lambda span: self.read(span.name, span.start, span.length), spans)


def _in_order(call: Callable[[S], T], items: Sequence[S]) -> list[T]:
    """Return the result of a call for each item, in the order of the items; the calls run in parallel.

    Raises:
        Problem: the first error of any call.
    """
    found: dict[int, T] = {}
    for number, result in map_parallel(lambda number: call(items[number]), range(len(items)), WORKERS):
        if isinstance(result, Problem):
            raise result
        found[number] = result
    return [found[number] for number in range(len(items))]
