"""The keys of JSON lines seen together: Arrow makes one table of all lines, with one kind of value for each key.

Tried with Hugging Face datasets 2.17.1 (pyarrow 14) and 5.2.0 (pyarrow 26). Within a file the older one refuses a key
whose kind changes ("Column(/response) changed from string to number in row 10"), the newer one reads it. Between files
both take the first file's keys and kinds, and refuse what cannot be turned into these; a key that a later file lacks is
refused by the older one only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum

from jsft_tui.core.datasets.base.reader import LintFinding, block, warn
from jsft_tui.core.datasets.parsers.json_text import shown

MOST_KEYS = 1_000
"""Keys of a file that are told apart, nested ones counted."""
MOST_DEPTH = 12
_SAID = 10
"""Findings of one kind that are given."""
_INT64 = 2**63
_NUMBER = re.compile(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?")
_WHOLE = re.compile(r"-?\d{1,18}")
_BOOLS = frozenset({"true", "false", "0", "1"})


class Kind(Enum):
    """What JSON tells apart; the words are those of a message."""

    NULL = "null"
    TEXT = "a text"
    NUMBER = "a number"
    BOOL = "true or false"
    LIST = "a list"
    OBJECT = "an object"


_KINDS: dict[type, Kind] = {
    type(None): Kind.NULL,
    str: Kind.TEXT,
    bool: Kind.BOOL,
    int: Kind.NUMBER,
    float: Kind.NUMBER,
    list: Kind.LIST,
}
Path = tuple[str | None, ...]
"""The way to a value: keys, and None for what lies in a list."""

_SCALARS = (Kind.TEXT, Kind.NUMBER, Kind.BOOL)


def _is_whole(value: object) -> bool:
    """Whether Arrow can turn a value into an integer of 64 bits."""
    if isinstance(value, str):
        return _WHOLE.fullmatch(value) is not None
    if isinstance(value, float):
        return value.is_integer() and abs(value) < _INT64
    return isinstance(value, int) and -_INT64 <= value < _INT64


@dataclass
class _Column:
    """A key of a file.

    Attributes:
        kind: of its first value that is not null; NULL when all are.
        where: the place of that value.
        is_whole: whether all its numbers are integers of 64 bits.
        odd: the first place of a value that is not of that kind, and its kind.
        others: how many more there are.
        is_element: whether it is what a list holds.
        no_integer, no_number, no_bool: the first place of a value that cannot be turned into such.
    """

    kind: Kind
    where: str
    is_whole: bool = True
    odd: tuple[str, Kind] | None = None
    others: int = 0
    is_element: bool = False
    no_integer: str = ""
    no_number: str = ""
    no_bool: str = ""

    def add(self, value: object, kind: Kind, where: str) -> None:
        """Take one more value into account."""
        if kind is Kind.NULL:
            return
        if self.kind is Kind.NULL:
            self.kind, self.where = kind, where
        elif kind is not self.kind:
            self.others += 1
            self.odd = self.odd or (where, kind)
        if not _is_whole(value):
            self.is_whole = self.is_whole and kind is not Kind.NUMBER
            self.no_integer = self.no_integer or where
        if isinstance(value, str):
            self.no_number = self.no_number or ("" if _NUMBER.fullmatch(value) else where)
            self.no_bool = self.no_bool or ("" if value.lower() in _BOOLS else where)


@dataclass
class _File:
    """The keys of a file, nested ones too, and what each holds."""

    name: str
    columns: dict[Path, _Column] = field(default_factory=dict)
    complete: bool = True
    has_lines: bool = False


@dataclass
class Columns:
    """What the lines of all files have under their keys; bounded however many there are."""

    files: list[_File] = field(default_factory=list)

    def start(self, name: str, *, complete: bool) -> None:
        """Go on with the next file; `complete`: all of it will be read."""
        self.files.append(_File(name, complete=complete))

    def add(self, fields: Mapping[str, object], where: str) -> None:
        """Take one object into account."""
        self.files[-1].has_lines = True
        for key, value in fields.items():
            self._add((key,), value, where)

    def _add(self, path: Path, value: object, where: str) -> None:
        columns = self.files[-1].columns
        kind = _KINDS.get(type(value), Kind.OBJECT)
        column = columns.get(path)
        if column is None:
            if len(columns) >= MOST_KEYS:
                return
            column = columns[path] = _Column(kind, where, is_element=path[-1] is None)
        column.add(value, kind, where)
        if len(path) > MOST_DEPTH:
            return
        if isinstance(value, list):
            for element in value:
                self._add((*path, None), element, where)
        elif isinstance(value, dict):
            for key, inner in value.items():
                self._add((*path, key), inner, where)

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of the objects in the first file that has any."""
        file = next((each for each in self.files if each.has_lines), None)
        return tuple(path[0] for path in file.columns if len(path) == 1 and path[0]) if file is not None else ()

    def findings(self) -> Iterator[LintFinding]:
        """Yield the keys whose kind changes within a file, and the files that do not fit the first one."""
        files = [each for each in self.files if each.has_lines]
        for each in files:
            yield from _changes(each)
        for each in files[1:]:
            yield from _misfits(files[0], each)


def _changes(file: _File) -> Iterator[LintFinding]:
    changed = [(path, column) for path, column in file.columns.items() if column.odd]
    for path, column in changed[:_SAID]:
        where, kind = column.odd or ("", Kind.NULL)
        more = f", and so have {column.others - 1:,} more places" if column.others > 1 else ""
        first = column.where.removeprefix(f"{file.name} ")
        why = f"has {kind.value} as {_shown(path)}, where {first} has {column.kind.value}{more}"
        yield warn(where, f"{why}; older Hugging Face datasets refuse a key whose kind changes.")


def _misfits(first: _File, other: _File) -> Iterator[LintFinding]:
    """Yield how a file differs from the first; a key inside of one that differs is not named as well."""
    differing: list[Path] = []
    for path, column in other.columns.items():
        if any(path[: len(above)] == above for above in differing):
            continue
        found = _misfit(first, path, column)
        if found:
            differing.append(path)
            if len(differing) <= _SAID:
                yield found
    if other.complete:
        yield from _lacking(first, other)


def _misfit(first: _File, path: Path, column: _Column) -> LintFinding | None:
    known = first.columns.get(path)
    refuse = block if first.complete else warn
    if known is None:
        if len(first.columns) >= MOST_KEYS or (path[-1] is None and column.kind is Kind.NULL):
            return None
        if path[-1] is None:
            why = f"has values in the list {_shown(path[:-1])}, which is empty in every line of {first.name}"
        else:
            why = f"has the key {_shown(path)}, which {first.name} has not"
        return refuse(column.where, f"{why}; Hugging Face datasets refuse files with different keys.")
    if known.odd or column.odd or column.kind is Kind.NULL:
        return None  # a change within a file is said already
    place, sure = _not_castable(known, column)
    if not place:
        return None
    kind = "a fraction" if known.kind is column.kind is Kind.NUMBER else column.kind.value
    others = "integers only" if known.kind is column.kind else known.kind.value
    why = f"has {kind} as {_shown(path)}, where {first.name} has {others}"
    by = "Hugging Face datasets" if sure else "older Hugging Face datasets"
    judge = refuse if sure else warn
    return judge(place, f"{why}; {by} refuse files whose keys differ in kind.")


def _not_castable(known: _Column, column: _Column) -> tuple[str, bool]:
    """Return where a column cannot be turned into the known kind, and whether every version says so."""
    if known.kind is Kind.TEXT and column.kind is Kind.OBJECT:
        return column.where, column.is_element
    if known.kind is Kind.TEXT and column.kind in _SCALARS:
        return "", True
    if known.kind is Kind.NUMBER and column.kind in _SCALARS:
        return column.no_integer if known.is_whole and column.kind is not Kind.BOOL else column.no_number, True
    if known.kind is Kind.BOOL and column.kind in _SCALARS:
        return column.no_bool, True
    return "" if known.kind is column.kind else column.where, True


def _lacking(first: _File, other: _File) -> Iterator[LintFinding]:
    lacking = [path for path in first.columns if path not in other.columns and _has_room_for(path, other)]
    for path in lacking[:_SAID]:
        why = f"has no key {_shown(path)}, which {first.name} has"
        yield warn(other.name, f"{why}; older Hugging Face datasets refuse files with different keys.")


def _has_room_for(path: Path, file: _File) -> bool:
    """Whether a file has objects at the place where that key would be."""
    if path[-1] is None:
        return False
    above = file.columns.get(path[:-1])
    return len(path) == 1 or (above is not None and above.kind is Kind.OBJECT)


def _shown(path: Path) -> str:
    """Return a way as a message names it: `'dialog[].content'`."""
    return shown("".join("[]" if part is None else f".{part}" for part in path)[1:])
