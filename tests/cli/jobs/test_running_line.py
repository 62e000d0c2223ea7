"""`jsft jobs --watch`, `jsft jobs --format tmux`, and what is said when jsft ends."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from jsft_tui.cli.app import run
from jsft_tui.cli.full_screen import open_full_screen
from jsft_tui.cli.options import GlobalOptions
from jsft_tui.cli.results import running_line
from jsft_tui.core.account.target import Target
from jsft_tui.core.jobs.metrics.log_metrics import Progress
from jsft_tui.core.jobs.reports.running import RunningJob, RunningReport
from jsft_tui.paths import Paths
from jsft_tui.services.jobs.listed.running_jobs import LOCAL_PERIOD, read_report, write_report
from jsft_tui.services.session.open import SessionFactory
from jsft_tui.services.target.target_files import own_file
from tests.cli.jobs.test_jobs import eventually, long_run
from tests.common.effort import PATIENCE
from tests.common.home import Home, environment

AWS = {"AWS_REGION": "us-west-2", "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY": "none"}
FLOWERS = RunningJob("flowers-b", "Training", None, 6.54, Progress(4, 10), 0.964)


class Ticks:
    """Replaces the pauses of a watch: runs the steps, then interrupts."""

    def __init__(self, *steps: object) -> None:
        self._steps = list(steps)

    def __call__(self, seconds: float) -> None:
        assert 0 < seconds <= running_line.REDRAW_EVERY
        if not self._steps:
            raise KeyboardInterrupt
        step = self._steps.pop(0)
        if callable(step):
            step()


def known(home: Home, *jobs: RunningJob, asked: float = 4e9) -> Path:
    """Write what an open jsft knows of AWS; asked for in the future, it is as good as just now."""
    file = own_file(home.paths.running, Target("us-west-2", exported_keys=True))
    write_report(file, RunningReport(asked, jobs))
    return file


def age(home: Home) -> None:
    """Let the last report be older than the period."""
    file = home.paths.running / "sandbox.json"
    report = read_report(file)
    assert report is not None
    write_report(file, replace(report, asked=report.asked - 2 * LOCAL_PERIOD))


def test_a_watch_shows_a_running_job_and_its_end_and_ctrl_c_ends_it(
    home: Home, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = long_run(home, folder, "watched")

    def stop() -> None:
        home.jsft("stop", name, "--yes")
        home.wait_for_jobs()
        age(home)

    monkeypatch.setattr(running_line, "pause", Ticks(stop, lambda: age(home), lambda: age(home)))
    outcome = home.jsft("jobs", "--watch")

    lines = outcome.out.splitlines()
    assert outcome.code == 0, outcome
    assert re.match(r". watched", lines[0])
    assert re.fullmatch(rf". {name} Stopped", lines[1])
    assert lines[2:] == ["No jobs are running."]  # a line for each change only


def test_at_a_terminal_one_line_is_written_over_and_ctrl_c_ends_it(home: Home) -> None:
    parent, child = pty.openpty()
    root = str(Path(running_line.__file__).parents[2])
    variables = {**os.environ, **home.environment(), "TERM": "xterm", "PYTHONPATH": root}
    command = [sys.executable, "-m", "jsft_tui", "jobs", "--watch", "--sandbox"]
    watch = subprocess.Popen(command, stdin=child, stdout=child, stderr=child, env=variables, start_new_session=True)
    os.close(child)
    written = b""
    try:
        while b"\x1b[K" not in written:
            assert select.select([parent], [], [], PATIENCE)[0], written
            written += os.read(parent, 4096)
        watch.send_signal(signal.SIGINT)
        assert watch.wait(PATIENCE) == 0
        while select.select([parent], [], [], 0)[0]:
            written += os.read(parent, 4096)
    except OSError:
        pass  # Linux: the other end of a terminal was closed
    finally:
        watch.kill()
        os.close(parent)
    assert re.fullmatch(rb"(\r[^\r\n]+\x1b\[K)+\r\n", written), written


def test_tmux_gets_the_progress_of_a_running_job(home: Home, folder: Path) -> None:
    name = long_run(home, folder, "status")
    seen: list[str] = []

    def has_progress() -> bool:
        outcome = home.jsft("jobs", "--format", "tmux")
        assert (outcome.code, outcome.err) == (0, "")
        seen.append(outcome.out.strip())
        return re.fullmatch(r"● status\S* \d+/1000( [\d.]+)?( ~\S+)? \$[\d.]+", seen[-1]) is not None

    eventually(has_progress)
    assert not any(name + "?" in line for line in seen)


def test_tmux_asks_nobody_while_an_open_jsft_keeps_the_file(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jsft_tui.services.jobs.listed.running_jobs.RunningJobs.is_due", lambda *_: False)
    known(home, FLOWERS)
    outcome = home.jsft("jobs", "--format", "tmux", target=None, **AWS)
    assert (outcome.code, outcome.out, outcome.err) == (0, "● flowers 4/10 0.964 $0.00\n", "")


def test_tmux_prints_nothing_when_nothing_runs(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jsft_tui.services.jobs.listed.running_jobs.RunningJobs.is_due", lambda *_: False)
    known(home)
    assert home.jsft("jobs", "--format", "tmux", target=None, **AWS).out == ""


def test_tmux_marks_an_old_report_and_escapes_what_it_would_take_for_a_style(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jsft_tui.services.jobs.listed.running_jobs.RunningJobs.is_due", lambda *_: False)
    known(home, RunningJob("a", "#[fg=red]"), asked=1.0)
    assert home.jsft("jobs", "--format", "tmux", target=None, **AWS).out == "● a ##[fg=red] $0.00 ?\n"


@pytest.mark.parametrize(
    "variables",
    [{}, {"AWS_PROFILE": "there-is-none", "AWS_REGION": "us-west-2"}, {"JSFT_HOME": "/dev/null/nowhere", **AWS}],
    ids=["no region", "no profile", "no disk"],
)
def test_tmux_shows_a_question_mark_for_any_error(
    home: Home, variables: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running_line, "TMUX_PATIENCE", 30.0)
    outcome = home.jsft("jobs", "--format", "tmux", target=None, **variables)
    assert (outcome.code, outcome.out, outcome.err) == (0, "?\n", "")


def test_tmux_does_not_start_the_sandbox(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with environment({"JSFT_HOME": str(tmp_path / "jsft")}):
        assert run(["jobs", "--format", "tmux", "--sandbox"]) == 0
        assert not Paths.from_environment().sandbox.exists()
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("option", [("--watch",), ("--format", "tmux")])
def test_a_line_has_no_json_document(home: Home, option: tuple[str, ...]) -> None:
    outcome = home.jsft("jobs", *option, "--json")
    assert (outcome.code, outcome.error["code"]) == (2, "BadUsage")


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        ("", "1 job goes on ($6.54/h). jsft jobs --watch shows it."),
        ("--profile ana --region us-east-1", "($6.54/h). jsft --profile ana --region us-east-1 jobs --watch shows it."),
        ("--sandbox", "1 job goes on ($6.54/h) in the sandbox. jsft --sandbox jobs --watch shows it."),
    ],
)
def test_when_jsft_ends_it_says_which_jobs_go_on(
    tmp_path: Path, flags: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    running = Paths.from_environment({"JSFT_HOME": str(tmp_path)}).running
    write_report(running / "old.json", RunningReport(1.0, (FLOWERS,)))  # another jsft's, of long ago

    def open_tui(session_factory: SessionFactory, *, demo: bool) -> int:
        write_report(running / "aws.json", RunningReport(4e9, (FLOWERS,), flags=flags))
        return 3

    with environment({"JSFT_HOME": str(tmp_path)}):
        assert open_full_screen(open_tui, GlobalOptions(), demo=False) == 3
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert err.strip().endswith(said)
