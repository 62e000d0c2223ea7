"""A deploy that is followed tells how it ended, and what is missing when nobody waits for the end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import pytest

from jsft_tui.core.serving.endpoint import EndpointStatus
from jsft_tui.services.serving.watching import Watcher
from tests.cli.serving.conftest import Jsft
from tests.common.servers.sagemaker_server import BUCKET, JOB, client


@pytest.fixture
def failing() -> Iterator[None]:
    """Let the service say that endpoints have failed, once they were created."""
    with patch.object(EndpointStatus, "parse", lambda _: EndpointStatus.FAILED):
        yield


def test_an_endpoint_that_fails_is_no_success(jsft: Jsft, failing: None) -> None:
    code, document = jsft("deploy", JOB, "--follow", "--yes")

    assert (code, document["name"]) == (5, JOB)


def test_a_failed_endpoint_says_why_and_what_to_do(text: Jsft, failing: None, capsys: Any) -> None:
    code, _ = text("deploy", JOB, "--follow", "--yes")

    said = capsys.readouterr().err
    assert code == 5
    assert f"{JOB} did not come into service" in said
    assert f"jsft teardown {JOB}" in said
    assert "Created" not in said


def test_who_stops_following_a_queue_is_told_that_it_does_not_scale_yet(text: Jsft, url: str, capsys: Any) -> None:
    def interrupted(*_: Any) -> Iterator[Any]:
        raise KeyboardInterrupt

    with patch.object(Watcher, "events", interrupted):
        code, _ = text("deploy", JOB, "--async", f"s3://{BUCKET}/answers/", "--follow", "--yes")

    said = " ".join(capsys.readouterr().err.split())
    scaling = client(url, "application-autoscaling")
    assert code == 130
    assert "Its instances run until it scales to zero" in said
    assert scaling.describe_scalable_targets(ServiceNamespace="sagemaker")["ScalableTargets"] == []
