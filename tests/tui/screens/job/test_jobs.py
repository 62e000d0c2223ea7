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
from jsft_tui.tui.widgets.table.virtual_table import VirtualTable
from tests.home import IMAGE_MODEL, Home
from tests.tui.pilot import Work, at_work
from tests.tui.pseudo_terminal import Terminal
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
    return next((line for line in work.lines if name in line), "")


async def open_jobs(work: Work, name: str) -> VirtualTable:
    """The list, with the cursor on a job."""
    await work.press("6")
    await work.wait_for(name)
    table = work.screen(JobsScreen).query_one(VirtualTable)
    assert table.move_to_key(name)
    await work.settle()
    return table


async def test_jobs_are_listed_filtered_and_opened(home: Home, done: str, failed: str) -> None:
    async with at_work(home, (150, 30)) as work:
        await open_jobs(work, done)
        await work.wait_for(lambda: "ml.g4dn.xlarge" in row(work, done))
        await work.wait_for(lambda: "val-accuracy" in row(work, done))  # how it ended
        assert "script" in row(work, failed)
        assert "✔ Completed" in row(work, done)
        assert "efficientnet-lite0" in row(work, done)
        assert "$0.00" in row(work, done)
        assert "✖ Failed" in row(work, failed)
        assert "running" not in work.lines[0]

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
        assert "status Completed ×" in work.text
        await work.press("f")
        await work.type("any")
        await work.press("enter")
        await work.wait_for(lambda: bool(row(work, failed)))

        await work.press("y")
        assert work.app.clipboard.endswith(f":training-job/{done}")
        assert "OSC 52" in work.screen(JobsScreen).status

        await work.pilot.press("enter")
        await work.wait_for("Training job ARN")
        assert work.screen(JobScreen)
        assert work.app.job_name == done


async def test_at_80_columns_the_phase_takes_the_statuss_place(home: Home, folder: Path, done: str) -> None:
    name = endless(home, folder, "narrow")
    async with at_work(home, (80, 24)) as work:
        await open_jobs(work, name)
        await work.wait_for(lambda: "● Training" in row(work, name))
        await work.wait_for(lambda: " efficientnet-lit" in row(work, name))
        assert "1 running  $0.74/h" in work.lines[0]
        assert all(len(line) <= 80 for line in work.lines)
        first = row(work, name)
        await work.wait_for(lambda: row(work, name) != first)  # elapsed and cost go on by themselves

        await work.press("s")
        assert isinstance(work.app.screen, ConfirmDialog)
        assert "so far" in work.text
        await work.press("n")
        assert "● Training" in row(work, name)
        await work.press("s", "y")
        await work.wait_for(lambda: "■ Stopped" in row(work, name))
        await work.wait_for(lambda: "running" not in work.lines[0])
        await work.press("s")
        assert "nothing to stop" in work.screen(JobsScreen).status


async def test_how_the_objective_goes_and_what_a_job_waits_for_is_seen(home: Home, folder: Path) -> None:
    on_cpu = {"type": "ml.m5.xlarge", "max_runtime": "30m"}
    wait = {VARIABLE: "3600"}
    waits = launch(home, folder, "waits", instance=on_cpu, environment=wait, max_cost_usd=7.5)
    runs = endless(home, folder, "runs")
    async with at_work(home, (120, 30)) as work:
        await open_jobs(work, waits)
        await work.wait_for(lambda: "! no capacity 0:" in row(work, waits))
        await work.wait_for(lambda: not BLOCKS.isdisjoint(row(work, runs)))  # its last value stands beside them
        line = row(work, runs)
        assert 0 <= float(line[max(map(line.rfind, BLOCKS)) + 1 :].split()[0]) <= 1
        assert BLOCKS.isdisjoint(row(work, waits))
        assert work.session.cap_of(waits) == 7.5
        assert work.session.cap_of(runs) is None
        await work.pilot.resize_terminal(80, 24)
        await work.wait_for(lambda: "! no capacity" in row(work, waits))
        assert "OBJECTIVE" not in work.text
        await work.settle()
        home.sandbox.forget_calls()
        work.app.board_poller.ask_now()
        await work.settle()
        assert ("cloudwatch", "GetMetricData") not in home.sandbox.calls()  # nobody would see it

        await work.pilot.press("enter")
        await work.wait_for("! no free ml.m5.xlarge now, AWS goes on trying")
        assert "Not billed yet." in work.text
        home.jsft("stop", waits, "--yes")
        await work.wait_for("■ Stopped")
        assert "no free" not in work.text


@pytest.mark.terminal
def test_a_list_in_which_nothing_runs_writes_no_byte_and_a_running_job_few(
    home: Home, folder: Path, done: str, failed: str
) -> None:
    environment = {**home.environment(), "TERM": "xterm-256color", "NO_COLOR": ""}
    with Terminal("-m", "jsft_tui", "--sandbox", environment=environment) as terminal:
        terminal.wait_for("fine-tunable")
        terminal.press("6")
        terminal.wait_for(lambda text: done in text and "efficientnet" in text)
        terminal.wait_quiet(0.5)
        assert terminal.read(2.5) == 0
        terminal.press("j")
        assert 0 < terminal.wait_quiet() <= 700

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
        await work.wait_for("exists already")
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
        assert "u to type" in work.text
        await work.press("u")
        await work.type("no_name")
        assert "letters, digits and hyphens" in work.text
        work.app.screen.query_one(Input).value = done
        await work.pilot.press("enter")
        await work.wait_for("Training job ARN")


async def test_an_expired_session_leaves_the_list_and_says_so(home: Home, done: str) -> None:
    async with at_work(home, (100, 24)) as work:
        await open_jobs(work, done)
        home.sandbox.set_faults({"do": "expired", "service": "sagemaker", "times": None})
        await work.press("r")
        await work.wait_for("Not current")
        assert "aws sso login" in work.screen(JobsScreen).status
        assert row(work, done)
        home.sandbox.set_faults()
        await work.press("r")
        await work.wait_for(lambda: not work.screen(JobsScreen).status)
