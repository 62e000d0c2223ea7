"""Store buckets and objects in process: thread-safe, and durable as soon as a call returns."""

from __future__ import annotations

import hashlib
import io
import json
import re
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from jsft_tui.core.storage.archived import ARCHIVED
from jsft_tui.sandbox.s3.storage.blobs import CHUNK_BYTES, Blob, BlobFiles, chunks_of
from jsft_tui.sandbox.s3.storage.database import Database, after_prefix

DEFAULT_CONTENT_TYPE = "binary/octet-stream"
_PAGE = 1000


@dataclass(frozen=True)
class Bucket:
    """A bucket: its row number in the index, name, region and creation time (epoch seconds)."""

    id: int
    name: str
    region: str
    created: float


STANDARD = "STANDARD"
STORAGE_CLASS = "x-amz-storage-class"


@dataclass(frozen=True)
class ObjectInfo:
    """An object as listings show it; `modified` is in epoch seconds, `etag` has no quotes."""

    key: str
    size: int
    etag: str
    modified: float
    storage_class: str = field(default=STANDARD, kw_only=True)


@dataclass(frozen=True)
class StoredObject(ObjectInfo):
    """An object with all its metadata.

    Attributes:
        headers: the response headers that were stored with it (names in lower case): content type, user metadata,
            checksums, encryption.
        blob: the name of the file with its bytes; None: they are in the index.
    """

    headers: Mapping[str, str] = field(default_factory=dict)
    blob: str | None = None


class BucketNotEmpty(Exception):
    """The bucket still contains objects and cannot be deleted."""


Condition = Callable[["StoredObject | None"], None]
"""Check the object that is about to be replaced; raise if it must not be."""


class ObjectStore:
    """Buckets and objects under one folder.

    Every method that takes a bucket's name raises KeyError if the bucket does not exist, unless it says otherwise.
    """

    def __init__(self, root: Path) -> None:
        root.mkdir(parents=True, exist_ok=True)
        self.files = BlobFiles(root)
        self.database = Database(root / "index.sqlite")
        with self.database.reading() as db:
            known = db.execute(
                "SELECT blob FROM objects WHERE blob IS NOT NULL UNION SELECT blob FROM parts WHERE blob IS NOT NULL"
            ).fetchall()
        self.files.sweep({name for (name,) in known})

    def close(self) -> None:
        """Close the index."""
        self.database.close()

    # Buckets

    def create_bucket(self, name: str, region: str) -> None:
        """Create a bucket; do nothing if it already exists in that region.

        Raises:
            ValueError: the name is not valid, or the bucket exists in another region.
        """
        if not is_bucket_name(name):
            raise ValueError(f"{name!r} is not a bucket name")
        with self.database.writing() as db:
            db.execute(
                "INSERT OR IGNORE INTO buckets(name, region, created) VALUES(?,?,?)", (name, region, time.time())
            )
        if self.bucket_region(name) != region:
            raise ValueError(f"the bucket {name} exists in region {self.bucket_region(name)}")

    def delete_bucket(self, name: str) -> None:
        """Delete an empty bucket and its incomplete multipart uploads.

        Raises:
            BucketNotEmpty: it contains objects.
        """
        bucket = self.bucket(name)
        with self.database.writing() as db:
            if db.execute("SELECT 1 FROM objects WHERE bucket=? LIMIT 1", (bucket.id,)).fetchone():
                raise BucketNotEmpty(name)
            where = "SELECT id FROM uploads WHERE bucket=?"
            blobs = db.execute(f"SELECT blob FROM parts WHERE upload IN ({where})", (bucket.id,)).fetchall()
            db.execute(f"DELETE FROM parts WHERE upload IN ({where})", (bucket.id,))
            db.execute("DELETE FROM uploads WHERE bucket=?", (bucket.id,))
            db.execute("DELETE FROM buckets WHERE id=?", (bucket.id,))
        for (blob,) in blobs:
            self.files.remove(blob)

    def bucket(self, name: str) -> Bucket:
        """Return the bucket of that name."""
        with self.database.reading() as db:
            row = db.execute("SELECT id, name, region, created FROM buckets WHERE name=?", (name,)).fetchone()
        if row is None:
            raise KeyError(name)
        return Bucket(*row)

    def bucket_region(self, name: str) -> str | None:
        """Return the region of a bucket; None if it does not exist."""
        try:
            return self.bucket(name).region
        except KeyError:
            return None

    def buckets(self) -> list[Bucket]:
        """Return all buckets, ordered by name."""
        with self.database.reading() as db:
            rows = db.execute("SELECT id, name, region, created FROM buckets ORDER BY name").fetchall()
        return [Bucket(*row) for row in rows]

    # Objects

    def keys(self, bucket: str, prefix: str = "") -> Iterator[ObjectInfo]:
        """Yield the objects whose keys begin with `prefix`, in key order, read in pages."""
        number = self.bucket(bucket).id
        start: str | None = prefix
        while start is not None:
            page = self.range(number, start, after_prefix(prefix), _PAGE)
            yield from page
            start = page[-1].key + "\0" if len(page) == _PAGE else None

    def range(self, bucket_id: int, start: str, stop: str | None, limit: int) -> list[ObjectInfo]:
        """Return up to `limit` objects from the key `start` on, before `stop` (None: to the end)."""
        # Few objects have another class: only the headers of those are parsed.
        query = (
            "SELECT key, size, etag, modified, CASE WHEN instr(headers, ?) THEN headers END"
            " FROM objects WHERE bucket=? AND key>=?"
        )
        values: list[object] = [STORAGE_CLASS, bucket_id, start]
        if stop is not None:
            query += " AND key<?"
            values.append(stop)
        with self.database.reading() as db:
            rows = db.execute(f"{query} ORDER BY key LIMIT ?", (*values, limit)).fetchall()
        return [ObjectInfo(*row, storage_class=_storage_class(headers)) for *row, headers in rows]

    def info(self, bucket: str, key: str) -> ObjectInfo | None:
        """Return the object as listings show it; None if it does not exist."""
        return self.find(bucket, key)

    def find(self, bucket: str, key: str) -> StoredObject | None:
        """Return the object with all its headers; None if it does not exist."""
        number = self.bucket(bucket).id
        with self.database.reading() as db:
            return _find(db, number, key)

    def read(self, bucket: str, key: str) -> BinaryIO:
        """Open an object for reading.

        Raises:
            KeyError: there is no such object or bucket.
        """
        return self.open(bucket, key)[1]

    def open(self, bucket: str, key: str) -> tuple[StoredObject, BinaryIO]:
        """Return an object and its bytes, which are consistent even if the object is replaced at the same time.

        Raises:
            KeyError: there is no such object or bucket.
        """
        number = self.bucket(bucket).id
        while True:
            with self.database.reading() as db:
                db.execute("BEGIN")
                try:
                    found = _find(db, number, key)
                    if found is not None and found.blob is None:
                        body = db.execute("SELECT body FROM bodies WHERE bucket=? AND key=?", (number, key)).fetchone()
                        return found, io.BytesIO(body[0])
                finally:
                    db.execute("COMMIT")
            if found is None or found.blob is None:
                raise KeyError(key)
            try:
                return found, self.files.open(found.blob)
            except FileNotFoundError:
                # Replaced between reading the index and opening the file: retry, unless the file is really missing.
                current = self.find(bucket, key)
                if current is not None and current.blob == found.blob:
                    raise

    def write(
        self, bucket: str, key: str, source: BinaryIO | bytes, content_type: str = DEFAULT_CONTENT_TYPE
    ) -> ObjectInfo:
        """Store an object."""
        stream = io.BytesIO(source) if isinstance(source, bytes) else source
        blob = self.files.save(iter(lambda: stream.read(CHUNK_BYTES), b""))
        return self.commit(bucket, key, blob, {"content-type": content_type})

    def commit(
        self,
        bucket: str,
        key: str,
        blob: Blob,
        headers: Mapping[str, str],
        *,
        etag: str = "",
        condition: Condition | None = None,
    ) -> StoredObject:
        """Store the bytes of `blob` as the object `key`; remove the blob if this fails.

        Args:
            bucket: its name.
            key: the object's key.
            blob: bytes that were saved in this store's `files`.
            headers: the response headers of the object.
            etag: the ETag, if it is not the MD5 of the bytes.
            condition: raises if the existing object must not be replaced.
        """
        new = StoredObject(key, blob.size, etag or blob.md5, time.time(), dict(headers), blob.name)
        try:
            number = self.bucket(bucket).id
            with self.database.writing() as db:
                old = _find(db, number, key)
                if condition:
                    condition(old)
                _insert(db, number, new, blob.inline)
        except BaseException:
            self.files.remove(blob.name)
            raise
        self.files.remove(old.blob if old else None)
        return new

    def write_many(self, bucket: str, objects: Iterable[tuple[str, bytes]]) -> None:
        """Store many objects in one transaction: all of them or none."""
        number = self.bucket(bucket).id
        written: list[str | None] = []
        replaced: list[str | None] = []
        try:
            with self.database.writing() as db:
                for key, body in objects:
                    blob = self.files.save([body])
                    written.append(blob.name)
                    old = _find(db, number, key)
                    replaced.append(old.blob if old else None)
                    headers = {"content-type": DEFAULT_CONTENT_TYPE}
                    new = StoredObject(key, blob.size, blob.md5, time.time(), headers, blob.name)
                    _insert(db, number, new, blob.inline)
        except BaseException:
            for name in written:
                self.files.remove(name)
            raise
        for name in replaced:
            self.files.remove(name)

    def delete(self, bucket: str, key: str, condition: Condition | None = None) -> None:
        """Delete an object, if it exists."""
        number = self.bucket(bucket).id
        with self.database.writing() as db:
            old = _find(db, number, key)
            if condition:
                condition(old)
            db.execute("DELETE FROM objects WHERE bucket=? AND key=?", (number, key))
            db.execute("DELETE FROM bodies WHERE bucket=? AND key=?", (number, key))
        self.files.remove(old.blob if old else None)

    def chunks(self, source: BinaryIO, start: int, length: int) -> Iterator[bytes]:
        """Yield `length` bytes of an open object from `start` on; then close it."""
        return chunks_of(source, start, length)


def is_bucket_name(name: str) -> bool:
    """Return whether `name` follows "Bucket naming rules" (Amazon S3 User Guide)."""
    well_formed = re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", name)
    return bool(well_formed) and ".." not in name and not re.fullmatch(r"\d+\.\d+\.\d+\.\d+", name)


def md5_of_md5s(digests: Iterable[str]) -> str:
    """Return the ETag (without the number of parts) of an object that was uploaded in parts."""
    return hashlib.md5(b"".join(bytes.fromhex(d) for d in digests), usedforsecurity=False).hexdigest()


def _find(db: sqlite3.Connection, bucket_id: int, key: str) -> StoredObject | None:
    query = "SELECT key, size, etag, modified, headers, blob FROM objects WHERE bucket=? AND key=?"
    row = db.execute(query, (bucket_id, key)).fetchone()
    if row is None:
        return None
    key, size, etag, modified, headers, blob = row
    return StoredObject(key, size, etag, modified, json.loads(headers), blob)


def _insert(db: sqlite3.Connection, bucket_id: int, new: StoredObject, inline: bytes | None) -> None:
    headers = json.dumps(dict(new.headers))
    row = (bucket_id, new.key, new.size, new.etag, new.modified, headers, new.blob)
    db.execute("INSERT OR REPLACE INTO objects VALUES(?,?,?,?,?,?,?)", row)
    if inline is None:
        db.execute("DELETE FROM bodies WHERE bucket=? AND key=?", (bucket_id, new.key))
    else:
        db.execute("INSERT OR REPLACE INTO bodies VALUES(?,?,?)", (bucket_id, new.key, inline))


def _storage_class(headers: str | None) -> str:
    return STANDARD if headers is None else str(json.loads(headers).get(STORAGE_CLASS, STANDARD))


def is_archived(headers: Mapping[str, str]) -> bool:
    """Return whether an object cannot be read; the sandbox restores none."""
    return headers.get(STORAGE_CLASS) in ARCHIVED
