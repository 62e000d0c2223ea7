"""Share one SQLite file between threads; every change is committed before the response is sent."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Database:
    """A SQLite file in WAL mode, guarded by one lock.

    `synchronous=NORMAL` with WAL survives `kill -9` of the process at any moment; only a power
    failure can lose the last commits, which is acceptable in a sandbox.
    """

    def __init__(self, path: Path, schema: str = "") -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.RLock()
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=NORMAL")
        self._connection.executescript(schema)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Run a transaction: commit when the block ends; roll back and re-raise on an exception."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                # SQLite itself rolls back on some errors (such as a full disk), but not on others.
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Yield the connection for reading, with writers locked out."""
        with self._lock:
            yield self._connection

    def close(self) -> None:
        """Close the file; later use raises `sqlite3.ProgrammingError`."""
        with self._lock:
            self._connection.close()
