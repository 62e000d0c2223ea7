"""However slow the account is, every key is answered at once."""

from __future__ import annotations

import statistics
import time

import pytest

from tests.home import Home
from tests.tui.pilot import at_work
from tests.tui.screens import SIGNED_IN, Shown

SLOW = 8.0
"""Seconds that every call takes."""
BLOCKED = 2.5
"""Seconds that only a key takes which waits for a call."""
KEYS = ("down", "down", "up", "down", "pagedown", "home", "end", "up", "G", "g")


@pytest.mark.parametrize("screen", SIGNED_IN, ids=lambda screen: screen.name)
async def test_keys_are_answered_while_every_call_takes_seconds(screen: Shown, home: Home) -> None:
    async with at_work(home) as work:
        home.sandbox.set_faults({"do": "slow", "seconds": SLOW})
        try:
            # Asked again there: everything that the screen needs is under way.
            keys = (*screen.keys, "ctrl+r", *KEYS, "question_mark", "escape", "comma", "1", *screen.keys, "down")
            took = []
            for key in keys:
                begin = time.perf_counter()
                await work.pilot.press(key)
                took.append(time.perf_counter() - begin)
            print(f"{screen.name}: median {statistics.median(took) * 1000:.0f} ms, most {max(took) * 1000:.0f} ms")
            assert work.app.tasks.busy, "the calls were not slow"
            assert max(took) < BLOCKED, sorted(zip(took, keys, strict=True))[-3:]
        finally:
            home.sandbox.set_faults()
            work.app.tasks.forget()
