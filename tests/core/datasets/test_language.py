"""The linters of language models: instructions, dialogs, plain text, captions; the hyperparameters say which."""

from __future__ import annotations

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
        (INSTRUCTIONS, {"a.jsonl": jsonl([*rows(), {**rows()[0], "response": 7, "more": [1]}])}, "13 lines"),
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
        ({"instruction": "x", "context": "y"}, "no key 'response' (it has instruction, context)"),
        ({"dialog": turns("user", "assistant")}, "dialogs want chat_dataset=True and instruction_tuned=False"),
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


def test_fields_that_no_line_has_are_said_once() -> None:
    found = report(INSTRUCTIONS, {"train.jsonl": jsonl([{"question": "x", "answer": "y"}] * 12)})
    blocks = [finding for finding in found.findings if finding.level is BLOCK]
    assert len(blocks) == 1
    assert "nor has any other line" in blocks[0].message


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (b'{"instruction": "cut o', "is not JSON: unterminated string starting at column"),
        (b"{'instruction': 'x'}", "is not JSON: expecting property name"),
        (b'{"instruction": "\xe9"}', "is not UTF-8 (byte 0xe9)"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"a": ' * 100_000, "nested too deeply"),
        (b'{"a": ' + b"9" * 900_000 + b"}", "too many digits"),
        (b"{} {}", "something stands behind its end"),
        (b"\0" * 50, "is not JSON"),
    ],
)
def test_a_line_that_is_no_json_blocks_at_its_number(line: bytes, says: str) -> None:
    body = jsonl(rows()) + line + b"\n" + jsonl(rows())
    assert_finds(report(INSTRUCTIONS, {"train.jsonl": body}), BLOCK, "train.jsonl line 13 ", says)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (template("{instruction}\n{input}"), "line 1 has no key 'input', which template.json asks for"),
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
        (INSTRUCTIONS, {"a.jsonl": jsonl(rows()), "template.json": template("Say it.")}, "no {field} in its prompt"),
        (
            INSTRUCTIONS,
            {"a.jsonl": jsonl([*rows(), {**rows()[0], "response": " "}])},
            "a.jsonl line 13 has an empty text",
        ),
        (INSTRUCTIONS, {"a.jsonl": jsonl([*rows(), {**rows()[0], "context": None}])}, "line 13 has null as 'context'"),
        (INSTRUCTIONS, {"a.jsonl": jsonl(rows()), "notes.md": b"x"}, "notes.md lies beside the *.jsonl files"),
        (INSTRUCTIONS, {"a.jsonl": jsonl(rows(3))}, "only 3 lines"),
        (FLAN, {"a.jsonl": jsonl(rows())}, "a template.json settles it"),
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
        ({"dialog": [{"from": "human", "value": "x"}]}, "'from' and 'value' must be called role and content"),
        ({"dialog": [{"role": "user"}]}, "turn 1 has no key 'content'"),
        ({"dialog": [{"role": "user", "content": ["x"]}]}, "a list as content"),
        ({"dialog": [{"role": ["user"], "content": "x"}]}, "the role a list"),
        ({"dialog": turns("user", "assistant"), "messages": []}, "both dialog and messages"),
        ({"chat": []}, "none of the keys dialog, messages, conversations (it has chat)"),
        ({"instruction": "x", "response": "y"}, "instructions want instruction_tuned=True and chat_dataset=False"),
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
        ({"a.jsonl": jsonl(dialogs()), "template.json": template()}, "template.json lies beside"),
        ({"a.jsonl": jsonl(dialogs(2))}, "only 2 lines"),
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
        ({"book.txt": b"words"}, "no *.jsonl file under the prefix"),
        ({"template.json": template()}, "no *.jsonl file under the prefix"),
        ({"a.jsonl": b""}, "a.jsonl is empty"),
        ({"a.jsonl": b"\n\n"}, "no lines but blank ones"),
        ({"a.jsonl": b"\xff\xfe{\0}\0"}, "a.jsonl line 1 is UTF-16"),
        ({"a.jsonl": json.dumps(rows()).encode()}, "a.jsonl line 1 starts a JSON array"),
        ({"a.jsonl": json.dumps(rows(), indent=1).encode()}, "a.jsonl line 1 starts a JSON array"),
        ({"a.jsonl": json.dumps(rows()[0], indent=1).encode()}, "goes over several lines"),
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


# -- domain adaptation


@pytest.mark.parametrize(
    ("objects", "says"),
    [
        ({"a.txt": b"words", "b.txt": b"words"}, "a.txt and b.txt; domain adaptation reads exactly one"),
        ({"a.txt": b"words", "b.csv": b"x", "c.json": b"{}"}, "a.txt and b.csv (3 in all)"),
        ({"train.jsonl": jsonl(rows())}, "train.jsonl is not read by domain adaptation"),
        ({"texts/a.txt": b"words"}, "one level deeper, in texts/"),
        ({"a.pdf": b"%PDF"}, "no .txt, .csv or .json file"),
        ({"a.txt": b""}, "a.txt is empty"),
        ({"a.txt": b" \n\n "}, "a.txt holds no text"),
        ({"a.txt": b"words\nO\xf9 est\n"}, "a.txt line 2 is not UTF-8 (byte 0xf9)"),
        ({"a.txt": b"words\n" * 100_000 + b"\xf9"}, "a.txt line 100001 is not UTF-8"),
        ({"a.txt": "words".encode("utf-16")}, "a.txt line 1 is UTF-16"),
        ({"a.txt": b"words\n\0\n"}, "a.txt line 2 holds a NUL byte"),
        ({"a.csv": b'text\n"never closed\n'}, "a.csv line 2 has a quote that is never closed"),
        ({"a.csv": b"id,text\n1,words\n2\n"}, "a.csv line 3 has 1 column, too few"),
        ({"a.csv": b"text\n"}, "a.csv holds no text"),
        ({"a.json": b'[{"text": "words"}, {"text": 7}]'}, "a.json record 2 has 7 where a text must be"),
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
        ({"a.txt": b"word " * 200, "cover.jpg": b"x"}, "cover.jpg lies beside a.txt"),
        ({"a.csv": b"body,id\n" + b"one two three,1\n" * 60}, "no column 'text'; the first one, 'body', is taken"),
        ({"a.csv": b"one two three four five\n" * 60}, "looks like a text, not like a header"),
        ({"a.csv": b"text\n" + b"one two three\n" * 60 + b'" "\n'}, "a.csv line 62 has an empty text"),
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


# -- captions


def album(count: int = 12) -> dict[str, bytes]:
    lines = [{"file_name": f"images/{n:02}.jpg", "prompt": "What is it?", "completion": "A cat."} for n in range(count)]
    return {"metadata.jsonl": jsonl(lines), **{f"images/{n:02}.jpg": jpeg() for n in range(count)}}


def test_captions_pass_with_their_numbers() -> None:
    assert_passes(report(VISION, album()), "12 lines, 12 images; 12 of them looked into.")


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ({"file_name": "images/99.jpg", "prompt": "x", "completion": "y"}, "'images/99.jpg', which is not there"),
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
    assert_finds(report(Task.TEXT_GENERATION, {"a.jsonl": jsonl(rows())}), WARN, "is judged as instructions")


def test_a_model_without_switches_reads_plain_text() -> None:
    neuron = DataQuestion(Task.TEXT_GENERATION, "meta-textgenerationneuron-llama-2-7b", {"max_steps": "20"})
    assert_passes(report(neuron, {"book.txt": b"A word and another word.\n" * 40}))
