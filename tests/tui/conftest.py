"""Fixtures of the full-screen interface's tests."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from tests.tui.still import set_plain_environment


@pytest.fixture
def plain_environment() -> Iterator[None]:
    """The environment in which pictures are the same on every machine, time zone included."""
    with pytest.MonkeyPatch.context() as patch:
        set_plain_environment(patch)
        time.tzset()
        yield
    time.tzset()
