"""What goes to the terminal, at 100x30 over SSH: little at first, less for a key, nothing for nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.home import Home
from tests.tui.apps.restless import REST
from tests.tui.pseudo_terminal import Terminal
from tests.tui.screens.opened import SIGNED_IN

pytestmark = pytest.mark.terminal

SIZE = (100, 30)
FIRST_FRAME = 20_000
"""Bytes."""
ANSWER = 700
"""Bytes that at once follow a key that moves the cursor by a row, whether the list scrolls or not."""
WHOLE = 900
"""Bytes until the screen rests again, with all that is told about the row."""
DOWNS, UPS = 18, 4
RESTED = 4 * REST
"""Seconds without a byte after which all that follows from a key is there, on a busy machine as well."""
PAGES = ("end", "home")
"""Keys that show another page of a list, which is as much as a screen: only reported."""


@dataclass(frozen=True)
class Cost:
    """What a key costs, in bytes: its answer, and all until the screen rests. Only the whole when both came at once."""

    what: str
    answer: int
    whole: int

    @property
    def is_dear(self) -> bool:
        return self.answer > ANSWER or self.whole > WHOLE


FRAME_END = b"\x1b[m"
"""A frame leaves the terminal drawing as at first; nothing within one does, in colour."""


def test_no_move_costs_much_in_an_account_of_all_kinds(tmp_path: Path) -> None:
    with Terminal("-m", "tests.tui.apps.still_program", "ordinary", str(tmp_path), size=SIZE) as terminal:
        terminal.wait_for("Runs on")
        costs: list[Cost] = []
        for screen in SIGNED_IN:
            go(terminal, "1", *screen.keys)
            terminal.wait_for(screen.is_shown)
            go(terminal, "home")
            costs += moves(terminal, screen.name)
        assert_few(terminal, costs)


def test_no_move_costs_much_in_the_sandbox(tmp_path: Path) -> None:
    home = Home(tmp_path / "jsft")
    try:
        with started(home) as terminal:
            assert len(terminal.received) <= FIRST_FRAME
            costs = moves(terminal, "models")
            go(terminal, "/", "lite0")
            terminal.wait_for("─ 1 of ")
            go(terminal, "enter", "enter")
            terminal.wait_for("Next: 2")
            go(terminal, "3", "a", "home")
            costs += moves(terminal, "instance")
            go(terminal, "4")
            costs += moves(terminal, "hyperparameters")
            go(terminal, "5")
            terminal.wait_for("nothing blocks")
            costs += moves(terminal, "review")
            assert_few(terminal, costs)
            leave(terminal)
        with started(home) as terminal:
            assert len(terminal.received) <= FIRST_FRAME
            assert_few(terminal, moves(terminal, "models with a draft"))
            leave(terminal)
    finally:
        home.sandbox.stop()


def started(home: Home) -> Terminal:
    """The program in the sandbox, with its models on the screen and the first of them described."""
    environment = {name: value for name, value in home.environment().items() if name != "NO_COLOR"}
    terminal = Terminal("-m", "tests.tui.apps.restless", "--sandbox", size=SIZE, environment=environment)
    terminal.wait_for("6 Jobs")
    terminal.wait_for("fine-tunable, ")
    terminal.wait_for("Runs on")
    return terminal


def leave(terminal: Terminal) -> None:
    """End the program."""
    terminal.press("q")
    assert terminal.wait_end() == 0


def go(terminal: Terminal, *keys: str) -> None:
    """Press keys one by one."""
    for key in keys:
        terminal.press(key)
        terminal.wait_quiet(0.06)


def moves(terminal: Terminal, where: str) -> list[Cost]:
    """What each key costs that moves the cursor by a row, while there are rows."""
    terminal.wait_quiet(0.06)
    found: list[Cost] = []
    for number in range(DOWNS):
        cost = pressed(terminal, "down", f"{where}: down {number + 1}")
        if not cost.whole:
            break
        found.append(cost)
    found += [pressed(terminal, "up", f"{where}: up {number + 1}") for number in range(min(UPS, len(found)))]
    pages = [f"{key} {pressed(terminal, key, where).whole}" for key in PAGES]
    print(f"{where}: {[cost.whole for cost in found]}, most at once {max(cost.answer for cost in found)}, {pages}")
    return found


def pressed(terminal: Terminal, key: str, what: str) -> Cost:
    """All bytes that come of a key: its answer, and what follows when the cursor rests."""
    before = len(terminal.received)
    terminal.press(key)
    terminal.wait_quiet(RESTED)
    sent = bytes(terminal.received[before:])
    *frames, _ = sent.split(FRAME_END)
    answer = len(FRAME_END.join([*frames[:-1], b""])) if len(frames) > 1 else 0
    return Cost(what, answer, len(sent))


def assert_few(terminal: Terminal, costs: Sequence[Cost]) -> None:
    assert not [cost for cost in costs if cost.is_dear]
    assert terminal.read(1.0) == 0
