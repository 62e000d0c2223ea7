"""How long jsft takes to start, as multiples of what nobody can do without.

python -m bench.start_time [RUNS]      (from the project's root: the sandbox of the tests is used)

The first frame of the full-screen interface is measured against that of a bare Textual app, commands against an empty
Python process. The programs take turns, and medians are compared. A frame is there when its first line of content was
written to the terminal. The processor's seconds up to then are those of all threads of the program, so that other
programs count less; where the system does not tell them, they are left out.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bench.bare_app import FIRST_OPTION
from tests.common.home import Home
from tests.tui.driver.pseudo_terminal import Terminal

COMMANDS = {
    "python -c pass": ["-c", "pass"],
    "jsft --version": ["-m", "jsft_tui", "--version"],
    "jsft --help": ["-m", "jsft_tui", "--help"],
    "jsft models --help": ["-m", "jsft_tui", "models", "--help"],
    "jsft models --sandbox": ["-m", "jsft_tui", "models", "--sandbox"],
    "jsft jobs --sandbox": ["-m", "jsft_tui", "jobs", "--sandbox"],
}
SIZE = (120, 35)
KEEP_COMPILED = {"PYTHONDONTWRITEBYTECODE": ""}
"""What the variable says elsewhere would have every run compile the modules."""
LONGEST = 60.0
"""Seconds after which a program that shows nothing is given up."""


@dataclass
class Program:
    """A full-screen program, and what each run of it took until a text stood on the terminal."""

    name: str
    module: str
    marks: tuple[str, ...]
    """Texts: of the first frame, and of a later one that is of interest."""
    environment: Mapping[str, str] = field(default_factory=dict)
    wall: list[tuple[float, ...]] = field(default_factory=list)
    processor: list[tuple[float, ...]] = field(default_factory=list)

    def run(self) -> None:
        """Start it once, wait for its texts, and end it."""
        wall, processor = [], []
        began = time.perf_counter()
        with Terminal("-m", self.module, size=SIZE, environment=self.environment) as terminal:
            for mark in self.marks:
                while mark.encode() not in terminal.received:
                    if not terminal.wait_answer(LONGEST):
                        raise TimeoutError(f"{self.name} does not show {mark!r}:\n{terminal.text()}")
                wall.append(time.perf_counter() - began)
                processor.append(processor_seconds(terminal.pid))
        self.wall.append(tuple(wall))
        self.processor.append(tuple(processor))


def processor_seconds(pid: int) -> float:
    """Seconds that the threads of a program ran, in all; 0 where the system does not tell."""
    try:
        tasks = Path(f"/proc/{pid}/task").glob("*/schedstat")
        return sum(int(task.read_text().split()[0]) for task in tasks) / 1e9
    except OSError:
        return 0.0


def medians(runs: list[tuple[float, ...]]) -> list[float]:
    """The median of each text's times, without the first run, which may have compiled modules."""
    return [statistics.median(times) for times in zip(*runs[1:], strict=True)]


def frames(home: Home, runs: int) -> None:
    """Print how the first frames compare."""
    folder = home.root.parent / "fresh"
    # With colors, as most have them: the interface asks the terminal, which here never answers, for its background.
    usual = {name: value for name, value in home.environment(**KEEP_COMPILED).items() if name != "NO_COLOR"}
    fresh = {**usual, "JSFT_HOME": str(folder)}
    bare = Program("a bare Textual app", "bench.bare_app", (FIRST_OPTION,), usual)
    cached = {**usual, "JSFT_SANDBOX": "1"}
    programs = [
        bare,
        Program("jsft, lists cached", "jsft_tui", ("Instance", "sklearn-regression-linear"), cached),
        Program("jsft, fresh home", "jsft_tui", ("Instance", "Your first model"), fresh),
    ]
    with Terminal("-m", "jsft_tui", size=SIZE, environment=cached) as terminal:
        terminal.wait_for("can be fine-tuned", LONGEST)
    for _ in range(runs + 1):
        for program in programs:
            program.run()
    wall, processor = medians(bare.wall)[0], medians(bare.processor)[0]
    print(f"{bare.name:<20} first frame {1000 * wall:5.0f} ms, processor {1000 * processor:5.0f} ms")
    for program in programs[1:]:
        for what, took, used in zip(
            ("first frame", "content"), medians(program.wall), medians(program.processor), strict=True
        ):
            share = f", processor {used / processor:.2f} x" if processor else ""
            print(f"{program.name:<20} {what:<11} {took / wall:.2f} x a bare Textual app{share} ({runs} runs each)")


def commands(home: Home, runs: int) -> None:
    """Print a row for each command."""
    times: dict[str, list[tuple[float, ...]]] = {name: [] for name in COMMANDS}
    environment = {**os.environ, **home.environment(**KEEP_COMPILED)}
    for _ in range(runs + 1):
        for name, arguments in COMMANDS.items():
            began = time.perf_counter()
            subprocess.run([sys.executable, *arguments], capture_output=True, check=True, env=environment)
            times[name].append((time.perf_counter() - began,))
    empty = medians(times["python -c pass"])[0]
    for name, all_of_it in times.items():
        took = medians(all_of_it)[0]
        print(f"{name:<24} {took * 1000:7.0f} ms  {took / empty:6.1f} x")


def main() -> None:
    """Print the frames, then the commands."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder) / "jsft")
        try:
            frames(home, runs)
            commands(home, runs)
        finally:
            home.sandbox.stop()


if __name__ == "__main__":
    main()
