"""What a start says of endpoints, from what commands have seen: without asking AWS."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

from jsft_tui.cli.app import run
from tests.cli.serving.conftest import Jsft
from tests.common.servers.sagemaker_server import JOB, client


class Terminal(io.StringIO):
    """A stream that says that it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run a command at a terminal; return what it says."""

    def call(*arguments: str) -> str:
        stream = Terminal()
        with monkeypatch.context() as patched:
            patched.setattr("sys.stderr", stream)
            run(list(arguments))
        return stream.getvalue()

    return call


def test_a_deploy_is_remembered_until_the_teardown(jsft: Jsft, said: Any) -> None:
    assert "1 endpoint" not in said("s3", "ls")

    jsft("deploy", JOB, "--yes")
    assert "1 endpoint, $" in said("s3", "ls")

    jsft("teardown", JOB, "--yes")
    assert "1 endpoint" not in said("s3", "ls")


def test_a_serverless_endpoint_is_remembered_at_no_price(jsft: Jsft, said: Any) -> None:
    jsft("deploy", JOB, "--serverless", "2048", "--yes")

    assert "1 endpoint, $0.00/h" in said("s3", "ls")


def test_what_others_made_is_learned_from_the_list(jsft: Jsft, said: Any, url: str) -> None:
    jsft("deploy", JOB, "--yes")
    client(url, "sagemaker").delete_endpoint(EndpointName=JOB)

    jsft("endpoints")

    assert "1 endpoint" not in said("s3", "ls")


def test_an_unreadable_memory_is_none(jsft: Jsft, said: Any, tmp_path: Path) -> None:
    jsft("deploy", JOB, "--yes")
    (file,) = (tmp_path).rglob("endpoints/*.json")
    file.write_text('[{"name": 1, "more": 2}]')

    assert "endpoint" not in said("s3", "ls")
