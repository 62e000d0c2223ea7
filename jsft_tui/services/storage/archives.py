"""List and unpack model.tar.gz archives, local or in S3; nothing is written outside the target folder."""

from __future__ import annotations

import fcntl
import glob
import io
import os
import shutil
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from jsft_tui.aws.s3 import S3
from jsft_tui.core.common.errors import Problem, ProblemKind, usage
from jsft_tui.core.common.text import clean
from jsft_tui.core.storage.archives import Limits, Member, MemberKind, refusal
from jsft_tui.core.storage.uri import S3Uri
from jsft_tui.paths import writing
from jsft_tui.services.storage.gzip_reader import MAGIC, GzipReader
from jsft_tui.services.storage.transfer import Advance, require_room

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer as Buffer

CHUNK = 2**20
"""Bytes copied per step."""
LIST_BYTES = 64 * 2**20
"""The most bytes of an archive in S3 that are read to list its members."""

LIST_UNPACKED = 16 * LIST_BYTES
"""The most bytes that they may unpack to meanwhile."""

EMPTY_READS = 100
"""Reads behind the end of an archive after which it is cut off: a complete one is at its end before that."""

LIMITS = Limits()
"""The default limits."""

UNPACKED = "model"
"""Name of the folder, next to the archive, for its members."""


@dataclass(frozen=True)
class Contents:
    """Members of an archive; `complete` is False if only its beginning was read."""

    members: tuple[Member, ...]
    complete: bool = True


class _BudgetExceeded(Exception):
    """The byte budget is used up."""


class _S3File(io.RawIOBase):
    """An S3 object as a sequential file, up to a byte budget."""

    def __init__(self, s3: S3, uri: S3Uri, budget: int) -> None:
        self._s3, self._uri = s3, uri
        self._position, self._end, self._budget = 0, s3.head(uri).size or 0, budget

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer) -> int:
        view = memoryview(buffer).cast("B")
        if self._position >= self._end:
            return 0
        if self._position >= self._budget:
            raise _BudgetExceeded
        data = self._s3.read(self._uri, self._position, min(len(view), self._end - self._position))
        view[: len(data)] = data
        self._position += len(data)
        return len(data)


def contents(path: Path) -> Contents:
    """Return the members of a local archive; nothing is unpacked.

    Raises:
        Problem: it is not a tar archive (code `BadArchive`).
    """
    with path.open("rb") as file:
        return Contents(tuple(member for member, _ in _members(file, path.name)))


def remote_contents(s3: S3, uri: S3Uri, budget: int = LIST_BYTES) -> Contents:
    """Return the members in the first bytes of an archive in S3; nothing is written to disk.

    Raises:
        Problem: it cannot be read, or is not a tar archive (code `BadArchive`).
    """
    found: list[Member] = []
    try:
        source = io.BufferedReader(_S3File(s3, uri, budget), CHUNK)
        for member, _ in _members(source, uri.name, LIST_UNPACKED):
            found.append(member)
    except _BudgetExceeded:
        return Contents(tuple(found), complete=False)
    return Contents(tuple(found))


def unpacked_folder(archive: Path) -> Path:
    """Return the folder into which a downloaded archive is unpacked."""
    return archive.parent / UNPACKED


def extract(path: Path, folder: Path, advance: Advance, limits: Limits = LIMITS) -> list[Path]:
    """Unpack an archive into a new folder: all of it, or nothing.

    Args:
        path: the archive.
        folder: the target; must not exist yet.
        advance: called with the number of bytes written; may raise to stop.
        limits: the most members and bytes.

    Raises:
        Problem: the folder exists (code `FileExists`), the file is not a complete tar archive (`BadArchive`), a
            member is unsafe or beyond the limits (`UnsafeArchive`), or larger than the free disk (`NoRoom`).
    """
    if folder.exists():
        raise usage("FileExists", f"{folder} already exists.", "Choose another folder.")
    with writing(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        _clear_leftovers(folder)
        partial = Path(tempfile.mkdtemp(prefix=_prefix(folder), dir=folder.parent))
        try:
            with _held(partial), path.open("rb") as file, _whole(path.name):
                packed = os.fstat(file.fileno()).st_size
                names = list(_unpack(_members(file, path.name), partial, advance, limits, packed))
            partial.chmod(0o755)
            partial.replace(folder)
        except BaseException:
            shutil.rmtree(partial, ignore_errors=True)
            raise
    return [folder / name for name in names]


def _unpack(
    members: Iterator[tuple[Member, IO[bytes] | None]], folder: Path, advance: Advance, limits: Limits, packed: int
) -> Iterator[str]:
    written = 0
    for number, (member, body) in enumerate(members, start=1):
        reason = refusal(member) or limits.excess(number, written + member.size, packed)
        if reason is not None:
            raise _unsafe(member, reason)
        require_room(folder, member.size)
        try:
            if member.kind is MemberKind.FOLDER:
                (folder / member.name).mkdir(parents=True, exist_ok=True)
            elif body is not None:
                written += _copy(body, folder / member.name, advance)
                yield member.name
        except (FileExistsError, IsADirectoryError, NotADirectoryError) as error:
            raise _unsafe(member, "it is a file and a folder at once") from error


def _unsafe(member: Member, reason: str) -> Problem:
    message = f"nothing was unpacked: {clean(member.name)!r}: {reason}."
    return Problem("UnsafeArchive", message, "Do not use this archive.", kind=ProblemKind.JOB)


def _prefix(folder: Path) -> str:
    """Return how the name of a folder begins in which this one is being unpacked."""
    return f".{folder.name[:100]}-unpacking-"


def _clear_leftovers(folder: Path) -> None:
    """Delete what processes that were killed left of this folder."""
    for left in folder.parent.glob(f"{glob.escape(_prefix(folder))}*"):
        with suppress(OSError), _held(left):
            shutil.rmtree(left, ignore_errors=True)


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    """Hold a folder that is being unpacked; the system lets go of it when the process ends, however it ends.

    Raises:
        BlockingIOError: another process holds it.
    """
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(descriptor)


def _copy(body: IO[bytes], target: Path, advance: Advance) -> int:
    target.parent.mkdir(parents=True, exist_ok=True)
    # A duplicate name must not be written through a link that the first member left there.
    target.unlink(missing_ok=True)
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o644)
    written = 0
    with os.fdopen(descriptor, "wb") as file:
        while data := body.read(CHUNK):
            file.write(data)
            written += len(data)
            advance(len(data))
    return written


class _Counted(io.RawIOBase):
    """A stream of which no more than so many bytes may be read; None: all of them.

    `tarfile` goes on reading behind the end, for as many blocks as a member claims to have (`_Stream.seek`).
    """

    def __init__(self, stream: IO[bytes], most: int | None) -> None:
        self._stream, self._left = stream, most
        self._empty_reads = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer) -> int:
        view = memoryview(buffer).cast("B")
        data = self._stream.read(len(view))
        if not data:
            self._empty_reads += 1
            if self._empty_reads > EMPTY_READS:
                raise EOFError("it ends before its contents do")
        if self._left is not None:
            self._left -= len(data)
            if self._left < 0:
                raise _BudgetExceeded
        view[: len(data)] = data
        return len(data)


def _members(
    source: io.BufferedReader[Any], name: str, most: int | None = None
) -> Iterator[tuple[Member, IO[bytes] | None]]:
    """Yield the members in archive order, each with its content, which must be read before the next member.

    SageMaker writes gzip (SageMaker Developer Guide, "CreateTrainingJob", OutputDataConfig); a plain tar is read too.

    Args:
        source: the archive.
        name: its name, for messages.
        most: bytes that are read of what it unpacks to.
    """
    with _whole(name):
        is_gzip = source.peek(len(MAGIC)).startswith(MAGIC)
        stream: IO[bytes] = io.BufferedReader(GzipReader(source), CHUNK) if is_gzip else source
        with tarfile.open(fileobj=_Counted(stream, most), mode="r|") as archive:
            for info in archive:
                yield _member(info), archive.extractfile(info) if info.isreg() else None


@contextmanager
def _whole(name: str) -> Iterator[None]:
    """Turn what a damaged archive raises, while its members or their contents are read, into a Problem."""
    try:
        yield
    except (tarfile.TarError, EOFError, zlib.error, OSError, ValueError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        message = f"{name} is not a complete tar archive: {clean(str(error)) or type(error).__name__}."
        raise Problem("BadArchive", message, "Download it again.", kind=ProblemKind.JOB) from error


def _member(info: tarfile.TarInfo) -> Member:
    if info.isreg():
        kind = MemberKind.FILE
    elif info.isdir():
        kind = MemberKind.FOLDER
    else:
        kind = MemberKind.LINK if info.issym() or info.islnk() else MemberKind.OTHER
    return Member(info.name.removeprefix("./") or ".", max(0, info.size), kind)
