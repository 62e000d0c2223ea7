"""Timers that go off once, while the program is held."""

from __future__ import annotations

import asyncio
import itertools
import time
from pathlib import Path

import pytest
from textual import _time
from textual.app import App

from jsft_tui.tui.terminal.one_shot import one_shot


async def test_a_timer_goes_off_though_the_program_was_held_while_it_began(monkeypatch: pytest.MonkeyPatch) -> None:
    app: App[None] = App()
    async with app.run_test():
        readings = itertools.count()
        monkeypatch.setattr(_time, "get_time", lambda: time.monotonic() + min(next(readings), 9))  # seconds between two
        done = asyncio.Event()
        one_shot(app, 0.01, done.set)
        await asyncio.wait_for(done.wait(), 60)


def test_no_timer_of_the_program_is_one_that_may_be_skipped() -> None:
    own = Path(one_shot.__code__.co_filename)
    files = [path for path in own.parents[1].rglob("*.py") if path != own]
    assert [path.name for path in files if ".set_timer(" in path.read_text(encoding="utf-8")] == []
