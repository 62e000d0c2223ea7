"""The linters of language models: instructions, dialogs, plain text, captions, selected by hyperparameters."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable
from typing import Any

import pytest

from jsft_tui.core.catalog.task import Task
from jsft_tui.core.common.findings import Level
from jsft_tui.core.datasets.base.question import DataQuestion
from tests.core.datasets.examples import assert_finds, assert_passes, jpeg, report

BLOCK, WARN = Level.BLOCK, Level.WARN
Row = dict[str, Any]


def asked(instruction_tuned: str, chat_dataset: str) -> DataQuestion:
    values = {"instruction_tuned": instruction_tuned, "chat_dataset": chat_dataset, "epoch": "1"}
    return DataQuestion(Task.TEXT_GENERATION, "huggingface-llm-mistral-7b", values)


INSTRUCTIONS, CHAT, DOMAIN = asked("True", "False"), asked("False", "True"), asked("False", "False")
FLAN = DataQuestion(Task.TEXT_TO_TEXT, "huggingface-text2text-flan-t5-base", {"epochs": "1"})
VISION = DataQuestion(Task.TEXT_GENERATION, "meta-vlm-llama-3-2-11b-vision", {"epoch": "1"})


def jsonl(rows: Iterable[object]) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def rows(count: int = 12) -> list[Row]:
    return [{"instruction": f"Say {n}.", "context": "", "response": f"It is {n}."} for n in range(count)]


def prompts(count: int = 12) -> list[Row]:
    return [{"prompt": f"Say {n}.", "completion": f"It is {n}."} for n in range(count)]


def turns(*roles: str) -> list[Row]:
    return [{"role": role, "content": f"Something that the {role} says."} for role in roles]


def dialogs(count: int = 12) -> list[Row]:
    return [{"dialog": turns("user", "assistant", "user", "assistant")} for _ in range(count)]


def template(prompt: object = "{instruction}\n\n{context}", completion: object = "{response}", **more: object) -> bytes:
    return json.dumps({"prompt": prompt, "completion": completion, **more}).encode()


# -- good


@pytest.mark.parametrize(
    ("question", "objects", "says"),
    [
        (INSTRUCTIONS, {"train.jsonl": jsonl(rows())}, "12 lines, each with instruction, context, response."),
        (INSTRUCTIONS, {"a.jsonl": jsonl(rows()), "b.jsonl": jsonl(rows())}, "24 lines in 2 files"),
        (
            INSTRUCTIONS,
            {"a.jsonl": jsonl(prompts()), "template.json": template("{prompt}", "{completion}")},
            "12 lines",
        ),
        (INSTRUCTIONS, {"a.jsonl": jsonl(rows()), "template.json": template("{{{instruction!s:>9}}}")}, "12 lines"),
        (INSTRUCTIONS, {"a.jsonl": b"\xef\xbb\xbf" + jsonl(rows()).replace(b"\n", b"\r\n\r\n")}, "12 lines"),
        (INSTRUCTIONS, {"a.jsonl": jsonl([*rows(), {**rows()[0], "more": [1]}])}, "13 lines"),
        (INSTRUCTIONS, {"a.jsonl": jsonl({**row, "response": 7} for row in rows())}, "12 lines"),
        (INSTRUCTIONS, {"a.jsonl": jsonl(rows()).replace(b"\n", b"\r")}, "12 lines"),
        (FLAN, {"train.jsonl": jsonl(prompts())}, "each with prompt, completion."),
        (FLAN, {"train.jsonl": jsonl(rows()), "template.json": template()}, "each with instruction, context, response"),
        (CHAT, {"train.jsonl": jsonl(dialogs())}, "12 lines, 48 turns."),
        (
            CHAT,
            {"train.jsonl": jsonl({"messages": turns("system", "user", "assistant")} for _ in range(12))},
            "36 turns",
        ),
        (CHAT, {"train.jsonl": jsonl({"conversations": turns("user", "assistant")} for _ in range(12))}, "24 turns"),
        (DOMAIN, {"book.txt": b"A word and another word.\n" * 40}, "book.txt 200 words."),
        (DOMAIN, {"book.csv": b"id,text\n" + b'1,"Some words, and more"\n' * 40}, "40 rows, 160 words."),
        (DOMAIN, {"book.csv": b"Text\n" + b"Some words and more\n" * 40}, "40 rows, 160 words."),
        (DOMAIN, {"book.json": json.dumps([{"text": "Some words"}] * 60).encode()}, "60 rows, 120 words."),
        (DOMAIN, {"book.json": jsonl([{"text": "Some words"}] * 60)}, "60 rows, 120 words."),
    ],
)
def test_a_good_set_passes_with_its_numbers(question: DataQuestion, objects: dict[str, bytes], says: str) -> None:
    assert_passes(report(question, objects), says)


# -- instructions


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ({"question": "x", "answer": "y"}, "no key 'instruction' and no 'context' and no 'response' (it has question"),
        ({"dialog": turns("user", "assistant")}, "dialogs require chat_dataset=True and instruction_tuned=False"),
        ({}, "it has none"),
        ([1], "is a list; each line must be a JSON object"),
        ("text", "is 'text'; each line must be"),
        (None, "is null; each line must be"),
    ],
)
def test_a_wrong_line_blocks_at_its_number(row: object, says: str) -> None:
    lines: list[object] = [*rows()]
    lines[4] = row
    assert_finds(report(INSTRUCTIONS, {"train.jsonl": jsonl(lines)}), BLOCK, "train.jsonl line 5 ", says)


def test_a_key_that_only_some_lines_lack_is_read_as_none() -> None:
    lines: list[object] = [*rows()]
    lines[4] = {"instruction": "x", "response": "y"}
    found = report(INSTRUCTIONS, {"train.jsonl": jsonl(lines)})
    assert_finds(found, Level.WARN, "train.jsonl line 5 ", "no key 'context'", "becomes 'None'")
    nowhere = [{"instruction": "x", "response": "y"}] * 12
    assert_finds(report(INSTRUCTIONS, {"train.jsonl": jsonl(nowhere)}), BLOCK, "all other lines lack it too")


def test_an_empty_file_beside_others_adds_nothing() -> None:
    found = report(INSTRUCTIONS, {"a.jsonl": jsonl(rows()), "b.jsonl": b""})
    assert_finds(found, Level.WARN, "b.jsonl", "is empty")
    assert_finds(report(INSTRUCTIONS, {"b.jsonl": b""}), BLOCK, "b.jsonl", "is empty")


def test_fields_that_no_line_has_are_said_once() -> None:
    found = report(INSTRUCTIONS, {"train.jsonl": jsonl([{"question": "x", "answer": "y"}] * 12)})
    blocks = [finding for finding in found.findings if finding.level is BLOCK]
    assert len(blocks) == 1
    assert "all other lines lack it too" in blocks[0].message


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (b'{"instruction": "cut o', "is not JSON: unterminated string starting at column"),
        (b"{'instruction': 'x'}", "is not JSON: expecting property name"),
        (b'{"instruction": "\xe9"}', "is not UTF-8 (byte 0xe9)"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"a": ' * 100_000, "nested too deeply"),
        (b'{"a": ' + b"9" * 900_000 + b"}", "too many digits"),
        (b'{"context": "x", "instruction": "y", "context": "z"}', "has the key 'context' twice"),
        (b'{"instruction": "\\ud83d", "context": "", "response": ""}', "half of a surrogate pair"),
        (b'{"instruction": "a\tb"}', "is not JSON: invalid control character"),
        (b'{"instruction": "a", "context": "", "response": "b", "n": [1e400]}', "no 64-bit float holds"),
        (b"\x0c", "is not JSON"),
        (b"{} x", "there is text after its end"),
        (b"\0" * 50, "is not JSON"),
    ],
)
def test_a_line_that_is_no_json_blocks_at_its_number(line: bytes, says: str) -> None:
    body = jsonl(rows()) + line + b"\n" + jsonl(rows())
    assert_finds(report(INSTRUCTIONS, {"train.jsonl": body}), BLOCK, "train.jsonl line 13 ", says)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (template("{instruction}\n{input}"), "line 1 has no key 'input', which template.json requires"),
        (b'{"prompt": "{instruction}"}', "no key 'completion'"),
        (template(more="x"), "the key 'more'; it must have prompt and completion only"),
        (template(prompt=7), "7 as prompt"),
        (template(prompt="{instruction"), "single brace"),
        (template(prompt="}"), "single brace"),
        (template(prompt="{}"), "{} in its prompt; a placeholder needs the name"),
        (template(prompt="{0}"), "{0} in its prompt"),
        (template(prompt="{context.__class__}"), "{context.__class__} in its prompt; a placeholder is the name"),
        (template(prompt="{context[0]}"), "name of a field only"),
        (template(prompt="".join(f"{{f{n}}}" for n in range(200))), "201 fields"),
        (b"[]", "a list; it must be an object"),
        (b'{"prompt": "x",}', "template.json line 1 is not JSON"),
        (b"[" * 50_000, "nested too deeply"),
        (b" " * 100_000, "100,000 bytes"),
    ],
)
def test_a_wrong_template_blocks(content: bytes, says: str) -> None:
    found = report(INSTRUCTIONS, {"train.jsonl": jsonl(rows()), "template.json": content})
    assert_finds(found, BLOCK, says)


@pytest.mark.parametrize(
    ("question", "objects", "says"),
    [
        (
            INSTRUCTIONS,
            {"a.jsonl": jsonl(rows()), "template.json": b"\xef\xbb\xbf" + template()},
            "template.json starts with a byte order mark (BOM), which Python's json.load refuses",
        ),
        (INSTRUCTIONS, {"a.jsonl": jsonl(rows()), "template.json": template("Say it.")}, "no {field} in its prompt"),
        (
            INSTRUCTIONS,
            {"a.jsonl": jsonl([*rows(), {**rows()[0], "response": " "}])},
            "a.jsonl line 13 has an empty string",
        ),
        (INSTRUCTIONS, {"a.jsonl": jsonl([*rows(), {**rows()[0], "context": None}])}, "line 13 has null as 'context'"),
        (INSTRUCTIONS, {"a.jsonl": jsonl(rows()), "notes.md": b"x"}, "notes.md is next to the *.jsonl files"),
        (INSTRUCTIONS, {"a.jsonl": jsonl(rows(3))}, "only 3 lines"),
        (INSTRUCTIONS, {"a.jsonl": json.dumps(rows()).encode()}, "a.jsonl line 1 starts a JSON array, which is read"),
        (INSTRUCTIONS, {"a.jsonl": json.dumps(rows(), indent=1).encode()}, "starts a JSON array, which is read"),
        (INSTRUCTIONS, {"a.jsonl": b"\n".join(json.dumps(row, indent=1).encode() for row in rows())}, "several lines"),
        (INSTRUCTIONS, {"a.jsonl": jsonl(rows()).replace(b"}\n", b"} ", 1)}, "a.jsonl line 1 contains 2 objects"),
        (INSTRUCTIONS, {"a.jsonl": jsonl(rows()), "a.jsonl.gz": b"x"}, "a.jsonl.gz is next to"),
        (FLAN, {"a.jsonl": jsonl(rows())}, "add a template.json"),
        (INSTRUCTIONS, {"a.jsonl": jsonl(rows()) + b'{"instruction": "' + b"x" * 2**20 + b'"}\n'}, "longer than 1 MiB"),
    ],
)
def test_doubtful_instructions_warn(question: DataQuestion, objects: dict[str, bytes], says: str) -> None:
    assert_finds(report(question, objects), WARN, says)


def test_text_to_text_wants_prompt_and_completion() -> None:
    found = report(FLAN, {"a.jsonl": jsonl([{"question": "x"}] * 12)})
    assert_finds(found, BLOCK, "a.jsonl line 1", "without a template.json it needs prompt, completion")


# -- dialogs


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ({"dialog": turns("assistant", "user")}, "line 13 starts with the assistant at turn 1"),
        ({"dialog": turns("user", "user", "assistant")}, "line 13 has the user at turn 2, where the assistant must be"),
        ({"dialog": turns("user", "assistant", "system", "user")}, "has the system at turn 3"),
        ({"dialog": turns("system", "assistant")}, "starts with the assistant at turn 2"),
        ({"dialog": turns("user", "tool")}, "line 13 turn 2 has the role 'tool'"),
        ({"dialog": turns("user")}, "ends with the user"),
        ({"dialog": []}, "an empty list as dialog"),
        ({"dialog": "hello"}, "'hello' as dialog; it must be a list"),
        ({"dialog": ["hello"]}, "turn 1 is 'hello'; it must be an object"),
        ({"dialog": [{"from": "human", "value": "x"}]}, "rename 'from' and 'value' to role and content"),
        ({"dialog": [{"role": "user"}]}, "turn 1 has no key 'content'"),
        ({"dialog": [{"role": "user", "content": ["x"]}]}, "a list as content"),
        ({"dialog": [{"role": ["user"], "content": "x"}]}, "the role a list"),
        ({"dialog": turns("user", "assistant"), "messages": []}, "both dialog and messages"),
        ({"chat": []}, "none of the keys dialog, messages, conversations (it has chat)"),
        ({"instruction": "x", "response": "y"}, "instructions require instruction_tuned=True and chat_dataset=False"),
    ],
)
def test_a_wrong_dialog_blocks_at_its_line(row: Row, says: str) -> None:
    found = report(CHAT, {"train.jsonl": jsonl([*dialogs(), row])})
    assert_finds(found, BLOCK, "train.jsonl line 13 ", says)


@pytest.mark.parametrize(
    ("objects", "says"),
    [
        (
            {"a.jsonl": jsonl([*dialogs(), {"dialog": turns("user", "assistant", "user")}])},
            "line 13 ends with the user",
        ),
        ({"a.jsonl": jsonl([*dialogs(), {"dialog": [*turns("user"), {"role": "assistant", "content": ""}]}])}, "empty"),
        ({"a.jsonl": jsonl(dialogs()), "template.json": template()}, "template.json is next to"),
        ({"a.jsonl": jsonl(dialogs(2))}, "only 2 lines"),
        ({"a.jsonl": jsonl([*dialogs(), {"messages": turns("user", "assistant")}])}, "line 13 has the key messages"),
        ({"a.jsonl": jsonl(dialogs()), "validation.jsonl": jsonl(dialogs())}, "validation.jsonl is read as training"),
    ],
)
def test_doubtful_dialogs_warn(objects: dict[str, bytes], says: str) -> None:
    assert_finds(report(CHAT, objects), WARN, says)


# -- files of lines


@pytest.mark.parametrize("question", [INSTRUCTIONS, CHAT, FLAN], ids=["instructions", "chat", "text2text"])
@pytest.mark.parametrize(
    ("objects", "says"),
    [
        ({"train.json": jsonl(rows())}, "train.json is not read: a file of JSON lines must be named *.jsonl"),
        ({"TRAIN.JSONL": jsonl(rows())}, "must be named *.jsonl"),
        ({"train/a.jsonl": jsonl(rows())}, "one level deeper, in train/"),
        ({"book.txt": b"words"}, "no *.jsonl file under the prefix; book.txt is none"),
        ({"template.json": template()}, "no *.jsonl file under the prefix"),
        ({"train.csv": b"instruction,response"}, "train.csv is a table, and there is no *.jsonl file"),
        ({"a.jsonl": b""}, "a.jsonl is empty"),
        ({"a.jsonl": b"\n\n"}, "all lines are blank"),
        ({"a.jsonl": b"\xff\xfe{\0}\0"}, "a.jsonl line 1 is UTF-16"),
        ({"a.jsonl": json.dumps(rows()).encode()[:-1]}, "a.jsonl line 1 is not JSON: a comma or ] is missing"),
        ({"a.jsonl": b"[" + jsonl(rows())}, "a.jsonl line 2 is not JSON: a comma or ] is missing"),
        ({"a.jsonl": json.dumps(rows()[0], indent=1).encode()[:-1]}, "a.jsonl line 5 is not JSON"),
        ({"a.jsonl": gzip.compress(jsonl(rows()))}, "a.jsonl line 1 is a gzip file"),
        ({"a.jsonl": b"PK\x03\x04" + bytes(60)}, "a.jsonl line 1 is a zip or Excel file"),
        ({"a.jsonl": b"PAR1\x15\x04\x15"}, "a.jsonl line 1 is a Parquet file"),
        ({"a.jsonl": b"<!DOCTYPE html>\n<html>"}, "a.jsonl line 1 is an HTML page"),
        ({"a.jsonl": b"version https://git-lfs.github.com/spec/v1\n"}, "a.jsonl line 1 is a Git LFS pointer"),
        ({"a.jsonl": b'[{"prefix": "s3://b/train/"}, "a.jsonl"]'}, "a.jsonl line 1 is a SageMaker manifest"),
        ({"._a.jsonl": b"\0\5\x16\7\0"}, "._a.jsonl is a resource fork that macOS left (AppleDouble); delete it"),
        ({"train.jsonl.gz": b"x"}, "train.jsonl.gz is a gzip file (compressed); unpack it"),
        ({"train.parquet": b"x", "README.md": b"x"}, "train.parquet is a Parquet file"),
        ({"__MACOSX/._a.jsonl": b"x", "train.zip": b"x"}, "train.zip is a zip archive; unpack it"),
    ],
)
def test_a_file_that_holds_no_lines_blocks(question: DataQuestion, objects: dict[str, bytes], says: str) -> None:
    assert_finds(report(question, objects), BLOCK, says)


@pytest.mark.parametrize(
    ("question", "row"), [(INSTRUCTIONS, rows()[0]), (CHAT, dialogs()[0])], ids=["instructions", "chat"]
)
def test_every_file_has_its_part_of_the_budget(question: DataQuestion, row: Row) -> None:
    objects = {f"{number}.jsonl": jsonl([row] * 2_000) for number in range(4)}
    found = report(question, objects, budget=20_000)
    assert found.verdict is Level.PASS, found.findings
    assert found.sampled
    assert 15_000 < found.bytes_read <= 20_000
    assert "in 4 files in the part that was read" in found.findings[0].message


def test_of_very_many_files_some_are_looked_into() -> None:
    found = report(INSTRUCTIONS, {f"{number:03}.jsonl": jsonl(rows(2)) for number in range(500)})
    assert found.verdict is Level.PASS
    assert found.sampled
    assert "in 64 files in the part" in found.findings[0].message


# -- captions


def album(count: int = 12) -> dict[str, bytes]:
    lines = [{"file_name": f"images/{n:02}.jpg", "prompt": "What is it?", "completion": "A cat."} for n in range(count)]
    return {"metadata.jsonl": jsonl(lines), **{f"images/{n:02}.jpg": jpeg() for n in range(count)}}


def test_captions_pass_with_their_numbers() -> None:
    assert_passes(report(VISION, album()), "12 lines, 12 images; 12 opened.")


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ({"file_name": "images/99.jpg", "prompt": "x", "completion": "y"}, "'images/99.jpg', which does not exist"),
        ({"file_name": "00.jpg", "prompt": "x", "completion": "y"}, "names start with images/"),
        ({"file_name": "images/00.jpg", "prompt": "x"}, "no key 'completion'"),
        ({"file_name": "images/00.jpg", "prompt": "", "completion": "y"}, "an empty prompt"),
        ({"file_name": "images/00.jpg", "prompt": 7, "completion": "y"}, "7 as prompt"),
    ],
)
def test_a_wrong_caption_blocks_at_its_line(row: Row, says: str) -> None:
    objects = album()
    objects["metadata.jsonl"] += jsonl([row])
    assert_finds(report(VISION, objects), BLOCK, "metadata.jsonl line 13 ", says)


def test_captions_without_a_file_or_a_folder_block_and_unused_images_warn() -> None:
    pictures = {name: body for name, body in album().items() if name != "metadata.jsonl"}
    assert_finds(report(VISION, pictures), BLOCK, "no metadata.jsonl")
    assert_finds(report(VISION, {"metadata.jsonl": album()["metadata.jsonl"]}), BLOCK, "no folder images/")
    assert_finds(report(VISION, album() | {"images/more.jpg": jpeg()}), WARN, "images/more.jpg", "in no line")
    assert_finds(report(VISION, album() | {"images/00.jpg": b"text"}), BLOCK, "images/00.jpg", "not a JPEG")


# -- which of them


def test_both_switches_block() -> None:
    assert_finds(report(asked("True", "True"), {"a.jsonl": jsonl(rows())}), BLOCK, "are both True")


def test_without_hyperparameters_the_data_says_what_it_is() -> None:
    assert_passes(report(Task.TEXT_GENERATION, {"book.txt": b"A word and another word.\n" * 40}))
    assert_finds(report(Task.TEXT_GENERATION, {"a.jsonl": jsonl(rows())}), WARN, "was checked as instructions")


def test_a_model_without_switches_reads_plain_text() -> None:
    neuron = DataQuestion(Task.TEXT_GENERATION, "meta-textgenerationneuron-llama-2-7b", {"max_steps": "20"})
    assert_passes(report(neuron, {"book.txt": b"A word and another word.\n" * 40}))
