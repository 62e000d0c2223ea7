"""The question before a deploy or a transform tells the price, and asks for the dollars where there are many."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Any

import pytest

from jsft_tui.cli.app import run
from tests.cli.serving.conftest import Jsft
from tests.common.servers.sagemaker_server import BUCKET, JOB, client


class Keyboard(io.StringIO):
    """A terminal at which somebody types."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def asked(text: Jsft, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> Any:
    """Run a command, and type an answer; return the exit code and what was said."""

    def call(answer: str, *arguments: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "stdin", Keyboard(f"{answer}\n"))
        code = run(list(arguments))
        return code, " ".join(capsys.readouterr().err.split())

    return call


def endpoints(url: str) -> list[str]:
    found = client(url, "sagemaker").list_endpoints()["Endpoints"]
    return [each["EndpointName"] for each in found]


def test_a_cheap_deploy_is_asked_for_with_its_bound(asked: Any, url: str) -> None:
    code, said = asked("n", "deploy", JOB, "--lifetime", "2h")

    assert (code, endpoints(url)) == (2, [])
    assert f"{JOB}: 1 x ml.m5.large, at most $" in said
    assert " in 2 h" in said
    assert "Deploy?" in said


def test_a_deploy_above_the_limit_wants_the_dollars(asked: Any, url: str, tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text("confirm_above_usd: 1\n")
    code, said = asked("y", "deploy", JOB, "--async", f"s3://{BUCKET}/answers/", "--max-instances", "3")

    assert (code, endpoints(url)) == (2, [])
    assert "3 x ml.m5.large, at most $" in said
    dollars = said.partition("whole dollars (")[2].partition(")")[0]

    assert asked(dollars, "deploy", JOB, "--async", f"s3://{BUCKET}/answers/", "--max-instances", "3")[0] == 0
    assert endpoints(url) == [JOB]


def test_a_serverless_deploy_has_no_dollars_to_type(asked: Any, tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text("confirm_above_usd: 0\n")
    code, said = asked("y", "deploy", JOB, "--serverless", "2048")

    assert code == 0
    assert "serverless, 2048 MB, billed by its requests" in said


def test_a_transform_tells_its_price(asked: Any, url: str) -> None:
    client(url, "s3").put_object(Bucket=BUCKET, Key="in/cat.jpg", Body=b"x")

    code, said = asked("n", "transform", JOB, f"s3://{BUCKET}/in/", f"s3://{BUCKET}/out/", "--count", "2")

    assert code == 2
    assert "/h until all is predicted" in said
    assert client(url, "sagemaker").list_transform_jobs()["TransformJobSummaries"] == []
