"""Store incomplete multipart uploads: their parts, in the index and on disk."""

from __future__ import annotations

import json
import sqlite3
import time
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from jsft_tui.sandbox.s3.storage.blobs import CHUNK_BYTES, Blob
from jsft_tui.sandbox.s3.storage.store import ObjectStore


@dataclass(frozen=True)
class Upload:
    """A multipart upload; `headers` are those of the future object, `started` is in epoch seconds."""

    id: str
    key: str
    headers: Mapping[str, str]
    started: float


@dataclass(frozen=True)
class Part:
    """A part; `checksums` maps checksum headers to base64 values, the bytes are in the file `blob` or in `body`."""

    number: int
    size: int
    etag: str
    modified: float
    checksums: Mapping[str, str]
    blob: str | None
    body: bytes | None


class Uploads:
    """The multipart uploads of an object store."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    def start(self, bucket: str, key: str, headers: Mapping[str, str]) -> Upload:
        """Start an upload."""
        upload = Upload(uuid.uuid4().hex, key, headers, time.time())
        number = self._store.bucket(bucket).id
        row = (upload.id, number, key, json.dumps(dict(headers)), upload.started)
        with self._store.database.writing() as db:
            db.execute("INSERT INTO uploads VALUES(?,?,?,?,?)", row)
        return upload

    def find(self, bucket: str, key: str, upload_id: str) -> Upload:
        """Return the upload with that ID.

        Raises:
            KeyError: this key has no such upload.
        """
        number = self._store.bucket(bucket).id
        with self._store.database.reading() as db:
            row = db.execute(
                "SELECT id, key, headers, started FROM uploads WHERE id=? AND bucket=? AND key=?",
                (upload_id, number, key),
            ).fetchone()
        if row is None:
            raise KeyError(upload_id)
        return Upload(row[0], row[1], json.loads(row[2]), row[3])

    def all(self, bucket: str, prefix: str) -> list[Upload]:
        """Return the incomplete uploads of a bucket, ordered by key and start time."""
        number = self._store.bucket(bucket).id
        with self._store.database.reading() as db:
            rows = db.execute(
                "SELECT id, key, headers, started FROM uploads WHERE bucket=? ORDER BY key, started", (number,)
            ).fetchall()
        return [Upload(r[0], r[1], json.loads(r[2]), r[3]) for r in rows if r[1].startswith(prefix)]

    def add_part(self, upload: Upload, number: int, blob: Blob, checksums: Mapping[str, str]) -> None:
        """Store the bytes of `blob` as a part, replacing an earlier part with the same number.

        Raises:
            KeyError: the upload was completed or aborted meanwhile; the blob is removed.
        """
        row = (upload.id, number, blob.size, blob.md5, time.time(), json.dumps(dict(checksums)), blob.name, blob.inline)
        replaced = None
        try:
            with self._store.database.writing() as db:
                if not db.execute("SELECT 1 FROM uploads WHERE id=?", (upload.id,)).fetchone():
                    raise KeyError(upload.id)
                query = "SELECT blob FROM parts WHERE upload=? AND number=?"
                replaced = db.execute(query, (upload.id, number)).fetchone()
                db.execute("INSERT OR REPLACE INTO parts VALUES(?,?,?,?,?,?,?,?)", row)
        except BaseException:
            self._store.files.remove(blob.name)
            raise
        self._store.files.remove(replaced[0] if replaced else None)

    def parts(self, upload: Upload) -> list[Part]:
        """Return the uploaded parts, ordered by number."""
        with self._store.database.reading() as db:
            rows = db.execute(
                "SELECT number, size, etag, modified, checksums, blob, body FROM parts WHERE upload=? ORDER BY number",
                (upload.id,),
            ).fetchall()
        return [Part(n, size, etag, at, json.loads(sums), blob, body) for n, size, etag, at, sums, blob, body in rows]

    def bytes_of(self, parts: list[Part]) -> Iterator[bytes]:
        """Yield the bytes of the parts, one after the other."""
        for part in parts:
            if part.blob is None:
                yield part.body or b""
                continue
            with self._store.files.open(part.blob) as file:
                while chunk := file.read(CHUNK_BYTES):
                    yield chunk

    def discard(self, upload: Upload) -> None:
        """Delete an upload and its parts."""
        with self._store.database.writing() as db:
            blobs = _forget(db, upload.id)
        for blob in blobs:
            self._store.files.remove(blob)


def _forget(db: sqlite3.Connection, upload_id: str) -> list[str | None]:
    blobs = [blob for (blob,) in db.execute("SELECT blob FROM parts WHERE upload=?", (upload_id,))]
    db.execute("DELETE FROM parts WHERE upload=?", (upload_id,))
    db.execute("DELETE FROM uploads WHERE id=?", (upload_id,))
    return blobs
