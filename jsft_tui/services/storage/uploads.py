"""Uploads from this machine: what would go where, what is there already, and sending the rest."""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

from jsft_tui.aws.s3 import S3
from jsft_tui.core.account.read_only import writing_refused
from jsft_tui.core.account.target import Target
from jsft_tui.core.common.errors import Problem, usage
from jsft_tui.core.common.text import plural
from jsft_tui.core.storage.uri import Entry, S3Uri
from jsft_tui.paths import reading
from jsft_tui.services.background.tasks import map_parallel
from jsft_tui.services.settings.text_files import expanded
from jsft_tui.services.storage.transfer import Advance, size

AT_ONCE = 4
"""Files uploaded at once."""
LISTINGS = 16
"""So many prefixes are listed one by one to see what is there already; rather than more, all above them is."""
_MD5 = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class LocalFile:
    """A file to upload: where it lies, where it goes, its bytes."""

    path: Path
    uri: S3Uri
    size: int


@dataclass(frozen=True)
class UploadPlan:
    """What an upload has to send, and what is there already; how that is said, before and after."""

    source: Path
    target: S3Uri
    files: tuple[LocalFile, ...]
    already: int = 0
    """Files that are there with the same contents, and are left out."""

    @property
    def total(self) -> int:
        """Bytes to send."""
        return sum(file.size for file in self.files)

    @property
    def sends(self) -> str:
        """What goes."""
        return f"{plural(len(self.files), 'file')}, {size(self.total)}"

    @property
    def leaves_out(self) -> str:
        """What does not go; empty when all does."""
        return f"{plural(self.already, 'file')} there already with the same contents" if self.already else ""

    @property
    def done(self) -> str:
        """What is to be said when it ended well."""
        if not self.files:
            return f"Nothing to do: {self.leaves_out}."
        rest = f"; {self.leaves_out}" if self.already else ""
        return f"Uploaded {self.sends}, to {self.target}{rest}."


class Uploads:
    """Uploads to one target's S3."""

    def __init__(self, s3: S3, target: Target) -> None:
        self._s3 = s3
        self._target = target

    @property
    def refused(self) -> Problem | None:
        """Why nothing can be uploaded, whatever it is; None when it can."""
        return writing_refused(self._target, "nothing is uploaded")

    def plan(self, source: Path, target: S3Uri) -> UploadPlan:
        """Compare a file, or a folder with all that is in it, with what is at the place where it is to go.

        An upload that was interrupted goes on with what is missing. Who may not list the place sends everything:
        writing does not need that permission.

        Raises:
            Problem: the session is read-only (code `ReadOnly`), there is nothing to upload (`NoSuchFile`,
                `NothingToUpload`), the bucket is missing, or a file cannot be read (`CannotRead`).
        """
        if (refused := self.refused) is not None:
            raise refused
        found = files_of(expanded(source), target)
        missing = self._missing(found)
        return UploadPlan(source, target, tuple(missing), len(found) - len(missing))

    def send(self, plan: UploadPlan, advance: Advance) -> None:
        """Send what a plan says, a few files at once.

        Args:
            plan: what to send.
            advance: told the bytes, from several threads; when it raises, the upload ends with that.

        Raises:
            Problem: the first that any file met; the files that were not begun are left.
        """
        files, ended = plan.files, threading.Event()

        def one(number: int) -> None:
            if not ended.is_set():
                with reading(files[number].path):
                    self._s3.upload(files[number].path, files[number].uri, advance)

        try:
            for _, result in map_parallel(one, range(len(files)), AT_ONCE):
                if isinstance(result, Problem):
                    raise result
        finally:
            ended.set()

    def _missing(self, files: Sequence[LocalFile]) -> list[LocalFile]:
        there: dict[S3Uri, Entry] = {}
        try:
            for prefix in _prefixes(files):
                there |= {entry.uri: entry for entry in self._s3.objects(prefix)}
        except Problem as problem:
            if problem.code != "AccessDenied":
                raise
        return [file for file in files if not is_there(file, there)]


def files_of(source: Path, target: S3Uri) -> list[LocalFile]:
    """The files of a folder (or the one file) and where they would go; hidden files are left out.

    Raises:
        Problem: there is nothing to upload (code `NoSuchFile`, `NothingToUpload`).
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


def is_there(file: LocalFile, there: Mapping[S3Uri, Entry]) -> bool:
    """Whether a file is in S3 already: the same size, and the same MD5 where the ETag is one.

    The ETag of an object that was uploaded in parts is no MD5 (S3 API reference, "Object"); then the size decides.
    """
    entry = there.get(file.uri)
    if entry is None or entry.size != file.size:
        return False
    return not _MD5.fullmatch(entry.etag) or entry.etag == _md5(file.path)


def _md5(path: Path) -> str:
    with reading(path), path.open("rb") as stream:
        return hashlib.file_digest(stream, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()


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
