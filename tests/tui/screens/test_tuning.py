"""A search: ranges on Hyperparameters, its settings on Review, its row in Jobs, its trials on a screen of their own."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from jsft_tui.core.catalog.spec.spec import ModelSpec
from jsft_tui.core.run.name import TUNING_GRAMMAR
from jsft_tui.core.run.tuning import Choices, Objective, Scale, Span, Strategy, WarmStartKind
from jsft_tui.core.tuning.choices.form import with_range
from jsft_tui.tui.keymap.action import ScreenId
from jsft_tui.tui.screens.compare.screen import CompareScreen
from jsft_tui.tui.screens.hyperparameters.screen import HyperparametersScreen
from jsft_tui.tui.screens.jobs.screen import JobsScreen
from jsft_tui.tui.screens.review.documents import View
from jsft_tui.tui.screens.review.screen import ReviewScreen
from jsft_tui.tui.screens.tuning.screen import TuningScreen
from tests.tui.driver.pilot import Work
from tests.tui.driver.still import set_plain_environment, still_app
from tests.tui.driver.worlds import ORDINARY
from tests.tui.screens.every_screen.opened import NEVER_DONE

pytestmark = pytest.mark.screens

SWEEP = "flowers-sweep"


@asynccontextmanager
async def still_work(folder: Path, size: tuple[int, int] = (120, 36)) -> AsyncIterator[Work]:
    """The app over the ordinary world."""
    app = still_app(ORDINARY, folder)
    async with app.run_test(size=size) as pilot:
        work = Work(app, pilot)
        await work.wait_for(lambda: app.session is not None)
        await work.settle(*NEVER_DONE)
        yield work


async def press(work: Work, *keys: str) -> None:
    for key in keys:
        await work.pilot.press(key)
        await work.settle(*NEVER_DONE)


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    set_plain_environment(monkeypatch)


async def to_value(work: Work, name: str) -> None:
    """Put the cursor on a hyperparameter."""
    await press(work, "4")
    screen = work.screen(HyperparametersScreen)
    screen._table.move_to_key(name)
    await work.settle(*NEVER_DONE)


# Hyperparameters


async def test_a_key_turns_a_value_into_a_range_and_back(tmp_path: Path) -> None:
    async with still_work(tmp_path) as work:
        before = work.run
        await to_value(work, "learning_rate")
        await press(work, "t")

        tuning = work.run.tuning
        assert tuning is not None
        # Documented for TensorFlow image classification, inside the spec's own bounds.
        assert tuning.ranges == {"learning_rate": Span("1e-06", "0.5", Scale.LOG)}
        assert "↔ learning_rate" in work.text
        assert "1e-06 … 0.5  log" in work.text
        assert "Tuned · 1     10 trials, at most $425.40" in work.text
        assert "tune 1 value" in work.lines[2]
        await press(work, "t")
        assert work.run == before
        assert "no search any more" in work.screen(HyperparametersScreen).status


def is_search(work: Work) -> bool:
    return work.run.tuning is not None


async def test_a_range_is_typed_and_wrong_ones_are_not_kept(tmp_path: Path) -> None:
    async with still_work(tmp_path) as work:
        await to_value(work, "batch_size")
        await press(work, "enter")
        await work.type("16,32,2048")
        assert "from 1 to 1024" in work.text or "1024" in work.text
        await press(work, "enter")
        assert not is_search(work)
        screen = work.screen(HyperparametersScreen)
        screen._field.set_text("16,32,64")
        await press(work, "enter")
        assert work.run.tuning is not None
        assert work.run.tuning.ranges == {"batch_size": Choices(("16", "32", "64"))}
        await press(work, "enter")
        screen._field.set_text("8..64")
        await press(work, "up")
        assert screen._field.text == "8..64:linear"
        screen._field.set_text("64")
        await press(work, "enter")
        assert not is_search(work)
        assert work.run.hyperparameters["batch_size"] == "64"


async def test_what_was_set_for_a_search_comes_back_with_its_next_range(tmp_path: Path) -> None:
    async with still_work(tmp_path) as work:
        await to_value(work, "learning_rate")
        await press(work, "t")
        await press(work, "5", "t")
        await work.type("trials")
        await press(work, "enter", "ctrl+u")
        await work.type("12")
        await press(work, "enter", "escape")
        await to_value(work, "learning_rate")
        await press(work, "t", "t")
        assert work.run.tuning is not None
        assert work.run.tuning.max_jobs == 12


# Review


async def test_the_settings_of_a_search_are_changed_one_after_the_other(tmp_path: Path) -> None:
    async with still_work(tmp_path) as work:
        await to_value(work, "learning_rate")
        await press(work, "t", "5", "t")
        assert "How to search" in work.text
        assert "minimize loss" in work.text
        for words, key in (("strategy", "random"), ("early", "on")):
            await work.type(words)
            await press(work, "enter")
            await work.type(key)
            await press(work, "enter")
        await work.type("at a time")
        await press(work, "enter", "ctrl+u")
        await work.type("none")
        assert "must be a whole number" in work.text
        await press(work, "ctrl+u")
        await work.type("2")
        await press(work, "enter", "escape")

        tuning = work.run.tuning
        assert tuning is not None
        assert (tuning.strategy, tuning.early_stopping, tuning.parallel) == (Strategy.RANDOM, True, 2)
        assert "10, 2 at a time, random" in work.text


async def test_the_objective_may_be_found_by_a_regular_expression(tmp_path: Path) -> None:
    async with still_work(tmp_path) as work:
        await to_value(work, "learning_rate")
        await press(work, "t", "5", "t", "enter")
        await work.type("regular")
        await press(work, "enter")
        await work.type("accuracy")
        await press(work, "enter")
        await work.type("no group")
        await press(work, "enter")
        assert "brackets" in work.text
        await press(work, "ctrl+u")
        await work.type("acc: ([0-9.]+)")
        await press(work, "enter", "enter", "escape")

        assert work.run.tuning is not None
        objective = work.run.tuning.objective
        assert isinstance(objective, Objective)
        assert (objective.metric, objective.regex) == ("accuracy", "acc: ([0-9.]+)")
        assert objective.direction is not None


async def test_the_request_of_a_search_is_that_of_a_tuning_job(tmp_path: Path) -> None:
    async with still_work(tmp_path) as work:
        await to_value(work, "learning_rate")
        await press(work, "t", "5")
        screen = work.screen(ReviewScreen)
        screen.action_check()
        await work.wait_for(lambda: screen._fresh_plan is not None)
        await work.settle(*NEVER_DONE)
        screen._show_view(View.REQUEST)

        request = json.loads(screen._document_text())

        assert request["HyperParameterTuningJobName"] == work.run.name
        ranges = request["HyperParameterTuningJobConfig"]["ParameterRanges"]["ContinuousParameterRanges"]
        assert [each["Name"] for each in ranges] == ["learning_rate"]
        screen._show_view(View.BOTO3)
        assert "create_hyper_parameter_tuning_job" in screen._document_text()


def test_a_name_too_long_for_a_search_is_replaced() -> None:
    spec = ModelSpec.parse(ORDINARY.specs[0])
    run = replace(ORDINARY.draft, name="a-name-of-a-training-job-that-no-search-can-have")

    searched = with_range(run, spec, "learning_rate", Span("0.001", "0.1"), 1_780_000_000.0)

    assert TUNING_GRAMMAR.fullmatch(searched.name)
    assert with_range(ORDINARY.draft, spec, "epochs", Choices(("1", "2")), 0.0).name == ORDINARY.draft.name


# The search


def trial_rows(work: Work) -> list[str]:
    """The rows of trials on screen."""
    return [line for line in work.lines if re.search(r"t-\d\d", line[:12])]


def number(row: str) -> str:
    """The number of the trial of a row."""
    found = re.search(r"t-\d\d", row)
    assert found is not None, row
    return found[0]


async def open_sweep(work: Work) -> TuningScreen:
    await press(work, "6")
    work.screen(JobsScreen)._table.move_to_key(SWEEP)
    await press(work, "enter")
    return work.screen(TuningScreen)


async def test_a_search_is_one_row_that_opens(tmp_path: Path) -> None:
    async with still_work(tmp_path) as work:
        await press(work, "6")
        assert sum(SWEEP in line for line in work.lines) == 1
        row = next(line for line in work.lines if SWEEP in line)
        assert "◇" in row
        assert "0.2871" in row
        assert "$3.03" in row

        await open_sweep(work)

        rows = trial_rows(work)
        assert [number(row) for row in rows][:3] == ["t-07", "t-11", "t-04"]
        assert "12 of 12 trials, 1 stopped, 1 failed" in work.text
        assert any("✖ t-03" in row and "diverged" in row for row in rows)
        assert any("■ t-06" in row and "stopped" in row for row in rows)
        assert "$3.03 of at most $109.08" in work.text
        await press(work, "escape")
        assert work.app.work_screen is work.screen(JobsScreen)


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_the_trials_are_drawn_in_three_ways(tmp_path: Path, size: tuple[int, int]) -> None:
    async with still_work(tmp_path, size) as work:
        screen = await open_sweep(work)
        axes = screen._plot.text
        assert all(name in axes for name in ("learning_rate", "batch_size", "optimizer", "loss", "128", "sgd"))
        assert "learning_rate matters most" in axes
        await press(work, "x")
        assert screen._plot.text.count("•") == 9  # ten trials have a value; the best one has its own sign
        assert "◆" in screen._plot.text
        await press(work, "x")
        assert "learning_rate" in screen._plot.text
        assert "●" not in screen._plot.text
        await press(work, "down")
        await work.wait_for(lambda: "●" in screen._plot.text)
        await press(work, "x")
        assert screen._plot.text != axes  # another trial is the bright one


async def test_the_best_trials_are_compared_without_marks_else_the_marked_ones(tmp_path: Path) -> None:
    async with still_work(tmp_path) as work:
        await open_sweep(work)
        await press(work, "equals_sign")
        work.screen(CompareScreen)
        assert [name[14:17] for name in work.app.compared_jobs] == ["007", "011", "004"]
        await press(work, "escape", "down", "space", "space", "equals_sign")
        assert [name[14:17] for name in work.app.compared_jobs] == ["011", "004"]


async def test_another_search_learns_from_one_that_has_ended(tmp_path: Path) -> None:
    async with still_work(tmp_path) as work:
        await open_sweep(work)
        await press(work, "i")
        if work.question:  # the draft before it was never launched
            await press(work, "enter")
        tuning = work.run.tuning
        assert tuning is not None
        warm = tuning.warm_start
        assert warm is not None
        assert (warm.parents, warm.kind) == ((SWEEP,), WarmStartKind.IDENTICAL)
        assert set(tuning.ranges) == {"learning_rate", "batch_size", "optimizer"}


async def test_a_search_that_has_ended_is_not_stopped(tmp_path: Path) -> None:
    async with still_work(tmp_path) as work:
        screen = await open_sweep(work)
        assert "S stop" not in work.lines[-1]
        await press(work, "S")
        assert "already ended" in screen.status


async def test_trials_are_sorted_by_number_on_request(tmp_path: Path) -> None:
    async with still_work(tmp_path) as work:
        await open_sweep(work)
        await press(work, "s")
        await work.type("number")
        await press(work, "enter")
        assert [number(row) for row in trial_rows(work)][:2] == ["t-12", "t-11"]


async def test_a_search_that_is_not_there_is_said_to_be(tmp_path: Path) -> None:
    async with still_work(tmp_path) as work:
        work.app.open_search("nothing-here")
        await work.wait_for("The search cannot be read")
        assert work.app._here is ScreenId.TUNING
