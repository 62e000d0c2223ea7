"""Fixtures for everything that talks to a sandbox."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.common.faults.sandbox import FaultySandbox
from tests.sandbox.running import RunningSandbox


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FaultySandbox]:
    """One sandbox for the whole session, with test faults; a test that sets faults must clear them."""
    running = FaultySandbox(tmp_path_factory.mktemp("sandbox") / "state")
    yield running
    running.stop()


@pytest.fixture
def bucket(sandbox: FaultySandbox, request: pytest.FixtureRequest) -> str:
    """A fresh bucket in the sandbox's region."""
    name = f"test-{abs(hash(request.node.nodeid)):x}"
    region = sandbox.info["region"]
    sandbox.client("s3").create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": region})
    return name


@pytest.fixture
def state_dir(tmp_path: Path) -> Path:
    """A folder for a sandbox of the test's own."""
    return tmp_path / "state"


@pytest.fixture
def own_sandbox(state_dir: Path) -> Iterator[RunningSandbox]:
    """A sandbox of the test's own, which it may kill."""
    running = RunningSandbox(state_dir)
    yield running
    running.stop()
