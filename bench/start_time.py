"""How long commands take, as multiples of an empty Python process (medians of a few runs).

python bench/start_time.py [RUNS]
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

COMMANDS = {
    "python -c pass": ["-c", "pass"],
    "jsft --version": ["-m", "jsft_tui", "--version"],
    "jsft --help": ["-m", "jsft_tui", "--help"],
    "jsft models --help": ["-m", "jsft_tui", "models", "--help"],
    "jsft models --sandbox": ["-m", "jsft_tui", "models", "--sandbox"],
    "jsft jobs --sandbox": ["-m", "jsft_tui", "jobs", "--sandbox"],
}


def seconds(arguments: list[str], runs: int) -> float:
    """The median wall time of a command, in seconds, after one run that is not counted."""
    times = []
    for _ in range(runs + 1):
        began = time.perf_counter()
        subprocess.run([sys.executable, *arguments], capture_output=True, check=True)
        times.append(time.perf_counter() - began)
    return statistics.median(times[1:])


def main() -> None:
    """Print a row for each command."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    empty = 0.0
    for name, arguments in COMMANDS.items():
        took = seconds(arguments, runs)
        empty = empty or took
        print(f"{name:<24} {took * 1000:7.0f} ms  {took / empty:6.1f} x")


if __name__ == "__main__":
    main()
