"""S3 as people use it here: datasets for the linter, folders to upload, models to download."""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import TypeVar

from jsft_tui.aws.s3 import S3
from jsft_tui.core.checks.check import BucketFacts
from jsft_tui.core.datasets.formats import lint
from jsft_tui.core.datasets.question import DataQuestion
from jsft_tui.core.datasets.reader import (
    DEFAULT_BUDGET,
    DEFAULT_READS,
    BudgetedDataset,
    DataObject,
    LintReport,
    Listing,
    Span,
)
from jsft_tui.core.errors import Problem, usage
from jsft_tui.core.s3uri import Bucket, Entry, Page, S3Uri
from jsft_tui.services.downloads import download
from jsft_tui.services.tasks import map_parallel

S = TypeVar("S")
T = TypeVar("T")

WORKERS = 16
"""Pieces of a dataset read at once."""
UPLOADS = 4
"""Files uploaded at once."""
LISTINGS = 16
"""So many prefixes are listed one by one to see what is there already; rather than more, all above them is."""
_MD5 = re.compile(r"[0-9a-f]{32}")

Advance = Callable[[int], None]


@dataclass(frozen=True)
class LocalFile:
    """A file to upload: where it lies, where it goes, its bytes."""

    path: Path
    uri: S3Uri
    size: int


class Storage:
    """S3 of one target."""

    def __init__(self, s3: S3) -> None:
        self._s3 = s3

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
        """Look at a dataset for a task and a model.

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
        data = BudgetedDataset(S3Dataset(self._s3, root), budget, reads, on_progress=on_progress)
        return lint(question, data)

    def files_to_upload(self, source: Path, target: S3Uri) -> list[LocalFile]:
        """The files of a folder (or the one file) and where they would go; hidden files are left out.

        Raises:
            Problem: there is nothing to upload.
        """
        if source.is_file():
            uri = target if target.key and not target.key.endswith("/") else target.child(source.name)
            return [LocalFile(source, uri, source.stat().st_size)]
        if not source.is_dir():
            raise usage("NoSuchFile", f"there is no file or folder {source}.", "Check the path.")
        found = []
        for path in sorted(source.rglob("*")):
            relative = path.relative_to(source)
            if path.is_file() and not any(part.startswith(".") for part in relative.parts):
                found.append(LocalFile(path, target.as_prefix().child(relative.as_posix()), path.stat().st_size))
        if not found:
            raise usage("NothingToUpload", f"there are no files in {source}.", "Check the path.")
        return found

    def missing_files(self, files: Sequence[LocalFile]) -> list[LocalFile]:
        """Those that are not in S3 yet, or there with other contents: what an upload has left to do.

        Who may not list the place has all left to do: writing does not need that permission.

        Raises:
            Problem: the bucket is missing, or a file cannot be read (code `CannotRead`).
        """
        there: dict[S3Uri, Entry] = {}
        try:
            for prefix in _prefixes(files):
                there |= {entry.uri: entry for entry in self._s3.objects(prefix)}
        except Problem as problem:
            if problem.code != "AccessDenied":
                raise
        return [file for file in files if not is_there(file, there)]

    def upload(self, files: Sequence[LocalFile], advance: Advance) -> None:
        """Upload files, a few at once.

        Args:
            files: what to upload.
            advance: told the bytes, from several threads; when it raises, the upload ends with that.

        Raises:
            Problem: the first that any file met; the files that were not begun are left.
        """
        ended = threading.Event()

        def one(number: int) -> None:
            if not ended.is_set():
                with _reading(files[number].path):
                    self._s3.upload(files[number].path, files[number].uri, advance)

        try:
            for _, result in map_parallel(one, range(len(files)), UPLOADS):
                if isinstance(result, Problem):
                    raise result
        finally:
            ended.set()

    def download(self, uri: S3Uri, path: Path, advance: Advance) -> bool:
        """Download one object to a file; see `services.downloads.download`."""
        return download(self._s3, uri, path, advance)

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

    def __init__(self, s3: S3, root: S3Uri) -> None:
        self._s3 = s3
        self._root = root

    def listing(self, prefix: str = "") -> Listing:
        """The first page of what lies directly below a prefix."""
        page = self._s3.page(self._root.child(prefix) if prefix else self._root)
        cut = len(self._root.key)
        own = self._root.key + prefix
        objects = tuple(
            DataObject(entry.uri.key[cut:], entry.size)
            for entry in page.entries
            if entry.size is not None and entry.uri.key != own  # the "folder" object that consoles make
        )
        prefixes = tuple(entry.uri.key[cut:] for entry in page.entries if entry.is_prefix)
        return Listing(objects, prefixes, complete=page.token is None)

    def read(self, name: str, start: int, length: int) -> bytes:
        """Bytes of an object of the dataset."""
        return self._s3.read(self._root.child(name), start, length)

    def listings(self, prefixes: Sequence[str]) -> list[Listing]:
        """The first page below each prefix, several at a time."""
        return _in_order(self.listing, prefixes)

    def read_many(self, spans: Sequence[Span]) -> list[bytes]:
        """Pieces of objects, several at a time."""
        return _in_order(lambda span: self.read(span.name, span.start, span.length), spans)


def is_there(file: LocalFile, there: Mapping[S3Uri, Entry]) -> bool:
    """Whether a file is in S3 already: the same size, and the same MD5 where the ETag is one.

    The ETag of an object that was uploaded in parts is no MD5 (S3 API reference, "Object"); then the size decides.
    """
    entry = there.get(file.uri)
    if entry is None or entry.size != file.size:
        return False
    return not _MD5.fullmatch(entry.etag) or entry.etag == _md5(file.path)


def _md5(path: Path) -> str:
    with _reading(path), path.open("rb") as stream:
        return hashlib.file_digest(stream, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise usage("CannotRead", f"{path} cannot be read: {why}.", "Check the permissions.") from error


def _prefixes(files: Sequence[LocalFile]) -> list[S3Uri]:
    """The prefixes that the files lie under: their folders, or when these are many, what is above all of them."""
    if len(files) == 1:
        return [files[0].uri]
    tops: list[S3Uri] = []
    for uri in sorted({file.uri.parent for file in files}, key=str):
        if not tops or not str(uri).startswith(str(tops[-1])):
            tops.append(uri)
    if len(tops) <= LISTINGS:
        return tops
    # In order, the first and the last differ earliest.
    shared = takewhile(lambda pair: pair[0] == pair[1], zip(tops[0].key, tops[-1].key, strict=False))
    return [S3Uri(tops[0].bucket, "".join(letter for letter, _ in shared))]


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
