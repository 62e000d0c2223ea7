"""A person who looks away is told: in the status line, by the bell, by a notification, by their own command."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from jsft_tui.core.jobs.metrics.log_metrics import LogLine
from jsft_tui.core.tuning.results.progress import Search
from jsft_tui.core.tuning.results.tuning_job import TuningJob
from jsft_tui.services.jobs.follow import Logged
from jsft_tui.tui.background.notifications import notification
from jsft_tui.tui.screens.job.screen import JobScreen
from tests.common.home import Home
from tests.tui.driver.pilot import Work, at_work
from tests.tui.driver.still import still_app
from tests.tui.driver.worlds import ORDINARY, search
from tests.tui.screens.job.job_work import endless


@pytest.fixture
def configured(home: Home, folder: Path) -> Iterator[Path]:
    """The file that the command at a job's end writes."""
    told = folder / "told"
    script = folder / "tell.py"
    script.write_text(
        "import os, sys\n"
        "with open(sys.argv[1], 'a') as file:\n"
        "    print(os.environ['JSFT_JOB_NAME'], os.environ['JSFT_JOB_STATUS'], file=file)\n"
    )
    path = home.paths.config_file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"on_finish: {sys.executable} {script} {told}\n")
    yield told
    path.unlink()


class Terminal:
    """What rang and was shown on the desktop."""

    def __init__(self, work: Work, patch: pytest.MonkeyPatch) -> None:
        self.bells = 0
        self.sequences: list[str] = []
        patch.setattr(work.app, "bell", self._ring)
        patch.setattr(work.app, "write_sequence", self._write)

    def _write(self, sequence: str) -> None:
        if sequence.startswith("\x1b]9;jsft"):  # the title of the tab is no alert
            self.sequences.append(sequence)

    def _ring(self) -> None:
        self.bells += 1


async def test_a_watched_job_tells_once_what_goes_wrong_and_how_it_ended(
    home: Home, folder: Path, configured: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    name = endless(home, folder, "alert")
    async with at_work(home, (80, 24)) as work:
        terminal = Terminal(work, monkeypatch)
        work.app.open_job(name)
        await work.wait_for(lambda: isinstance(work.app.work_screen, JobScreen) and "epoch 1" in work.text)
        assert terminal.bells == 0

        screen = work.screen(JobScreen)
        screen._told(Logged((LogLine(time.time(), "step 7 train_loss: nan"),)))
        await work.wait_for("! train_loss is NaN or infinite")
        await work.wait_for(lambda: "Stop it and lower the learning rate." in " ".join(work.text.split()))
        assert screen.status.startswith(f"{name}: train_loss")
        home.jsft("stop", name, "--yes")
        await work.wait_for("■ It was stopped")
        await work.wait_for(configured.exists)
        assert "NaN or infinite" not in work.text
        await work.pilot.press("1")
        await work.settle()

        told = [sequence for sequence in terminal.sequences if "hardly" not in sequence]  # it learns fast
        assert ["train_loss" in told[0], told[1:]] == [True, [f"\x1b]9;jsft: {name} is Stopped.\x07"]]
        assert terminal.bells == len(terminal.sequences)
        assert configured.read_text() == f"{name} Stopped\n"


async def test_on_any_screen_the_end_of_a_job_is_told_and_a_broken_command_too(
    home: Home, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = endless(home, folder, "far")
    path = home.paths.config_file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("notify: false\non_finish: /no/such/program\n")
    try:
        async with at_work(home, (100, 30)) as work:
            terminal = Terminal(work, monkeypatch)
            await work.wait_for("  1 job")
            said: list[str] = []
            monkeypatch.setattr(work.app, "say", lambda text, _=None: said.append(text))
            home.jsft("stop", name, "--yes")
            home.wait_for_jobs()
            work.app.job_poller.ask_now()
            await work.wait_for(lambda: len(said) == 2)
            assert said[0] == f"{name} is Stopped."
            assert said[1].startswith("on_finish: /no/such/program cannot be started")
            assert terminal.bells == len(terminal.sequences) == 0
    finally:
        path.unlink()


async def test_the_end_of_a_search_is_told_on_any_screen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    app = still_app(ORDINARY, tmp_path / "own")
    async with app.run_test(size=(120, 36)) as pilot:
        work = Work(app, pilot)
        await work.wait_for(lambda: app.session is not None)
        await work.press("6", "2")
        terminal = Terminal(work, monkeypatch)
        for status in ("InProgress", "Completed"):
            answer = search("flowers-sweep", 1000, {"Completed": 12}, HyperParameterTuningJobStatus=status)
            work.session.job_list.learn_search(Search(TuningJob.parse(answer, {})))
            work.app.look_at_jobs()
        await work.settle()
        assert "The search flowers-sweep is Completed: no value." in work.text
        assert terminal.sequences == ["\x1b]9;jsft: The search flowers-sweep is Completed: no value.\x07"]
        assert terminal.bells == 1


def test_a_notification_holds_no_control_character_and_is_no_progress_bar() -> None:
    assert notification("4;1 \x1b]52;c;x\x07 done\x9d") == "\x1b]9;jsft: 4;1  done\x07"
