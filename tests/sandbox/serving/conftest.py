"""Fixtures of the tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sandbox.running import RunningSandbox
from tests.sandbox.serving.endpoints import Endpoints


@pytest.fixture(scope="module")
def endpoints(sandbox: RunningSandbox) -> Endpoints:
    """Endpoints in the sandbox that all tests share."""
    return Endpoints(sandbox)


@pytest.fixture
def own(state_dir: Path) -> Iterator[Endpoints]:
    """Endpoints in a sandbox of the test's own."""
    running = RunningSandbox(state_dir)
    yield Endpoints(running)
    running.kill()
