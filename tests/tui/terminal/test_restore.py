"""Whatever ends the program, the terminal is given back; and the program never outlives it."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

import pytest

from tests.common.effort import PATIENCE
from tests.tui.driver.pseudo_terminal import Terminal

pytestmark = pytest.mark.terminal

APP = ("-m", "tests.tui.apps.sample_app", "thrift")
READY = "number 3"


def started(*arguments: str, environment: dict[str, str] | None = None) -> tuple[Terminal, list[int]]:
    terminal = Terminal(*(arguments or APP), environment=environment)
    modes = terminal.modes()
    terminal.wait_for(READY)
    terminal.wait_quiet()
    return terminal, modes


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGQUIT, 131)])
def test_a_signal_ends_it_with_the_terminal_restored(number: signal.Signals, code: int) -> None:
    terminal, modes = started()
    with terminal:
        assert terminal.modes() != modes
        os.kill(terminal.pid, number)
        assert terminal.wait_end() == code
        assert terminal.modes() == modes
        assert terminal.received.rfind(b"\x1b[?1049l") > terminal.received.rfind(b"\x1b[?1049h")
        assert b"\x1b[?25h" in terminal.received


def test_a_hang_up_ends_it() -> None:
    terminal, _ = started()
    with terminal:
        terminal.hang_up()
        assert terminal.wait_end() == 129


def test_a_hang_up_that_is_ignored_ends_it_too() -> None:
    nohup = (
        "import os, signal, sys; signal.signal(signal.SIGHUP, signal.SIG_IGN); os.execv(sys.executable, sys.argv[1:])"
    )
    terminal, _ = started("-c", nohup, sys.executable, *APP)
    with terminal:
        os.kill(terminal.pid, signal.SIGHUP)
        terminal.press("down")
        assert terminal.wait_quiet() > 0, "ignored, as was asked for, while there is a terminal"
        terminal.hang_up()
        assert terminal.wait_end() == 129


LATE = """
import os, runpy, signal, sys, time
signal.signal(signal.SIGHUP, signal.SIG_IGN)
print("hears nothing", flush=True)
while os.isatty(0):
    time.sleep(0.01)
sys.argv[1:] = ["thrift"]
runpy.run_module("tests.tui.apps.sample_app", run_name="__main__")
"""


def test_a_terminal_that_is_gone_at_the_start_ends_it() -> None:
    with Terminal("-c", LATE) as terminal:
        terminal.wait_for("hears nothing")
        terminal.hang_up()
        assert terminal.wait_end() == 129


def test_a_terminal_that_takes_no_output_does_not_hold_up_the_end() -> None:
    terminal, modes = started()
    with terminal:
        # Nobody reads from here on; the keys fill what the kernel keeps.
        for _ in range(60):
            terminal.press("m", "escape", "pagedown")
            terminal.wait_unread()
        os.kill(terminal.pid, signal.SIGTERM)
        until = time.monotonic() + PATIENCE
        while terminal.alive():
            assert time.monotonic() < until
            time.sleep(0.05)
        assert terminal.modes() == modes
        assert os.waitstatus_to_exitcode(os.waitpid(terminal.pid, 0)[1]) == 143


def test_a_crash_leaves_one_line_and_a_report_without_variables(tmp_path: Path) -> None:
    terminal, modes = started(environment={"JSFT_HOME": str(tmp_path)})
    with terminal:
        start = len(terminal.received)
        terminal.press("x")
        assert terminal.wait_end() == 1
        assert terminal.modes() == modes
        after = bytes(terminal.received[start:]).rpartition(b"\x1b[?1049l")[2].decode()
        assert "(ValueError); please report it with the file" in after
        assert "Traceback" not in after
        assert len([line for line in after.splitlines() if "jsft" in line]) == 1
    reports = list(tmp_path.rglob("crash-*.log"))
    assert len(reports) == 1
    text = reports[0].read_text()
    assert "a crash of 20" in text
    assert "action_crash" in text
    assert '"local-variable-value"' not in text.replace('secret = "local-variable-value"', "")


@pytest.mark.parametrize("redirection", ["2>errors", "2>&-"])
def test_it_is_seen_where_stderr_is_no_terminal(tmp_path: Path, redirection: str) -> None:
    become = "import os, sys; os.execvp('sh', ['sh', '-c', sys.argv[1]])"
    command = f"cd {tmp_path} && exec {sys.executable} -m jsft_tui --region us-west-2 {redirection}"
    names = ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE")
    files = {name: str(tmp_path / "none") for name in names} | {"AWS_EC2_METADATA_DISABLED": "true"}
    with Terminal("-c", become, command, environment={"JSFT_HOME": str(tmp_path), **files}) as terminal:
        terminal.wait_for("How do you want to start?")
        terminal.press("q")
        assert terminal.wait_end() == 0
