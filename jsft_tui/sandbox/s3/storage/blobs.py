"""Store the bytes of objects: small ones in the index itself, large ones in separate files."""

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
"""Objects up to this size are stored in the index, which saves creating and opening a file."""

CHUNK_BYTES = 1 << 20


class Hasher(Protocol):
    """A hash that is updated with a body's bytes as they are written."""

    def update(self, data: bytes, /) -> object:
        """Add the next bytes."""
        ...


@dataclass(frozen=True)
class Blob:
    """The bytes of one object or part.

    Attributes:
        size: in bytes.
        md5: the hexadecimal MD5 digest.
        inline: the bytes of a small blob, else None.
        name: the file name of a large blob, else None.
    """

    size: int
    md5: str
    inline: bytes | None = None
    name: str | None = None


class BlobFiles:
    """The folder with the files of large objects.

    A file is written under `incoming/` and renamed when it is complete. It becomes an object when the caller commits
    the index row; a file without a row is removed by `sweep` at the next start.
    """

    def __init__(self, root: Path) -> None:
        self._incoming = root / "incoming"
        self._blobs = root / "blobs"
        shutil.rmtree(self._incoming, ignore_errors=True)
        self._incoming.mkdir(parents=True)
        self._blobs.mkdir(exist_ok=True)

    def path(self, name: str) -> Path:
        """Return the path of a blob's file."""
        return self._blobs / name[:2] / name

    def save(self, chunks: Iterable[bytes], hashers: Iterable[Hasher] = ()) -> Blob:
        """Store the bytes of `chunks` and update `hashers` with them.

        Raises:
            Exception: any error that `chunks` raises; nothing is stored then.
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
        """Open a blob's file for reading. It can be read to its end even if it is removed meanwhile.

        Raises:
            FileNotFoundError: there is no such blob.
        """
        return self.path(name).open("rb")

    def remove(self, name: str | None) -> None:
        """Remove the file of a blob, if there is one."""
        if name:
            self.path(name).unlink(missing_ok=True)

    def sweep(self, known: set[str]) -> None:
        """Remove the files that no index row refers to. Only safe while nothing is being written."""
        for entry in os.scandir(self._blobs):
            for file in os.scandir(entry.path):
                if file.name not in known:
                    Path(file.path).unlink()


def _feed(sinks: list[Hasher], chunk: bytes) -> None:
    for sink in sinks:
        sink.update(chunk)


def chunks_of(file: BinaryIO, start: int, length: int) -> Iterator[bytes]:
    """Yield `length` bytes of `file` from `start` on; close the file when the generator ends or is closed."""
    with file:
        file.seek(start)
        while length > 0:
            chunk = file.read(min(CHUNK_BYTES, length))
            if not chunk:
                return
            length -= len(chunk)
            yield chunk
