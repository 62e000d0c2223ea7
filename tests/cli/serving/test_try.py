"""`jsft try` of an endpoint. That of a job of the sandbox is in `tests/cli/jobs/test_try.py`."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.cli.serving.conftest import Jsft
from tests.common.servers.sagemaker_server import JOB, put_answer

DOCUMENTED = set(re.findall(r"\w+", (Path(__file__).parents[3] / "docs" / "json.md").read_text(encoding="utf-8")))
ANSWER = json.dumps({"probabilities": [0.1, 0.9], "labels": ["ca\x1b[2Jt", "dog"]})


@pytest.fixture
def picture(jsft: Jsft, tmp_path: Path) -> str:
    """A picture; the job that classifies pictures is deployed."""
    assert jsft("deploy", JOB, "--yes")[0] == 0
    path = tmp_path / "cat.png"
    path.write_text("The server takes text only.")
    return str(path)


def test_a_picture_is_answered_with_labels_the_best_first(url: str, jsft: Jsft, text: Jsft, picture: str) -> None:
    put_answer(url, ANSWER)

    code, rows = jsft("try", JOB, picture)

    assert (code, [(row["label"], row["probability"]) for row in rows]) == (0, [("dog", 0.9), ("cat", 0.1)])
    assert not {key for row in rows for key in row} - DOCUMENTED
    code, printed = text("try", JOB, picture)
    assert (code, printed.splitlines()[1].split()) == (0, ["0.9000", "dog"])


def test_the_raw_answer_is_the_answer(url: str, jsft: Jsft, text: Jsft, picture: str) -> None:
    put_answer(url, ANSWER)

    code, printed = text("try", JOB, picture, "--raw")

    assert (code, json.loads(printed)) == (0, json.loads(ANSWER))
    code, call = jsft("try", JOB, picture, "--raw")
    assert (code, call["name"], call["content_type"]) == (0, JOB, "application/x-image")
    assert json.loads(call["answer"]) == json.loads(ANSWER)
    assert call["sent_bytes"] == Path(picture).stat().st_size
    assert call["seconds"] > 0
    assert not set(call) - DOCUMENTED


def test_an_answer_of_no_known_form_is_printed_as_it_is(url: str, text: Jsft, picture: str) -> None:
    put_answer(url, "three\x1b[31m cats")

    code, printed = text("try", JOB, "cats", "--content-type", "text/plain")

    assert (code, printed) == (0, "three cats\n")


@pytest.mark.parametrize(
    ("arguments", "code", "error"),
    [
        (["no-such-endpoint", "x"], 4, "NoSuchEndpoint"),
        ([JOB, "no-such.png"], 2, "NoSuchFile"),
        ([JOB], 2, "NoExample"),
        ([JOB, "x", "--parameter", "top_p"], 2, "BadUsage"),
        ([JOB, "x", "--parameter", "top_p=1"], 2, "NoSuchFile"),
    ],
    ids=["no endpoint", "no picture", "no example", "no value", "parameters"],
)
def test_what_cannot_be_asked_says_why(jsft: Jsft, picture: str, arguments: list[str], code: int, error: str) -> None:
    found, document = jsft("try", *arguments)

    assert (found, document["error"]["code"]) == (code, error)
