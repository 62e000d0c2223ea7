"""What goes to the terminal, at 100x30 over SSH: little at first, less for a key, nothing for nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from tests.common.home import Home
from tests.tui.apps.restless import REST
from tests.tui.driver.pseudo_terminal import Terminal
from tests.tui.screens.every_screen.opened import SIGNED_IN, Shown

pytestmark = pytest.mark.terminal

SIZE = (100, 30)
FIRST_FRAME = 20_000
"""Bytes."""
MOVE = 1_500
"""Bytes until the screen rests again after a key that moves the cursor by a row, for 95 of 100 such keys."""
SCROLL = 2_500
"""The same for every key, also where the list scrolls."""
IN_LIST = 8
"""A line of the screen that is in every list: what stands there changes when the list scrolls."""
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
    scrolled: bool


FRAME_END = b"\x1b[m"
"""A frame leaves the terminal drawing as at first; nothing within one does, in color."""


def _is_shown(screen: Shown, text: str) -> bool:
    return screen.is_shown(text) or "your role" in text


@pytest.mark.parametrize("world", ["ordinary", "customizing", "serving"])
def test_no_move_costs_much_in_an_account_of_all_kinds(world: str, tmp_path: Path) -> None:
    with Terminal("-m", "tests.tui.apps.still_program", world, str(tmp_path), size=SIZE) as terminal:
        terminal.wait_for("can be fine-tuned")
        costs: list[Cost] = []
        for screen in (screen for screen in SIGNED_IN if world_of(screen) == world):
            go(terminal, "6", "home", "1", *screen.keys)  # another screen may have left the cursor anywhere
            terminal.wait_for(partial(_is_shown, screen))
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
            terminal.wait_for(" 1 of 1 ")
            go(terminal, "enter", " ")
            terminal.wait_for("is chosen")
            go(terminal, "3", "a", "home")
            costs += moves(terminal, "instance")
            go(terminal, "4")
            costs += moves(terminal, "hyperparameters")
            go(terminal, "5")
            terminal.wait_for("Ready to launch")
            costs += moves(terminal, "review")
            assert_few(terminal, costs)
            leave(terminal)
        with started(home) as terminal:
            assert len(terminal.received) <= FIRST_FRAME
            assert_few(terminal, moves(terminal, "models with a draft"))
            leave(terminal)
    finally:
        home.sandbox.stop()


def world_of(screen: Shown) -> str:
    """The account in which a screen has rows."""
    return "customizing" if screen.customizes else "serving" if screen.serves else "ordinary"


def started(home: Home) -> Terminal:
    """The program in the sandbox, with its models on the screen and the first of them described."""
    environment = {name: value for name, value in home.environment().items() if name != "NO_COLOR"}
    terminal = Terminal("-m", "tests.tui.apps.restless", "--sandbox", size=SIZE, environment=environment)
    terminal.wait_for("6 Jobs")
    terminal.wait_for("can be fine-tuned")
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
    most = max((cost.answer for cost in found), default=0)
    pages = [f"{key} {pressed(terminal, key, where).whole}" for key in PAGES]
    print(f"{where}: {[cost.whole for cost in found]}, most at once {most}, {pages}")
    return found


def pressed(terminal: Terminal, key: str, what: str) -> Cost:
    """All bytes that come of a key: its answer, and what follows when the cursor rests."""
    before, row = len(terminal.received), listed(terminal)
    terminal.press(key)
    terminal.wait_quiet(RESTED)
    sent = bytes(terminal.received[before:])
    *frames, _ = sent.split(FRAME_END)
    answer = len(FRAME_END.join([*frames[:-1], b""])) if len(frames) > 1 else 0
    return Cost(what, answer, len(sent), listed(terminal) != row)


def listed(terminal: Terminal) -> str:
    """What stands in a line of the list, without the mark of the cursor."""
    return terminal.text().splitlines()[IN_LIST][:40].replace("▌", " ")


def assert_few(terminal: Terminal, costs: Sequence[Cost]) -> None:
    moved = [cost for cost in costs if not cost.scrolled]
    dear = sorted(moved, key=lambda cost: cost.whole)[-(len(moved) // 20) - 1 :]
    dearest = max(costs, key=lambda cost: cost.whole)
    print(f"p95 {dear[0].whole} of {len(moved)} moves, the dearest {dearest} of {len(costs)} keys")
    assert dear[0].whole <= MOVE, dear
    assert dearest.whole <= SCROLL, dearest
    assert terminal.read(1.0) == 0
