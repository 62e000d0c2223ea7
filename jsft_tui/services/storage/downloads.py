"""Downloads that go on where they were, and that are compared with what S3 says of the object."""

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
"""Bytes of one ranged read."""
AHEAD = 4
"""Chunks under way at once."""
PART = ".part"
"""Ends the name of a file that is not whole yet."""
PATIENCE = 1.0
"""Seconds to wait for an earlier try of the same file, which may just be ending."""
LOOK_AGAIN = 0.05
"""Seconds after which whoever waits looks whether it is still to go on."""
NO_LOCKS = (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP)
"""What file systems say that have no locks."""


class Source(Protocol):
    """Where objects come from."""

    def facts(self, uri: S3Uri) -> ObjectFacts:
        """Size, ETag and checksums of an object."""
        ...

    def read_same(self, uri: S3Uri, start: int, length: int, etag: str) -> bytes:
        """Bytes of an object, as long as it is still the one with this ETag (else a Problem `Changed`)."""
        ...


@dataclass(frozen=True)
class _Note:
    """Stands beside an unfinished file: what it is a part of."""

    uri: str
    etag: str
    size: int


def download(source: Source, uri: S3Uri, path: Path, advance: Advance) -> bool:
    """Download an object; the file appears under its name only when it is whole and right.

    What an earlier try left beside it (`<name>.part`) is kept when it is of the same object. That file is written by
    one download at a time, in whichever process.

    Args:
        source: where the object comes from.
        uri: the object.
        path: the file.
        advance: told the bytes, those of an earlier try too, and 0 now and then; when it raises, the download ends with
            that, and nothing is written any more.

    Returns:
        Whether the bytes could be compared with a checksum of S3's (else only their number was).

    Raises:
        Problem: it cannot be read (what is there already stays), it changed meanwhile (code `Changed`), its bytes
            are not those that S3 has (code `BadChecksum`), another download writes the same file (code `Busy`), or the
            disk refuses (code `CannotWrite`).
    """
    facts = source.facts(uri)
    part, note = path.with_name(path.name + PART), path.with_name(path.name + PART + ".json")
    check = verifier(facts)
    with writing(path), _alone(path, part, advance):
        start = _kept(part, note, _Note(str(uri), facts.etag, facts.size))
        _feed(part, start, check, advance)
        _fetch(source, uri, part, start, facts, check, advance)
        if part.stat().st_size != facts.size or (check is not None and not check.matches()):
            _remove(part, note)
            message = f"what arrived of {uri} is not what S3 has: its checksum is another."
            raise Problem("BadChecksum", message, "Download it again.", retryable=True)
        part.replace(path)
        note.unlink(missing_ok=True)
    return check is not None


def kept(path: Path) -> int:
    """Bytes that an earlier try has left of a file that is not whole yet."""
    part = path.with_name(path.name + PART)
    return part.stat().st_size if part.exists() else 0


class Match(Enum):
    """How a file here is like an object."""

    NO = "another file"
    SIZE = "as many bytes; S3 has no checksum of them"
    CHECKSUM = "the same bytes"


def match(source: Source, uri: S3Uri, path: Path) -> Match:
    """Whether a file holds an object's bytes: as many, and with the same checksum where S3 has one.

    Raises:
        Problem: the object cannot be looked at, or the file cannot be read (code `CannotRead`).
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
def _alone(path: Path, part: Path, advance: Advance) -> Iterator[None]:
    """Keep everybody else from writing the part.

    Raises:
        Problem: somebody else writes it (code `Busy`).
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    ends = time.monotonic() + PATIENCE
    while True:
        with part.open("ab") as file:
            if _is_locked(file) and _is_in_place(file, part):
                yield
                return
        advance(0)
        if time.monotonic() > ends:
            message = f"{path} is being downloaded already, here or by another jsft."
            raise usage("Busy", message, "Wait until that has ended, or choose another folder.")
        time.sleep(LOOK_AGAIN)


def _is_locked(file: BinaryIO) -> bool:
    """Whether the file is locked for us now; it is unlocked when it is closed."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        if error.errno not in NO_LOCKS:
            raise
    return True


def _is_in_place(file: BinaryIO, path: Path) -> bool:
    """Whether the open file still has its name: whoever held the lock before may have given it its last one."""
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False


def _kept(part: Path, note: Path, wanted: _Note) -> int:
    """Bytes of an earlier try that can be kept; without any, the files are made anew."""
    try:
        kept = _Note(**json.loads(note.read_bytes())) == wanted and part.stat().st_size <= wanted.size
    except (OSError, ValueError, TypeError):
        kept = False  # no earlier try, or one whose note is spoilt
    if kept:
        return part.stat().st_size
    part.write_bytes(b"")
    note.write_text(json.dumps(asdict(wanted)), encoding="utf-8")
    return 0


def _feed(part: Path, length: int, check: Verifier | None, advance: Advance) -> None:
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
    """The object from `start` on, in order, some chunks ahead; ends as soon as it is not wanted any more."""
    under_way: deque[BackgroundCall[bytes]] = deque()
    position = start
    while position < facts.size or under_way:
        while position < facts.size and len(under_way) < AHEAD:
            under_way.append(_read(source, uri, position, min(CHUNK, facts.size - position), facts.etag))
            position += CHUNK
        first = under_way.popleft()
        while not first.is_done(LOOK_AGAIN):
            advance(0)
        advance(0)
        yield first.result()


def _read(source: Source, uri: S3Uri, start: int, length: int, etag: str) -> BackgroundCall[bytes]:
    return BackgroundCall(lambda: source.read_same(uri, start, length, etag), f"reading {uri}")


def _remove(*paths: Path) -> None:
    for path in paths:
        path.unlink(missing_ok=True)
