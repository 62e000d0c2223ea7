"""The linter of domain adaptation: one file of plain text."""

from __future__ import annotations

import gzip
import json

import pytest

from jsft_tui.core.common.findings import Level
from tests.core.datasets.examples import assert_finds, report
from tests.core.datasets.generative.test_language import DOMAIN, jsonl, rows

BLOCK, WARN = Level.BLOCK, Level.WARN


@pytest.mark.parametrize(
    ("objects", "says"),
    [
        ({"a.txt": b"words", "b.txt": b"words"}, "a.txt and b.txt; domain adaptation reads exactly one"),
        ({"a.txt": b"words", "b.csv": b"x", "c.json": b"{}"}, "a.txt and b.csv (3 in all)"),
        ({"train.jsonl": jsonl(rows())}, "train.jsonl is not read by domain adaptation"),
        ({"texts/a.txt": b"words"}, "one level deeper, in texts/"),
        ({"a.pdf": b"%PDF"}, "no .txt, .csv or .json file"),
        ({"a.txt": b""}, "a.txt is empty"),
        ({"a.txt": b" \n\n "}, "a.txt contains no text"),
        ({"a.txt": b"words\nO\xf9 est\n"}, "a.txt line 2 is not UTF-8 (byte 0xf9)"),
        ({"a.txt": b"words words caf\xe9"}, "a.txt line 1 is not UTF-8 (byte 0xe9)"),
        ({"a.txt": b"words\n" * 100_000 + b"\xf9"}, "a.txt line 100001 is not UTF-8"),
        ({"a.txt": "words".encode("utf-16")}, "a.txt line 1 is UTF-16"),
        ({"a.txt": gzip.compress(b"words")}, "a.txt line 1 is a gzip file"),
        ({"a.txt": b"%PDF-1.7"}, "a.txt line 1 is a PDF document"),
        ({"a.txt": b"{\\rtf1"}, "a.txt line 1 is an RTF document"),
        ({"a.txt.gz": b"x"}, "a.txt.gz is a gzip file (compressed); unpack it"),
        ({"book.docx": b"x"}, "book.docx is a text document; export its text as UTF-8"),
        ({"a.txt": b"word " * 200, "._a.txt": b"x"}, "._a.txt is a resource fork that macOS left"),
        ({"a.json": b'{"text": "a", "text": "b"}'}, "a.json record 1 has the key 'text' twice"),
        ({"a.json": b'[{"text": "\\ud83d"}]'}, "a.json record 1 contains half of a surrogate pair"),
        ({"a.csv": b'text\n"never closed\n'}, "a.csv line 2 has a quote that is never closed"),
        ({"a.csv": b"id,text\n1,words\n2\n"}, "a.csv line 3 has 1 column, too few"),
        ({"a.csv": b"text\n"}, "a.csv contains no text"),
        ({"a.csv": b"text\none\ntwo, and more\n"}, "a.csv line 3 has 2 columns instead of 1; pandas refuses"),
        ({"a.csv": b"id,text\n1,one\n2,two, and\n"}, "a.csv line 3 has 3 columns instead of 2; pandas refuses"),
        ({"a.json": b'[{"text": "words"}, {"text": 7}]'}, "a.json record 2 has 7 instead of a text"),
        ({"a.json": b'["words"]'}, "a.json record 1 is 'words'; it must be an object"),
        ({"a.json": b'[{"text": "words"'}, "a.json line 1 is not JSON"),
        ({"a.json": b'{"text": "words"}\n{"text": }\n'}, "a.json line 2 is not JSON"),
        ({"a.json": b"[" * 100_000}, "nested too deeply"),
    ],
)
def test_a_wrong_text_blocks(objects: dict[str, bytes], says: str) -> None:
    assert_finds(report(DOMAIN, objects), BLOCK, says)


@pytest.mark.parametrize(
    ("objects", "says"),
    [
        ({"a.txt": b"only a few words"}, "only 4 words"),
        ({"a.txt": b"word " * 200 + b"\n\0\n"}, "a.txt line 2 contains a NUL byte, which is read"),
        (
            {"a.json": jsonl([*[{"text": "one two", "id": n} for n in range(60)], {"text": "x", "id": "y"}])},
            "a.json record 61 has a text as 'id', where record 1 has a number",
        ),
        ({"a.txt": b"word " * 200, "cover.jpg": b"x"}, "cover.jpg is next to a.txt"),
        ({"a.csv": b"body,id\n" + b"one two three,1\n" * 60}, "no column 'text'; the first one, 'body', is used"),
        ({"a.csv": b"one two three four five\n" * 60}, "looks like text, not like a header"),
        ({"a.csv": b"text\n" + b"one two three\n" * 60 + b'" "\n'}, "a.csv line 62 has an empty text"),
        ({"a.csv": b"text\n" + b"one two three\n" * 60 + b"NA\n"}, "a.csv line 62 has the text 'NA', which pandas"),
        ({"a.csv": b"text\n" + b"one two, three four\n" * 60}, "a.csv line 2 has more columns than the header"),
        (
            {"a.json": jsonl([{"body": "one two three"}] * 60)},
            "a.json record 1 has no key 'text'; the first one, 'body'",
        ),
    ],
)
def test_a_doubtful_text_warns(objects: dict[str, bytes], says: str) -> None:
    assert_finds(report(DOMAIN, objects), WARN, says)


@pytest.mark.parametrize(
    "objects",
    [
        {"a.txt": "Größe und Länge. ".encode() * 2_000},
        {"a.csv": b"text\n" + "Größe und Länge\n".encode() * 2_000},
        {"a.json": json.dumps([{"text": "Größe"}] * 2_000).encode()},
        {"a.json": jsonl([{"text": "Größe " * 9}] * 2_000)},
    ],
    ids=["txt", "csv", "json", "json lines"],
)
@pytest.mark.parametrize("budget", range(9_000, 9_040, 7))
def test_a_text_may_be_cut_anywhere(objects: dict[str, bytes], budget: int) -> None:
    found = report(DOMAIN, objects, budget=budget)
    assert found.verdict is Level.PASS, found.findings
    assert found.sampled
    assert "in the part that was read" in found.findings[0].message
