"""The bytes of objects: small ones are kept in the index itself, large ones in files of their own."""

from __future__ import annotations

import hashlib
import os
import shutil
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

INLINE_BYTES = 32 << 10
"""Objects up to this size live in the index: no file to create, to open or to lose."""

CHUNK_BYTES = 1 << 20


class Hasher(Protocol):
    """Something that is fed a body's bytes as they are written."""

    def update(self, data: bytes, /) -> object:
        """Take the next bytes."""
        ...


@dataclass(frozen=True)
class Blob:
    """The bytes of one object or part.

    Attributes:
        size: in bytes.
        md5: the hexadecimal MD5 digest.
        inline: the bytes themselves when they are few, else None.
        name: the file's name when they are not.
    """

    size: int
    md5: str
    inline: bytes | None = None
    name: str | None = None


class BlobFiles:
    """The folder of the large objects' files.

    A file is written under `incoming/` and renamed when it is complete. Whoever commits the index row
    makes it an object; a file without a row is removed by `sweep` at the next start.
    """

    def __init__(self, root: Path) -> None:
        self._incoming = root / "incoming"
        self._blobs = root / "blobs"
        shutil.rmtree(self._incoming, ignore_errors=True)
        self._incoming.mkdir(parents=True)
        self._blobs.mkdir(exist_ok=True)

    def path(self, name: str) -> Path:
        """Where the file of a blob lies."""
        return self._blobs / name[:2] / name

    def save(self, chunks: Iterable[bytes], hashers: Iterable[Hasher] = ()) -> Blob:
        """Keep the bytes of `chunks`, feeding them to `hashers` on the way.

        Raises:
            Exception: whatever `chunks` raises; nothing is kept then.
        """
        md5 = hashlib.md5(usedforsecurity=False)
        sinks: list[Hasher] = [md5, *hashers]
        stream = iter(chunks)
        head = b""
        for chunk in stream:
            _feed(sinks, chunk)
            head += chunk
            if len(head) > INLINE_BYTES:
                name, size = self._save_file(head, stream, sinks)
                return Blob(size, md5.hexdigest(), name=name)
        return Blob(len(head), md5.hexdigest(), inline=head)

    def _save_file(self, head: bytes, rest: Iterator[bytes], sinks: list[Hasher]) -> tuple[str, int]:
        name = uuid.uuid4().hex
        temporary = self._incoming / name
        size = len(head)
        try:
            with temporary.open("wb") as file:
                file.write(head)
                for chunk in rest:
                    _feed(sinks, chunk)
                    file.write(chunk)
                    size += len(chunk)
            self.path(name).parent.mkdir(exist_ok=True)
            temporary.rename(self.path(name))
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        return name, size

    def open(self, name: str) -> BinaryIO:
        """Open a blob's file for reading. It can be read to its end even when it is removed meanwhile.

        Raises:
            FileNotFoundError: there is no such blob.
        """
        return self.path(name).open("rb")

    def remove(self, name: str | None) -> None:
        """Remove the file of a blob, if it has one."""
        if name:
            self.path(name).unlink(missing_ok=True)

    def sweep(self, known: set[str]) -> None:
        """Remove the files that no index row names. Only safe while nothing is being written."""
        for entry in os.scandir(self._blobs):
            for file in os.scandir(entry.path):
                if file.name not in known:
                    Path(file.path).unlink()


def _feed(sinks: list[Hasher], chunk: bytes) -> None:
    for sink in sinks:
        sink.update(chunk)


def chunks_of(file: BinaryIO, start: int, length: int) -> Iterator[bytes]:
    """`length` bytes of `file` from `start` on; closes the file at the end, or when it is abandoned."""
    with file:
        file.seek(start)
        while length > 0:
            chunk = file.read(min(CHUNK_BYTES, length))
            if not chunk:
                return
            length -= len(chunk)
            yield chunk
