"""How long keys take with a search of 100 trials on screen, beside the list of models.

python -m bench.search_keys [ROUNDS]      (from the project's root: the sandbox of the tests is used)

Moves within the list of trials, each of which also lights up the trial's line in the drawing once the cursor rests, as
a ratio of the same moves in the list of models of the same program.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

from bench.key_latency import SETTLED, answer_times, summary
from jsft_tui.sandbox.tuning.tuning_store import TuningStore
from tests.common.home import Home
from tests.tui.driver.pseudo_terminal import Terminal
from tests.whole.search.test_search_budget import TRIALS, planted

MOVES = ("down", "down", "down", "up", "down", "up")
NAME = "crowd"


def planted_home(root: Path) -> Home:
    """A home whose sandbox has a search of 100 trials that has ended."""
    content = root / "state" / "sandbox" / "content"
    content.mkdir(parents=True)
    store = TuningStore(content / "tuning.sqlite")
    store.create(planted(time.time()))
    store.close()
    return Home(root)


def measured(home: Home, rounds: int) -> dict[str, list[float]]:
    """The times of moves in the list of models and in that of the trials."""
    environment = {name: value for name, value in home.environment().items() if name != "NO_COLOR"}
    found: dict[str, list[float]] = {"models": [], "trials": []}
    with Terminal("-m", "jsft_tui", "--sandbox", environment=environment) as terminal:
        terminal.wait_for("can be fine-tuned", 60)
        terminal.read(SETTLED)
        for number in range(rounds):
            terminal.press("1")
            terminal.read(1.0)
            found["models"] += answer_times(terminal, MOVES)
            terminal.press("6")
            if not number:
                terminal.wait_for(NAME, 30)
            terminal.read(1.0)
            terminal.press("enter")
            if not number:
                terminal.wait_for(f"{TRIALS} of {TRIALS}", 30)
            terminal.read(1.0)
            found["trials"] += answer_times(terminal, MOVES)
    return found


def main() -> None:
    """Print median, 95th percentile and longest of both lists, and their ratio."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    with tempfile.TemporaryDirectory() as folder:
        home = planted_home(Path(folder) / "jsft")
        try:
            found = measured(home, rounds)
        finally:
            home.sandbox.stop()
    for name, times in found.items():
        print(f"moves in {name:<7} {summary(times)}")
    ratio = statistics.median(found["trials"]) / statistics.median(found["models"])
    print(f"ratio of the medians {ratio:.2f} x the list of models")


if __name__ == "__main__":
    main()
