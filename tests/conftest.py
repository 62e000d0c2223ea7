"""Fixtures for everything that needs a jsft with a sandbox."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.home import Home


@pytest.fixture(scope="session")
def _session_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    home = Home(tmp_path_factory.mktemp("home") / "jsft")
    yield home
    home.sandbox.stop()


@pytest.fixture
def home(_session_home: Home) -> Iterator[Home]:
    """A jsft with a sandbox, shared by the session; faults that a test sets end with it."""
    yield _session_home
    _session_home.sandbox.set_faults()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that is the working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path
