"""The data formats of customizations: valid records pass, others are named with how to convert them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from jsft_tui.core.catalog.task import Task
from jsft_tui.core.catalog.technique import Technique
from jsft_tui.core.common.findings import Level
from jsft_tui.core.datasets.base.question import DataQuestion
from jsft_tui.core.datasets.base.reader import BudgetedDataset, LintReport
from jsft_tui.core.datasets.customization.count import count_records
from jsft_tui.core.datasets.registry import format_of, lint, technique_formats
from tests.core.customization.specs import customized, recipe_model
from tests.core.datasets.examples import MemoryDataset

USER, SAID = {"role": "user", "content": "1+1?"}, {"role": "assistant", "content": "2"}
REWARD = {"data_source": "d", "prompt": [USER], "ability": "math", "reward_model": {"ground_truth": "2"}}
PAIR = {"prompt": "1+1?", "chosen": "2", "rejected": "3"}
GOOD: Mapping[Technique, list[dict[str, Any]]] = {
    Technique.SFT: [{"messages": [USER, SAID]}, {"prompt": "p", "completion": "c"}],
    Technique.DPO: [PAIR, {"chosen": [USER, SAID], "rejected": [USER, {"role": "assistant", "content": "3"}]}],
    Technique.RLVR: [REWARD],
    Technique.RLAIF: [REWARD, {**REWARD, "reward_model": {"style": "llmj"}}],
}


def report(technique: Technique, *lines: Mapping[str, Any], **others: bytes) -> LintReport:
    body = "".join(json.dumps(line) + "\n" for line in lines).encode()
    data = BudgetedDataset(MemoryDataset({"train.jsonl": body, **others}))
    return lint(DataQuestion(Task.TEXT_GENERATION, technique=technique), data)


CASES = [(technique, record) for technique, records in GOOD.items() for record in records]


@pytest.mark.parametrize(("technique", "record"), CASES, ids=lambda value: getattr(value, "value", ""))
def test_a_valid_record_passes(technique: Technique, record: dict[str, Any]) -> None:
    assert report(technique, *[record] * 20).verdict is Level.PASS


WRONG: list[tuple[Technique, dict[str, Any], str]] = [
    (Technique.SFT, {"messages": [USER]}, "no message of the assistant"),
    (Technique.SFT, {"messages": [{"role": 1, "content": "x"}]}, "role"),
    (Technique.SFT, {"messages": [USER, {"role": "assistant", "content": None}]}, "content of message 2"),
    (Technique.SFT, {"messages": [USER, {"role": "assistant", "content": [1]}]}, "content of message 2"),
    (Technique.SFT, {"messages": "text"}, "list"),
    (Technique.SFT, {"messages": []}, "is an empty list"),
    (Technique.SFT, {"messages": json.dumps([USER, SAID])}, "write the list itself, not its text"),
    (Technique.SFT, {"messages": [USER, {"role": "Assistant", "content": "2"}]}, "the role 'Assistant' is none"),
    (Technique.SFT, {"prompt": "p", "completion": 7}, "completion"),
    (Technique.SFT, {"prompt": "p", "completion": [{"role": "assistant"}]}, "completion"),
    (Technique.SFT, {"text": "x"}, "text"),
    (Technique.DPO, {"chosen": "a", "rejected": "b"}, "prompt"),
    (Technique.DPO, {"prompt": "p", "chosen": "a", "rejected": None}, "rejected"),
    (Technique.RLVR, {**REWARD, "reward_model": {}}, "ground_truth"),
    (Technique.RLVR, {**REWARD, "prompt": ""}, "list"),
    (Technique.RLVR, {**REWARD, "reward_model": "rule"}, "reward_model"),
    (Technique.RLAIF, {"prompt": [USER], "reward_model": {}}, "data_source"),
]


@pytest.mark.parametrize(("technique", "record", "says"), WRONG, ids=[f"{t.value} {s}" for t, _, s in WRONG])
def test_a_wrong_record_blocks_and_says_why(technique: Technique, record: dict[str, Any], says: str) -> None:
    found = report(technique, *[record] * 20)
    assert found.verdict is Level.BLOCK
    assert any(says in finding.message for finding in found.findings)


UNDOCUMENTED: list[tuple[Technique, dict[str, Any], str]] = [
    (Technique.SFT, {"messages": [USER, {"role": "tool", "content": "x"}, SAID]}, "role"),
    (Technique.SFT, {"messages": [USER, SAID, USER]}, "ends with the user"),
    (Technique.SFT, {"messages": [USER, {"role": "system", "content": "x"}, SAID]}, "system"),
    (Technique.SFT, {"messages": [USER, {"role": "assistant", "content": [{"text": "2"}]}]}, "Converse"),
    (Technique.SFT, {"prompt": [USER], "completion": [SAID]}, "prompt is a list of messages"),
    (Technique.SFT, {"prompt": "p", "completion": ""}, "completion is empty"),
    (
        Technique.SFT,
        {"messages": [{"role": "user", "content": "p"}, {"role": "assistant", "content": " "}]},
        "has an empty content in message 2",
    ),
    (Technique.DPO, {"prompt": "p", "chosen": "a", "rejected": "a"}, "the same"),
    (Technique.DPO, {"input": "p", "chosen": "a", "rejected": "b"}, "input"),
    (Technique.RLVR, {**REWARD, "prompt": "1+1?"}, "prompt is a text"),
    (Technique.RLAIF, {"data_source": "d", "prompt": [USER], "reward_model": {}}, "ability"),
]
"""What the SDK's own schemas take, and the developer guide does not name."""


@pytest.mark.parametrize(
    ("technique", "record", "says"), UNDOCUMENTED, ids=[f"{t.value} {s}" for t, _, s in UNDOCUMENTED]
)
def test_a_record_that_only_the_guide_does_not_name_is_a_warning(
    technique: Technique, record: dict[str, Any], says: str
) -> None:
    found = report(technique, *[record] * 20)
    assert found.verdict is Level.WARN
    assert any(says in finding.message for finding in found.findings if finding.level is Level.WARN)


@pytest.mark.parametrize(
    ("technique", "record", "form"),
    [
        (Technique.SFT, {"dialog": [USER, SAID]}, "classical dialog"),
        (Technique.SFT, {"conversations": []}, "ShareGPT"),
        (Technique.SFT, {"instruction": "i", "output": "o"}, "Alpaca"),
        (Technique.SFT, {"instruction": "i", "response": "o"}, "classical instruction"),
        (Technique.RLVR, {"question": "q", "answer": "a"}, "question and answer"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_another_form_is_named_with_the_command_that_converts_it(
    technique: Technique, record: dict[str, Any], form: str
) -> None:
    found = report(technique, *[record] * 20)
    assert found.verdict is Level.BLOCK
    (first, *_) = [finding.message for finding in found.findings if finding.level is Level.BLOCK]
    assert form in first
    assert f"jsft convert FROM TO --to {technique.value.lower()}" in first


def test_no_conversion_is_offered_that_cannot_make_up_what_is_missing() -> None:
    found = report(Technique.DPO, *[{"prompt": "p", "completion": "c"}] * 20)
    (first, *_) = [finding.message for finding in found.findings if finding.level is Level.BLOCK]
    assert "prompt and completion" in first
    assert "convert" not in first
    assert "a second, worse answer" in first


def test_forms_may_not_be_mixed_and_a_template_is_not_read() -> None:
    mixed = report(Technique.SFT, *GOOD[Technique.SFT] * 10)
    assert mixed.verdict is Level.BLOCK
    with_template = report(Technique.SFT, *[GOOD[Technique.SFT][0]] * 20, **{"template.json": b"{}"})
    assert with_template.verdict is Level.WARN


def test_every_technique_has_a_format_and_a_recipe_decides_it() -> None:
    assert set(technique_formats()) == set(Technique)
    assert format_of(customized(Technique.RLVR)).technique is Technique.RLVR
    assert format_of(recipe_model()).technique is Technique.SFT
    assert format_of(recipe_model(training_supported=True)).technique is None


def test_records_and_tokens_are_counted_and_extrapolated() -> None:
    body = (json.dumps({"prompt": "abcd", "completion": "efgh"}) + "\n").encode() * 1000
    whole = count_records(BudgetedDataset(MemoryDataset({"a.jsonl": body})))
    assert (whole.records, whole.characters, whole.tokens, whole.is_complete) == (1000, 8000, 2000, True)
    part = count_records(BudgetedDataset(MemoryDataset({"a.jsonl": body}), budget=len(body) // 4))
    assert not part.is_complete
    assert abs(part.all_records - 1000) <= 10
    assert abs(part.tokens - 2000) <= 20
