"""Downloads that resume after an interruption and verify the checksum that S3 has."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from enum import Enum
from pathlib import Path
from typing import BinaryIO, Protocol

from jsft_tui.core.common.errors import Problem, usage
from jsft_tui.core.storage.checksums import ObjectFacts, Verifier, verifier
from jsft_tui.core.storage.uri import S3Uri
from jsft_tui.paths import reading, writing
from jsft_tui.services.background.tasks import BackgroundCall
from jsft_tui.services.storage.transfer import Advance

CHUNK = 8 * 2**20
"""Bytes of one ranged GetObject."""
CONCURRENT = 4
"""Chunks requested at once."""
PART = ".part"
"""Suffix of an incomplete file."""
PATIENCE = 1.0
"""Seconds to wait for another download of the same file, which may be about to end."""
CHECK_EVERY = 0.05
"""Seconds between two checks for cancellation while waiting."""
NO_LOCKS = (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP)
"""Errors of file systems without locks."""


class Source(Protocol):
    """The source of objects; the S3 adapter is one."""

    def facts(self, uri: S3Uri) -> ObjectFacts:
        """Return size, ETag, and checksums of an object."""
        ...

    def read_same(self, uri: S3Uri, start: int, length: int, etag: str) -> bytes:
        """Return bytes of an object if it still has this ETag, else raise a Problem (code `Changed`)."""
        ...


@dataclass(frozen=True)
class _PartInfo:
    """The object of an incomplete file, saved next to it."""

    uri: str
    etag: str
    size: int


def download(source: Source, uri: S3Uri, path: Path, advance: Advance) -> bool:
    """Download an object; the file appears under its name only when it is complete and verified.

    An incomplete file of an earlier download (`<name>.part`) is resumed if the object is the same. A lock lets one
    download at a time write it, across processes.

    Args:
        source: the source of the object.
        uri: the object.
        path: the file.
        advance: called with numbers of bytes, including those of an earlier download, and regularly with 0; if it
            raises, the download ends with that exception, and nothing more is written.

    Returns:
        Whether S3 had a checksum to compare with (else only the size was compared).

    Raises:
        Problem: the object cannot be read (the incomplete file stays), it changed meanwhile (code `Changed`), its
            checksum differs (code `BadChecksum`), another download writes the same file (code `Busy`), or the file
            cannot be written (code `CannotWrite`).
    """
    facts = source.facts(uri)
    part, info = path.with_name(path.name + PART), path.with_name(path.name + PART + ".json")
    check = verifier(facts)
    with writing(path), _locked(path, part, advance):
        start = _resume(part, info, _PartInfo(str(uri), facts.etag, facts.size))
        _hash_part(part, start, check, advance)
        _fetch(source, uri, part, start, facts, check, advance)
        if part.stat().st_size != facts.size or (check is not None and not check.matches()):
            _remove(part, info)
            message = f"checksum mismatch for {uri}."
            raise Problem("BadChecksum", message, "Download it again.", retryable=True)
        part.replace(path)
        info.unlink(missing_ok=True)
    return check is not None


def kept(path: Path) -> int:
    """Return the bytes of an incomplete file that an earlier download left."""
    part = path.with_name(path.name + PART)
    return part.stat().st_size if part.exists() else 0


class Match(Enum):
    """How a local file compares with an object."""

    NO = "different contents"
    SIZE = "same size; S3 has no checksum"
    CHECKSUM = "same checksum"


def match(source: Source, uri: S3Uri, path: Path) -> Match:
    """Compare a file with an object: the size, and the checksum if S3 has one.

    Raises:
        Problem: the object's metadata cannot be read, or the file cannot be read (code `CannotRead`).
    """
    facts = source.facts(uri)
    with reading(path):
        if path.stat().st_size != facts.size:
            return Match.NO
        if (check := verifier(facts)) is None:
            return Match.SIZE
        with path.open("rb") as file:
            while data := file.read(CHUNK):
                check.update(data)
    return Match.CHECKSUM if check.matches() else Match.NO


@contextmanager
def _locked(path: Path, part: Path, advance: Advance) -> Iterator[None]:
    """Hold an exclusive lock on the partial file.

    Raises:
        Problem: another download holds it (code `Busy`).
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    deadline = time.monotonic() + PATIENCE
    while True:
        with part.open("ab") as file:
            if _lock(file) and _is_in_place(file, part):
                yield
                return
        advance(0)
        if time.monotonic() > deadline:
            message = f"{path} is already being downloaded, here or by another jsft."
            raise usage("Busy", message, "Wait until that download ends, or choose another folder.")
        time.sleep(CHECK_EVERY)


def _lock(file: BinaryIO) -> bool:
    """Try to lock the file until it is closed; return False if another process holds the lock."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        if error.errno not in NO_LOCKS:
            raise
    return True


def _is_in_place(file: BinaryIO, path: Path) -> bool:
    """Return whether the open file still has its name: the previous holder of the lock may have renamed it."""
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False


def _resume(part: Path, info: Path, wanted: _PartInfo) -> int:
    """Return the bytes of an earlier download that can be kept; start new files if there are none."""
    try:
        is_same = _PartInfo(**json.loads(info.read_bytes())) == wanted and part.stat().st_size <= wanted.size
    except (OSError, ValueError, TypeError):
        is_same = False  # no earlier download, or one whose info is unreadable
    if is_same:
        return part.stat().st_size
    part.write_bytes(b"")
    info.write_text(json.dumps(asdict(wanted)), encoding="utf-8")
    return 0


def _hash_part(part: Path, length: int, check: Verifier | None, advance: Advance) -> None:
    with part.open("rb") as file:
        while data := file.read(CHUNK):
            advance(0)
            if check is not None:
                check.update(data)
    if length:
        advance(length)


def _fetch(
    source: Source, uri: S3Uri, part: Path, start: int, facts: ObjectFacts, check: Verifier | None, advance: Advance
) -> None:
    with part.open("ab") as file:
        for data in _chunks(source, uri, start, facts, advance):
            file.write(data)
            file.flush()
            if check is not None:
                check.update(data)
            advance(len(data))


def _chunks(source: Source, uri: S3Uri, start: int, facts: ObjectFacts, advance: Advance) -> Iterator[bytes]:
    """Yield the object from `start` on in order, with some chunks requested ahead; `advance` may cancel it."""
    pending: deque[BackgroundCall[bytes]] = deque()
    position = start
    while position < facts.size or pending:
        while position < facts.size and len(pending) < CONCURRENT:
            pending.append(_read(source, uri, position, min(CHUNK, facts.size - position), facts.etag))
            position += CHUNK
        first = pending.popleft()
        while not first.is_done(CHECK_EVERY):
            advance(0)
        advance(0)
        yield first.result()


def _read(source: Source, uri: S3Uri, start: int, length: int, etag: str) -> BackgroundCall[bytes]:
    return BackgroundCall(lambda: source.read_same(uri, start, length, etag), f"reading {uri}")


def _remove(*paths: Path) -> None:
    for path in paths:
        path.unlink(missing_ok=True)
