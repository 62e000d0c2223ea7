"""Rows of a table: where they come from, and how a row is found again when they change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol, runtime_checkable

from jsft_tui.tui.widgets.text.cell_text import Cell

SEARCH_RANGE = 10_000
"""How many rows before and after the previous position are searched for a key."""


class RowSource(Protocol):
    """Rows that are built when they are displayed. Keys are unique."""

    def __len__(self) -> int: ...

    def key(self, index: int) -> str:
        """Return the key that identifies the row, whatever its position."""

    def cells(self, index: int) -> Sequence[Cell]:
        """Return one cell for each column of the table."""


@runtime_checkable
class IndexedRows(Protocol):
    """A source that can look up a key."""

    def index_of(self, key: str) -> int | None:
        """Return the row's position, or None if there is no such row."""


class Group(NamedTuple):
    """A heading above some rows, which the cursor skips: `Running · 2`.

    Attributes:
        start: position of the group's first row.
        title: the heading; untrusted text.
        note: what follows after a dot, for example the number of rows; untrusted text.
    """

    start: int
    title: str
    note: str = ""


@runtime_checkable
class GroupedRows(Protocol):
    """A source whose rows are in groups. A group without rows is not displayed."""

    @property
    def groups(self) -> Sequence[Group]:
        """The groups, in the order of their rows."""


@runtime_checkable
class HeadingRows(Protocol):
    """A source with rows that look like headings and that the cursor goes to, for example to unfold a group."""

    def heading(self, index: int) -> Group | None:
        """Return the heading that a row is; None for every other row."""


@runtime_checkable
class TallRows(Protocol):
    """A source with rows of several lines; each is one row for the cursor."""

    def height(self, index: int) -> int:
        """Return the number of lines, at least 1."""

    def more(self, index: int) -> Sequence[Sequence[Cell]]:
        """Return the cells of the lines after the first one, one for each column of the table."""


@runtime_checkable
class SpacedRows(Protocol):
    """A source of tall rows with empty lines between them, which belong to no row."""

    def space(self, index: int) -> int:
        """Return the number of empty lines after a row."""


@runtime_checkable
class TailedRows(Protocol):
    """A source with lines after its rows that are scrolled with them, and that the cursor does not go to."""

    @property
    def tail(self) -> Sequence[Sequence[Cell]]:
        """The lines, each of texts one behind the other."""


@dataclass(frozen=True)
class Rows:
    """Rows in memory: (key, cells)."""

    rows: Sequence[tuple[str, Sequence[Cell]]] = ()
    groups: Sequence[Group] = ()

    def __len__(self) -> int:
        return len(self.rows)

    def key(self, index: int) -> str:
        """Return the row's key."""
        return self.rows[index][0]

    def cells(self, index: int) -> Sequence[Cell]:
        """Return the row's cells."""
        return self.rows[index][1]


def cells_of_line(source: RowSource, index: int, line: int) -> Sequence[Cell]:
    """Return the cells of a line of a row, counted from 0; none after its last one."""
    if line == 0:
        return source.cells(index)
    below = source.more(index) if isinstance(source, TallRows) else ()
    return below[line - 1] if line <= len(below) else ()


def find_row(source: RowSource, key: str, near: int) -> int | None:
    """Return the position of the row with this key, or None.

    Args:
        source: the rows.
        key: of the row.
        near: the position to search from, unless the source can look up keys.
    """
    if isinstance(source, IndexedRows):
        return source.index_of(key)
    count = len(source)
    start = min(near, count - 1)
    for distance in range(min(SEARCH_RANGE, count)):
        for index in {start - distance, start + distance}:
            if 0 <= index < count and source.key(index) == key:
                return index
    return None
