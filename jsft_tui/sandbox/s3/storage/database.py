"""Open the SQLite index of buckets and objects: tables, connections and key order."""

from __future__ import annotations

import queue
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_SCHEMA = """
CREATE TABLE IF NOT EXISTS buckets(
    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, region TEXT NOT NULL, created REAL NOT NULL);
CREATE TABLE IF NOT EXISTS objects(
    bucket INTEGER NOT NULL REFERENCES buckets(id), key TEXT NOT NULL, size INTEGER NOT NULL,
    etag TEXT NOT NULL, modified REAL NOT NULL, headers TEXT NOT NULL, blob TEXT,
    PRIMARY KEY(bucket, key)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS objects_in_files ON objects(blob) WHERE blob IS NOT NULL;
CREATE TABLE IF NOT EXISTS bodies(
    bucket INTEGER NOT NULL, key TEXT NOT NULL, body BLOB NOT NULL, PRIMARY KEY(bucket, key)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS uploads(
    id TEXT PRIMARY KEY, bucket INTEGER NOT NULL REFERENCES buckets(id), key TEXT NOT NULL,
    headers TEXT NOT NULL, started REAL NOT NULL);
CREATE TABLE IF NOT EXISTS parts(
    upload TEXT NOT NULL REFERENCES uploads(id), number INTEGER NOT NULL, size INTEGER NOT NULL,
    etag TEXT NOT NULL, modified REAL NOT NULL, checksums TEXT NOT NULL, blob TEXT, body BLOB,
    PRIMARY KEY(upload, number));
"""


class Database:
    """Connections to the index: concurrent readers and one writer.

    In WAL mode with `synchronous=NORMAL` a committed transaction survives the end of the process (but not a power
    failure, which is acceptable in a sandbox).
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._idle: queue.LifoQueue[sqlite3.Connection] = queue.LifoQueue()
        self._writing = threading.Lock()
        with self.reading() as connection:
            connection.executescript(f"PRAGMA journal_mode=WAL;{_SCHEMA}")

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Yield a connection for reading."""
        try:
            connection = self._idle.get_nowait()
        except queue.Empty:
            connection = self._connect()
        try:
            yield connection
        finally:
            self._idle.put(connection)

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Yield the connection of a transaction: committed at the end, rolled back on an exception."""
        with self._writing, self.reading() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                # SQLite itself rolls back on some errors (such as a full disk), but not on others.
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=30, isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA synchronous=NORMAL")
        return connection

    def close(self) -> None:
        """Close the connections that are not in use."""
        while True:
            try:
                self._idle.get_nowait().close()
            except queue.Empty:
                return


def after_prefix(prefix: str) -> str | None:
    """Return the smallest string that sorts after all strings with `prefix`; None if there is none.

    Strings are ordered by code points, which is also the order of their UTF-8 bytes: the order in which S3 lists keys
    and SQLite compares text.
    """
    while prefix:
        code = ord(prefix[-1])
        if code < 0x10FFFF:
            successor = 0xE000 if code == 0xD7FF else code + 1
            return prefix[:-1] + chr(successor)
        prefix = prefix[:-1]
    return None
