"""Screen 6: the list of jobs is current, costs nothing while nothing runs, and does what its keys say."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.widgets import Input

from jsft_tui.sandbox.sagemaker.capacity import VARIABLE
from jsft_tui.tui.dialogs.confirm import ConfirmDialog
from jsft_tui.tui.dialogs.prompt import PromptDialog
from jsft_tui.tui.screens.job.screen import JobScreen
from jsft_tui.tui.screens.jobs.screen import JobsScreen
from jsft_tui.tui.screens.jobs.stop import StopDialog
from jsft_tui.tui.widgets.table.virtual_table import VirtualTable
from tests.common.home import IMAGE_MODEL, Home
from tests.tui.driver.pilot import Work, at_work
from tests.tui.driver.pseudo_terminal import Terminal
from tests.tui.screens.job.job_work import MISMATCH, ended, endless, launch

BLOCKS = set("▁▂▃▄▅▆▇█")


@pytest.fixture(scope="module")
def _session_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A home of this file's own: its list holds no other tests' jobs."""
    own = Home(tmp_path_factory.mktemp("jobs") / "jsft")
    yield own
    own.sandbox.stop()


@pytest.fixture(scope="module")
def done(_session_home: Home, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A job that completed."""
    return ended(_session_home, tmp_path_factory.mktemp("done"), "listed")


@pytest.fixture(scope="module")
def failed(_session_home: Home, tmp_path_factory: pytest.TempPathFactory, done: str) -> str:
    """A job that failed, newer than the one that completed."""
    return ended(_session_home, tmp_path_factory.mktemp("failed"), "mismatched", data=MISMATCH)


def row(work: Work, name: str) -> str:
    """The line of a job; empty when it is not on screen."""
    return next((line for line in work.lines[4:] if name in line), "")


async def open_jobs(work: Work, name: str) -> VirtualTable:
    """The list, with the cursor on a job."""
    await work.press("6")
    await work.wait_for(name)
    table = work.screen(JobsScreen).query_one(VirtualTable)
    assert table.move_to_key(name)
    await work.settle()
    return table


async def test_jobs_are_listed_filtered_and_opened(home: Home, done: str, failed: str) -> None:
    async with at_work(home, (150, 36)) as work:
        await open_jobs(work, done)
        await work.wait_for(lambda: "$0.00" in row(work, done))
        assert "efficientnet-lite0" in row(work, done)
        assert "ago" in row(work, done) or "just now" in row(work, done)
        assert "script" in row(work, failed)
        assert "✖" in row(work, failed)
        assert "Today · 2" in work.text
        await work.wait_for("What next")  # of the row under the cursor
        assert "✔ Completed" in work.lines[3]
        assert "ml.g4dn.xlarge" in work.text

        await work.press("slash")
        await work.type("mismatched failed")
        await work.wait_for(lambda: not row(work, done))
        assert row(work, failed)
        await work.press("escape", "enter")
        await work.wait_for(lambda: bool(row(work, done)))

        await work.press("f")
        await work.type("completed")
        await work.press("enter")
        await work.wait_for(lambda: not row(work, failed))
        assert "Completed · 1 of 2" in work.lines[3]
        await work.press("f")
        await work.type("take all")
        await work.press("enter")
        await work.wait_for(lambda: bool(row(work, failed)))

        await work.pilot.press("enter")
        await work.wait_for("Training job")
        assert work.screen(JobScreen)
        assert work.app.job_name == done


async def test_jobs_are_sorted_and_what_they_are_is_copied(home: Home, done: str, failed: str) -> None:
    async with at_work(home, (100, 30)) as work:
        await open_jobs(work, done)
        await work.press("s")
        await work.type("cost")
        await work.press("enter")
        await work.wait_for("By cost · 2")
        assert "S stops a job" in work.screen(JobsScreen).status
        await work.press("s")
        await work.type("time")
        await work.press("enter")

        await open_jobs(work, done)
        await work.press("y")
        await work.type("arn")
        await work.press("enter")
        assert work.app.clipboard.endswith(f":training-job/{done}")
        assert "OSC 52" in work.screen(JobsScreen).status
        await work.press("y")
        await work.type("summary")
        await work.press("enter")
        assert work.app.clipboard.startswith(f"✔ {done}")
        assert "output/model.tar.gz" in work.app.clipboard


async def test_at_80_columns_a_running_job_tells_its_epoch_and_is_stopped(home: Home, folder: Path) -> None:
    name = endless(home, folder, "narrow")
    async with at_work(home, (80, 24)) as work:
        await open_jobs(work, name)
        await work.wait_for(lambda: "/1000" in row(work, name))
        await work.wait_for(lambda: "● Training" in work.text)
        await work.wait_for("of 1000")
        assert "$0.74/h" in work.lines[0]
        assert "1 running, $0.74/h" in work.lines[3]
        assert all(len(line) <= 80 for line in work.lines)
        first = row(work, name)
        await work.wait_for(lambda: row(work, name) != first)  # it goes on by itself

        await work.press("S")
        assert isinstance(work.app.screen, StopDialog)
        assert "and cost $" in work.text
        await work.press("escape")
        assert "●" in row(work, name)
        await work.press("S", "S")
        await work.wait_for(lambda: "■" in row(work, name))
        await work.wait_for(lambda: "running" not in work.lines[3])
        await work.press("S")
        assert "has already ended" in work.screen(JobsScreen).status


async def test_how_the_objective_goes_and_what_a_job_waits_for_is_seen(home: Home, folder: Path) -> None:
    on_cpu = {"type": "ml.m5.xlarge", "max_runtime": "30m"}
    wait = {VARIABLE: "3600"}
    waits = launch(home, folder, "waits", instance=on_cpu, environment=wait, max_cost_usd=7.5)
    runs = endless(home, folder, "runs")
    async with at_work(home, (120, 30)) as work:
        await open_jobs(work, waits)
        await work.wait_for("Waiting for capacity · 1")
        await work.wait_for(lambda: "no capacity" in row(work, waits))
        await work.wait_for(lambda: not BLOCKS.isdisjoint(row(work, runs)))  # its last value stands beside them
        line = row(work, runs)
        assert 0 <= float(line[max(map(line.rfind, BLOCKS)) + 1 :].split()[0]) <= 1
        assert BLOCKS.isdisjoint(row(work, waits))
        assert work.session.cap_of(waits) == 7.5
        assert work.session.cap_of(runs) is None
        assert "! no capacity for ml.m5.xlarge" in work.text
        await work.pilot.resize_terminal(80, 24)
        await work.wait_for(lambda: "no capacity" in row(work, waits))
        assert "OBJECTIVE" not in work.text

        await work.pilot.press("enter")
        await work.wait_for("Not billed.")
        home.jsft("stop", waits, "--yes")
        await work.wait_for("■ It was stopped")


async def test_what_ended_while_one_was_away_is_told_first_and_once(home: Home, done: str, failed: str) -> None:
    async with at_work(home, (100, 30)) as work:
        work.session.services.last_open.left = work.session.now() - 7200
        jobs = work.app.get_screen("jobs")
        assert isinstance(jobs, JobsScreen)
        await work.press("6")
        jobs.load()
        jobs.draw()
        await work.wait_for("Since you left · 2 h ago")
        await work.press("1", "6")
        await work.wait_for("Today · ")
        assert "Since you left" not in work.text


@pytest.mark.terminal
def test_a_list_in_which_nothing_runs_writes_no_byte_and_a_running_job_few(
    home: Home, folder: Path, done: str, failed: str
) -> None:
    environment = {**home.environment(), "TERM": "xterm-256color", "NO_COLOR": ""}
    with Terminal("-m", "jsft_tui", "--sandbox", environment=environment) as terminal:
        terminal.wait_for("can be fine-tuned")
        terminal.press("6")
        terminal.wait_for(lambda text: done in text and "Instance" in text)
        terminal.wait_quiet(0.5)
        assert terminal.read(2.5) == 0
        terminal.press("j")
        assert 0 < terminal.wait_quiet() <= 1_500  # with another detail (SCREENS.md §11)

        name = endless(home, folder, "ticking")
        terminal.press("r")
        terminal.wait_for(lambda text: name in text and "Training" in text)
        terminal.wait_quiet(0.3)
        assert 0 < terminal.read(3) <= 3 * 200  # a few digits a second


async def test_a_job_is_cloned_into_the_draft_and_no_draft_is_lost_unasked(home: Home, done: str) -> None:
    async with at_work(home) as work:
        await open_jobs(work, done)
        await work.press("c")
        draft = work.session.drafts.run
        assert draft.model.id == IMAGE_MODEL
        assert draft.hyperparameters["epochs"] == "2"
        assert draft.name != done
        assert "5 to review" in work.screen(JobsScreen).status

        await work.press("c")
        assert isinstance(work.app.screen, ConfirmDialog)
        await work.press("escape")
        assert work.session.drafts.run == draft
        await work.press("c", "y")
        assert work.session.drafts.run.model.id == IMAGE_MODEL


async def test_a_model_is_downloaded_once(home: Home, folder: Path, done: str, failed: str) -> None:
    async with at_work(home) as work:
        screen = work.screen
        await open_jobs(work, done)
        await work.press("d")
        assert isinstance(work.app.screen, PromptDialog)
        await work.press("enter")
        await work.wait_for("Unpack it?")
        await work.press("n")
        assert (folder / done / "model.tar.gz").stat().st_size > 0
        assert not (folder / done / "model").exists()
        assert "checksums compared" in screen(JobsScreen).status

        await work.press("d", "enter")
        await work.wait_for("nothing was downloaded")
        await work.press("n")
        (folder / done / "model.tar.gz").write_bytes(b"another")
        await work.press("d", "enter")
        await work.wait_for("already exists")
        await work.press("x")
        assert "Nothing is being downloaded" in screen(JobsScreen).status

        await open_jobs(work, failed)
        await work.press("d", "enter")
        await work.wait_for("has no model")


async def test_a_download_is_stopped_with_x(home: Home, folder: Path, done: str) -> None:
    async with at_work(home) as work:
        await open_jobs(work, done)
        jobs = work.screen(JobsScreen)
        hold = {"do": "hold", "service": "s3", "operation": "GetObject", "seconds": 3600}
        home.sandbox.set_faults(hold)
        for key in ("d", "enter"):
            await work.pilot.press(key)
        await work.wait_for("Downloading")
        assert "on its way" in jobs.would_lose
        await work.press("x")
        assert "goes on where it was" in jobs.status
        assert not jobs.would_lose
        assert not (folder / done / "model.tar.gz").exists()

        for key in ("d", "enter"):  # begun anew while the reads of the first one are still under way
            await work.pilot.press(key)
        await work.wait_for("Downloading")
        await work.pilot.press("enter")  # on the job's own screen it is the same download
        await work.wait_for(lambda: isinstance(work.app.work_screen, JobScreen))
        job = work.screen(JobScreen)
        await work.wait_for(lambda: job._job is not None)
        await work.pilot.press("d")
        await work.wait_for(lambda: f"A download of {done} runs already. x stops it." in job.status)
        assert work.app.screen is job
        await work.pilot.press("q")
        assert " ".join(work.text.split()).count("is on its way here") == 1
        await work.pilot.press("n")
        await work.pilot.press("x")
        await work.wait_for(lambda: "goes on where it was" in job.status)
        assert "goes on where it was" in jobs.status
        assert not jobs.would_lose

        home.sandbox.set_faults()
        await work.pilot.press("d")
        await work.pilot.press("enter")
        await work.wait_for("Unpack it?")
        assert (folder / done / "model.tar.gz").stat().st_size > 0


async def test_without_the_right_to_list_a_job_is_opened_by_its_name(home: Home, done: str) -> None:
    home.sandbox.set_faults({"do": "denied", "service": "sagemaker", "operation": "ListTrainingJobs", "times": None})
    async with at_work(home) as work:
        await work.press("6")
        await work.wait_for("The jobs cannot be listed")
        assert "open a job by its name" in work.text
        await work.press("u")
        await work.type("no_name")
        assert "letters, digits and hyphens" in work.text
        work.app.screen.query_one(Input).value = done
        await work.pilot.press("enter")
        await work.wait_for("Parent model")


async def test_an_expired_session_leaves_the_list_and_says_so(home: Home, done: str) -> None:
    async with at_work(home, (100, 24)) as work:
        await open_jobs(work, done)
        home.sandbox.set_faults({"do": "expired", "service": "sagemaker", "times": None})
        await work.press("r")
        await work.wait_for("not up to date")
        assert "aws sso login" in work.screen(JobsScreen).status
        assert row(work, done)
        home.sandbox.set_faults()
        await work.press("r")
        await work.wait_for(lambda: "not up to date" not in work.text)
