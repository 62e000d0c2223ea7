"""Create sentence pairs, questions, texts and language data from AWS's API documentation: what each operation does.

As in `text`, the sentences are read from the service models of the installed botocore (Apache-2.0).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from random import Random

from jsft_tui.sandbox.seed.base import locations
from jsft_tui.sandbox.seed.datasets.formats import json_bytes, jsonl
from jsft_tui.sandbox.seed.datasets.text import csv_bytes, operation_sentences

README = """\
What AWS operations do

Each example is about one operation of an AWS service, for example "What does CreateBucket do?", and the first sentence
of its documentation. The sentences come from the service models of the installed Python package botocore (Apache-2.0,
Copyright Amazon.com, Inc. or its affiliates); the questions round them were written for the sandbox.
"""

SERVICES = ("dynamodb", "iam", "kms", "lambda", "rds", "s3", "ecs", "sns", "sqs", "ecr", "logs", "cloudformation")
_SHORTEST, _LONGEST = 25, 160
_SEED = 17
_CANDIDATES = 4
"""Sentences in the context of a question."""


@dataclass(frozen=True)
class Operation:
    """An operation: its service, its name, and what it does, in one sentence."""

    service: str
    name: str
    does: str


@lru_cache(maxsize=1)
def operations() -> tuple[Operation, ...]:
    """Return the operations of `SERVICES` in a random order, which is always the same; no two do the same."""
    found: dict[str, Operation] = {}
    for service in SERVICES:
        for name, does in operation_sentences(service):
            if _SHORTEST <= len(does) <= _LONGEST:
                found.setdefault(does, Operation(service, name, does))
    listed = list(found.values())
    Random(_SEED).shuffle(listed)
    return tuple(listed)


def operation_datasets() -> dict[str, dict[str, bytes]]:
    """Map each key prefix in the content bucket to the objects under it."""
    return {
        locations.PAIRS: {"data.csv": pairs_csv()},
        locations.QUESTIONS: {"data.csv": questions_csv()},
        locations.SENTENCES: {"data.csv": sentences_csv()},
        locations.INSTRUCTIONS: instructions(),
        locations.DIALOGS: {"train.jsonl": dialogs()},
        locations.PROSE: {"prose.txt": prose()},
    }


def pairs_csv() -> bytes:
    """Create sentence pairs: label 1 if the sentence answers the question, 0 if it is about another operation."""
    random = Random(_SEED)
    rows: list[tuple[object, ...]] = []
    for operation in operations():
        rows.append((1, _question(operation), operation.does))
        rows.append((0, _question(operation), random.choice(_others(operation)).does))
    return csv_bytes(rows)


def questions_csv() -> bytes:
    """Create questions: the context has the sentences of four operations of the same service, in random order.

    Not checked against AWS: whether the end is the position after the answer's last character, as here.
    """
    random = Random(_SEED)
    rows: list[tuple[object, ...]] = []
    for operation in operations():
        told = [operation, *random.sample(_others(operation), _CANDIDATES - 1)]
        random.shuffle(told)
        context = " ".join(each.does for each in told)
        start = context.index(operation.does)
        rows.append((_question(operation), context, start, start + len(operation.does)))
    return csv_bytes(rows)


def sentences_csv() -> bytes:
    """Create texts with unique ids: the operations, as `s3:CreateBucket`."""
    return csv_bytes([(f"{each.service}:{each.name}", each.does) for each in operations()[:600]])


def instructions() -> dict[str, bytes]:
    """Create instruction tuning data: rows of `instruction`, `context`, `response`, and a template."""
    rows = [
        {"instruction": _question(each), "context": f"It is an operation of {each.service}.", "response": each.does}
        for each in operations()
    ]
    template = {"prompt": "### Instruction:\n{instruction}\n\n### Response:\n", "completion": "{response}"}
    return {"train.jsonl": jsonl(rows), "template.json": json_bytes(template)}


def dialogs() -> bytes:
    """Create chat data: a user asks about an operation, and the assistant answers."""
    return jsonl(
        {
            "dialog": [
                {"role": "user", "content": _question(each)},
                {"role": "assistant", "content": each.does},
            ]
        }
        for each in operations()
    )


def prose() -> bytes:
    """Create domain adaptation data: one text file, a line for each operation."""
    return "".join(f"{each.name}: {each.does}\n" for each in operations()).encode()


def _question(operation: Operation) -> str:
    return f"What does {operation.name} do?"


@lru_cache(maxsize=len(SERVICES))
def _of_service(service: str) -> tuple[Operation, ...]:
    return tuple(each for each in operations() if each.service == service)


def _others(operation: Operation) -> list[Operation]:
    """Return the other operations of the same service."""
    return [each for each in _of_service(operation.service) if each is not operation]
