"""What goes to the terminal, at 100x30 over SSH: little at first, less for a key, nothing for nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from tests.home import Home
from tests.tui.screens import SIGNED_IN
from tests.tui.terminal import Terminal

SIZE = (100, 30)
FIRST_FRAME = 20_000
"""Bytes."""
MOVE = 700
"""Bytes, from a key that moves the cursor by a row until the screen rests again."""
DOWNS, UPS = 12, 3
ENDS = ("end", "home")
"""Keys that show another page of a list, which is as much as a screen: reported only."""


def test_no_move_costs_much_in_an_account_of_all_kinds(tmp_path: Path) -> None:
    with Terminal("-m", "tests.tui.still_program", "ordinary", str(tmp_path), size=SIZE) as terminal:
        terminal.wait_for("Runs on", 20)
        costs: list[tuple[int, str]] = []
        for screen in SIGNED_IN:
            go(terminal, "1", *screen.keys)
            terminal.wait_for(screen.is_shown, 15)
            go(terminal, "home")
            costs += moves(terminal, screen.name)
        assert_few(terminal, costs)


def test_no_move_costs_much_in_the_sandbox(home: Home) -> None:
    environment = {name: value for name, value in home.environment().items() if name != "NO_COLOR"}
    with Terminal("-m", "tests.tui.restless", "--sandbox", size=SIZE, environment=environment) as terminal:
        terminal.wait_for("6 Jobs", 20)
        assert len(terminal.received) <= FIRST_FRAME
        terminal.wait_for("fine-tunable, ", 30)
        terminal.wait_for("Runs on", 10)
        costs = moves(terminal, "models")
        go(terminal, "/", "lite0")
        terminal.wait_for("─ 1 of ", 10)
        go(terminal, "enter", "enter")
        terminal.wait_for("Next: 2", 15)
        go(terminal, "3", "a", "home")
        costs += moves(terminal, "instance")
        go(terminal, "4")
        costs += moves(terminal, "hyperparameters")
        go(terminal, "5")
        terminal.wait_for("nothing blocks", 30)
        costs += moves(terminal, "review", downs=20)
        assert_few(terminal, costs)
        terminal.press("q")
        assert terminal.wait_end() == 0


def go(terminal: Terminal, *keys: str) -> None:
    """Press keys one by one."""
    for key in keys:
        terminal.press(key)
        terminal.wait_rest()


def moves(terminal: Terminal, where: str, downs: int = DOWNS) -> list[tuple[int, str]]:
    """What each key costs that moves the cursor by a row, while there are rows."""
    terminal.wait_rest()
    found: list[tuple[int, str]] = []
    for key in ["down"] * downs:
        cost = pressed(terminal, key)
        if not cost:
            break
        found.append((cost, f"{where}: {key} {len(found) + 1}"))
    found += [(pressed(terminal, "up"), f"{where}: up {number}") for number in range(1, min(UPS, len(found)) + 1)]
    print(where, [cost for cost, _ in found], [(key, pressed(terminal, key)) for key in ENDS])
    return found


def pressed(terminal: Terminal, key: str) -> int:
    """All bytes that come of a key: its answer, and what follows when the cursor rests."""
    terminal.press(key)
    answer = terminal.wait_answer(0.6)
    return answer and answer + terminal.wait_rest()


def assert_few(terminal: Terminal, costs: Sequence[tuple[int, str]]) -> None:
    dear = [(cost, what) for cost, what in costs if cost > MOVE]
    assert not dear
    assert terminal.read(1.0) == 0
