"""Previews of the beginning of an object."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jsft_tui.core.common.text import clean
from jsft_tui.core.storage.preview import MAX_LINE, MAX_LINES, Kind, is_image, preview, preview_note

NAMES = ("a.csv", "a.tsv", "a.jsonl", "a.json", "a.txt", "a", "a.bin")


def lines(name: str, data: bytes, *, is_whole: bool = True) -> list[str]:
    return [
        f"{each.label}|{each.text}" if each.label else each.text
        for each in preview(name, data, is_whole=is_whole).lines
    ]


def test_a_table_has_columns() -> None:
    assert lines("data.csv", b'0,"a, b",x\n100,ccc,"yy"\n') == ["0    a, b  x", "100  ccc   yy"]
    assert lines("data.tsv", b"1\tb\n") == ["1  b"]


def test_columns_are_counted_in_cells() -> None:
    assert lines("d.csv", "日本,x\na,y\n".encode()) == ["日本  x", "a     y"]


def test_json_lines_are_shown_field_by_field() -> None:
    data = b'{"prompt": "hi", "n": [1, 2]}\nnonsense\n[3]\n'

    assert lines("d.jsonl", data) == ["line 1|", "  prompt|hi", "  n|[1, 2]", "line 2, not JSON|nonsense", "line 3|[3]"]


def test_a_json_document_is_indented_when_it_is_whole() -> None:
    data = json.dumps({"a": {"b": "ü"}}).encode()

    assert lines("d.json", data) == ["{", '  "a": {', '    "b": "ü"', "  }", "}"]
    assert lines("d.json", data[:8], is_whole=False) == ['{"a": {"']


def test_a_line_and_a_character_that_the_end_cuts_are_left_out() -> None:
    assert lines("a.txt", "one\ntwö".encode()[:-1], is_whole=False) == ["one"]
    assert lines("a.txt", "twö".encode()[:-1], is_whole=False) == ["tw"]


def test_utf_16_and_byte_order_marks_are_read() -> None:
    assert lines("a.txt", "hällo\n".encode("utf-16")) == ["hällo"]
    assert lines("a.txt", b"\xef\xbb\xbfhi\n") == ["hi"]


@pytest.mark.parametrize(
    ("data", "note"),
    [(b"\x1f\x8b\x08\0\0\0", "gzip"), (b"PK\x03\x04\xff\xfe\0\0", "zip"), (bytes(range(256)) * 9, "binary")],
)
def test_what_is_no_text_is_shown_as_bytes(data: bytes, note: str) -> None:
    shown = preview("a.csv", data, is_whole=True)

    assert shown.kind is Kind.BINARY
    assert note in shown.note
    assert shown.lines[0].text.startswith(data[:2].hex(" "))


def test_what_it_says_of_itself() -> None:
    assert preview_note(preview("a.txt", b"", is_whole=True), 0) == "empty"
    assert preview_note(preview("a.txt", b"x\n" * 300, is_whole=False), 9000) == "text, the first 200 lines"
    assert preview_note(preview("a.bin", bytes(9000), is_whole=False), 9000) == "binary, first bytes of 9,000 bytes"


def test_deep_nesting_and_long_numbers_are_no_trouble() -> None:
    assert preview("a.json", b"[" * 60_000, is_whole=True).kind is Kind.TEXT
    assert preview("a.jsonl", b"[" * 60_000 + b"\n" + b"9" * 60_000, is_whole=True).lines


def test_terminal_sequences_never_come_through() -> None:
    data = 'a,\x1b[2J\x9b31mred\u202e\n{"\x1b[8m": 1}\n'.encode()

    for name in NAMES:
        for each in preview(name, data, is_whole=True).lines:
            assert each.text == clean(each.text)
            assert "[2J" not in each.text


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(NAMES), st.one_of(st.binary(max_size=600), st.text(max_size=300).map(str.encode)), st.booleans())
def test_any_bytes_become_few_harmless_lines(name: str, data: bytes, is_whole: bool) -> None:
    shown = preview(name, data, is_whole=is_whole)

    assert len(shown.lines) <= MAX_LINES
    for each in shown.lines:
        assert len(each.text) <= MAX_LINE + 1
        assert each.text == clean(each.text)
        assert each.label == clean(each.label)


def test_pictures_are_known_by_their_names() -> None:
    assert is_image("x/Y.JPG")
    assert not is_image("x.jpg/data.csv")
