"""`jsft convert`: locally, and in the sandbox's S3."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.session.test_sign_in import jsft
from tests.common.home import BUCKET, Home

CHAT = [{"messages": [{"role": "user", "content": "1+1?"}, {"role": "assistant", "content": "2"}]}]


def read(path: Path) -> list[object]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_a_table_is_converted_with_its_columns_named(folder: Path) -> None:
    table, target = folder / "faq.csv", folder / "train.jsonl"
    table.write_text("question text,reply\n1+1?,2\n,3\n", encoding="utf-8")
    columns = ("--map", "prompt=question text", "--map", "completion=reply")
    outcome = jsft("convert", str(table), str(target), *columns, "--json")
    assert outcome.code == 2, outcome  # as an upload that leaves something out
    assert outcome.document["left_out"] == [{"reason": "prompt is empty", "count": 1, "first_lines": [3]}]
    assert read(target) == CHAT


def test_the_data_of_a_classical_script_uses_its_template(folder: Path) -> None:
    (folder / "template.json").write_text(json.dumps({"prompt": "{q}", "completion": "{a}"}))
    (folder / "old.jsonl").write_text(json.dumps({"q": "1+1?", "a": 2}) + "\n")
    outcome = jsft("convert", str(folder / "old.jsonl"), str(folder / "new.jsonl"), "--json")
    assert (outcome.document["template"], read(folder / "new.jsonl")) == (True, CHAT)


def test_a_folder_gets_the_name_of_the_file(folder: Path) -> None:
    (folder / "alpaca.json").write_text(json.dumps([{"instruction": "1+1?", "input": "", "output": "2"}]))
    (folder / "out").mkdir()
    assert jsft("convert", str(folder / "alpaca.json"), str(folder / "out")).code == 0
    assert read(folder / "out" / "alpaca.jsonl") == CHAT


def test_columns_are_asked_for_only_where_they_are_missing(folder: Path) -> None:
    (folder / "faq.csv").write_text("prompt,completion\n,a\n", encoding="utf-8")
    (folder / "other.csv").write_text("x,y\n1,2\n", encoding="utf-8")
    (folder / "none.csv").write_text("prompt,completion\n", encoding="utf-8")
    remedies = [
        jsft("convert", str(folder / name), str(folder / "t.jsonl"), "--json").document["error"]["remedy"]
        for name in ("faq.csv", "other.csv", "none.csv")
    ]
    assert remedies[1] == "Name the columns with --map."
    assert remedies[0] == remedies[2] == "Correct the file, or give another one."


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("a.jsonl", "there.jsonl"), "FileExists"),
        (("none.jsonl", "b.jsonl"), "NoSuchFile"),
        (("zip.jsonl", "b.jsonl"), "Unreadable"),
        (("a.jsonl", "b.jsonl", "--to", "dpo"), "NothingConverted"),
        (("a.jsonl", "b.jsonl", "--map", "prompt"), "BadUsage"),
        (("a.jsonl", "b.jsonl", "--map", "question=messages"), "NothingConverted"),
        (("a.jsonl", "b.jsonl", "--map", "foo=messages"), "BadUsage"),
        (("bad/a.jsonl", "b.jsonl"), "BadTemplate"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_mistake_leaves_no_file(folder: Path, words: tuple[str, ...], code: str) -> None:
    (folder / "bad").mkdir()
    (folder / "bad" / "template.json").write_text('{"prompt": "{"}')
    for place in (folder / "a.jsonl", folder / "bad" / "a.jsonl"):
        place.write_text(json.dumps(CHAT[0]) + "\n")
    (folder / "zip.jsonl").write_bytes(b"\x1f\x8b\x08\x00")
    (folder / "there.jsonl").write_text("mine")
    paths = [word if word.startswith("-") or at > 1 else str(folder / word) for at, word in enumerate(words)]
    assert jsft("convert", *paths, "--json").error["code"] == code
    assert not (folder / "b.jsonl").exists()
    assert (folder / "there.jsonl").read_text() == "mine"


@pytest.mark.sandbox
def test_s3_is_converted_to_s3_and_never_overwritten(home: Home) -> None:
    s3, source = home.sandbox.client("s3"), f"s3://{BUCKET}/convert/a.jsonl"
    body = "".join(json.dumps({"prompt": "1+1?", "completion": "2"}) + "\n" for _ in range(50_000))
    s3.put_object(Bucket=BUCKET, Key="convert/a.jsonl", Body=body.encode())
    first = home.jsft("convert", source, f"s3://{BUCKET}/converted/", "--json")
    assert (first.code, first.document["written"]) == (0, 50_000)
    made = s3.get_object(Bucket=BUCKET, Key="converted/a.jsonl")["Body"].read().splitlines()
    assert [json.loads(line) for line in (made[0], made[-1])] == CHAT * 2
    again = home.jsft("convert", source, f"s3://{BUCKET}/converted/", "--json")
    assert again.error["code"] == "FileExists"
