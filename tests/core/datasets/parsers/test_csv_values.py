"""Cells and columns: what pandas makes of them, on cells of every kind."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jsft_tui.core.datasets.parsers.csv_values import NA_WORDS, CellKind, Column, DType, cell_kind

pandas = pytest.importorskip("pandas", reason="pandas is not installed; it comes with the extra for SageMaker")

NUMBERS = ["0", "7", "-3", "+5", "007", " 6", "8 ", "1.5", ".5", "2.", "1e5", "-2E-3", "\t4", "1e39", "1e400", "-0"]
WORDS = ["red", " NA", "na", " ", "1,250", "0x1", "1e", ".", "+", "1_000", "０", "1 2", "inf ", " True", "-", "- 5"]
OTHERS = ["inf", "-Infinity", "iNf", "True", "false", "TRUE", "9223372036854775807", "-9223372036854775808"]
CELLS = st.sampled_from([*NUMBERS, *WORDS, *OTHERS, *sorted(NA_WORDS), ""])
NUMERIC = st.sampled_from([*NUMBERS, "", "NA"])
WHOLE = st.sampled_from(["0", "-3", "9223372036854775808", "18446744073709551615", "18446744073709551616", "9" * 30])


def dtype_by_pandas(cells: list[str]) -> DType:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows([["1", cell] for cell in cells])
    found = pandas.read_csv(io.BytesIO(text.getvalue().encode()), header=None)[1]
    if pandas.api.types.is_bool_dtype(found):
        return DType.BOOL
    if pandas.api.types.is_integer_dtype(found):
        return DType.INT
    return DType.FLOAT if pandas.api.types.is_float_dtype(found) else DType.OBJECT


def dtype_by_us(cells: list[str]) -> DType:
    column = Column()
    for cell in cells:
        column.add(cell, "")
    return column.dtype


@settings(max_examples=400)
@given(
    st.lists(CELLS, min_size=1, max_size=6)
    | st.lists(NUMERIC, min_size=1, max_size=6)
    | st.lists(st.sampled_from(["True", "false", "FALSE", ""]), min_size=1, max_size=4)
    | st.lists(WHOLE, min_size=1, max_size=4)
)
def test_a_column_has_the_type_that_pandas_gives_it(cells: list[str]) -> None:
    assert dtype_by_us(cells) is dtype_by_pandas(cells)


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=6))
def test_any_cell_alone_has_the_type_that_pandas_gives_it(cell: str) -> None:
    assert dtype_by_us([cell]) is dtype_by_pandas([cell])


def test_the_words_for_missing_are_those_of_pandas() -> None:
    assert NA_WORDS | {""} == pandas._libs.parsers.STR_NA_VALUES


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("", CellKind.GAP),
        ("None", CellKind.GAP),
        (" NA", CellKind.TEXT),
        ("-1", CellKind.NEGATIVE),
        ("9" * 5_000, CellKind.HUGE),
        ("0" * 5_000, CellKind.WHOLE),
        ("9223372036854775808", CellKind.UNSIGNED),
        ("-9223372036854775809", CellKind.HUGE),
        ("1e39", CellKind.LARGE),
        ("1e999", CellKind.INFINITE),
        ("Infinity", CellKind.INFINITE),
        ("tRue", CellKind.BOOLEAN),
    ],
)
def test_a_cell_is_what_it_is(cell: str, kind: CellKind) -> None:
    assert cell_kind(cell) is kind
