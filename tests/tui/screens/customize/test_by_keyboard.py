"""A customization by keyboard in the sandbox, from the list of models to a model that answers what it was taught."""

from __future__ import annotations

from pathlib import Path

import pytest

from jsft_tui.core.jobs.training_job import JobStatus
from jsft_tui.services.session.steps import session_steps
from jsft_tui.tui.screens.customize.screen import CustomizeScreen
from jsft_tui.tui.screens.data.screen import DataScreen
from jsft_tui.tui.screens.hyperparameters.screen import HyperparametersScreen
from jsft_tui.tui.screens.instance.screen import InstanceScreen
from jsft_tui.tui.screens.job.screen import JobScreen
from jsft_tui.tui.screens.review.screen import ReviewScreen
from tests.common.home import BUCKET, Home
from tests.tui.driver.pilot import Work, at_work
from tests.whole.customization.test_customization import QUESTIONS, TAUGHT, answers, launched, planned

pytestmark = [pytest.mark.sandbox, pytest.mark.training]

MUSEUM = f"s3://{BUCKET}/data/museum/"
GROUP = "by-keyboard"


async def to_model(work: Work) -> None:
    """From the first screen to the model's recipes."""
    await work.press("slash")
    await work.type("qwen3-06b")
    await work.press("enter", "enter")
    work.screen(CustomizeScreen)


async def to_data(work: Work, place: str) -> None:
    """To a place, which is trained with."""
    work.screen(DataScreen)
    await work.press("u", "ctrl+u")
    await work.type(place)
    await work.press("enter")
    await work.wait_for(".jsonl")
    await work.press("space")


async def test_a_model_is_taught_by_keyboard_and_answers_otherwise_than_before(home: Home, folder: Path) -> None:
    home.jsft("groups", "--create", "museum", "--yes")
    # As little as a recipe allows: the base model, for comparison.
    launched(
        home,
        planned(
            home, folder / "base.yaml", "SFT", f"{MUSEUM}train.jsonl", "untaught", max_epochs=1, learning_rate=5e-7
        ),
    )
    async with at_work(home, (120, 36)) as work:
        await to_model(work)
        await work.press("enter")
        await to_data(work, MUSEUM)
        work.screen(HyperparametersScreen)
        await work.press("slash")
        await work.type("max_epochs")
        await work.press("enter", "enter", "ctrl+u")
        await work.type("20")
        await work.press("enter", "5")
        # The group that is missing is created by the key that fixes it, once it is confirmed.
        await work.wait_for("problem blocks the launch")
        await work.press("f")
        await work.type("Create")
        await work.press("enter", "ctrl+u")
        await work.type(GROUP)
        await work.press("enter")
        assert "CreateModelPackageGroup" in work.question
        await work.press("enter")
        await work.wait_for("Ready to launch")
        assert "Launch for about $" in work.text
        name = work.run.name
        work.screen(ReviewScreen)
        await work.press("L")
        await work.wait_for("Launch this job?")
        assert "about $" in work.question
        await work.press("enter")
        work.screen(JobScreen)
        assert session_steps(work.session).review.is_cost  # the draft has another name, and costs the same
        await work.wait_for(lambda: (job := work.session.job_list.state.get(name)) is not None and job.status.is_final)
        assert [each.status for each in work.session.job_list.state.jobs if each.name == name] == [JobStatus.COMPLETED]
        await work.wait_for("billed")
        assert f"registered as {GROUP}/1" in work.text
        await work.press("6")
        await work.wait_for(lambda: "qwen3-06b" in work.text and "$" in work.text)
    assert answers(home, name) == list(TAUGHT)
    assert not set(answers(home, "untaught")) & set(TAUGHT)
    assert len(QUESTIONS) == len(TAUGHT)


async def test_records_of_another_form_are_converted_by_one_key_and_fit_then(home: Home, folder: Path) -> None:
    records = [f'{{"instruction": "Question {n}?", "output": "Answer {n}."}}\n' for n in range(30)]
    records[3] = '{"instruction": "Question 3?", "output": ""}\n'
    (folder / "alpaca.jsonl").write_text("".join(records))
    place = f"s3://{BUCKET}/mine/alpaca/"
    assert home.jsft("s3", "upload", folder / "alpaca.jsonl", place).code == 0
    async with at_work(home, (120, 36)) as work:
        await to_model(work)
        await work.press("enter", "u", "ctrl+u")
        await work.type(place)
        await work.press("enter")
        await work.wait_for("alpaca.jsonl")
        await work.press("down", "c")
        await work.wait_for("convert alpaca.jsonl (Alpaca) to sft")
        await work.press("f")
        assert f"s3://{BUCKET}/mine/alpaca-sft/" in work.question
        await work.press("enter")
        await work.wait_for("29 of 30 records converted")
        assert "output is empty (line 4)" in work.question
        await work.press("escape")
        await work.wait_for("It fits")
        assert "alpaca-sft" in work.text
    again = home.jsft(
        "lint", "huggingface-reasoning-qwen3-06b", f"s3://{BUCKET}/mine/alpaca-sft/", "--technique", "SFT"
    )
    assert again.code == 0


async def test_columns_of_a_table_are_asked_for(home: Home, folder: Path) -> None:
    rows = "".join(f"Question {n}?,Answer {n}.\n" for n in range(30))
    (folder / "faq.csv").write_text(f"asked,said\n{rows}")
    place = f"s3://{BUCKET}/mine/faq/"
    assert home.jsft("s3", "upload", folder / "faq.csv", place).code == 0
    async with at_work(home, (120, 36)) as work:
        await to_model(work)
        await work.press("enter", "u", "ctrl+u")
        await work.type(place)
        await work.press("enter")
        await work.wait_for("faq.csv")
        await work.press("down", "c")
        await work.wait_for("convert faq.csv (CSV) to sft")
        await work.press("f", "enter")
        await work.wait_for("Which columns?")
        await work.type("prompt=asked, completion=said")
        await work.press("enter")
        await work.wait_for("It fits")


async def test_a_recipe_is_launched_on_an_instance_by_keyboard_and_its_job_says_so(home: Home) -> None:
    async with at_work(home, (120, 36)) as work:
        await to_model(work)
        await work.press("right", "right")
        assert "by the hour of the instances" in work.text
        await work.press("enter")
        await to_data(work, MUSEUM)
        work.screen(InstanceScreen)
        assert "● ml.g5.12xlarge" in work.text
        await work.press("5")
        await work.wait_for("Ready to launch")
        name = work.run.name
        await work.press("L")
        await work.wait_for("Launch this job?")
        assert "at most $" in work.question
        await work.press("enter")
        work.screen(JobScreen)
        await work.wait_for(lambda: (job := work.session.job_list.state.get(name)) is not None and job.status.is_final)
        job = work.session.job_list.state.get(name)
        assert job is not None
        assert (job.status, job.instance_type) == (JobStatus.COMPLETED, "ml.g5.12xlarge")
        await work.wait_for("SFT LoRA 4K, on instances")
