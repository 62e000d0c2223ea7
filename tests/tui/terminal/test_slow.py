"""However slow the account is, no key waits for a call."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable

import pytest

from tests.common.effort import PATIENCE
from tests.common.home import Home
from tests.tui.driver.pilot import at_work
from tests.tui.driver.pseudo_terminal import Terminal
from tests.tui.screens.every_screen.opened import SIGNED_IN, Shown

pytestmark = pytest.mark.terminal

HELD = {"do": "hold", "seconds": 3600}
"""No call comes back: a key that waits for one is never answered. How soon keys are: `python -m bench.key_latency`."""
KEYS = ("down", "down", "up", "down", "pagedown", "home", "end", "up", "G", "g")


@pytest.mark.parametrize("screen", SIGNED_IN, ids=lambda screen: screen.name)
async def test_keys_are_answered_before_any_call_comes_back(screen: Shown, home: Home) -> None:
    async with at_work(home) as work:
        home.sandbox.set_faults(HELD)
        try:
            # Asked again there: everything that the screen needs is under way.
            keys = (*screen.keys, "ctrl+r", *KEYS, "question_mark", "escape", "comma", "1", *screen.keys, "down")
            for key in keys:
                async with asyncio.timeout(PATIENCE):  # a call that is held is given up much later
                    await work.pilot.press(key)
            assert work.app.calls.busy, "the calls came back"
        finally:
            home.sandbox.set_faults()
            work.app.cancel_flows()


def test_on_a_terminal_screens_change_and_cursors_move_before_any_call_comes_back(home: Home) -> None:
    with Terminal("-m", "jsft_tui", "--sandbox", environment=home.environment()) as terminal:
        terminal.wait_for("can be fine-tuned")
        home.sandbox.forget_calls()
        home.sandbox.set_faults(HELD)
        for screen in "234561234561":
            terminal.press(screen)
            terminal.wait_for(shows_tab(terminal, screen))
            if screen in "13":  # the lists that are there without any call
                for key in ("down", "down", "up"):
                    before = cursor_row(terminal)
                    terminal.press(key)
                    terminal.wait_for(moved_from(terminal, before))
        assert home.sandbox.calls(), "nothing was asked meanwhile"


def shows_tab(terminal: Terminal, number: str) -> Callable[[str], bool]:
    """Whether the tab of a screen is the one that is marked."""
    return lambda _: "".join(cell[0] for cell in terminal.shown()[1] if cell[4]).strip()[:1] == number


def moved_from(terminal: Terminal, row: int) -> Callable[[str], bool]:
    """Whether the list's cursor is in another row."""
    return lambda _: cursor_row(terminal) != row


def cursor_row(terminal: Terminal) -> int:
    """The row with the mark of the list's cursor."""
    return next((y for y, row in enumerate(terminal.text().splitlines()) if re.search("▌", row)), -1)
