"""A main job whose processes are killed at random moments: nothing is lost, doubled, locked or left behind.

Ten kills by default; a long run is `JSFT_KILLS=500 pytest -n0 -m slow tests/whole/main_job/test_kills.py`. Its figures
go into `docs/kills.md`.
"""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.cli.runs import run_file, unique_name
from tests.common.home import Home
from tests.common.kills.main_job import SMALL, STEPS, MainJob, Step

KILLS = int(os.environ.get("JSFT_KILLS", "10"))
SIGNALS = (signal.SIGKILL, signal.SIGKILL, signal.SIGHUP, signal.SIGTERM)
"""Most often it hears nothing of it; a window that is closed and a system that shuts down say so first."""
IN_A_ROW = 3
"""The most kills of one step before it may run to its end."""


@pytest.mark.slow
@pytest.mark.timeout(30 * 60 + 60 * KILLS)
def test_kills_at_random_moments_lose_double_lock_and_leave_nothing(home: Home, folder: Path) -> None:
    seed = int(os.environ.get("JSFT_KILLS_SEED", time.time_ns()))
    print(f"JSFT_KILLS_SEED={seed}", flush=True)
    chance = random.Random(seed)
    trained = unique_name("trained")
    path = run_file(folder, trained, instance=SMALL, hyperparameters={"epochs": 1})
    assert home.jsft("launch", path, "--yes", "--follow").code == 0
    job = MainJob(home, folder, trained, chance)
    seconds = {kind: run(job.step(kind)) for kind in STEPS}
    kills: Counter[str] = Counter()
    while (total := kills.total()) < KILLS:
        kind = STEPS[min(range(len(STEPS)), key=lambda at: kills[STEPS[at]])]
        step, in_a_row = job.step(kind), chance.randint(1, IN_A_ROW)
        for _ in range(min(in_a_row, KILLS - total)):
            step.after_kill(step.work.killed(chance.uniform(0, seconds[kind]), chance.choice(SIGNALS)))
            kills[kind] += 1
        run(step)
        print(f"{kills.total()} of {KILLS}: {kind} after {in_a_row}", flush=True)

    for file in job.left():  # as if they had been left long ago: then they are swept
        os.utime(file, (0, 0))
    for kind in STEPS:
        run(job.step(kind))
    assert job.left() == []
    print(f"{kills.total()} kills: {dict(kills)}", flush=True)


def run(step: Step) -> float:
    """Run a step to its end, unless it was there already; returns the seconds that it took."""
    began = time.monotonic()
    if not step.is_done():
        step.work.whole()
    took = time.monotonic() - began
    step.after_run()
    return took
