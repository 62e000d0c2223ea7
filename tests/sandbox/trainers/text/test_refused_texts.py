"""Test data of the language, pair, question, similarity and number trainers that is refused, in one sentence.

The same data is a blocking finding of the doctor: what a job would fail on is known before it is launched.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from jsft_tui.core.catalog.task import Task
from jsft_tui.core.common.findings import Level
from jsft_tui.core.datasets.base.question import DataQuestion
from jsft_tui.sandbox.seed.datasets.broken import broken_datasets
from jsft_tui.sandbox.trainers.common.settings import UserError
from tests.core.datasets.examples import report, said
from tests.sandbox.trainers.jobs import train_here

Asked = dict[str, object]
Objects = dict[str, bytes]

MODELS = {
    "pairs": "huggingface-spc-distilroberta-base",
    "questions": "huggingface-eqa-distilbert-base-uncased",
    "similarity": "huggingface-sentencesimilarity-all-MiniLM-L6-v2",
    "regression": "sklearn-regression-linear",
    "boosting-regression": "xgboost-regression-model",
    "boosting-classification": "xgboost-classification-model",
    "gpt": "huggingface-textgeneration1-gpt-neo-125m",
    "llama": "meta-textgeneration-llama-3-2-1b-instruct",
}
TASKS = {
    "pairs": Task.SENTENCE_PAIR,
    "questions": Task.QUESTION_ANSWERING,
    "similarity": Task.SENTENCE_SIMILARITY,
    "regression": Task.TABULAR_REGRESSION,
    "boosting-regression": Task.TABULAR_REGRESSION,
    "boosting-classification": Task.TABULAR_CLASSIFICATION,
    "gpt": Task.TEXT_GENERATION,
    "llama": Task.TEXT_GENERATION,
}
INSTRUCTIONS: Asked = {"instruction_tuned": True}
TEXT: Asked = {"instruction_tuned": False}
CHAT: Asked = {"chat_dataset": True}


def csv_file(text: str) -> Objects:
    return {"data.csv": text.encode()}


def lines(*rows: object) -> Objects:
    return {"train.jsonl": "".join(json.dumps(row) + "\n" for row in rows).encode()}


def turns(*roles: str) -> dict[str, list[dict[str, str]]]:
    return {"dialog": [{"role": role, "content": "Hello."} for role in roles]}


GOOD_PAIRS = "0,a cat,a dog\n1,a cat,the cat\n" * 3
CASES: dict[str, tuple[str, Asked, Objects, str]] = {
    "pairs without a file": ("pairs", {}, {"train.csv": GOOD_PAIRS.encode()}, "has no data.csv"),
    "pairs of one label": ("pairs", {}, csv_file("1,a,b\n1,c,d\n"), "only the label 1"),
    "pairs with a header": ("pairs", {}, csv_file("label,one,two\n" + GOOD_PAIRS), "line 1: the label 'label'"),
    "a pair of one sentence": ("pairs", {}, csv_file(GOOD_PAIRS + "1,alone\n"), "no two sentences"),
    "a question with three columns": ("questions", {}, csv_file("why,because,0\n"), "it has 3 columns"),
    "an answer that is a word": ("questions", {}, csv_file("why,because,0,end\n"), "the end of the answer is 'end'"),
    "an answer outside": ("questions", {}, csv_file("why,because,0,70\n"), "the context has 7 characters"),
    "an answer backwards": ("questions", {}, csv_file("why,because,4,2\n"), "not a valid range"),
    "an id twice": ("similarity", {}, csv_file("1,one\n1,two\n"), "the id '1' is not unique"),
    "one text": ("similarity", {}, csv_file("1,one\n"), "has 1 texts"),
    "a target that is a word": ("regression", {}, csv_file("1,2\nhigh,3\n2,3\n"), "column 1 is 'high', not a number"),
    "a gap for scikit-learn": ("regression", {}, csv_file("1,2\n2,\n3,4\n"), "column 2 is '', not a number"),
    "a word for XGBoost": ("boosting-regression", {}, csv_file("1,2\n2,red\n3,4\n"), "column 2 is 'red'"),
    "a fraction as a class": ("boosting-classification", {}, csv_file("0,1\n1.5,2\n0,3\n"), "is not an integer"),
    "classes with a gap": ("boosting-classification", {}, csv_file("0,1\n2,2\n3,3\n0,4\n"), "XGBoost needs them"),
    "no lines": ("gpt", INSTRUCTIONS, {"train.txt": b"text"}, "has no *.jsonl file"),
    "a line that is no object": ("gpt", INSTRUCTIONS, {"a.jsonl": b"[1]\n"}, "line 1: it is not a JSON object"),
    "other keys": ("gpt", INSTRUCTIONS, lines({"question": "a", "answer": "b"}), "no key 'instruction'"),
    "a template without a completion": (
        "gpt",
        INSTRUCTIONS,
        {**lines({"a": "b"}), "template.json": b'{"prompt": "{a}"}'},
        "template.json is no template",
    ),
    "no text": ("gpt", TEXT, {"a.jsonl": b"{}"}, "has no text file"),
    "two texts": ("gpt", TEXT, {"a.txt": b"a\nb\n", "b.txt": b"a\nb\n"}, "has 2 text files"),
    "a text in Latin-1": ("gpt", TEXT, {"a.txt": "caf\u00e9\nbar\n".encode("latin-1")}, "is not UTF-8"),
    "roles out of turn": ("llama", CHAT, lines(turns("assistant", "user")), "its roles are not"),
    "a dialog of the user alone": ("llama", CHAT, lines(turns("user")), "its roles are not"),
    "no dialog": ("llama", CHAT, lines({"text": "hello"}), "it needs one of the keys dialog"),
    "both kinds": ("llama", {**CHAT, **INSTRUCTIONS}, lines(turns("user", "assistant")), "are both True"),
}


def write(objects: Objects, folder: Path) -> Path:
    for name, body in objects.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(body)
    return folder


def question(trainer: str, asked: Asked) -> DataQuestion:
    defaults = {"gpt": {"instruction_tuned": "False"}, "llama": {"instruction_tuned": "False", "chat_dataset": "True"}}
    given = {name: str(value) for name, value in asked.items()}
    return DataQuestion(TASKS[trainer], MODELS[trainer], {**defaults.get(trainer, {}), **given})


@pytest.mark.parametrize("case", CASES)
def test_a_trainer_refuses_what_the_doctor_blocks(case: str, tmp_path: Path) -> None:
    trainer, asked, objects, expected = CASES[case]
    with pytest.raises(UserError) as refused:
        train_here(trainer, tmp_path / "job", {"training": write(objects, tmp_path / "data")}, asked)
    assert expected in str(refused.value)
    assert "\n" not in str(refused.value)
    assert said(report(question(trainer, asked), objects), Level.BLOCK)


BROKEN = {
    "pairs-label-two": ("pairs", {}),
    "questions-answer-outside": ("questions", {}),
    "points-not-numeric": ("boosting-classification", {}),
    "instructions-wrong-keys": ("gpt", INSTRUCTIONS),
    "instructions-unknown-placeholder": ("gpt", INSTRUCTIONS),
    "instructions-not-json": ("gpt", INSTRUCTIONS),
    "dialogs-roles": ("llama", CHAT),
    "prose-two-files": ("gpt", TEXT),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_dataset_of_the_sandbox_fails_its_job(name: str, tmp_path: Path) -> None:
    trainer, asked = BROKEN[name]
    objects = next(dict(broken.objects) for broken in broken_datasets() if broken.name == name)
    with pytest.raises(UserError):
        train_here(trainer, tmp_path / "job", {"training": write(objects, tmp_path / "data")}, asked)
    assert said(report(question(trainer, asked), objects), Level.BLOCK)
