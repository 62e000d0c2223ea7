"""Parsing JSON Lines in chunks."""

from __future__ import annotations

from itertools import pairwise, repeat

from hypothesis import given
from hypothesis import strategies as st

from jsft_tui.core.datasets.parsers.json_lines import MAX_LINE, JsonLine, json_lines
from tests.common.effort import at_most

BODY = b'{"a": 1}\r\n\n{"b": "\xc3\xbc"}\n[]\n{"c": 2}'


@given(st.lists(st.integers(0, len(BODY)), max_size=6))
def test_chunks_may_end_anywhere(cuts: list[int]) -> None:
    places = [0, *sorted(cuts), len(BODY)]
    chunks = [BODY[start:end] for start, end in pairwise(places)]
    found = list(json_lines(chunks, complete=True))
    assert [(line.number, dict(line.fields)) for line in found if not line.fault] == [
        (1, {"a": 1}),
        (3, {"b": "ü"}),
        (5, {"c": 2}),
    ]
    assert [line.number for line in found if line.fault] == [4]
    assert list(json_lines(chunks, complete=False)) == found[:-1]


def test_a_line_without_end_is_not_held() -> None:
    chunks = [*repeat(b"x" * 2**18, 400), b"\n", b'{"a": 1}\n']
    with at_most(1):
        assert list(json_lines(chunks, complete=True)) == [JsonLine(1, too_long=True), JsonLine(2, {"a": 1})]


def test_a_line_of_just_the_length_is_read() -> None:
    line = b'{"a": "' + b"x" * (MAX_LINE - 9) + b'"}'
    assert [found.too_long for found in json_lines([line, b"\n", line, b" \n"], complete=True)] == [False, True]
