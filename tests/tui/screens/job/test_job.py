"""The Job screen: a job followed to its end, what came of it, and what can be done with it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from jsft_tui.core.jobs.metrics.log_metrics import LogLine
from jsft_tui.core.jobs.training_job import JobStatus
from jsft_tui.services.jobs.follow import Logged
from jsft_tui.tui.dialogs.choice import ChoiceDialog
from jsft_tui.tui.keymap.action import ScreenId
from jsft_tui.tui.keymap.help_page import help_page
from jsft_tui.tui.screens.job.screen import JobScreen
from jsft_tui.tui.screens.models.screen import ModelsScreen
from jsft_tui.tui.screens.review.screen import ReviewScreen
from jsft_tui.tui.widgets.log.view import LogView
from tests.common.home import Home
from tests.tui.driver.pilot import Work, at_work
from tests.tui.screens.job.job_work import MISMATCH, ended, endless, launch

FACTS = ("Job", "Parent", "ARN", "Model")
FOLLOW = "job follow"


@pytest.fixture(scope="module")
def done(_session_home: Home, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A job that completed."""
    return ended(_session_home, tmp_path_factory.mktemp("done"), "seen")


@pytest.fixture(scope="module")
def failed(_session_home: Home, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A job that failed."""
    return ended(_session_home, tmp_path_factory.mktemp("failed"), "broken", data=MISMATCH)


async def watch(work: Work, name: str, shows: str) -> JobScreen:
    """The screen of a job, once it shows a text."""
    work.app.open_job(name)
    await work.wait_for(lambda: isinstance(work.app.work_screen, JobScreen) and shows in work.text)
    return work.screen(JobScreen)


def is_described(work: Work, name: str) -> bool:
    """Whether the list knows all of a job."""
    job = work.session.job_list.state.get(name)
    return job is not None and bool(job.instance_type)


async def press(work: Work, *keys: str) -> None:
    """Press keys while the job is followed."""
    for key in keys:
        await work.pilot.press(key)
    await work.settle(FOLLOW)


async def test_another_job_takes_the_place_of_the_one_that_is_shown(home: Home, done: str, failed: str) -> None:
    async with at_work(home) as work:
        await watch(work, done, "Parent")
        await watch(work, failed, failed)
        assert done not in work.text
        await press(work, "ctrl+p")
        work.app.open_job(done)  # launched just now, below a question
        await press(work, "escape")
        assert done in work.text


async def test_a_job_is_followed_to_its_training_output(home: Home, folder: Path) -> None:
    async with at_work(home, (80, 24)) as work:
        name = launch(home, folder, "lite0", hyperparameters={"epochs": 4, "batch_size": "auto"})
        await watch(work, name, name)
        await work.wait_for("What next")
        await work.wait_for("Parent")

        text = work.text
        assert all(any(line[2:].startswith(f"{fact} ") for line in work.lines) for fact in FACTS)
        assert f"s3://jsft-sandbox-us-west-2/{name}/output/model.tar.gz" in re.sub(r"[\s│┃]+", "", text)
        assert "✔ Completed in" in work.lines[3]
        assert "val-accuracy" in work.lines[4]
        assert all(len(line) <= 80 for line in work.lines)
        assert work.session.job_list.state.get(name) is not None
        assert "/h" not in work.lines[0]
        await press(work, "v")
        assert "Epoch 4/4" in work.text
        assert "following" in work.text


async def test_views_take_turns_and_fields_are_copied(home: Home, done: str) -> None:
    async with at_work(home, (100, 30)) as work:
        screen = await watch(work, done, "Parent model")
        await work.wait_for("val-accuracy")
        await work.press("v")
        assert "Epoch 2/2" in work.text
        before = work.text
        await work.press("m")
        assert work.text != before
        await work.press("v")
        assert "Hyperparameters" in work.text
        await work.press("v")
        await work.wait_for("class_label_to_prediction_index.json")
        await work.press("v")
        assert "Parent model" in work.text
        await work.press("left_square_bracket", "left_square_bracket")
        assert "Hyperparameters" in work.text

        await work.press("y")
        assert isinstance(work.app.screen, ChoiceDialog)
        await work.type("output path")
        await work.press("enter")
        assert work.app.clipboard == f"s3://jsft-sandbox-us-west-2/{done}/output/model.tar.gz"
        await work.press("a")
        assert "Nothing went wrong" in screen.status


async def test_training_and_validation_share_a_chart_whose_keys_work_while_it_has_the_focus(
    home: Home, done: str
) -> None:
    async with at_work(home, (120, 36)) as work:
        await watch(work, done, "Parent")
        await work.wait_for(lambda: "val-accuracy" in work.text and "train" in work.text)
        await work.press("left")
        assert "▸ epoch 1" in work.text
        await work.press("l", "o")
        assert work.text.count("log smooth 0.6") == 2
        await work.press("l", "o", "o")
        assert "smooth 0" not in work.text
        assert any("ogarithmic" in each.text for part in help_page(ScreenId.JOB, {}).own for each in part.lines)


async def test_a_pane_is_given_the_whole_screen_and_back(home: Home, done: str) -> None:
    async with at_work(home, (100, 30)) as work:
        await watch(work, done, "Parent model")
        await work.press("f", "z")
        assert "Log" in work.lines[3]
        assert "Charts" not in work.text
        await work.press("escape")
        assert "Charts" in work.lines[3]
        assert "What next" in work.text


async def test_the_log_is_searched_filtered_and_saved(home: Home, folder: Path, done: str) -> None:
    async with at_work(home, (100, 30)) as work:
        screen = await watch(work, done, "Parent model")
        await work.press("slash")
        await work.type("epoch")
        await work.wait_for("of 2 matches")
        await work.press("enter", "n")
        await work.press("ampersand")
        await work.type("val_accuracy")
        await work.wait_for("2 of ")
        await work.press("escape", "escape")
        await work.press("f")
        assert screen.query_one(LogView).state.follows

        await work.press("w", "enter")
        await work.wait_for("Saved")
        saved = (folder / f"{done}.log").read_text().splitlines()
        assert saved == [line["message"] for line in home.json("logs", done)]
        await work.press("w", "enter")
        await work.wait_for("exists already")


async def test_a_failure_is_explained_before_it_is_quoted_and_cloned(home: Home, failed: str) -> None:
    async with at_work(home, (80, 24)) as work:
        screen = await watch(work, failed, "What helps")
        await work.wait_for("line 2 of 2")  # the first error
        text = work.text
        assert work.lines[3].startswith("┏━ ✖ The training script failed") or "✖" in work.lines[3]
        assert text.index("It stopped") < text.index("What helps") < text.index("AlgorithmError")
        await work.press("R")
        assert work.run.name != failed
        assert work.run.data == MISMATCH
        assert "To change by hand:" in screen.status


async def test_a_job_that_ran_too_long_is_retried_with_more_time(home: Home, folder: Path) -> None:
    document = {"type": "ml.g4dn.xlarge", "max_runtime": "1s"}
    name = ended(home, folder, "short", instance=document, hyperparameters={"epochs": 1000, "augmentation": True})
    async with at_work(home, (100, 30)) as work:
        await watch(work, name, "maximum runtime")
        await work.wait_for("Double max_runtime: max_runtime 1s -> 2s")
        await work.settle()
        assert "enter open the fixed run" in work.lines[-1]
        assert "S stop" not in work.lines[-1]
        await work.press("enter")
        assert work.screen(ReviewScreen)
        assert work.session.drafts.run.instance.max_runtime == 2
        await work.wait_for("max_runtime 1s -> 2s")


async def test_a_running_job_ticks_is_stopped_and_keeps_the_header_right(home: Home, folder: Path) -> None:
    name = endless(home, folder, "running")
    async with at_work(home, (120, 36)) as work:
        screen = await watch(work, name, "epoch 1")
        await work.wait_for(" left")
        await work.wait_for("$0.74/h  1 job")
        assert "so far" in work.text
        assert "● Training" in work.text
        facts = [line for line in work.lines if "● Training " in line]
        await work.wait_for(lambda: [line for line in work.lines if "● Training " in line] != facts)
        assert screen.query_one(LogView).state.follows
        assert "S stop" in work.lines[-1]
        assert "open the fixed" not in work.lines[-1]
        await press(work, "s")  # the key of the version before
        assert "SageMaker gives it 2 minutes" in work.text
        await press(work, "S")
        await work.wait_for("■ It was stopped")
        await work.wait_for(lambda: "/h" not in work.lines[0])
        job = work.session.job_list.state.get(name)
        assert job is not None
        assert job.status is JobStatus.STOPPED
        await work.settle()
        assert "S stop" not in work.lines[-1]
        await work.press("S")
        assert "has already ended" in screen.status


async def test_leaving_ends_the_questions_and_coming_back_reads_no_line_twice(home: Home, folder: Path) -> None:
    name = endless(home, folder, "left")
    async with at_work(home, (100, 30)) as work:
        screen = await watch(work, name, "epoch 1")
        await work.pilot.press("1")
        await work.wait_for(lambda: isinstance(work.app.work_screen, ModelsScreen))
        await work.settle()  # the watch has ended by itself
        home.sandbox.forget_calls()
        await work.pilot.pause(0.5)
        assert "logs" not in {service for service, _ in home.sandbox.calls()}

        work.app.go(ScreenId.JOB)
        lines = screen.query_one(LogView).state.lines
        await work.wait_for(lambda: screen.query_one(LogView).state.lines > lines)
        home.jsft("stop", name, "--yes")
        await work.wait_for(lambda: screen.status == "It was stopped.")  # then the log was read to its end
        assert "■ It was stopped" in work.text
        store = screen.query_one(LogView).store
        told = [store.line(number).text for number in range(len(store))]
        assert told == [line["message"] for line in home.json("logs", name)]


async def test_another_job_begins_with_a_log_of_its_own(home: Home, done: str, failed: str) -> None:
    async with at_work(home, (100, 30)) as work:
        await watch(work, done, "Parent model")
        await work.press("v", "escape")
        await watch(work, failed, "What helps")
        assert "Epoch 2/2" not in work.text
        assert done not in work.text


async def test_what_a_job_writes_is_only_text(home: Home, done: str) -> None:
    async with at_work(home, (100, 30)) as work:
        screen = await watch(work, done, "Parent")
        await work.press("v")
        hostile = "[@click=app.quit]x[/] \x1b]52;c;aGk=\x07\x1b[2Jred \u202eevil"
        screen._told(Logged((LogLine(0.0, hostile),)))
        await work.wait_for("[@click=app.quit]x[/]")
        assert "\x1b" not in work.text
        assert "\u202e" not in work.text


async def test_a_job_that_does_not_exist_is_said_to_be_unknown(home: Home) -> None:
    async with at_work(home, (80, 24)) as work:
        screen = await watch(work, "there-is-no-such-job", "there is no training job")
        await work.press("s", "y", "v", "m", "c")
        assert screen.status
        await work.press("escape")
        assert work.screen(ModelsScreen)


async def test_without_the_right_to_read_logs_the_rest_is_there(home: Home, done: str) -> None:
    home.sandbox.set_faults({"do": "denied", "service": "logs", "times": None})
    async with at_work(home, (100, 30)) as work:
        await watch(work, done, "Parent model")
        await work.press("v")
        await work.wait_for("may not be read")
        await work.wait_for("val-accuracy")


async def test_an_expired_session_keeps_what_is_there_and_goes_on_later(home: Home, done: str) -> None:
    async with at_work(home, (100, 30)) as work:
        await work.press("6")
        await work.wait_for(lambda: is_described(work, done))
        home.sandbox.set_faults({"do": "expired", "times": None})
        screen = await watch(work, done, "✔ Completed")  # known from the list
        await work.wait_for(lambda: "trying again" in screen.status)
        assert "aws sso login" in screen.status
        assert "Parent model" in work.text
        await press(work, "v")
        assert "signed out since" in work.text
        assert "signed out" in work.lines[0]
        home.sandbox.set_faults()
        await work.wait_for(lambda: not screen.status)
        await work.wait_for("Epoch 2/2")
        assert "signed out" not in work.text
        assert "signed out" not in work.lines[0]
