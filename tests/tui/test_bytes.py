"""What goes to the terminal, at 100x30 over SSH: little at first, less for a key, nothing for nothing."""

from __future__ import annotations

import statistics

import pytest

from tests.home import Home
from tests.tui.screens import SIGNED_IN, Shown
from tests.tui.terminal import Terminal

FIRST_FRAME, CURSOR_MOVE = 20_000, 700
"""Bytes."""
MOVES = 5


@pytest.mark.parametrize("screen", SIGNED_IN, ids=lambda screen: screen.name)
def test_few_bytes_are_sent(screen: Shown, home: Home) -> None:
    environment = home.environment(NO_COLOR="")
    with Terminal("-m", "jsft_tui", "--sandbox", size=(100, 30), environment=environment) as terminal:
        terminal.wait_for("6 Jobs", 20)
        first = len(terminal.received)
        assert first <= FIRST_FRAME
        terminal.wait_for("fine-tunable, ", 30)
        terminal.wait_quiet(0.5)
        if screen.keys:
            terminal.press(*screen.keys)
            terminal.wait_for(screen.until)
            terminal.wait_quiet(0.5)
        costs = []
        for key in ["down"] * MOVES + ["up"] * MOVES:
            terminal.press(key)
            costs.append(terminal.wait_answer() + terminal.wait_quiet(0.03))
        terminal.wait_quiet(0.6)
        idle = terminal.read(1.5)
        print(
            f"{screen.name}: first {first}, move median {statistics.median(costs):.0f} most {max(costs)}, idle {idle}"
        )
        assert idle == 0
        assert 0 < statistics.median(costs) <= CURSOR_MOVE
        terminal.press("q")
        assert terminal.wait_end() == 0
