"""However slow the account is, every key is answered at once."""

from __future__ import annotations

import re
import statistics
import time
from collections.abc import Callable

import pytest

from tests.home import Home
from tests.tui.pilot import at_work
from tests.tui.pseudo_terminal import Terminal
from tests.tui.screens.opened import SIGNED_IN, Shown

pytestmark = pytest.mark.terminal

SLOW = 8.0
"""Seconds that every call takes."""
BLOCKED = 2.5
"""Seconds that only a key takes which waits for a call."""
CALL, ANSWERED = 3.0, 1.5
"""Seconds that a call takes, and within which a key is answered on a terminal: a call cannot have come back by then.

How soon exactly: `python -m bench.key_latency`.
"""
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


def test_on_a_terminal_screens_change_and_cursors_move_before_any_call_comes_back(home: Home) -> None:
    with Terminal("-m", "jsft_tui", "--sandbox", environment=home.environment()) as terminal:
        terminal.wait_for("synced just now", 30)
        home.sandbox.forget_calls()
        home.sandbox.set_faults({"do": "slow", "seconds": CALL})
        for screen in "234561234561":
            terminal.press(screen)
            terminal.wait_for(shows_tab(terminal, screen), ANSWERED)
            if screen in "13":  # the lists that are there without any call
                for key in ("down", "down", "up"):
                    before = cursor_row(terminal)
                    terminal.press(key)
                    terminal.wait_for(moved_from(terminal, before), ANSWERED)
        assert home.sandbox.calls(), "nothing was asked meanwhile"


def shows_tab(terminal: Terminal, number: str) -> Callable[[str], bool]:
    """Whether the tab of a screen is the one that is marked."""
    return lambda _: "".join(cell[0] for cell in terminal.shown()[1] if cell[4]).strip()[:1] == number


def moved_from(terminal: Terminal, row: int) -> Callable[[str], bool]:
    """Whether the list's cursor is in another row."""
    return lambda _: cursor_row(terminal) != row


def cursor_row(terminal: Terminal) -> int:
    """The row with the mark of the list's cursor."""
    return next((y for y, row in enumerate(terminal.text().splitlines()) if re.match("▌", row)), -1)
