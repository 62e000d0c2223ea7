"""Fixtures for everything that needs a jsft with a sandbox."""

from __future__ import annotations

import functools
import gc
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import botocore.session
import pytest
from hypothesis import HealthCheck, settings

from tests.common.effort import PATIENCE
from tests.common.home import Home
from tests.common.sdk_v2.python import python_with_sdk

TESTS = Path(__file__).parent

# The processes that tests start (sandboxes, jobs, command lines) find compiled what the first one of them compiled.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# Several workers train small models in their own process: threads that wait for each other in a busy loop double the
# work there. Read when numpy is imported.
for library in ("OPENBLAS", "OMP", "MKL"):
    os.environ.setdefault(f"{library}_NUM_THREADS", "1")

# A shell that runs the tests in the background has these two ignored, and the programs that they start inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGQUIT, signal.SIG_DFL)

gc.set_threshold(50_000, 20, 20)
"""Half a million objects (pytest, Textual, the service models of boto3) stay for good: to look through them each time a
hundred thousand more were made took a third of the time of the tests of screens."""


LONGEST_FIRST = ("smoke", "whole", "tui", "sandbox", "cli", "services", "aws", "core")
"""The folders in the order in which several workers take them: what is left at the end is in small pieces."""


PROFILE_BY_FOLDER = {"sandbox/trainers": "training"}
"""The profile of all tests in a folder; elsewhere a file or a test names its own."""

NEEDS_SANDBOX = frozenset({"home", "sandbox", "_session_home"})
"""Fixtures that start a sandbox: a test that uses one of them belongs to the sandbox profile."""

settings.register_profile(
    "jsft", deadline=None, derandomize=True, max_examples=60, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("jsft")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Give each test its profile; where several workers share the tests, the longest files come first."""
    for item in items:
        for folder_name, profile in PROFILE_BY_FOLDER.items():
            if item.path.is_relative_to(TESTS / folder_name):
                item.add_marker(profile)
        if NEEDS_SANDBOX & set(getattr(item, "fixturenames", ())):
            item.add_marker("sandbox")
    if hasattr(config, "workerinput"):
        folder = {name: number for number, name in enumerate(LONGEST_FIRST)}
        items.sort(key=lambda item: folder.get(item.path.relative_to(TESTS).parts[0], len(folder)))


LONGEST_ID = 40
"""Characters of a value that become part of a test's name."""


def pytest_make_parametrize_id(val: object) -> str | None:
    """Return a readable name for a long text; None leaves the choice to pytest."""
    if isinstance(val, str | bytes) and len(val) > LONGEST_ID:
        shown = ascii(val[: LONGEST_ID // 2])
        return f"{shown}...{len(val)}"
    return None


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


@pytest.fixture(scope="session", autouse=True)
def _inputs_may_take_their_time() -> Iterator[None]:
    """The checks wait as long as it takes: on a busy machine nine seconds are over before an honest answer."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("jsft_tui.services.preflight.run.DEADLINE", 10 * PATIENCE)
        yield


@pytest.fixture(scope="session")
def _session_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    home = Home(tmp_path_factory.mktemp("home") / "jsft")
    yield home
    home.sandbox.stop()


@pytest.fixture
def home(_session_home: Home) -> Iterator[Home]:
    """A jsft with a sandbox, shared by the session; a test's faults, jobs, and endpoints end with it."""
    before = _session_home.endpoints()
    yield _session_home
    _session_home.sandbox.set_faults()
    _session_home.wait_for_jobs()
    _session_home.delete_endpoints(but_not=before)


@pytest.fixture(scope="session")
def sdk_v2_python(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A Python that has the SageMaker SDK v2."""
    return python_with_sdk(tmp_path_factory.mktemp("sdk"))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that is the working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path
