"""Rows of a CSV file, whatever the chunks it comes in, as pandas' C parser reads them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsft_tui.core.common.findings import Level
from jsft_tui.core.datasets.parsers.csv_rows import DOUBTFUL_FIELD, MAX_LINE, CsvRow, UnreadableCsvError, rows
from tests.common.effort import at_most

CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=12)
TABLES = st.lists(st.lists(CELLS, min_size=2, max_size=3), max_size=6)


def table(body: bytes, *, complete: bool = True, size: int = 1 << 20) -> list[CsvRow]:
    chunks = (body[start : start + size] for start in range(0, len(body), size))
    return list(rows(chunks, complete=complete))


def cells(body: bytes) -> list[list[str]]:
    return [row.cells for row in table(body)]


def unreadable(body: bytes, *, complete: bool = True) -> tuple[int, str]:
    with pytest.raises(UnreadableCsvError) as caught:
        table(body, complete=complete)
    return caught.value.line, caught.value.reason


def outcome(body: bytes, size: int, *, complete: bool) -> object:
    """Return the rows, and the error that ended them, if any."""
    found: list[object] = []
    try:
        for row in rows((body[start : start + size] for start in range(0, len(body), size)), complete=complete):
            found.append(row)
    except UnreadableCsvError as error:
        found.append((error.line, error.reason))
    return found


@given(st.binary(max_size=60) | TABLES.map(str).map(str.encode), st.integers(1, 20), st.booleans())
def test_the_chunks_do_not_matter(body: bytes, size: int, complete: bool) -> None:
    assert outcome(body, size, complete=complete) == outcome(body, 1 << 20, complete=complete)


@given(TABLES, st.sampled_from(["\n", "\r\n", "\r"]), st.integers(1, 9))
def test_what_pythons_writer_writes_is_read_back(data: list[list[str]], line_end: str, size: int) -> None:
    text = io.StringIO()
    csv.writer(text, lineterminator=line_end, quoting=csv.QUOTE_ALL).writerows(data)
    found = table(text.getvalue().encode(), size=size)
    assert [row.cells for row in found] == data


@given(TABLES, st.integers(1, 9))
def test_each_row_knows_the_line_that_it_starts_on(data: list[list[str]], size: int) -> None:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(data)
    lines = text.getvalue().split("\n")
    for row in table(text.getvalue().encode(), size=size):
        assert lines[row.line - 1].startswith('"' + row.cells[0].split("\n")[0].replace('"', '""'))


@given(TABLES.filter(bool), st.data())
def test_a_file_that_is_cut_gives_the_rows_before_the_cut(data: list[list[str]], draw: st.DataObject) -> None:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(data)
    body = text.getvalue().encode()
    cut = body[: draw.draw(st.integers(0, len(body)))]
    found = [row.cells for row in table(cut, complete=False)]
    assert found == data[: len(found)]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", []),
        (b"\n\n", []),
        (b"0,a", [["0", "a"]]),
        (b"0,a\n", [["0", "a"]]),
        (b"0,a\r\n1,b\r\n", [["0", "a"], ["1", "b"]]),
        (b"0,a\r1,b\r", [["0", "a"], ["1", "b"]]),
        (b"\xef\xbb\xbf0,a\n", [["0", "a"]]),
        (b'0,"a, ""b"""\n', [["0", 'a, "b"']]),
        (b'0,"a\nb"\n1,c\n', [["0", "a\nb"], ["1", "c"]]),
        ("0,日本 😀\n".encode(), [["0", "日本 😀"]]),
        (b"\n0,a\n\n\n1,b\n", [["0", "a"], ["1", "b"]]),
        (b"0,a\n  \n\t\n1,b\n", [["0", "a"], ["1", "b"]]),
        (b'1,"say "hello" twice"\n', [["1", 'say hello" twice"']]),
        (b'"a" ,x\n', [["a ", "x"]]),
        (b'"say \\"hi\\"",x\n', [['say \\hi\\""', "x"]]),
        (b'a "b" c,d\n', [['a "b" c', "d"]]),
        (b' "a,b"\n', [[' "a', 'b"']]),
        (b"0,a\0b\n", [["0", "a\0b"]]),
        (b'""\n,\n', [[""], ["", ""]]),
    ],
)
def test_a_file_is_read_as_its_rows(body: bytes, expected: list[list[str]]) -> None:
    assert cells(body) == expected


def test_line_numbers_count_empty_lines_and_lines_inside_of_quotes() -> None:
    assert [row.line for row in table(b'0,"a\nb"\n\n1,c\r\n2,d\n')] == [1, 4, 5]


def test_latin_1_is_refused_with_its_line_and_byte() -> None:
    line, reason = unreadable("0,a\n1,b\n0,où\n".encode("latin-1"))
    assert line == 3
    assert "not UTF-8 (byte 0xf9)" in reason


def test_the_rows_before_a_bad_one_are_given() -> None:
    found = []
    with pytest.raises(UnreadableCsvError):
        for row in rows([b"0,a\n1,b\n\xff\n"], complete=True):
            found.append(row.line)
    assert found == [1, 2]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_refused_by_its_name(encoding: str) -> None:
    line, reason = unreadable("0,a\n1,b\n".encode(encoding))
    assert line == 1
    assert "UTF-16" in reason


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"\x1f\x8b\x08\0" + bytes(range(200)), "is a gzip file"),
        (b"PK\x03\x04\x14\0\x06\0" + bytes(60) + b"[Content_Types].xml", "Excel"),
        (b"PAR1\x15\0" + bytes(60), "Parquet"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n", "Git LFS pointer"),
        (b"<!DOCTYPE html><html><body>403, forbidden</body>", "HTML page"),
    ],
)
def test_another_kind_of_file_is_called_by_its_name(body: bytes, says: str) -> None:
    line, reason = unreadable(body)
    assert line == 0
    assert says in reason


def test_a_quote_that_is_never_closed_is_refused_with_the_line_it_opens_on() -> None:
    assert unreadable(b'0,a\n1,"b\n0,c\n') == (2, "has a quote that is never closed")


def test_a_quote_that_may_be_closed_behind_what_was_read_is_doubtful() -> None:
    body = b'0,a\n1,"b\n' + b"0,some text\n" * (DOUBTFUL_FIELD // 8)
    with pytest.raises(UnreadableCsvError) as caught:
        table(body, complete=False)
    assert (caught.value.line, caught.value.level) == (2, Level.WARN)
    assert "not closed in the 1," in caught.value.reason


def test_a_quoted_field_without_end_is_not_held_whole() -> None:
    given = 0

    def chunks() -> Iterator[bytes]:
        nonlocal given
        yield b'0,a\n1,"'
        while given < 1_000:
            given += 1
            yield b"text\n" * 50_000

    with pytest.raises(UnreadableCsvError) as caught:
        list(rows(chunks(), complete=True))
    assert caught.value.level is Level.WARN
    assert given < MAX_LINE // 250_000 + 3


def test_a_row_wider_than_the_first_is_reported_and_free_text_is_not() -> None:
    body = b"a\nb,c\nd,e,f\ng\n"
    assert [row.too_wide for row in table(body)] == [False, True, True, False]
    assert [row.too_wide for row in rows([body], complete=True, free=2)] == [False, False, True, False]


def test_a_row_that_the_budget_cuts_is_left_out_and_is_no_error() -> None:
    assert [row.cells for row in table(b'0,a\n1,"b and', complete=False)] == [["0", "a"]]
    assert [row.cells for row in table("0,a\n1,日".encode()[:-1], complete=False)] == [["0", "a"]]


def test_a_field_of_300_kilobytes_is_read() -> None:
    assert cells(b"0," + b"x" * 300_000 + b"\n1,b\n")[0][1] == "x" * 300_000


def test_a_large_file_is_read_quickly() -> None:
    body = b"0,This is a sentence of some words and a comma less\n" * 80_000
    with at_most(3):
        assert len(table(body, size=256 * 1024)) == 80_000


def test_a_line_without_end_is_refused_before_it_is_held() -> None:
    given = 0

    def chunks() -> Iterator[bytes]:
        nonlocal given
        yield b"0,a\n"
        while given < 1_000:
            given += 1
            yield b"x" * 256 * 1024

    with pytest.raises(UnreadableCsvError) as caught:
        list(rows(chunks(), complete=True))
    assert caught.value.line == 2
    assert "longer than 16 MiB" in caught.value.reason
    assert given < 70
