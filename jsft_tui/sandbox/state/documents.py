"""Store frozen values on disk: one SQLite row with a JSON document for each.

A change is one commit: no temporary files to clean up, no partly written document.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import threading
from collections.abc import Callable
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from jsft_tui.sandbox.state.database import Database


class Document(Protocol):
    """A dataclass with a name that is unique in its region."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def region(self) -> str:
        """The region that it is in."""

    @property
    def name(self) -> str:
        """Its name in the region."""

    @property
    def created(self) -> float:
        """When it was created, in epoch seconds."""


D = TypeVar("D", bound=Document)


class NameTaken(Exception):
    """There is one of that name in the region."""


class Documents(Generic[D]):
    """All values of one kind, in memory and in a table. Every change is durable; thread-safe."""

    def __init__(self, database: Database, table: str, read: Callable[[dict[str, Any]], D]) -> None:
        """Read what is stored.

        Args:
            database: that has the table, or gets it.
            table: its name.
            read: makes a value of the members of `dataclasses.asdict`.
        """
        self._database, self._table = database, table
        self._lock = threading.RLock()
        with database.transaction() as connection:
            columns = "region TEXT NOT NULL, name TEXT NOT NULL, document TEXT NOT NULL, PRIMARY KEY(region, name)"
            connection.execute(f"CREATE TABLE IF NOT EXISTS {table}({columns}) WITHOUT ROWID")
            rows = connection.execute(f"SELECT document FROM {table}").fetchall()
        stored = [read(json.loads(document)) for (document,) in rows]
        self._documents: dict[tuple[str, str], D] = {(each.region, each.name): each for each in stored}

    def create(self, document: D) -> None:
        """Store a new one.

        Raises:
            NameTaken: the name is taken in that region.
        """
        with self._lock:
            if (document.region, document.name) in self._documents:
                raise NameTaken(document.name)
            self._save(document)

    def get(self, region: str, name: str) -> D:
        """Return the one of that name.

        Raises:
            KeyError: there is none.
        """
        with self._lock:
            return self._documents[region, name]

    def find(self, region: str, name: str) -> D | None:
        """Return the one of that name; None if there is none."""
        with self._lock:
            return self._documents.get((region, name))

    def update(self, region: str, name: str, change: Callable[[D], D]) -> D:
        """Replace one by the result of `change`, atomically.

        Raises:
            KeyError: there is none.
        """
        with self._lock:
            document = self._documents[region, name]
            changed = change(document)
            if changed is not document:
                self._save(changed)
            return changed

    def delete(self, region: str, name: str) -> None:
        """Delete the one of that name.

        Raises:
            KeyError: there is none.
        """
        with self._lock:
            if (region, name) not in self._documents:
                raise KeyError(name)
            with self._database.transaction() as connection:
                connection.execute(f"DELETE FROM {self._table} WHERE region=? AND name=?", (region, name))
            del self._documents[region, name]

    def discard(self, region: str, name: str) -> None:
        """Delete the one of that name, if it exists."""
        with contextlib.suppress(KeyError):
            self.delete(region, name)

    def all(self, region: str) -> list[D]:
        """Return all of a region, in no particular order."""
        with self._lock:
            return [each for each in self._documents.values() if each.region == region]

    def everywhere(self) -> list[D]:
        """Return those of all regions, oldest first."""
        with self._lock:
            return sorted(self._documents.values(), key=lambda each: each.created)

    def close(self) -> None:
        """Close the database file."""
        self._database.close()

    def _save(self, document: D) -> None:
        text = json.dumps(dataclasses.asdict(document), separators=(",", ":"))
        with self._database.transaction() as connection:
            row = (document.region, document.name, text)
            connection.execute(f"INSERT OR REPLACE INTO {self._table} VALUES (?,?,?)", row)
        self._documents[document.region, document.name] = document
