"""Jobs are marked in the list, and compared: what differs, their curves, as CSV."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from textual.widgets import Input

from jsft_tui.core.jobs.compare.comparison import MAX_JOBS
from jsft_tui.tui.dialogs.prompt import PromptDialog
from jsft_tui.tui.dialogs.text import ReadingDialog
from jsft_tui.tui.screens.compare.screen import CompareScreen
from jsft_tui.tui.screens.jobs.screen import JobsScreen
from jsft_tui.tui.screens.jobs.selection import JobMarks
from jsft_tui.tui.widgets.table.virtual_table import VirtualTable
from tests.cli.runs import unique_name
from tests.common.home import Home
from tests.tui.driver.pilot import at_work
from tests.tui.screens.job.job_work import ended, endless
from tests.tui.screens.job.test_jobs import open_jobs, row


@pytest.fixture(scope="module")
def pair(_session_home: Home, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """Two jobs of two lengths."""
    folder = tmp_path_factory.mktemp("pair")
    one = ended(_session_home, folder, "compared", hyperparameters={"epochs": 1})
    return one, ended(_session_home, folder, "compared", hyperparameters={"epochs": 3})


async def test_marked_jobs_stand_side_by_side(  # noqa: PLR0915  (one walk over the screen)
    home: Home, folder: Path, pair: tuple[str, str]
) -> None:
    one, two = pair
    async with at_work(home, (80, 24)) as work:
        await open_jobs(work, one)
        await work.press("equals_sign")
        assert "Mark 2 to 6 jobs" in work.screen(JobsScreen).status
        await work.press("space")
        assert row(work, one).lstrip("│┃▌ ").startswith(f"A {one}")
        await open_jobs(work, two)
        await work.press("space")
        assert "2 marked, = compares" in work.text

        await work.press("equals_sign")
        await work.wait_for("Compare 2 jobs")
        await work.wait_for("best at")
        epochs = next(line for line in work.lines if line.lstrip("│┃▌ ").startswith("epochs"))
        assert epochs.rstrip("│┃ ").split()[-2:] == ["1", "3"]
        assert "learning_rate" not in work.text
        assert "val-accuracy by epoch" in work.text
        await work.press("m")
        assert "val-accuracy by epoch" not in work.text
        await work.press("x")
        assert "by time" in work.text
        await work.press("a")
        await work.wait_for("hides them")
        await work.press("enter")
        assert isinstance(work.app.screen, ReadingDialog)
        assert one in work.text
        await work.press("escape", "c")
        assert work.run.hyperparameters["epochs"] == "3"  # of the better one
        await work.press("w")
        assert isinstance(work.app.screen, PromptDialog)
        work.app.screen.query_one(Input).value = str(folder / "table.csv")
        await work.press("enter")
        await work.wait_for("Saved")
        rows = list(csv.reader((folder / "table.csv").read_text().splitlines()))
        assert rows[0] == ["", one, two]
        assert ["epochs", "1", "3"] in rows

        await work.press("escape")
        assert work.screen(JobsScreen)
        await open_jobs(work, one)
        await work.press("space")
        assert "1 marked" in work.text
        assert row(work, two).lstrip("│┃▌ ").startswith(f"A {two}")


async def test_a_job_that_cannot_be_read_is_named_and_nothing_chosen_says_how(
    home: Home, pair: tuple[str, str]
) -> None:
    async with at_work(home, (100, 24)) as work:
        work.app.compare_jobs(())
        await work.wait_for("No jobs are marked")
        await work.press("m", "x", "w", "y", "enter", "a", "z", "escape")
        work.app.compare_jobs((pair[0], "no-such-job"))
        await work.wait_for("There are not two jobs to compare")
        assert "no-such-job" in work.text
        home.sandbox.set_faults({"do": "denied", "service": "sagemaker", "times": None})
        await work.press("r")
        await work.wait_for("not authorized")


async def test_metric_definitions_that_find_nothing_are_named_wherever_metrics_are(
    home: Home, pair: tuple[str, str]
) -> None:
    client, name = home.sandbox.client("sagemaker"), unique_name("groupless")
    described = client.describe_training_job(TrainingJobName=pair[0])
    algorithm = described["AlgorithmSpecification"]
    algorithm["MetricDefinitions"] = [{"Name": "groupless", "Regex": "loss"}, *algorithm["MetricDefinitions"]]
    kept = ("RoleArn", "InputDataConfig", "OutputDataConfig", "ResourceConfig", "StoppingCondition", "HyperParameters")
    client.create_training_job(
        TrainingJobName=name, AlgorithmSpecification=algorithm, **{field: described[field] for field in kept}
    )
    home.wait_for_jobs()  # its end is said in the same line
    why = "the metric definition groupless has no group"
    for command in (["job", name], ["compare", name, pair[0]]):
        outcome = home.jsft(*command)
        assert outcome.code == 0
        assert f"Metrics skipped: {why}" in outcome.err
    assert "groupless" not in home.jsft("job", pair[0]).err
    async with at_work(home, (100, 24)) as work:
        work.app.compare_jobs((pair[0], name))
        await work.wait_for(f"Metrics skipped: {why}")


async def test_a_job_that_runs_is_read_on_by_itself_until_it_has_ended(
    home: Home, folder: Path, pair: tuple[str, str]
) -> None:
    runs = endless(home, folder, "compared")
    async with at_work(home, (100, 24)) as work:
        work.app.compare_jobs((pair[0], runs))
        await work.wait_for("Compare 2 jobs")
        table = work.screen(CompareScreen).query_one(VirtualTable)
        await work.press("j", "j")
        chosen, before = table.cursor_key, work.text
        await work.wait_for(lambda: work.text != before)
        await work.wait_for(lambda: "val-accuracy" in work.text)
        assert chosen is not None
        assert table.cursor_key == chosen
        assert "InProgress" in work.text

        home.jsft("stop", runs, "--yes")
        await work.wait_for("Stopped")
        for _ in range(3):  # its last lines may be on their way
            work.app.job_poller.ask_now()
            await work.settle()
        assert work.screen(CompareScreen).shown_jobs is None
        home.sandbox.forget_calls()
        work.app.job_poller.ask_now()
        await work.settle()
        assert {operation for _, operation in home.sandbox.calls()} == {"ListTrainingJobs"}
        assert runs in work.session.job_list.state.curves  # what was read here is not asked for again in the list


async def test_what_cannot_be_read_on_is_said_and_what_was_read_stays(
    home: Home, folder: Path, pair: tuple[str, str]
) -> None:
    runs = endless(home, folder, "compared")
    async with at_work(home, (100, 24)) as work:
        work.app.compare_jobs((pair[0], runs))
        await work.wait_for("Compare 2 jobs")
        home.sandbox.set_faults({"do": "expired", "service": "logs", "times": None})
        await work.wait_for("Not current")
        assert "InProgress" in work.text
        home.sandbox.set_faults()
        await work.wait_for(lambda: "Not current" not in work.text)


async def test_where_logs_may_not_be_read_cloudwatch_tells_how_good_they_became(
    home: Home, pair: tuple[str, str]
) -> None:
    home.sandbox.set_faults({"do": "denied", "service": "logs", "times": None})
    async with at_work(home, (100, 24)) as work:
        work.app.compare_jobs(pair)
        await work.wait_for("Compare 2 jobs")
        await work.press("a", "G")
        assert "val-accuracy" in work.text


def test_marks_are_letters_in_their_order_and_not_more_than_can_be_compared() -> None:
    marks = JobMarks()
    for name in "uvwxyz":
        marks = marks.toggled(name) or marks
    assert marks.count == MAX_JOBS
    assert marks.toggled("more") is None
    fewer = marks.toggled("u")
    assert fewer is not None
    assert fewer.letters["v"] == "A"
