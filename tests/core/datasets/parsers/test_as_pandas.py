"""Whatever the bytes: the rows that pandas' C parser reads, or no rows where it refuses."""

from __future__ import annotations

import io

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from jsft_tui.core.datasets.base.file_kinds import kind_of
from jsft_tui.core.datasets.parsers.csv_rows import UnreadableCsvError, rows

pandas = pytest.importorskip("pandas", reason="pandas is not installed; it comes with the extra for SageMaker")

REFUSED = "refused"
PARTS = st.sampled_from(
    [
        *(b'"', b'""', b",", b"\n", b"\r", b"\r\n", b" ", b"\t", b"a", b"12", b"\\", b"\0", b"\x0b", b"\x1a"),
        *(b"\xef\xbb\xbf", b"\xc3\xa9", b"\xe2\x80\xa8", b"\xed\xa0\x80", b"\xff", b"\xc3"),
        *(b"NA", b"'", b";", b"#", b"text, more"),
    ]
)
BODIES = st.lists(PARTS, max_size=30).map(b"".join) | st.binary(max_size=40)


def read_by_pandas(body: bytes) -> list[list[str]] | str:
    """Return the cells as text, missing ones empty."""
    try:
        frame = pandas.read_csv(io.BytesIO(body), header=None, dtype=str, keep_default_na=False, na_filter=False)
    except pandas.errors.EmptyDataError:
        return []
    except (pandas.errors.ParserError, UnicodeDecodeError):
        return REFUSED
    return [["" if pandas.isna(cell) else cell for cell in row] for row in frame.to_numpy().tolist()]


def read_by_us(body: bytes, size: int) -> list[list[str]] | str:
    """Return the cells, narrower rows filled up."""
    found: list[list[str]] = []
    try:
        for row in rows((body[start : start + size] for start in range(0, len(body), size)), complete=True):
            if row.too_wide:
                return REFUSED
            found.append(row.cells + [""] * (row.width - len(row.cells)))
    except UnreadableCsvError:
        return REFUSED
    return found


@settings(max_examples=500)
@given(BODIES, st.integers(1, 50))
def test_any_bytes_are_read_as_pandas_reads_them(body: bytes, size: int) -> None:
    # What pandas reads of these is nonsense, so they are refused by their own names.
    other = kind_of(body) or body.startswith((b"\xff\xfe", b"\xfe\xff")) or body.count(0) * 5 >= len(body) * 2
    assume(not other or not body)
    assert read_by_us(body, size) == read_by_pandas(body)


@pytest.mark.parametrize(
    "body",
    [
        b"0,a\n1,b,c\n",
        b"0,a\n1,b,\n",
        b'0,a\n1,"b" c, d\n',
        b'0,a\n"',
        b"0,a\n1,b\xff\n",
        b"0,a\n1\n",
        b"0," + b"x" * 1_200_000 + b"\n1,b\n",
        b'0,"' + b"line\n" * 300_000 + b'"\n1,b\n',
        b"0,a\n \n1,b\n",
        b"\xef\xbb\xbf0,a\n",
        b"\xef\xbb\xbf\n0,a\n",
        b"0,a\r\r  b,c\r",
    ],
)
def test_known_files_are_read_as_pandas_reads_them(body: bytes) -> None:
    assert read_by_us(body, 256 * 1024) == read_by_pandas(body)
