"""Fixtures of the full-screen interface's tests."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from tests.tui.driver.idle import wait_until_handled, wait_until_idle
from tests.tui.driver.still import set_plain_environment


@pytest.fixture(scope="session", autouse=True)
def _idle_is_counted() -> Iterator[None]:
    """Pilots wait until an app is idle, and no longer."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("textual.app.wait_for_idle", wait_until_handled)  # between two keys
        patch.setattr("textual.pilot.wait_for_idle", wait_until_idle)
        yield


@pytest.fixture
def plain_environment() -> Iterator[None]:
    """The environment in which pictures are the same on every machine, time zone included."""
    with pytest.MonkeyPatch.context() as patch:
        set_plain_environment(patch)
        time.tzset()
        yield
    time.tzset()


@pytest.fixture(autouse=True)
def _cursors_rest_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is told about the row under the cursor is there as soon as nothing else is to be done."""
    monkeypatch.setattr("jsft_tui.tui.base.screens.work_screen.REST", 0.001)


@pytest.fixture(autouse=True)
def _listens_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Questions listen as soon as they are there: tests read faster than people."""
    monkeypatch.setattr("jsft_tui.tui.base.dialog.INPUT_DELAY", 0.0)
