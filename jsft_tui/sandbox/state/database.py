"""One SQLite file that several threads share, every change on disk before the answer goes out."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Database:
    """A SQLite file in WAL mode behind one lock.

    `synchronous=NORMAL` with WAL survives `kill -9` of the process at any moment; only a power cut can lose
    the last commits, which a sandbox may.
    """

    def __init__(self, path: Path, schema: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.RLock()
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=NORMAL")
        self._connection.executescript(schema)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing, committed when the block ends; an exception inside rolls back and goes on up."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                # SQLite itself rolls back on some errors (a full disk), and not on others.
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """The connection, to read from while nobody writes."""
        with self._lock:
            yield self._connection

    def close(self) -> None:
        """Close the file; later use raises `sqlite3.ProgrammingError`."""
        with self._lock:
            self._connection.close()
