"""How long keys take to be answered: beside a bare list of Textual, and while each call of a service takes seconds.

python -m bench.key_latency [ROUNDS]      (from the project's root: the sandbox of the tests is used)

An answer is the first byte that the program writes after a key. On Linux, what it waited for a processor meanwhile is
taken off, as that is other programs' time.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from bench.bare_app import FIRST_OPTION
from tests.common.home import Home
from tests.tui.driver.pseudo_terminal import Terminal

DELAY = 3.0
"""Seconds that every call takes in the second part."""
BETWEEN = 0.25
"""Seconds between two keys: as a person types."""
SETTLED = 5.0
"""Seconds until a program that was just started has loaded and made all."""
SCREENS = ("2", "3", "4", "5", "6", "1")
LISTS = ("1", "3")
"""Screens whose lists are there without any call: elsewhere a move could be taken for answered by what comes in."""
MOVES = ("down", "down", "up")


def answer_times(terminal: Terminal, keys: Iterable[str]) -> list[float]:
    """Seconds from each key to the first byte that it makes; what was not answered has none."""
    found = []
    for key in keys:
        terminal.wait_quiet(0.08)
        began, waited = time.perf_counter(), waited_for_processor(terminal.pid)
        terminal.press(key)
        if terminal.wait_answer(1.0):
            took = time.perf_counter() - began
            found.append(took - (waited_for_processor(terminal.pid) - waited))
        terminal.read(BETWEEN)
    return found


def waited_for_processor(pid: int) -> float:
    """Seconds that a program's main thread was ready and did not run, in all; 0 where the system does not tell."""
    try:
        return int(Path(f"/proc/{pid}/task/{pid}/schedstat").read_text().split()[1]) / 1e9
    except OSError:
        return 0.0


def measured(home: Home, rounds: int, delay: float) -> dict[str, list[float]]:
    """The times of moves and of screen changes in a program of its own."""
    environment = {name: value for name, value in home.environment().items() if name != "NO_COLOR"}
    moves, changes = [], []
    home.sandbox.set_faults()
    with Terminal("-m", "jsft_tui", "--sandbox", environment=environment) as terminal:
        terminal.wait_for("can be fine-tuned", 60)
        terminal.read(SETTLED)
        if delay:
            home.sandbox.set_faults({"do": "slow", "seconds": delay})
        for _ in range(rounds):
            for screen in SCREENS:
                changes += answer_times(terminal, [screen])
                if screen in LISTS:
                    moves += answer_times(terminal, MOVES)
    home.sandbox.set_faults()
    return {"moves": moves, "screen changes": changes}


def bare_moves(rounds: int) -> list[float]:
    """The times of moves in a program that is only a header, a list and a footer of Textual."""
    found = []
    with Terminal("-m", "bench.bare_app") as terminal:
        terminal.wait_for(FIRST_OPTION, 60)
        terminal.read(SETTLED)
        for _ in range(rounds * len(LISTS)):
            found += answer_times(terminal, MOVES)
    return found


def main() -> None:
    """Print median, 95th percentile and longest of moves and screen changes, and what they are multiples of."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder) / "jsft")
        try:
            bare = bare_moves(rounds)
            usual = measured(home, rounds, 0.0)
            slowed = measured(home, rounds, DELAY)
        finally:
            home.sandbox.set_faults()
            home.sandbox.stop()
    print(f"{'moves':<15} bare list of Textual      {summary(bare)}")
    beside = statistics.median(usual["moves"]) / statistics.median(bare)
    print(f"{'moves':<15} ratio of the medians {beside:.2f} x the bare list")
    for kind in usual:
        for label, times in (("at once", usual[kind]), (f"after {DELAY:.0f} s", slowed[kind])):
            print(f"{kind:<15} calls answered {label:<10} {summary(times)}")
        ratio = statistics.median(slowed[kind]) / statistics.median(usual[kind])
        print(f"{kind:<15} ratio of the medians {ratio:.2f} x")


def summary(times: list[float]) -> str:
    """Count, median, 95th percentile and longest, in milliseconds."""
    ordered = sorted(times)
    late = ordered[int(0.95 * (len(ordered) - 1))]
    shown = (statistics.median(ordered), late, ordered[-1])
    return f"{len(ordered):3} keys  median, p95, max " + ", ".join(f"{1000 * each:5.1f}" for each in shown) + " ms"


if __name__ == "__main__":
    main()
