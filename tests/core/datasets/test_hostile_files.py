"""Every linter, given anything: no crash, no read beyond the budget, a report in sentences, and an end."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jsft_tui.core.catalog.task import Task
from jsft_tui.core.common.findings import Level
from jsft_tui.core.datasets.base.question import DataQuestion
from jsft_tui.core.datasets.base.reader import BudgetedDataset, DataObject, LintReport, Listing
from jsft_tui.core.datasets.registry import data_format, lint
from tests.common.effort import at_most
from tests.core.datasets.examples import MemoryDataset, jpeg, png

CHAT = {"instruction_tuned": "False", "chat_dataset": "True"}
INSTRUCTIONS = {"instruction_tuned": "True", "chat_dataset": "False"}
DOMAIN = {"instruction_tuned": "False", "chat_dataset": "False"}
PRIOR = {"with_prior_preservation": "True"}
LLM = "huggingface-llm-mistral-7b"

# A question, the file that is filled with anything, and what is next to it.
CASES: dict[str, tuple[DataQuestion, str, dict[str, bytes]]] = {
    "text": (DataQuestion(Task.TEXT_CLASSIFICATION), "data.csv", {}),
    "pairs": (DataQuestion(Task.SENTENCE_PAIR), "data.csv", {}),
    "questions": (DataQuestion(Task.QUESTION_ANSWERING), "data.csv", {}),
    "similarity": (DataQuestion(Task.SENTENCE_SIMILARITY), "data.csv", {}),
    "image": (DataQuestion(Task.IMAGE_CLASSIFICATION), "a/1.jpg", {"b/1.jpg": jpeg()}),
    "boxes": (DataQuestion(Task.OBJECT_DETECTION), "annotations.json", {"images/1.jpg": jpeg()}),
    "box image": (DataQuestion(Task.OBJECT_DETECTION), "images/1.jpg", {"annotations.json": b'{"images": []}'}),
    "classes": (
        DataQuestion(Task.SEMANTIC_SEGMENTATION),
        "class_label_to_prediction_index.json",
        {"images/1.png": png(), "masks/1.png": png()},
    ),
    "mask": (DataQuestion(Task.SEMANTIC_SEGMENTATION), "masks/1.png", {"images/1.png": png()}),
    "table": (DataQuestion(Task.TABULAR_CLASSIFICATION, "lightgbm-classification-model"), "train/data.csv", {}),
    "numbers": (DataQuestion(Task.TABULAR_REGRESSION, "xgboost-regression-model"), "train/data.csv", {}),
    "validation": (
        DataQuestion(Task.TABULAR_CLASSIFICATION, "sklearn-classification-linear"),
        "validation/data.csv",
        {"train/data.csv": b"0,1\n1,2\n"},
    ),
    "index": (
        DataQuestion(Task.TABULAR_CLASSIFICATION, "catboost-classification-model"),
        "categorical_index.json",
        {"train/data.csv": b"0,1\n1,2\n"},
    ),
    "instructions": (DataQuestion(Task.TEXT_GENERATION, LLM, INSTRUCTIONS), "a.jsonl", {}),
    "template": (
        DataQuestion(Task.TEXT_GENERATION, LLM, INSTRUCTIONS),
        "template.json",
        {"a.jsonl": b'{"a": "b"}\n'},
    ),
    "chat": (DataQuestion(Task.TEXT_GENERATION, LLM, CHAT), "a.jsonl", {}),
    "txt": (DataQuestion(Task.TEXT_GENERATION, LLM, DOMAIN), "a.txt", {}),
    "csv": (DataQuestion(Task.TEXT_GENERATION, LLM, DOMAIN), "a.csv", {}),
    "json": (DataQuestion(Task.TEXT_GENERATION, LLM, DOMAIN), "a.json", {}),
    "captions": (
        DataQuestion(Task.TEXT_GENERATION, "meta-vlm-llama-3-2-11b-vision"),
        "metadata.jsonl",
        {"images/1.jpg": jpeg()},
    ),
    "text to text": (DataQuestion(Task.TEXT_TO_TEXT), "a.jsonl", {}),
    "text to image": (DataQuestion(Task.TEXT_TO_IMAGE, "", PRIOR), "dataset_info.json", {"1.jpg": jpeg()}),
}
EACH = pytest.mark.parametrize("case", CASES)


def judged(case: str, body: bytes, budget: int = 2**23) -> LintReport:
    question, name, others = CASES[case]
    source = MemoryDataset({name: body, **others})
    found = lint(question, BudgetedDataset(source, budget))
    assert source.bytes_served == found.bytes_read <= budget
    assert all(finding.message.endswith((".", "?")) for finding in found.findings), found.findings
    assert all(len(finding.message) < 1_000 for finding in found.findings)
    assert found.findings
    return found


def test_every_linter_is_here() -> None:
    assert {question.task for question, _, _ in CASES.values()} == {t for t in Task if data_format(t).linter}


# Words of the formats, so that what is generated gets past the first look.
_SIGNS = [b"0", b"1", b"-1", b",", b"\n", b'"', b"{", b"}", b"[", b"]", b":", b"\xff", b"\0", b"\xef\xbb\xbf", b"1e999"]
_WORDS = [b'"images"', b'"bbox"', b'"dialog"', b'"role"', b'"text"', b'"cat_index_list"', b'"prompt"', b'"{a}"', b"nan"]
WORDS = st.sampled_from([*_SIGNS, *_WORDS, b'"annotations"', b'"user"', b"a text", b"\\ud800"])
_OF_IMAGES = ["images", "annotations", "file_name", "id", "width", "height", "bbox", "image_id", "category_id"]
_OF_TEXTS = [
    "text",
    "prompt",
    "completion",
    "instruction",
    "context",
    "response",
    "dialog",
    "messages",
    "role",
    "content",
]
KEYS = st.sampled_from([*_OF_IMAGES, *_OF_TEXTS, "cat_index_list", "instance_prompt", "class_prompt", ""])
SCALARS = st.none() | st.booleans() | st.integers(-3, 10**30) | st.floats() | st.text(max_size=8) | KEYS
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=12
)


@EACH
@settings(max_examples=25)
@given(st.binary(max_size=120) | st.lists(WORDS, max_size=30).map(b"".join), st.sampled_from([50, 2**20]))
def test_any_bytes_give_a_report(case: str, body: bytes, budget: int) -> None:
    judged(case, body, budget)


@EACH
@settings(max_examples=25)
@given(st.lists(VALUES, min_size=1, max_size=4))
def test_any_json_gives_a_report(case: str, values: list[Any]) -> None:
    judged(case, "\n".join(map(json.dumps, values)).encode())


def hostile(part: int) -> dict[str, bytes]:
    """Return the files by their kind, those of many pieces a `part` of their full size."""
    return {
        "one long line": b"x" * 1_500_000,
        "nul bytes": bytes(300_000 // part),
        "deep lists": b"[" * (300_000 // part),
        "deep objects": b'{"a":' * (50_000 // part),
        "a deep member": b'{"images": [' + b"[" * (200_000 // part) + b"]" * (200_000 // part) + b"]}",
        "many digits": b"9" * 1_000_000,
        "a number of many digits": b'{"images": ['
        + b"9" * (1_000_000 // part)
        + b'], "text": 1'
        + b"0" * 500_000
        + b"}",
        "many small values": b"[" + b"{}," * (80_000 // part) + b"{}]",
        "many keys": b"{" + b",".join(b'"%d":{}' % n for n in range(20_000 // part)) + b"}",
        "many commas": b"," * (150_000 // part),
        "many lines": b"\n" * (300_000 // part),
        "many short rows": b"1,a\n" * (25_000 // part),
        "many quotes": b'"' * (100_000 // part + 1),
        "utf-16": "text, text".encode("utf-16") * (10_000 // part),
        "latin-1": "é,é\n".encode("latin-1") * (10_000 // part),
    }


@EACH
@pytest.mark.parametrize("part", [4, pytest.param(1, marks=pytest.mark.slow)])
def test_hostile_files_are_judged_with_little_effort(case: str, part: int) -> None:
    for kind, body in hostile(part).items():
        with at_most(3, kind):
            found = judged(case, body)
        assert len(found.findings) < 200, kind


@EACH
def test_a_small_budget_is_kept_and_said(case: str) -> None:
    for budget in (0, 1, 7, 100, 1_000):
        assert judged(case, b'{"text": "0,1"}\n' * 500, budget).sampled, budget


class Cancelled(Exception):
    pass


LONG_ROWS = b"0,%s\n" % (b"1" * 61) * 12_500
"""Build few rows to check with many bytes to read."""


@EACH
@pytest.mark.parametrize("after", [1, 3])
def test_a_lint_can_be_cancelled_at_every_step(case: str, after: int) -> None:
    steps = 0

    def cancel(_: BudgetedDataset) -> None:
        nonlocal steps
        steps += 1
        if steps == after:
            raise Cancelled

    question, name, others = CASES[case]
    data = BudgetedDataset(MemoryDataset({name: LONG_ROWS, **others}), on_progress=cancel)
    if after == 1:
        with pytest.raises(Cancelled):
            lint(question, data)
        return
    try:
        lint(question, data)
    except Cancelled:
        assert steps == after
    else:
        assert steps < after, "it went on after it was cancelled"


class Shrunk(MemoryDataset):
    """A dataset that was emptied after it was listed."""

    def read(self, name: str, start: int, length: int) -> bytes:
        return b""


@EACH
def test_objects_that_are_shorter_than_listed_give_a_report(case: str) -> None:
    question, name, others = CASES[case]
    found = lint(question, BudgetedDataset(Shrunk({name: b"0,1,2,3\n" * 50, **others})))
    assert found.findings


@pytest.mark.parametrize("task", [task for task in Task if data_format(task).linter])
@pytest.mark.parametrize("names", [[], ["x.bin"], ["\x1b[2J\u202e.jsonl", "\ud800.csv"], ["a/"], ["images/", "masks/"]])
def test_any_names_give_a_report(task: Task, names: list[str]) -> None:
    class Named(MemoryDataset):
        def listing(self, prefix: str = "") -> Listing:
            objects = tuple(DataObject(prefix + name, 4) for name in names if not name.endswith("/"))
            return Listing(objects, tuple(prefix + name for name in names if name.endswith("/")), complete=False)

        def read(self, name: str, start: int, length: int) -> bytes:
            return b"0,1\n"[start : start + length]

    found = lint(DataQuestion(task), BudgetedDataset(Named({})))
    assert found.verdict in (Level.WARN, Level.BLOCK)
