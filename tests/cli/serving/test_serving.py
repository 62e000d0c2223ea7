"""From a finished job to an endpoint and back, on the command line."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.cli.serving.conftest import Jsft
from tests.common.servers.sagemaker_server import JOB, client

DOCUMENTED = set(re.findall(r"\w+", (Path(__file__).parents[3] / "docs" / "json.md").read_text(encoding="utf-8")))


def keys_of(document: Any) -> set[str]:
    if isinstance(document, list):
        return {key for each in document for key in keys_of(each)}
    return set(document) if isinstance(document, dict) else set()


def test_a_job_is_deployed_seen_and_torn_down_without_a_rest(jsft: Jsft, url: str) -> None:
    code, deployed = jsft("deploy", JOB, "--lifetime", "2h", "--yes")
    assert (code, deployed) == (
        0,
        {"name": JOB, "created": ["model", "endpoint configuration", "endpoint"], "scales": None},
    )

    assert jsft("deploy", JOB, "--yes") == (0, {"name": JOB, "created": [], "scales": None})

    code, listed = jsft("endpoints")
    assert code == 0
    assert [(each["name"], each["job"], each["instances"], each["is_ours"]) for each in listed] == [
        (JOB, JOB, {"ml.m5.large": 1}, True)
    ]
    code, shown = jsft("endpoint", JOB)
    assert shown["usd_per_month"] == pytest.approx(shown["usd_per_hour"] * 730)
    assert not keys_of([listed, shown, deployed]) - DOCUMENTED
    assert jsft("endpoints", "--expired", "--delete", "--yes") == (0, {"deleted": [], "failed": []})

    code, torn = jsft("teardown", JOB, "--yes")
    assert [each["kind"] for each in torn["deletes"]] == ["endpoint", "endpoint configuration", "model"]
    assert (torn["keeps"], torn["deleted"]) == ([], True)
    assert not keys_of(torn) - DOCUMENTED
    sagemaker = client(url, "sagemaker")
    assert sagemaker.list_endpoints()["Endpoints"] == []
    assert sagemaker.list_endpoint_configs()["EndpointConfigs"] == []
    assert sagemaker.list_models()["Models"] == []


def test_a_dry_run_creates_nothing_and_says_what_would_be_sent(jsft: Jsft, url: str) -> None:
    code, document = jsft("deploy", JOB, "--count", "2", "--name", "mine", "--dry-run")

    variant = document["requests"]["CreateEndpointConfig"]["ProductionVariants"][0]
    assert (code, variant["ModelName"], variant["InitialInstanceCount"]) == (0, "mine", 2)
    levels = {each["check"]: each["level"] for each in document["findings"]}
    assert (levels["image"], levels["name"], levels["cost"]) == ("pass", "pass", "warn")
    assert client(url, "sagemaker").list_models()["Models"] == []


@pytest.mark.parametrize("form", ["json", "boto3", "sagemaker", "awscli"])
def test_a_deploy_is_written_as_code(jsft: Jsft, text: Jsft, url: str, form: str) -> None:
    code, document = jsft("deploy", JOB, "--count", "2", "--as", form)

    assert (code, document["form"]) == (0, form)
    assert "ml.m5.large" in document["text"]
    assert text("deploy", JOB, "--count", "2", "--as", form) == (0, document["text"])
    assert client(url, "sagemaker").list_models()["Models"] == []


def test_a_deploy_above_the_cap_is_blocked(jsft: Jsft, url: str) -> None:
    code, document = jsft("deploy", JOB, "--max-per-month", "1", "--yes")

    assert (code, document["error"]["code"]) == (3, "Preflight")
    assert client(url, "sagemaker").list_models()["Models"] == []


@pytest.mark.parametrize(
    ("arguments", "code", "error"),
    [
        (["deploy", JOB], 2, "NotConfirmed"),
        (["deploy", JOB, "--yes", "--lifetime", "soon"], 2, "BadLifetime"),
        (["deploy", "nothing", "--yes"], 4, "NoSuchJob"),
        (["endpoint", "nothing"], 4, "NoSuchEndpoint"),
        (["teardown", "nothing", "--yes"], 4, "NoSuchEndpoint"),
        (["endpoints", "--delete"], 2, "BadUsage"),
        (["--read-only", "deploy", JOB, "--yes"], 2, "ReadOnly"),
    ],
    ids=["unconfirmed", "lifetime", "no job", "no endpoint", "nothing to delete", "delete all", "read-only"],
)
def test_what_cannot_be_done_says_why(jsft: Jsft, arguments: list[str], code: int, error: str) -> None:
    found, document = jsft(*arguments)

    assert (found, document["error"]["code"]) == (code, error)
