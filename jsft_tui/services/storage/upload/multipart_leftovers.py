"""Notes on disk of our own multipart uploads, so that the parts of a killed upload are deleted later."""

from __future__ import annotations

import fcntl
import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from jsft_tui.core.common.errors import Problem
from jsft_tui.core.storage.incomplete_uploads import Cleared, IncompleteUpload
from jsft_tui.core.storage.uri import S3Uri
from jsft_tui.paths import private_folder, writing

Abort = Callable[[IncompleteUpload], None]
Incomplete = Callable[[S3Uri], list[IncompleteUpload]]
SAME_MOMENT = 120.0
"""Seconds between a note and the start of an upload that is still taken for ours: the clocks may differ."""


class MultipartNotes:
    """The multipart uploads of this process, and what processes that no longer run have left.

    Each process has a file of its own and holds a lock on it: a file that can be locked is that of a dead process.
    """

    def __init__(self, folder: Path, scope: str) -> None:
        """Create them; `scope` names the endpoint and the account that the uploads belong to."""
        self._folder, self._scope = folder, scope
        self._lock = threading.Lock()
        self._open: dict[str, IncompleteUpload] = {}
        self._file: BinaryIO | None = None

    @property
    def open(self) -> tuple[IncompleteUpload, ...]:
        """The multipart uploads of this process that have not ended."""
        with self._lock:
            return tuple(self._open.values())

    def began(self, upload: IncompleteUpload) -> None:
        """Note an upload before it is created (without an id), and before its first part is sent.

        Raises:
            Problem: the note cannot be written (code `CannotWrite`).
        """
        note = {"began": upload.id, "bucket": upload.uri.bucket, "key": upload.uri.key, "scope": self._scope}
        note["at"] = str(time.time())
        with self._lock:
            if upload.id:
                self._open[upload.id] = upload
            if self._file is None:
                self._file = _own_file(private_folder(self._folder))
            with writing(Path(self._file.name)):
                _append(self._file, note)

    def ended(self, upload: IncompleteUpload) -> None:
        """Note that an upload was completed or aborted."""
        with self._lock:
            self._open.pop(upload.id, None)
            if self._file is None:
                return
            with suppress(OSError):  # then it is aborted again, which is no error
                _append(self._file, {"ended": upload.id})
            if not self._open:
                Path(self._file.name).unlink(missing_ok=True)
                self._file.close()
                self._file = None

    def clear(self, abort: Abort, incomplete: Incomplete) -> Cleared:
        """Abort what processes that no longer run have left in this scope.

        Raises:
            Problem: S3 cannot be reached at all, or the credentials are refused.
        """
        aborted, kept = 0, list[IncompleteUpload]()
        for file in sorted(self._folder.glob("*.jsonl")) if self._folder.is_dir() else ():
            with _of_dead_process(file) as stream:
                if stream is None:
                    continue
                notes = _outstanding(stream)
                for upload in [upload for upload, scope in notes if scope == self._scope]:
                    try:
                        for found in (upload,) if upload.id else _created(upload, incomplete):
                            abort(found)
                    except Problem as problem:
                        if problem.retryable:
                            raise
                        kept += [upload] if upload.id else []
                    else:
                        aborted += bool(upload.id)
                        with suppress(OSError):
                            _append(stream, {"ended": upload.id or _intent(upload.uri)})
                if not _outstanding(stream):
                    file.unlink(missing_ok=True)
        return Cleared(aborted, tuple(kept))


def _intent(uri: S3Uri) -> str:
    """Return the name in the notes of an upload whose id is not known: the process ended while it was created."""
    return f"intent {uri}"


def _created(intent: IncompleteUpload, incomplete: Incomplete) -> list[IncompleteUpload]:
    """Return the uploads of that very key that began when ours was to be created; others are somebody else's."""
    begun = intent.started or 0.0
    return [
        found
        for found in incomplete(intent.uri)
        if found.uri == intent.uri and found.started is not None and abs(found.started - begun) < SAME_MOMENT
    ]


def _own_file(folder: Path) -> BinaryIO:
    """Create a file that no other process has, and lock it."""
    number = 0
    while True:
        path = folder / f"{os.getpid()}-{number}.jsonl"
        number += 1
        with writing(path):
            try:
                stream = path.open("xb+")
            except FileExistsError:
                continue
            with suppress(OSError):  # a disk without locks: others take it for that of a dead process
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _is_in_place(stream, path):
                return stream
            stream.close()


def _is_in_place(stream: BinaryIO, path: Path) -> bool:
    """Return whether the file still has its name: another process may have tidied it before it was locked."""
    try:
        return os.path.samestat(os.fstat(stream.fileno()), path.stat())
    except FileNotFoundError:
        return False


@contextmanager
def _of_dead_process(path: Path) -> Iterator[BinaryIO | None]:
    """Open and lock a file of notes; None if its process runs, or if it cannot be opened."""
    try:
        stream = path.open("rb+")
    except OSError:
        yield None
        return
    with stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield None
        else:
            yield stream


def _append(stream: BinaryIO, note: dict[str, str]) -> None:
    stream.seek(0, os.SEEK_END)
    stream.write(json.dumps(note).encode() + b"\n")
    stream.flush()
    os.fsync(stream.fileno())


def _outstanding(stream: BinaryIO) -> list[tuple[IncompleteUpload, str]]:
    """Return the uploads that began and did not end, with their scopes; a half-written last line is left out."""
    found: dict[str, tuple[IncompleteUpload, str]] = {}
    stream.seek(0)
    for line in stream:
        with suppress(ValueError, KeyError, TypeError, AttributeError):
            note = json.loads(line)
            if "ended" in note:
                found.pop(note["ended"], None)
            else:
                uri = S3Uri(str(note["bucket"]), str(note["key"]))
                upload = IncompleteUpload(uri, str(note["began"]), float(note["at"]))
                found.pop(_intent(uri), None)
                found[upload.id or _intent(uri)] = (upload, str(note["scope"]))
    return list(found.values())
