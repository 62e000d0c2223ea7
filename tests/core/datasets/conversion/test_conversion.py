"""Converters: what people have becomes what a training takes, or is left out with a reason."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsft_tui.core.datasets.conversion.conversion import Conversion, ConversionReport
from jsft_tui.core.datasets.conversion.records import Record, UnreadableRecordsError, records
from jsft_tui.core.datasets.conversion.target import Naming, Target
from jsft_tui.core.datasets.customization import dpo, rlaif, rlvr, sft

USER, SAID = {"role": "user", "content": "1+1?"}, {"role": "assistant", "content": "2"}
SYSTEM = {"role": "system", "content": "Be brief."}
MESSAGES = {"messages": [USER, SAID]}
REWARD = {
    "data_source": "converted",
    "prompt": [USER],
    "ability": "general",
    "reward_model": {"style": "rule", "ground_truth": "2"},
}


def convert(target: Target, *given: Mapping[str, Any], **how: Any) -> tuple[list[Any], ConversionReport]:
    report = ConversionReport()
    numbered = [Record(number, fields) for number, fields in enumerate(given, start=1)]
    lines = list(Conversion(target, **how).lines(numbered, report))
    assert all(line.endswith("\n") and line.count("\n") == 1 for line in lines)
    return [json.loads(line) for line in lines], report


SOURCES: Mapping[str, Mapping[str, Any]] = {
    "messages": MESSAGES,
    "prompt and completion": {"prompt": "1+1?", "completion": "2"},
    "classical dialog": {"dialog": [USER, SAID]},
    "ShareGPT": {"conversations": [{"from": "human", "value": "1+1?"}, {"from": "gpt", "value": "2"}]},
    "Alpaca": {"instruction": "1+1?", "input": "", "output": "2"},
    "classical instruction": {"instruction": "1+1?", "context": "", "response": "2"},
    "question": {"question": "1+1?", "answer": "2"},
    "prompt and response": {"prompt": "1+1?", "response": "2"},
    "input and output": {"input": "1+1?", "output": "2"},
    "other letters": {"Prompt": "1+1?", " Completion ": "2"},
    "parts": {
        "messages": [
            {"role": "user", "content": [{"type": "text", "text": "1+"}, {"type": "text", "text": "1?"}]},
            SAID,
        ]
    },
    "preference": {"prompt": "1+1?", "chosen": "2", "rejected": "3"},
    "preference of messages": {"chosen": [USER, SAID], "rejected": [USER, {"role": "assistant", "content": "3"}]},
    "reward": REWARD,
}


@pytest.mark.parametrize("source", SOURCES)
def test_every_form_becomes_messages(source: str) -> None:
    assert convert(Target.SFT, SOURCES[source])[0] == [MESSAGES]


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        (Target.PROMPT_COMPLETION, {"prompt": "1+1?", "completion": "2"}),
        (Target.RLVR, REWARD),
        (Target.RLAIF, {**REWARD, "reward_model": {"style": "llmj", "ground_truth": "2"}}),
        (Target.DIALOG, {"dialog": [USER, SAID]}),
        (Target.INSTRUCTIONS, {"instruction": "1+1?", "context": "", "response": "2"}),
    ],
    ids=lambda value: value.value if isinstance(value, Target) else "",
)
def test_messages_become_every_form(target: Target, expected: Any) -> None:
    assert convert(target, MESSAGES)[0] == [expected]


def test_preferences_stay_preferences() -> None:
    plain = SOURCES["preference"]
    assert convert(Target.DPO, plain, SOURCES["preference of messages"])[0] == [plain, plain]
    with_system = {"system": "Be brief.", **plain}
    (made,), _ = convert(Target.DPO, with_system)
    assert made["chosen"] == [SYSTEM, USER, SAID]


def test_the_input_of_alpaca_is_kept() -> None:
    record = {"instruction": "Add.", "input": "1 and 1", "output": "2"}
    assert convert(Target.SFT, record)[0][0]["messages"][0]["content"] == "Add.\n\n1 and 1"
    assert convert(Target.INSTRUCTIONS, record)[0] == [{"instruction": "Add.", "context": "1 and 1", "response": "2"}]


def test_what_a_form_cannot_say_is_left_out_with_reason_and_lines() -> None:
    long = {"messages": [USER, SAID, USER, SAID]}
    made, report = convert(Target.PROMPT_COMPLETION, MESSAGES, long, {"a": 1}, long, {"prompt": "", "completion": "x"})
    assert (len(made), report.read, report.written) == (1, 5, 1)
    assert {reason: (left.count, left.lines) for reason, left in report.left_out.items()} == {
        "several turns": (2, [2, 4]),
        "keys of no known form (name the columns with --map)": (1, [3]),
        "prompt is empty": (1, [5]),
    }


def test_there_is_no_dpo_without_a_rejected_answer_and_no_rlvr_without_a_truth() -> None:
    assert list(convert(Target.DPO, MESSAGES)[1].left_out) == ["no rejected answer"]
    assert list(convert(Target.RLVR, {"messages": [USER]})[1].left_out) == ["no answer"]
    assert convert(Target.RLAIF, {"messages": [USER]})[1].written == 1


def test_columns_are_mapped_and_templates_filled() -> None:
    row = {"q": "1+1?", "a": "2", "n": 7}
    assert convert(Target.SFT, row, mapping={"prompt": "q", "completion": "a"})[0] == [MESSAGES]
    templates = {"prompt": "No. {n}: {q} {{}}", "completion": "{a}"}
    (made,), _ = convert(Target.PROMPT_COMPLETION, row, templates=templates)
    assert made == {"prompt": "No. 7: 1+1? {}", "completion": "2"}
    assert list(convert(Target.SFT, row, mapping={"prompt": "x"})[1].left_out) == ["no column 'x'"]
    assert list(convert(Target.SFT, row, templates={"prompt": "{x}", "completion": "{a}"})[1].left_out)


def test_rewards_keep_their_own_names_and_get_the_given_ones() -> None:
    own = {**REWARD, "data_source": "openai/gsm8k", "ability": "math"}
    made, _ = convert(Target.RLVR, own, MESSAGES, naming=Naming("mine", "logic"))
    assert [(each["data_source"], each["ability"]) for each in made] == [("openai/gsm8k", "math"), ("mine", "logic")]


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("a.jsonl", b'{"prompt": "p", "completion": "c"}\n\n{"prompt": "q", "completion": "d"}'),
        ("a.json", b'[{"prompt": "p", "completion": "c"},\n {"prompt": "q", "completion": "d"}]'),
        ("a.csv", b'prompt,completion\np,c\nq,"d"\n'),
        ("a.CSV", b"\xef\xbb\xbfprompt, completion\r\np,c\r\nq,d\r\n"),
    ],
    ids=["lines", "array", "table", "table of Windows"],
)
def test_files_of_every_kind_are_read(name: str, body: bytes) -> None:
    pieces = [body[at : at + 7] for at in range(0, len(body), 7)]
    found = [dict(record.fields) for record in records(name, pieces)]
    assert found == [{"prompt": "p", "completion": "c"}, {"prompt": "q", "completion": "d"}]


def test_other_files_are_refused() -> None:
    with pytest.raises(UnreadableRecordsError):
        list(records("a.jsonl", [b"\x1f\x8b\x08\x00binary"]))
    assert [record.fault for record in records("a.jsonl", [b'{"a": 1}\nnonsense\n'])][1]


@pytest.mark.parametrize(
    ("name", "body", "says"),
    [
        ("a.csv", b"prompt;completion\np;c\n", "a.csv separates its columns by semicolons; write commas"),
        ("a.tsv", b"prompt\tcompletion\np\tc\n", "a.tsv separates its columns by tabs; write commas"),
        ("a.csv", b"prompt|completion\np|c\n", "a.csv separates its columns by bars; write commas"),
    ],
)
def test_another_separator_is_named(name: str, body: bytes, says: str) -> None:
    with pytest.raises(UnreadableRecordsError, match=re.escape(says)):
        list(records(name, [body]))


TEXT = st.text(max_size=6)
MESSAGE = st.fixed_dictionaries({"role": st.sampled_from(["system", "user", "assistant", "tool"]), "content": TEXT})
VALUE = TEXT | st.lists(MESSAGE, max_size=4) | st.integers() | st.fixed_dictionaries({"ground_truth": TEXT})
KEYS = ["messages", "dialog", "conversations", "prompt", "completion", "instruction", "output", "response", "input"]
RECORD = st.dictionaries(
    st.sampled_from([*KEYS, "context", "chosen", "rejected", "reward_model", "data_source", "system"]),
    VALUE,
    max_size=5,
)
FLAWS = {Target.SFT: sft.flaws, Target.DPO: dpo.flaws, Target.RLVR: rlvr.flaws, Target.RLAIF: rlaif.flaws}


@given(RECORD, st.sampled_from(Target))
def test_whatever_is_converted_passes_the_lint_of_its_form(record: dict[str, Any], target: Target) -> None:
    made, report = convert(target, record)
    assert report.written + sum(left.count for left in report.left_out.values()) == 1
    for each in made:
        judge = FLAWS.get(target)
        assert judge is None or not list(judge(each))


@pytest.mark.parametrize("system", ["Be brief.", [{"text": "Be "}, {"text": "brief."}]], ids=["text", "parts"])
@pytest.mark.parametrize("source", ["messages", "ShareGPT", "classical dialog", "Alpaca", "preference"])
def test_the_text_for_the_system_is_kept_wherever_it_stands(source: str, system: object) -> None:
    assert convert(Target.SFT, {**SOURCES[source], "system": system})[0] == [{"messages": [SYSTEM, USER, SAID]}]


def test_earlier_turns_are_kept() -> None:
    first = [{"role": "user", "content": "0+1?"}, {"role": "assistant", "content": "1"}]
    given = {**SOURCES["Alpaca"], "history": [["0+1?", "1"]]}
    assert convert(Target.SFT, given)[0] == [{"messages": [*first, USER, SAID]}]
    assert list(convert(Target.SFT, {**given, "history": "0+1?"})[1].left_out) == ["a history that is no list of pairs"]


@pytest.mark.parametrize(
    "record",
    [
        {**MESSAGES, "tools": [{"type": "function"}]},
        {"messages": [USER, {**SAID, "weight": 0}]},
        {"messages": [USER, {"role": "assistant", "content": "", "tool_calls": [{"id": "1"}]}]},
        {"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {}}]}, SAID]},
    ],
    ids=["tools", "weight", "call", "picture"],
)
def test_what_no_form_can_say_is_not_lost_without_a_word(record: Mapping[str, Any]) -> None:
    lines, report = convert(Target.SFT, record)
    assert lines == []
    assert len(report.left_out) == 1
