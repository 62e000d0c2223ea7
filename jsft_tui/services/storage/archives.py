"""Looking into a model.tar.gz, here or in S3, and unpacking it so that nothing gets out of its folder."""

from __future__ import annotations

import io
import os
import shutil
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from jsft_tui.core.common.errors import Problem, ProblemKind, usage
from jsft_tui.core.common.text import clean
from jsft_tui.core.storage.archives import Limits, Member, MemberKind, refusal
from jsft_tui.core.storage.uri import S3Uri
from jsft_tui.paths import writing
from jsft_tui.services.storage.s3 import Storage
from jsft_tui.services.storage.transfer import Advance

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer as Buffer

PIECE = 2**20
"""Bytes copied at once."""
PEEK = 64 * 2**20
"""Bytes of an archive in S3 that are read at most to list what is in it."""

LIMITS = Limits()
"""What is unpacked at most unless told otherwise."""

UNPACKED = "model"
"""The folder beside an archive that it is unpacked into."""


@dataclass(frozen=True)
class Contents:
    """What an archive holds; `complete` is False when only its beginning was read."""

    members: tuple[Member, ...]
    complete: bool = True


class _EndOfBudget(Exception):
    """As much was read as was allowed."""


class _Remote(io.RawIOBase):
    """An object in S3 as a file that is read from its start, up to a number of bytes."""

    def __init__(self, storage: Storage, uri: S3Uri, budget: int) -> None:
        self._storage, self._uri = storage, uri
        self._at, self._end, self._budget = 0, storage.head(uri).size or 0, budget

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer) -> int:
        room = memoryview(buffer).cast("B")
        if self._at >= self._end:
            return 0
        if self._at >= self._budget:
            raise _EndOfBudget
        data = self._storage.read(self._uri, self._at, min(len(room), self._end - self._at))
        room[: len(data)] = data
        self._at += len(data)
        return len(data)


def contents(path: Path) -> Contents:
    """What an archive on this disk holds; nothing is unpacked.

    Raises:
        Problem: it is not a tar archive (code `BadArchive`).
    """
    with path.open("rb") as file:
        return Contents(tuple(member for member, _ in _members(file, path.name)))


def remote_contents(storage: Storage, uri: S3Uri, budget: int = PEEK) -> Contents:
    """What an archive in S3 holds, as far as its first bytes tell; nothing is written to the disk.

    Raises:
        Problem: it cannot be read, or is not a tar archive (code `BadArchive`).
    """
    found: list[Member] = []
    try:
        source = io.BufferedReader(_Remote(storage, uri, budget), PIECE)
        for member, _ in _members(source, uri.name):
            found.append(member)
    except _EndOfBudget:
        return Contents(tuple(found), complete=False)
    return Contents(tuple(found))


def unpacked_folder(archive: Path) -> Path:
    """Where an archive that was downloaded is unpacked."""
    return archive.parent / UNPACKED


def extract(path: Path, folder: Path, advance: Advance, limits: Limits = LIMITS) -> list[Path]:
    """Unpack an archive into a new folder: all of it, or nothing.

    Args:
        path: the archive.
        folder: where to; must not exist yet.
        advance: told how many further bytes were written; may raise to stop.
        limits: the most that is unpacked.

    Raises:
        Problem: the folder exists (code `FileExists`), the archive is none or damaged (`BadArchive`), or it holds
            what must not be unpacked (`UnsafeArchive`).
    """
    if folder.exists():
        raise usage("FileExists", f"{folder} exists already.", "Choose another folder.")
    with writing(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        room = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        try:
            with path.open("rb") as file:
                names = list(_unpack(_members(file, path.name), room, advance, limits))
            room.chmod(0o755)
            room.replace(folder)
        except BaseException:
            shutil.rmtree(room, ignore_errors=True)
            raise
    return [folder / name for name in names]


def _unpack(
    members: Iterator[tuple[Member, IO[bytes] | None]], room: Path, advance: Advance, limits: Limits
) -> Iterator[str]:
    written = 0
    for number, (member, body) in enumerate(members, start=1):
        why = refusal(member)
        if why is None and number > limits.members:
            why = f"the archive has more than {limits.members:,} members"
        if why is None and written + member.size > limits.bytes:
            why = f"the archive is larger than {limits.bytes:,} bytes once unpacked"
        if why is not None:
            message = f"nothing was unpacked: {clean(member.name)!r}: {why}."
            raise Problem("UnsafeArchive", message, "Do not use this archive.", kind=ProblemKind.JOB)
        target = room / member.name
        if member.kind is MemberKind.FOLDER:
            target.mkdir(parents=True, exist_ok=True)
        elif body is not None:
            target.parent.mkdir(parents=True, exist_ok=True)
            written += _copy(body, target, advance)
            yield member.name


def _copy(body: IO[bytes], target: Path, advance: Advance) -> int:
    # A name that stands twice must not be written through what the first one left.
    target.unlink(missing_ok=True)
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o644)
    written = 0
    with os.fdopen(descriptor, "wb") as file:
        while data := body.read(PIECE):
            file.write(data)
            written += len(data)
            advance(len(data))
    return written


def _members(source: IO[bytes], name: str) -> Iterator[tuple[Member, IO[bytes] | None]]:
    """The members in their order, each with its bytes; these have to be read before the next member."""
    try:
        with tarfile.open(fileobj=source, mode="r|*") as archive:
            for info in archive:
                yield _member(info), archive.extractfile(info) if info.isreg() else None
    except (tarfile.TarError, EOFError, zlib.error, OSError, ValueError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        message = f"{name} is not a whole tar archive: {clean(str(error)) or type(error).__name__}."
        raise Problem("BadArchive", message, "Download it again.", kind=ProblemKind.JOB) from error


def _member(info: tarfile.TarInfo) -> Member:
    if info.isreg():
        kind = MemberKind.FILE
    elif info.isdir():
        kind = MemberKind.FOLDER
    else:
        kind = MemberKind.LINK if info.issym() or info.islnk() else MemberKind.OTHER
    return Member(info.name.removeprefix("./") or ".", max(0, info.size), kind)
