"""The Job screen: a job followed to its end, what came of it, and what can be done with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from jsft_tui.core.jobs.metrics.log_metrics import LogLine
from jsft_tui.core.jobs.training_job import JobStatus
from jsft_tui.services.jobs.follow import Logged
from jsft_tui.tui.dialogs.choice import ChoiceDialog
from jsft_tui.tui.help import help_lines
from jsft_tui.tui.keymap.action import ScreenId
from jsft_tui.tui.screens.job.screen import JobScreen
from jsft_tui.tui.screens.models import ModelsScreen
from jsft_tui.tui.widgets.chart import Chart
from jsft_tui.tui.widgets.log.view import LogView
from tests.home import Home
from tests.tui.pilot import Work, at_work
from tests.tui.screens.job.job_work import MISMATCH, ended, endless, launch

FIVE = ("Parent model", "Training job name", "Training job ARN", "Training time", "Output path")
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
        await watch(work, done, "Training job ARN")
        await watch(work, failed, failed)
        assert done not in work.text
        await press(work, "ctrl+p")
        work.app.open_job(done)  # launched just now, below a question
        await press(work, "escape")
        assert done in work.text


async def test_a_job_is_followed_to_its_training_output(home: Home, folder: Path) -> None:
    async with at_work(home, (80, 24)) as work:
        name = launch(home, folder, "lite0", hyperparameters={"epochs": 4, "batch_size": "auto"})
        await watch(work, name, "Starting")
        await work.wait_for("Training job ARN")

        text = work.text
        assert all(field in text for field in FIVE)
        assert f"s3://jsft-sandbox-us-west-2/{name}/output/model.tar.gz" in "".join(text.split())
        assert "✔ Completed" in text
        assert "epoch 4/4" in text
        assert "(best)" in text
        assert "Epoch 4/4" in text
        assert "log ─ follow" in text
        for phase in ("Starting", "Downloading", "Training", "Uploading"):
            assert f"{phase} 0:0" in text
        assert all(len(line) <= 80 for line in work.lines)
        assert work.session.job_list.state.get(name) is not None
        assert "running" not in work.lines[0]


async def test_output_charts_and_configuration_take_turns_and_fields_are_copied(home: Home, done: str) -> None:
    async with at_work(home, (100, 30)) as work:
        screen = await watch(work, done, "Training job ARN")
        await work.press("v")
        assert "val-accuracy" in work.text
        assert "Training job ARN" not in work.text
        before = work.text
        await work.press("m")
        assert work.text != before
        await work.press("v")
        assert "Hyperparameters" in work.text
        await work.press("v")
        assert "Training job ARN" in work.text

        await work.press("y")
        assert isinstance(work.app.screen, ChoiceDialog)
        await work.type("output")
        await work.press("enter")
        assert work.app.clipboard == f"s3://jsft-sandbox-us-west-2/{done}/output/model.tar.gz"
        await work.press("x")
        assert "Nothing went wrong" in screen.status


async def test_training_and_validation_share_a_chart_whose_keys_work_while_it_has_the_focus(
    home: Home, done: str
) -> None:
    async with at_work(home, (80, 24)) as work:
        await watch(work, done, "Training job ARN")
        await work.press("v")
        titles = [text for text in work.lines if "train-accuracy" in text]
        assert len(titles) == 1
        assert "val-accuracy" in titles[0]
        await work.press("l")
        assert "log ─ follow" in work.text
        work.app.screen.query(Chart).first().focus()
        await work.press("left")
        assert "▸ train-accuracy" in work.text
        assert "epoch 1" in work.text or "epoch 2" in work.text  # two epochs of one millisecond are one place
        await work.press("l", "o")
        assert work.text.count("log smooth 0.6") == 2
        await work.press("l", "o", "o")
        assert "smooth 0" not in work.text
        assert any("logarithmic scale" in each.text for each in help_lines(ScreenId.JOB, {}))


async def test_the_log_is_searched_filtered_and_saved(home: Home, folder: Path, done: str) -> None:
    async with at_work(home, (100, 30)) as work:
        screen = await watch(work, done, "Epoch 2/2")
        await work.wait_for("Training job ARN")
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


async def test_a_failure_is_explained_before_it_is_quoted_and_retried_as_a_draft(home: Home, failed: str) -> None:
    async with at_work(home, (80, 24)) as work:
        screen = await watch(work, failed, "What it means")
        text = work.text
        assert text.index("What it means") < text.index("What to do") < text.index("AlgorithmError")
        assert "✖ Failed" in text
        assert "xopensitasadraft" in "".join(text.split())
        await work.press("x")
        assert work.run.name != failed
        assert work.run.data == MISMATCH
        assert "To change by hand:" in screen.status


async def test_a_job_that_ran_too_long_is_retried_with_more_time(home: Home, folder: Path) -> None:
    document = {"type": "ml.g4dn.xlarge", "max_runtime": "1s"}
    name = ended(home, folder, "short", instance=document, hyperparameters={"epochs": 1000, "augmentation": True})
    async with at_work(home, (100, 30)) as work:
        screen = await watch(work, name, "longest run time")
        await work.wait_for("x opens it as a draft: double max_runtime")
        await work.settle()
        assert "x retry fixed" in work.lines[-1]
        assert "s stop" not in work.lines[-1]
        await work.press("x")
        assert "max_runtime 1s -> 2s" in work.text
        await work.press("escape")
        assert not work.run.model.id
        await work.press("x", "y")
        assert work.session.drafts.run.instance.max_runtime == 2
        assert "Changed: max_runtime" in screen.status


async def test_a_running_job_ticks_is_stopped_and_keeps_the_header_right(home: Home, folder: Path) -> None:
    name = endless(home, folder, "running")
    async with at_work(home, (120, 36)) as work:
        screen = await watch(work, name, "epoch 1")
        await work.wait_for("ETA")
        await work.wait_for("1 running  $0.74/h")
        assert "so far" in work.text
        assert "Training 0:" in work.text
        facts = [line for line in work.lines if "so far" in line]
        await work.wait_for(lambda: [line for line in work.lines if "so far" in line] != facts)
        assert screen.query_one(LogView).state.follows
        assert "s stop" in work.lines[-1]
        assert "x retry" not in work.lines[-1]
        await press(work, "s")
        assert "It gets two minutes" in work.text
        await press(work, "y")
        await work.wait_for("■ Stopped")
        await work.wait_for(lambda: "running" not in work.lines[0])
        job = work.session.job_list.state.get(name)
        assert job is not None
        assert job.status is JobStatus.STOPPED
        await work.settle()
        assert "s stop" not in work.lines[-1]
        await work.press("s")
        assert "nothing to stop" in screen.status


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
        await work.wait_for(lambda: screen.status == "It is Stopped.")  # then the log was read to its end
        assert "■ Stopped" in work.text
        store = screen.query_one(LogView).store
        told = [store.line(number).text for number in range(len(store))]
        assert told == [line["message"] for line in home.json("logs", name)]


async def test_another_job_begins_with_a_log_of_its_own(home: Home, done: str, failed: str) -> None:
    async with at_work(home, (100, 30)) as work:
        await watch(work, done, "Epoch 2/2")
        await work.press("escape")
        await watch(work, failed, "What it means")
        assert "Epoch 2/2" not in work.text
        assert done not in work.text


async def test_what_a_job_writes_is_only_text(home: Home, done: str) -> None:
    async with at_work(home, (100, 30)) as work:
        screen = await watch(work, done, "Training job ARN")
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
        await watch(work, done, "may not be read")
        await work.wait_for("Training job ARN")
        await work.press("v")
        await work.wait_for("val-accuracy")


async def test_an_expired_session_keeps_what_is_there_and_goes_on_later(home: Home, done: str) -> None:
    async with at_work(home, (100, 30)) as work:
        await work.press("6")
        await work.wait_for(lambda: is_described(work, done))
        home.sandbox.set_faults({"do": "expired", "times": None})
        screen = await watch(work, done, "✔ Completed")  # known from the list
        await work.wait_for(lambda: "trying again" in screen.status)
        assert "aws sso login" in screen.status
        assert "Training job ARN" in work.text
        assert "0 lines ─ signed out since" in work.text
        assert "NOT SIGNED IN" in work.lines[0]
        home.sandbox.set_faults()
        await work.wait_for(lambda: "The model is ready" in screen.status)
        assert "Epoch 2/2" in work.text
        assert "signed out" not in work.text
        assert "NOT SIGNED IN" not in work.lines[0]
