"""Infer the types of CSV columns as pandas does: missing values, numbers, booleans or text.

Source: pandas, `pandas/_libs/parsers.pyx` (`_convert_tokens`, `STR_NA_VALUES`) and `xstrtod` in its tokenizer, tried
with pandas 3.1: a missing value is judged on the exact cell, so `NA` is missing and ` NA` is text; spaces around a
number do not matter; one cell of text makes the whole column text.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from enum import Enum, auto

NA_WORDS = frozenset(
    {"#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN", "<NA>", "N/A", "NA"}
    | {"NULL", "NaN", "None", "n/a", "nan", "null"}
)
"""What `pandas.read_csv` reads as a missing value (`na_values` in its documentation); `None` from 2.0 on."""
_CATBOOST_NA = frozenset({"-", "Na", "na", "NAN", "Null", "none"})
"""Further words that CatBoost reads as a missing number (tried with catboost 1.2.10)."""
SINCE_PANDAS_2 = "None"
LARGEST_SINGLE = 3.4028235677973366e38
"""Numbers from here on are infinite as 32-bit floats."""

_INT64 = 2**63
_UINT64 = 2**64
_B = r"[ \t\n\v\f\r]*+"
_CELL = re.compile(
    rf"(?P<whole>{_B}(?:\+?[0-9]++|-0++){_B})|(?P<minus>{_B}-[0-9]++{_B})"
    rf"|(?P<number>{_B}[-+]?(?:[0-9]++(?:\.[0-9]*+)?|\.[0-9]++)(?:[eE][-+]?[0-9]++)?{_B})"
    r"|(?P<inf>[-+]?(?i:inf|infinity))|(?P<bool>(?i:true|false))|(?P<hex>0[xX][0-9a-fA-F]++)"
)
_SAFE_DIGITS = 18


class CellKind(Enum):
    """The kind of a cell."""

    GAP = auto()
    WHOLE = auto()
    NEGATIVE = auto()
    """An integer below 0."""
    UNSIGNED = auto()
    """An integer that fits in 64 bits only if unsigned."""
    HUGE = auto()
    """An integer that does not fit in 64 bits."""
    FRACTION = auto()
    LARGE = auto()
    """A number that is infinite as a 32-bit float."""
    INFINITE = auto()
    BOOLEAN = auto()
    HEXADECIMAL = auto()
    """`0x1F`: text for pandas, a number for CatBoost."""
    BLANK = auto()
    """Only spaces, or a word like `-`: text for pandas, a missing value for CatBoost."""
    TEXT = auto()


TEXTS = frozenset({CellKind.TEXT, CellKind.HEXADECIMAL, CellKind.BLANK})
FRACTIONS = frozenset({CellKind.FRACTION, CellKind.LARGE, CellKind.INFINITE})


class DType(Enum):
    """The type of a column; `OBJECT` is text, or values of several types."""

    INT = auto()
    FLOAT = auto()
    BOOL = auto()
    OBJECT = auto()


def is_missing(cell: str) -> bool:
    """Return whether pandas reads the cell as a missing value."""
    return not cell or cell in NA_WORDS


def cell_kind(cell: str) -> CellKind:
    """Return the kind of a cell."""
    if is_missing(cell):
        return CellKind.GAP
    found = _CELL.fullmatch(cell)
    if found is None:
        return CellKind.BLANK if not cell.strip() or cell in _CATBOOST_NA else CellKind.TEXT
    group = found.lastgroup
    if group == "whole":
        return CellKind.WHOLE if len(cell) <= _SAFE_DIGITS else _long_whole(cell)
    if group == "minus":
        return CellKind.NEGATIVE if len(cell) <= _SAFE_DIGITS else _long_whole(cell)
    if group == "number":
        return _fraction(float(cell))
    return {"inf": CellKind.INFINITE, "bool": CellKind.BOOLEAN}.get(group or "", CellKind.HEXADECIMAL)


def _long_whole(cell: str) -> CellKind:
    digits = cell.strip().lstrip("+-").lstrip("0")
    if len(digits) > len(str(_UINT64)):
        return CellKind.HUGE
    value = int(digits or "0")
    if "-" in cell:
        return CellKind.NEGATIVE if value <= _INT64 else CellKind.HUGE
    if value < _INT64:
        return CellKind.WHOLE
    return CellKind.UNSIGNED if value < _UINT64 else CellKind.HUGE


def _fraction(value: float) -> CellKind:
    if abs(value) == float("inf"):
        return CellKind.INFINITE
    return CellKind.LARGE if abs(value) >= LARGEST_SINGLE else CellKind.FRACTION


@dataclass(frozen=True)
class Sample:
    """A cell and its location."""

    where: str
    cell: str


@dataclass(slots=True)
class Column:
    """The cells of a column, as far as they were read.

    Attributes:
        counts: number of cells of each kind.
        first: the first cell of each kind.
        start: the first cell of all; None before any.
        varies: whether another cell differs from it.
    """

    counts: dict[CellKind, int] = field(default_factory=dict)
    first: dict[CellKind, Sample] = field(default_factory=dict)
    start: str | None = None
    varies: bool = False

    def add(self, cell: str, where: str) -> CellKind:
        """Add a cell, and return its kind."""
        kind = cell_kind(cell)
        if self.start is None:
            self.start = cell
        elif not self.varies:
            self.varies = cell != self.start
        if kind in self.counts:
            self.counts[kind] += 1
        else:
            self.counts[kind] = 1
            self.first[kind] = Sample(where, cell)
        return kind

    def count(self, kinds: Collection[CellKind]) -> int:
        """Return the number of cells of some kinds."""
        return sum(number for kind, number in self.counts.items() if kind in kinds)

    def sample(self, kinds: Collection[CellKind]) -> Sample | None:
        """Return the first cell of some kinds."""
        return next((found for kind, found in self.first.items() if kind in kinds), None)

    @property
    def dtype(self) -> DType:
        """Return the type that pandas infers."""
        seen = self.counts.keys()
        if seen & TEXTS:
            return DType.OBJECT
        if CellKind.BOOLEAN in seen:
            return DType.BOOL if len(seen) == 1 else DType.OBJECT
        if self._overflows():
            if CellKind.HUGE in seen or seen & {CellKind.NEGATIVE, CellKind.GAP}:
                return DType.OBJECT
            return DType.FLOAT if seen & FRACTIONS else DType.INT
        return DType.FLOAT if seen & (FRACTIONS | {CellKind.GAP}) else DType.INT

    def _overflows(self) -> bool:
        """Return whether an integer beyond 64 bits comes before any fraction; after one, all numbers are floats."""
        kinds = [kind for kind in self.first if kind in FRACTIONS or kind in (CellKind.UNSIGNED, CellKind.HUGE)]
        return bool(kinds) and kinds[0] not in FRACTIONS
