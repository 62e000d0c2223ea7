"""An account with a finished job, on a server that keeps endpoints as SageMaker does."""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest

from jsft_tui.cli.app import run
from tests.common.servers.sagemaker_server import KEYS, REGION, put_job, sagemaker_server


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of this folder: each starts a server of its own."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.sandbox)


class Jsft(Protocol):
    """Runs a command."""

    def __call__(self, *arguments: str) -> tuple[int, Any]:
        """Return its exit code and what it printed on stdout."""
        ...


@pytest.fixture
def url() -> Iterator[str]:
    with sagemaker_server() as url:
        put_job(url)
        yield url


@pytest.fixture
def text(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Jsft:
    """Run a command and return its text."""
    for name, value in {
        "AWS_ENDPOINT_URL": url,
        "AWS_REGION": REGION,
        "JSFT_HOME": str(tmp_path),
        **{name.upper(): value for name, value in KEYS.items()},
    }.items():
        monkeypatch.setenv(name, value)

    def call(*arguments: str) -> tuple[int, Any]:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            code = run([*arguments])
        return code, printed.getvalue()

    return call


@pytest.fixture
def jsft(text: Jsft) -> Jsft:
    """Run a command with --json and return its document."""

    def call(*arguments: str) -> tuple[int, Any]:
        code, printed = text(*arguments, "--json")
        return code, json.loads(printed)

    return call
