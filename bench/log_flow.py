"""A log that pours into the open Job screen: how long keys take meanwhile, and how much memory it all takes.

python -m bench.log_flow [LINES]        (from the root of the checkout; a million lines take about two minutes)

The app runs with its real services, from the watch over the metrics to the screen; what stands in for AWS is a log
that grows by 20,000 lines a second, then one that is there at once. A key counts until the log has moved by it.
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import cast

from textual import events

from jsft_tui.aws.jobs.logs import LogPage, TrainingLogs, _line
from jsft_tui.config import Config
from jsft_tui.paths import Paths
from jsft_tui.services.session.session import Session
from jsft_tui.services.target.resolve import TargetChoice
from jsft_tui.tui.application.app import JsftApp, Start
from jsft_tui.tui.screens.job.screen import JobScreen
from jsft_tui.tui.widgets.log.view import LogView
from tests.tui.driver.still import StillOpening
from tests.tui.driver.worlds import NOW, ORDINARY

JOB = "flowers-running"
RATE = 20_000
"""Lines a second."""
PAGE = 8_000
"""Lines of a page: about the 1 MB that GetLogEvents gives at most."""
ANSWER = 0.05
"""Seconds until an answer comes."""


def page_text() -> str:
    """A page as it comes over the wire: every tenth line has a metric, every hundredth is a progress bar."""
    messages = []
    for number in range(PAGE):
        text = f"2026-11-23 03:00:{number % 60:02} INFO step {number} throughput 812.4 samples/s lr 5.0e-05 grad 1.31"
        if number % 10 == 0:
            text += f" loss: {1 + number / PAGE:.4f}"
        if number % 100 == 0:
            text = f"\r 50%|█████     | {number}/8000\r 51%|█████     | {number}/8000"
        messages.append({"timestamp": int(NOW * 1000) + number, "message": text, "ingestionTime": 0})
    return json.dumps({"events": messages})


class PouringLogs:
    """A log of one host that gets longer with time."""

    def __init__(self, lines: int, rate: float) -> None:
        self._lines = lines
        self._rate = rate
        self._began = time.monotonic()
        self._page = page_text()

    def streams(self, job: str) -> list[str]:
        return [f"{job}/algo-1-1"]

    def read(self, stream: str, token: str | None = None) -> LogPage:
        time.sleep(ANSWER)
        first = int(token or 0)
        there = min(self._lines, int(self._rate * (time.monotonic() - self._began)))
        found = json.loads(self._page)["events"][: max(0, there - first)]
        lines = tuple(_line(event["timestamp"] / 1000, event["message"], "algo-1") for event in found)
        return LogPage(lines, str(first + len(lines)))


class PouringOpening(StillOpening):
    """The still account, but for its logs."""

    logs: TrainingLogs

    def open_session(self) -> Session:
        session = super().open_session()
        session.services.account.__dict__["logs"] = self.logs
        return session


def memory() -> float:
    """What this process has in memory, in MB."""
    statm = Path("/proc/self/statm")
    if statm.exists():
        return int(statm.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6  # macOS: the most so far, in bytes


@asynccontextmanager
async def job_screen(logs: PouringLogs, folder: Path) -> AsyncIterator[tuple[JsftApp, LogView]]:
    """The app with the Job screen open."""
    paths = Paths(folder, folder / "state", folder / "cache", folder / "log")
    session_factory = PouringOpening(TargetChoice("research"), paths, Config(), None, ORDINARY, "research")
    object.__setattr__(session_factory, "logs", cast(TrainingLogs, logs))
    app = JsftApp(Start(session_factory))
    async with app.run_test(size=(120, 36)) as pilot:
        while app.session is None:
            await pilot.pause(0.02)
        app.open_job(JOB)
        while not isinstance(app.work_screen, JobScreen) or not app.work_screen.query(LogView):
            await asyncio.sleep(0.02)
        view = app.work_screen.query_one(LogView)
        await until(lambda: view.state.lines > 0)
        view.focus()
        yield app, view


async def until(condition: Callable[[], bool]) -> float:
    """Seconds until something is so; everything else runs meanwhile."""
    began = time.perf_counter()
    while not condition():
        await asyncio.sleep(0.0005)
    return time.perf_counter() - began


async def key(app: JsftApp, view: LogView) -> float:
    """Seconds from a key (up, or back to the end) to the log that has moved by it."""
    follows = view.state.follows
    name, character = ("k", "k") if follows else ("f", "f")
    app.post_message(events.Key(name, character))
    return await until(lambda: view.state.follows is not follows)


async def keys(app: JsftApp, view: LogView, count: Callable[[], bool]) -> list[float]:
    """What keys take, pressed five times a second as long as they count."""
    took = []
    while count():
        took.append(await key(app, view))
        await asyncio.sleep(0.2)
    return took


def row(name: str, took: list[float], idle: float, more: str = "") -> None:
    """A row of the table."""
    ordered = sorted(took)
    middle, high, most = (ordered[min(len(ordered) - 1, int(len(ordered) * part))] for part in (0.5, 0.95, 1))
    cells = "".join(f"{value * 1000:8.1f}" for value in (middle, high, most))
    print(f"{name:<26}{len(took):>6}{cells}{middle / idle:8.1f} x  {more}", flush=True)


class Most:
    """The most memory while something runs."""

    def __init__(self) -> None:
        self.most = self.first = memory()
        self._over = threading.Event()
        threading.Thread(target=self._look, daemon=True).start()

    def _look(self) -> None:
        while not self._over.wait(0.05):
            self.most = max(self.most, memory())

    def grown(self) -> float:
        """By how many MB it grew at the most, and now."""
        self._over.set()
        return self.most - self.first


async def measure(lines: int) -> None:
    """Measure all three: a log that is short, one that pours, one that is there at once."""
    print(f"{'':<26}{'keys':>6}{'median':>8}{'95 %':>8}{'most':>8}   (ms)")
    with tempfile.TemporaryDirectory() as folder:
        async with job_screen(PouringLogs(200, 1e9), Path(folder)) as (app, view):
            await asyncio.sleep(1)
            ends = time.monotonic() + 6
            took = await keys(app, view, lambda: time.monotonic() < ends)
        idle = statistics.median(took)
        row("a log of 200 lines", took, idle)
        for name, rate in (("20,000 lines a second", RATE), (f"{lines:,} lines at once", 1e9)):
            before = Most()
            logs = PouringLogs(lines, rate)
            async with job_screen(logs, Path(folder)) as (app, view):
                began, cpu = time.monotonic(), time.process_time()
                took = await keys(app, view, lambda: view.state.lines < lines * 0.98)  # bars fold
                seconds, cpu = time.monotonic() - began, time.process_time() - cpu
                grown = before.grown()
                more = f"{view.state.lines:,} lines in {seconds:.0f} s, CPU {cpu:.0f} s, memory grew by {grown:.0f} MB"
                row(name, took, idle, more)


def main() -> None:
    """Print a row for each."""
    lines = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    asyncio.run(measure(lines))


if __name__ == "__main__":
    main()
