"""What goes to the terminal, at 100x30 over SSH: little at first, less for a key, nothing for nothing."""

from __future__ import annotations

import statistics
from pathlib import Path

import pytest

from tests.home import Home
from tests.tui.screens import SIGNED_IN, Shown
from tests.tui.terminal import Terminal

SIZE = (100, 30)
FIRST_FRAME = 20_000
"""Bytes."""
MOVES = ["down"] * 3 + ["up"] * 2


def test_the_first_frame_and_the_models_of_the_sandbox_are_few_bytes(home: Home) -> None:
    environment = home.environment(NO_COLOR="")
    with Terminal("-m", "jsft_tui", "--sandbox", size=SIZE, environment=environment) as terminal:
        terminal.wait_for("6 Jobs", 20)
        assert len(terminal.received) <= FIRST_FRAME
        terminal.wait_for("fine-tunable, ", 30)
        terminal.wait_quiet(0.5)
        assert_few_bytes(terminal, SIGNED_IN[0])
        terminal.press("q")
        assert terminal.wait_end() == 0


@pytest.mark.parametrize("screen", SIGNED_IN, ids=lambda screen: screen.name)
def test_few_bytes_are_sent(screen: Shown, tmp_path: Path) -> None:
    with Terminal("-m", "tests.tui.still_program", "ordinary", str(tmp_path), size=SIZE) as terminal:
        terminal.wait_for("Runs on", 20)
        for key in screen.keys:
            terminal.press(key)
            terminal.wait_quiet(0.3)
        terminal.wait_for(screen.is_shown, 15)
        terminal.wait_quiet(0.4)
        assert_few_bytes(terminal, screen)


def assert_few_bytes(terminal: Terminal, screen: Shown) -> None:
    costs = []
    for key in MOVES:
        terminal.press(key)
        costs.append(terminal.wait_quiet(0.06))
    terminal.wait_quiet(0.3)
    idle = terminal.read(1.0)
    print(f"{screen.name}: a move {statistics.median(costs):.0f} bytes, at most {max(costs)}; idle {idle}")
    assert statistics.median(costs) <= screen.move
    assert idle == 0
