"""Batch transforms on the command line: started once, listed, stopped, their models deleted."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.cli.serving.conftest import Jsft
from tests.common.servers.sagemaker_server import BUCKET, JOB, client

DOCUMENTED = set(re.findall(r"\w+", (Path(__file__).parents[3] / "docs" / "json.md").read_text(encoding="utf-8")))
DATA, OUTPUT = f"s3://{BUCKET}/in/", f"s3://{BUCKET}/out/"


@pytest.fixture
def sagemaker(url: str) -> Any:
    """A client; there is something to predict."""
    client(url, "s3").put_object(Bucket=BUCKET, Key="in/cat.jpg", Body=b"x")
    return client(url, "sagemaker")


def test_the_same_transform_is_started_once(sagemaker: Any, jsft: Jsft) -> None:
    code, first = jsft("transform", JOB, DATA, OUTPUT, "--yes")
    again = jsft("transform", JOB, DATA, OUTPUT, "--yes")

    assert (code, first["created"]) == (0, ["model", "transform job"])
    assert again == (0, {"name": first["name"], "created": []})
    assert jsft("transform", JOB, DATA, OUTPUT, "--yes", "--name", "another")[1]["created"] == first["created"]
    code, listed = jsft("transforms")
    assert {each["name"] for each in listed} == {first["name"], "another"}
    assert not {key for each in listed for key in each} - DOCUMENTED


def test_a_transform_that_is_followed_takes_its_model_with_it(sagemaker: Any, jsft: Jsft) -> None:
    code, ended = jsft("transform", JOB, DATA, OUTPUT, "--yes", "--follow")

    assert (code, ended["status"], ended["input"], ended["output"]) == (0, "Completed", DATA, OUTPUT)
    assert sagemaker.list_models()["Models"] == []
    assert jsft("transforms", "--clean") == (0, {"deleted": []})
    # Repeated, it finds the job, and makes no other model for it.
    assert jsft("transform", JOB, DATA, OUTPUT, "--yes") == (0, {"name": ended["name"], "created": []})
    assert sagemaker.list_models()["Models"] == []


def test_models_of_transforms_that_nobody_followed_are_cleaned_and_no_others(sagemaker: Any, jsft: Jsft) -> None:
    jsft("deploy", JOB, "--yes")
    name = jsft("transform", JOB, DATA, OUTPUT, "--yes")[1]["name"]

    assert jsft("transforms", "--clean") == (0, {"deleted": [name]})
    assert [each["ModelName"] for each in sagemaker.list_models()["Models"]] == [JOB]


def test_a_lost_job_is_started_by_repeating(sagemaker: Any, jsft: Jsft) -> None:
    requests = jsft("transform", JOB, DATA, OUTPUT, "--dry-run")[1]["requests"]
    sagemaker.create_model(**requests["CreateModel"])

    code, document = jsft("transform", JOB, DATA, OUTPUT, "--yes")

    assert (code, document["created"]) == (0, ["transform job"])


def test_a_dry_run_starts_nothing(sagemaker: Any, jsft: Jsft) -> None:
    options = ("--split", "line", "--single", "--max-payload", "1", "--content-type", "application/jsonlines")
    code, document = jsft("transform", JOB, DATA, OUTPUT, *options, "--dry-run")

    request = document["requests"]["CreateTransformJob"]
    assert code == 0
    assert request["TransformInput"]["ContentType"] == "application/jsonlines"
    assert (request["BatchStrategy"], request["MaxPayloadInMB"]) == ("SingleRecord", 1)
    assert sagemaker.list_models()["Models"] == []
    assert not (set(document) | set(document["requests"])) - DOCUMENTED


@pytest.mark.parametrize(
    ("arguments", "code", "error"),
    [
        ([JOB, f"s3://{BUCKET}/nothing/", OUTPUT, "--yes"], 3, "NoData"),
        ([JOB, "in/", OUTPUT, "--yes"], 2, "MalformedS3Uri"),
        ([JOB, DATA, OUTPUT], 2, "NotConfirmed"),
        ([JOB, DATA, OUTPUT, "--yes", "--instance", "ml.p5.48xlarge"], 3, "NotATransformType"),
        (["nothing", DATA, OUTPUT, "--yes"], 4, "NoSuchJob"),
        ([JOB, DATA, OUTPUT, "--yes", "--read-only"], 2, "ReadOnly"),
    ],
    ids=["no data", "no URI", "unconfirmed", "type", "no job", "read-only"],
)
def test_what_cannot_be_started_says_why(
    sagemaker: Any, jsft: Jsft, arguments: list[str], code: int, error: str
) -> None:
    found, document = jsft("transform", *arguments)

    assert (found, document["error"]["code"]) == (code, error)
    assert sagemaker.list_models()["Models"] == []


def test_one_transform_is_shown_and_stopped(sagemaker: Any, jsft: Jsft, text: Jsft) -> None:
    name = jsft("transform", JOB, DATA, OUTPUT, "--yes")[1]["name"]

    code, shown = jsft("transforms", name)
    assert (code, shown["name"], shown["model"]) == (0, name, name)
    assert "Output" in text("transforms", name)[1]
    assert jsft("transforms", name, "--logs") == (0, [])
    assert jsft("transforms", "nothing")[1]["error"]["code"] == "NoSuchTransform"
    code, document = jsft("stop", name, "--yes")
    assert code in (0, 2), document
    assert document.get("status") == "Stopping" or document["error"]["code"] == "AlreadyEnded"
    assert jsft("stop", "nothing", "--yes")[1]["error"]["code"] == "NoSuchJob"


def test_archived_data_and_an_archived_model_are_refused_before_anything_is_created(
    url: str, sagemaker: Any, jsft: Jsft
) -> None:
    s3 = client(url, "s3")
    s3.put_object(Bucket=BUCKET, Key="in/cat.jpg", Body=b"x", StorageClass="DEEP_ARCHIVE")

    code, document = jsft("transform", JOB, DATA, OUTPUT, "--yes")

    assert (code, document["error"]["code"]) == (3, "Archived")
    assert sagemaker.list_models()["Models"] == []
