"""Create text classification data: sentences of AWS's API documentation, labeled by service.

The sentences are read from the service models of the installed botocore (Apache-2.0), so the sandbox contains no
copy of them; other botocore versions may have slightly different sentences.
"""

from __future__ import annotations

import csv
import gzip
import html
import io
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import botocore

SERVICES = ("dynamodb", "iam", "kms", "lambda", "rds", "s3")
"""The classes: label 0 is dynamodb, label 5 is s3."""

README = """\
Sentences of AWS's API documentation

data.csv has no header; its first column is a label from 0 to 5 (0 dynamodb, 1 iam, 2 kms, 3 lambda, 4 rds, 5 s3), its
second column a sentence. The sentences come from the service models of the installed Python package botocore
(Apache-2.0, Copyright Amazon.com, Inc. or its affiliates).
"""

_TAG = re.compile(r"<[^>]+>")
_SPACE_BEFORE_STOP = re.compile(r" ([.,;:!?])(?=\s|$)")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_SHORTEST, _LONGEST = 40, 240


def sentences(service: str) -> list[str]:
    """Return the distinct sentences of 40 to 240 characters in a service's API documentation, in the model's order.

    Raises:
        FileNotFoundError: the installed botocore does not have that service.
    """
    found: dict[str, None] = {}
    for documentation in _documentation(_service_model(service)):
        for sentence in _SENTENCE_END.split(_plain(documentation)):
            if _SHORTEST <= len(sentence) <= _LONGEST:
                found[sentence] = None
    return list(found)


def operation_sentences(service: str) -> list[tuple[str, str]]:
    """Return the operations of a service by name, each with the first sentence of its documentation; it may be empty.

    Raises:
        FileNotFoundError: the installed botocore does not have that service.
    """
    operations = _service_model(service)["operations"]
    return [
        (name, _SENTENCE_END.split(_plain(operation.get("documentation", "")))[0])
        for name, operation in operations.items()
    ]


def labeled_sentences(per_class: int = 400) -> list[tuple[int, str]]:
    """Return the same number of sentences per service, spread over its documentation, with alternating labels."""
    columns = [_spread(sentences(service), per_class) for service in SERVICES]
    return [(label, row[label]) for row in zip(*columns, strict=True) for label in range(len(SERVICES))]


def services_csv(per_class: int = 400) -> bytes:
    """Return `data.csv` of the sentences: label, sentence; UTF-8, no header."""
    return csv_bytes(labeled_sentences(per_class))


def csv_bytes(rows: Iterable[Sequence[object]]) -> bytes:
    """Encode rows as a CSV file in UTF-8 with LF line endings."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def _plain(documentation: str) -> str:
    """Return documentation without its tags."""
    return _SPACE_BEFORE_STOP.sub(r"\1", " ".join(html.unescape(_TAG.sub(" ", documentation)).split()))


def _spread(items: list[str], count: int) -> list[str]:
    return [items[index * len(items) // count] for index in range(count)]


def _service_model(service: str) -> dict[str, Any]:
    folder = Path(botocore.__file__).parent / "data" / service
    versions = sorted(path for path in folder.glob("*/service-2.json*") if path.name != "service-2.sdk-extras.json")
    if not versions:
        raise FileNotFoundError(f"botocore has no service model for {service} in {folder}")
    body = versions[-1].read_bytes()
    if versions[-1].suffix == ".gz":
        body = gzip.decompress(body)
    model: dict[str, Any] = json.loads(body)
    return model


def _documentation(model: dict[str, Any]) -> Iterator[str]:
    for operation in model["operations"].values():
        yield operation.get("documentation", "")
    for shape in model["shapes"].values():
        yield shape.get("documentation", "")
        for member in shape.get("members", {}).values():
            yield member.get("documentation", "")
