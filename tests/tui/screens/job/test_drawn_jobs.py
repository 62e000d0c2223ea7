"""Jobs and Job stand as they are drawn: titles and bounds of the panes, the parts of a row, at each size."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from jsft_tui.tui.screens.job.screen import JobScreen
from tests.tui.driver.pilot import Work
from tests.tui.driver.still import still_app
from tests.tui.driver.worlds import LITE, ORDINARY, World, job, log, tags
from tests.tui.screens.every_screen.test_drawings import THIN

A, B, FAILED = "flowers-lite0-a", "flowers-lite0-b", "tickets-llama-8b-first"
EPOCHS = [f"Epoch {n}/10 - train_loss: {1 / n:.4f} - val_accuracy: {0.5 + n * 0.04:.4f}" for n in range(1, 5)]
METRICS = {
    "TrainingInputMode": "File",
    "TrainingImage": "registry.example/gpu:1",
    "MetricDefinitions": [
        {"Name": "val-accuracy", "Regex": "val_accuracy: ([0-9.]+)"},
        {"Name": "train-loss", "Regex": "train_loss: ([0-9.]+)"},
    ],
}


def measured(value: float) -> dict[str, Any]:
    """What a job that has ended tells of its objective."""
    return {"FinalMetricDataList": [{"MetricName": "val-accuracy", "Value": value}]}


RUNNING = job(B, "InProgress", 960, AlgorithmSpecification=METRICS, HyperParameters={"epochs": '"10"'})
COMPLETED = job(A, "Completed", 5400, AlgorithmSpecification=METRICS, **measured(0.9412))
BROKEN = job(FAILED, "Failed", 7200, FailureReason="AlgorithmError: CUDA out of memory. Tried to allocate 2 GiB")
DRAWN: World = replace(
    ORDINARY,
    jobs=[RUNNING, COMPLETED, BROKEN],
    tags=dict.fromkeys((A, B, FAILED), tags(LITE)),
    logs={B: log(*EPOCHS), A: log(*EPOCHS, ago=5000), FAILED: log("step 1", "CUDA out of memory Error", ago=7000)},
)
BESIDE, BELOW = (0, 73, 74, 119), (0, 79)


async def opened(work: Work, *keys: str, until: str) -> list[str]:
    """The lines of a screen, once it shows a text; without colors the borders of the focus are heavy."""
    await work.wait_for(lambda: work.app.session is not None)
    await work.settle()
    for key in keys:
        await work.pilot.press(key)
        await work.settle("job follow")
    await work.wait_for(until)
    return [line.translate(THIN) for line in work.lines]


def assert_bounds(lines: list[str], rows: tuple[int, ...], columns: tuple[int, ...]) -> None:
    for row in rows:
        assert [lines[row][column] in "╭╮╰╯│├┤" for column in columns] == [True] * len(columns), lines[row]


@pytest.mark.parametrize("size", [(120, 36), (80, 24)], ids=["120x36", "80x24"])
async def test_jobs_stand_as_they_are_drawn(size: tuple[int, int], tmp_path: Path, plain_environment: None) -> None:
    app = still_app(DRAWN, tmp_path)
    async with app.run_test(size=size) as pilot:
        lines = await opened(Work(app, pilot), "6", until="epoch 4 of 10")
    assert lines[3].startswith("╭─ Jobs ────")
    assert "─ 1 running, $1.51/h ─╮" in lines[3]
    row = next(line for line in lines if line.startswith(f"│▌● {B}"))
    if size == (120, 36):
        assert f"╭─ {B} ───────────── ● Training ─╮" in lines[3]
        assert lines[4].startswith("│   NAME                               OBJECTIVE        PROGRESS    COST │")
        assert row[53:63] == "epoch 4/10" or row[54:64] == "epoch 4/10"
        assert_bounds(lines, (3, 20, 34), BESIDE)
    else:
        assert lines[4].startswith("│ Running · 1")
        assert f"├─ {B} ─" in lines[12]
        assert_bounds(lines, (3, 12, 22), BELOW)
    assert "$0.38 │" in row
    assert f" ✔ {A}" in "".join(lines)
    assert "GPU memory" in next(line for line in lines if FAILED in line)


@pytest.mark.parametrize(
    ("steps", "until", "titles"),
    [
        ((), "following", ("╭─ Charts ──", f"╭─ {B} ", "● Training ─╮", "m more metrics  l log scale")),
        (("j",), "What next", ("╭─ Charts ──", f"╭─ {A} ", "✔ Completed ─╮")),
        (("j", "j"), "What helps", ("╭─ ✖ The GPU ran out of memory ──", f"╭─ {FAILED} ", "✖ Failed ─╮")),
    ],
    ids=["running", "completed", "failed"],
)
async def test_a_job_stands_as_it_is_drawn(
    steps: tuple[str, ...], until: str, titles: tuple[str, ...], tmp_path: Path, plain_environment: None
) -> None:
    app = still_app(DRAWN, tmp_path)
    async with app.run_test(size=(120, 36)) as pilot:
        work = Work(app, pilot)
        lines = await opened(work, "6", *steps, "enter", until=until)
        assert work.screen(JobScreen)
    assert all(title in lines[3] for title in titles), lines[3]
    assert_bounds(lines, (3, 10, 20), BESIDE)
    assert_bounds(lines, (21, 34), (0, 119))
    assert lines[34].endswith("v next ─╯")


@pytest.mark.parametrize(
    ("steps", "until", "divider"),
    [
        ((), "following", (14, "├─ Log ──")),
        (("j",), "What next", (19, "├─ What next ──")),
        (("j", "j"), "What helps", (15, "├─ Log ──")),
    ],
    ids=["running", "completed", "failed"],
)
async def test_a_job_stands_in_one_box_where_it_is_narrow(
    steps: tuple[str, ...], until: str, divider: tuple[int, str], tmp_path: Path, plain_environment: None
) -> None:
    app = still_app(DRAWN, tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        lines = await opened(Work(app, pilot), "6", *steps, "enter", until=until)
    row, text = divider
    assert lines[row].startswith(text) or lines[row + 1].startswith(text), lines
    assert_bounds(lines, (3, 8, 22), BELOW)
