"""Keys of JSON lines seen together, as Hugging Face datasets see them.

`ACROSS` was recorded with datasets 2.17.1 (pyarrow 14) and datasets 5.2.0 (pyarrow 26): a file with the value of the
row, then a file with the value of the column, under one key. R: read, x: refused, first by the older, then the newer.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from jsft_tui.core.common.findings import Level
from jsft_tui.core.datasets.generative.columns import MOST_KEYS, Columns
from tests.core.datasets.examples import assert_finds, assert_passes, report, said
from tests.core.datasets.generative.test_language import CHAT, INSTRUCTIONS, jsonl, rows, turns

VALUES = {
    "int": "1",
    "float": "1.5",
    "text": '"x"',
    "bool": "true",
    "list": '["x"]',
    "object": '{"x": 1}',
    "null": "null",
    "empty": "[]",
    "digits": '"5"',
    "truth": '"true"',
    "decimal": '"1.5"',
    "big": "123456789012345678901234567890",
    "nan": "NaN",
    "objects": '[{"x": 1}]',
    "ints": "[1]",
    "nulls": "[null]",
    "texts": '{"x": "y"}',
}
ACROSS = {
    "int": "-- xx xx RR xx xx RR xx RR xx xx xx xx xx xx xx xx",
    "float": "RR -- xx RR xx xx RR xx RR xx RR RR RR xx xx xx xx",
    "text": "RR RR -- RR xx xR RR xx RR RR RR RR RR xx xx xx xR",
    "bool": "RR RR xx -- xx xx RR xx xx RR xx RR RR xx xx xx xx",
    "list": "xx xx xx xx -- xx RR RR xx xx xx xx xx xx RR RR xx",
    "object": "xx xx xx xx xx -- RR xx xx xx xx xx xx xx xx xx xx",
    "null": "xx xx xx xx xx xx -- xx xx xx xx xx xx xx xx xx xx",
    "empty": "xx xx xx xx xx xx RR -- xx xx xx xx xx xx xx RR xx",
    "digits": "RR RR RR RR xx xR RR xx -- RR RR RR RR xx xx xx xR",
    "big": "RR RR xx RR xx xx RR xx RR xx RR -- RR xx xx xx xx",
    "nan": "RR RR xx RR xx xx RR xx RR xx RR RR -- xx xx xx xx",
    "objects": "xx xx xx xx xx xx RR RR xx xx xx xx xx -- xx RR xx",
    "ints": "xx xx xx xx xx xx RR RR xx xx xx xx xx xx -- RR xx",
    "nulls": "xx xx xx xx xx xx RR RR xx xx xx xx xx xx xx -- xx",
}
WANTED = {"xx": Level.BLOCK, "xR": Level.WARN, "RR": Level.PASS}


def verdict(*files: list[str]) -> Level:
    """The worst that is said of files, each a list of lines."""
    columns = Columns()
    for name, lines in zip("abc", files, strict=False):
        columns.start(f"{name}.jsonl", complete=True)
        for number, line in enumerate(lines, start=1):
            columns.add(json.loads(line), f"{name}.jsonl line {number}")
    return min((found.level for found in columns.findings()), key=lambda level: level.badness, default=Level.PASS)


def test_a_second_file_is_judged_as_the_readers_do() -> None:
    wrong = []
    for first, row in ACROSS.items():
        for second, readers in zip(VALUES, row.split(), strict=True):
            lines = ([f'{{"i": {VALUES[name]}}}'] for name in (first, second))
            if readers != "--" and (found := verdict(*lines)) is not WANTED[readers]:
                wrong.append((first, second, readers, found))
    assert not wrong


@pytest.mark.parametrize(
    ("files", "readers"),
    [
        (['{"q": "a"}', '{"q": "a", "s": "w"}'], "xx"),
        (['{"q": "a", "s": "w"}', '{"q": "a"}'], "xR"),
        (['{"q": "a", "s": "w"}', '{"s": "a", "q": "w"}'], "RR"),
        (['{"q": "a"}', '{"s": "a"}'], "xx"),
        (['{"q": {"a": 1}}', '{"q": {"a": 1, "b": 1}}'], "xx"),
        (['{"q": {"a": 1, "b": 1}}', '{"q": {"a": 1}}'], "xR"),
        (['{"q": {"a": 1, "b": 1}}', '{"q": {"b": 1, "a": 1}}'], "RR"),
        (['{"q": [{"a": 1}]}', '{"q": [{"a": 1, "b": 1}]}'], "xx"),
        (['{"q": [{"a": 1, "b": 1}]}', '{"q": [{"a": 1}]}'], "xR"),
    ],
)
def test_keys_that_only_one_file_has(files: list[str], readers: str) -> None:
    assert verdict(*([line] for line in files)) is WANTED[readers]


@pytest.mark.parametrize(
    ("first", "second", "readers"),
    [
        ('{"s": 1}', '{"s": "x"}', "xR"),
        ('{"s": "x"}', '{"s": true}', "xR"),
        ('{"s": true}', '{"s": 1}', "xR"),
        ('{"s": "x"}', '{"s": ["x"]}', "xR"),
        ('{"s": "x"}', '{"s": {"k": 1}}', "xR"),
        ('{"s": ["a"]}', '{"s": [1]}', "xR"),
        ('{"s": ["a", 1]}', '{"s": ["b"]}', "xR"),
        ('{"s": {"a": 1}}', '{"s": {"a": "x"}}', "xR"),
        ('{"s": [{"c": "x"}]}', '{"s": [{"c": ["x"]}]}', "xR"),
        ('{"s": "x"}', '{"s": NaN}', "xR"),
        ('{"s": 1}', '{"s": 1.5}', "RR"),
        ('{"s": 1}', '{"s": NaN}', "RR"),
        ('{"s": 1}', '{"s": 123456789012345678901234567890}', "RR"),
        ('{"s": "x"}', '{"s": null}', "RR"),
        ('{"s": null}', '{"s": "x"}', "RR"),
        ('{"s": []}', '{"s": ["a"]}', "RR"),
        ('{"s": {"a": 1}}', '{"s": {"a": 1, "b": 2}}', "RR"),
        ('{"s": "x", "t": 1}', '{"s": "x"}', "RR"),
        ("{}", '{"s": "x"}', "RR"),
    ],
)
def test_lines_of_one_file(first: str, second: str, readers: str) -> None:
    assert verdict([first, second]) is WANTED[readers]


def test_a_number_among_texts_is_named_by_its_line() -> None:
    lines = [*rows(), {"instruction": "How many?", "context": "", "response": 7}, *rows()]
    found = report(INSTRUCTIONS, {"train.jsonl": jsonl(lines)})
    assert_finds(found, Level.WARN, "train.jsonl line 13 has a number as 'response', where line 1 has a text;")


def test_many_changes_of_a_key_are_said_once() -> None:
    lines = [{**row, "source": n % 2 or "x"} for n, row in enumerate(rows(60))]
    found = report(INSTRUCTIONS, {"train.jsonl": jsonl(lines)})
    assert len(said(found, Level.WARN)) == 1
    assert_finds(found, Level.WARN, "and so have 29 more places")


def test_a_key_that_only_the_second_file_has_blocks() -> None:
    more = [{**row, "source": "wiki"} for row in rows()]
    found = report(INSTRUCTIONS, {"a.jsonl": jsonl(rows()), "b.jsonl": jsonl(more)})
    assert_finds(found, Level.BLOCK, "b.jsonl line 1 has the key 'source', which a.jsonl has not")
    found = report(INSTRUCTIONS, {"a.jsonl": jsonl(more), "b.jsonl": jsonl(rows())})
    assert_finds(found, Level.WARN, "b.jsonl has no key 'source', which a.jsonl has")


def test_what_was_not_read_may_have_the_key() -> None:
    more = [{**row, "source": "wiki"} for row in rows(400)]
    found = report(INSTRUCTIONS, {"a.jsonl": jsonl(rows(400)), "b.jsonl": jsonl(more)}, budget=10_000)
    assert_finds(found, Level.WARN, "b.jsonl line 1 has the key 'source'")
    found = report(INSTRUCTIONS, {"a.jsonl": jsonl(more), "b.jsonl": jsonl(rows(400))}, budget=10_000)
    assert found.verdict is Level.PASS


def test_dialogs_are_seen_together_too() -> None:
    plain: list[dict[str, Any]] = [{"dialog": turns("user", "assistant")} for _ in range(12)]
    named = [{"dialog": [{**turn, "name": "Ann"} for turn in turns("user", "assistant")]} for _ in range(12)]
    assert_passes(report(CHAT, {"a.jsonl": jsonl([*plain, *named])}))
    found = report(CHAT, {"a.jsonl": jsonl(plain), "b.jsonl": jsonl(named)})
    assert_finds(found, Level.BLOCK, "b.jsonl line 1 has the key 'dialog[].name', which a.jsonl has not")
    other = jsonl({"messages": turns("user", "assistant")} for _ in range(12))
    assert_finds(report(CHAT, {"a.jsonl": jsonl(plain), "b.jsonl": other}), Level.BLOCK, "has the key 'messages'")


def test_very_many_keys_are_bounded() -> None:
    columns = Columns()
    columns.start("a.jsonl", complete=True)
    for line in range(20):
        columns.add({f"key {line} {number}": 1 for number in range(1_000)}, f"a.jsonl line {line}")
    assert len(columns.files[0].columns) == MOST_KEYS
