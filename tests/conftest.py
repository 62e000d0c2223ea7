"""Fixtures for everything that needs a jsft with a sandbox."""

from __future__ import annotations

import functools
import gc
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import botocore.session
import pytest

from tests.home import Home

TESTS = Path(__file__).parent

# The processes that tests start (sandboxes, jobs, command lines) find compiled what the first one of them compiled.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# Several workers train small models in their own process: threads that wait for each other in a busy loop double the
# work there. Read when numpy is imported.
for library in ("OPENBLAS", "OMP", "MKL"):
    os.environ.setdefault(f"{library}_NUM_THREADS", "1")

gc.set_threshold(50_000, 20, 20)
"""Half a million objects (pytest, Textual, the service models of boto3) stay for good: to look through them each time a
hundred thousand more were made took a third of the time of the tests of screens."""


LONGEST_FIRST = ("whole", "tui", "sandbox", "cli", "services", "aws", "core")
"""The folders in the order in which several workers take them: what is left at the end is in small pieces."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Where several workers share the tests, the longest files come first."""
    if hasattr(config, "workerinput"):
        folder = {name: number for number, name in enumerate(LONGEST_FIRST)}
        items.sort(key=lambda item: folder.get(item.path.relative_to(TESTS).parts[0], len(folder)))


def pytest_collection_finish() -> None:
    """What is there when the tests begin is never looked through again."""
    gc.collect()
    gc.freeze()


def pytest_unconfigure() -> None:
    """The process ends: pytest need not look through all that is left five times."""
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def _one_loader() -> Iterator[None]:
    """All botocore sessions of a test process share one loader: each would read the same service models anew."""
    original = botocore.session.create_loader
    botocore.session.create_loader = functools.cache(original)
    yield
    botocore.session.create_loader = original


@pytest.fixture(scope="session")
def _session_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    home = Home(tmp_path_factory.mktemp("home") / "jsft")
    yield home
    home.sandbox.stop()


@pytest.fixture
def home(_session_home: Home) -> Iterator[Home]:
    """A jsft with a sandbox, shared by the session; faults that a test sets, and jobs, end with it."""
    yield _session_home
    _session_home.sandbox.set_faults()
    _session_home.wait_for_jobs()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that is the working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path
