"""Check the feature columns of a table: their types, as pandas infers them, for one algorithm."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from jsft_tui.core.common.findings import Level
from jsft_tui.core.common.text import plural
from jsft_tui.core.datasets.base.reader import LintFinding
from jsft_tui.core.datasets.parsers.csv_values import FRACTIONS, TEXTS, CellKind, Column, DType, Sample
from jsft_tui.core.datasets.tabular.algorithms import Algorithm, Fault

MOST_COLUMNS = 50_000
"""Columns that are checked."""
_NAMED_COLUMNS = 5

_GAP = frozenset({CellKind.GAP})
_BOOLEAN = frozenset({CellKind.BOOLEAN})
_BEYOND_64_BITS = frozenset({CellKind.HUGE, CellKind.UNSIGNED})
_INFINITE = frozenset({CellKind.INFINITE})
_LARGE = frozenset({CellKind.LARGE})
_NEGATIVE = frozenset({CellKind.NEGATIVE})

_REASONS: Mapping[Fault, str] = {
    Fault.TEXT: "which is not a number",
    Fault.MIXED: "among numbers, so pandas reads the whole column as text",
    Fault.BOOLEAN_GAP: "among True and False, so pandas infers no type for the column",
    Fault.HUGE: "which does not fit in 64 bits",
    Fault.INFINITE: "which is infinite",
    Fault.LARGE: "which is infinite as a 32-bit float",
    Fault.CATEGORY_TEXT: "which categorical_index.json names; categories are documented as integers from 0",
    Fault.CATEGORY_GAP: "which categorical_index.json names; with a missing value pandas reads its integers as floats",
    Fault.CATEGORY_FRACTION: "which categorical_index.json names; categories are integers",
    Fault.CATEGORY_NEGATIVE: "which categorical_index.json names; categories must not be negative",
    Fault.CATEGORY_HUGE: "which categorical_index.json names; it does not fit in 64 bits",
}


@dataclass(frozen=True)
class _Found:
    """A fault of a column."""

    fault: Fault
    place: int
    sample: Sample
    count: int


def feature_findings(columns: Sequence[Column], categories: frozenset[int], to: Algorithm) -> Iterator[LintFinding]:
    """Yield the findings about the features: one for each kind of fault.

    Args:
        columns: the features, from the second column of the file.
        categories: numbers of the categorical columns (the target is 0).
        to: the algorithm.
    """
    by_fault: dict[Fault, list[_Found]] = {}
    for place, column in enumerate(columns, start=1):
        faults = _category_faults if place in categories else _number_faults
        for fault, kinds in faults(column, to):
            if to.level(fault) is Level.PASS:
                continue
            sample = column.sample(kinds)
            if sample is not None:
                by_fault.setdefault(fault, []).append(_Found(fault, place, sample, column.count(kinds)))
    for fault, found in by_fault.items():
        yield LintFinding(to.level(fault), found[0].sample.where, _message(found, to))


def _number_faults(column: Column, to: Algorithm) -> Iterator[tuple[Fault, frozenset[CellKind]]]:
    """Yield the faults of a column that is not categorical, each with the kinds of cells that cause it."""
    if column.dtype is DType.OBJECT:
        texts = TEXTS - to.numbers_too
        if column.count(texts):
            yield Fault.TEXT, texts
        elif column.count(_BOOLEAN):
            only_gaps = column.counts.keys() <= _BOOLEAN | _GAP
            yield (Fault.BOOLEAN_GAP, _GAP) if only_gaps else (Fault.MIXED, _BOOLEAN)
        elif column.count(_BEYOND_64_BITS):
            yield Fault.HUGE, _BEYOND_64_BITS
    yield Fault.GAP, _GAP
    yield Fault.INFINITE, _INFINITE
    yield Fault.LARGE, _LARGE


def _category_faults(column: Column, _to: Algorithm) -> Iterator[tuple[Fault, frozenset[CellKind]]]:
    """Yield the faults of a categorical column, each with the kinds of cells that cause it."""
    if column.dtype is DType.OBJECT and column.count(TEXTS | _BOOLEAN):
        yield Fault.CATEGORY_TEXT, TEXTS if column.count(TEXTS) else _BOOLEAN
    elif column.dtype is DType.OBJECT:
        yield Fault.CATEGORY_HUGE, _BEYOND_64_BITS
    else:
        yield Fault.CATEGORY_FRACTION, FRACTIONS
    yield Fault.CATEGORY_GAP, _GAP
    yield Fault.CATEGORY_NEGATIVE, _NEGATIVE


def _message(found: Sequence[_Found], to: Algorithm) -> str:
    first = found[0]
    what = "no value" if first.fault in (Fault.GAP, Fault.CATEGORY_GAP) else repr(first.sample.cell[:30])
    reason = "" if first.fault is Fault.GAP else f", {_REASONS[first.fault]}"
    return f"has {what} in column {first.place + 1}{reason}; {_consequence(first, to)}{_more(found)}."


def _consequence(first: _Found, to: Algorithm) -> str:
    """Return the consequence for the training."""
    if to.level(first.fault) is Level.WARN:
        if first.fault is Fault.TEXT:
            return f"name columns of text in categorical_index.json ({first.place}), as documented"
        return f"{to.name} may read another value"
    if first.fault is Fault.TEXT and to.reads_index and to.level(Fault.CATEGORY_TEXT) is Level.PASS:
        return f"{to.name} reads text only in columns that categorical_index.json names ({first.place})"
    if first.fault in (Fault.TEXT, Fault.MIXED, Fault.BOOLEAN_GAP, Fault.CATEGORY_TEXT):
        return f"{to.name} reads numbers only; use a number instead"
    return f"{to.name} refuses it"


def _more(found: Sequence[_Found]) -> str:
    """Return the number of such cells and their columns."""
    cells = sum(item.count for item in found)
    if cells == 1:
        return ""
    places = [f"{item.place + 1}" for item in found[:_NAMED_COLUMNS]]
    if len(found) > _NAMED_COLUMNS:
        places.append(f"and {len(found) - _NAMED_COLUMNS:,} more")
    where = f"columns {', '.join(places)}" if len(found) > 1 else "this column"
    return f" ({plural(cells, 'such cell')} in {where})"
