"""Logged in by a real sshd, with and without tmux: the connection is cut at every step of the main job.

Without tmux the program ends, with it the program goes on. Either way a job is launched once at most and the draft is
kept, and nothing is left that works for nobody.
"""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from jsft_tui.core.run.file.run_file import parse_run
from jsft_tui.services.settings.drafts import Drafts
from tests.cli.runs import created_jobs, run_file, unique_name
from tests.common.effort import PATIENCE
from tests.common.home import BUCKET, Home
from tests.common.kills.main_job import lists_models
from tests.common.servers.sshd import NoSshd, Sshd, shell_command
from tests.services.launch.test_launch import journal_of, launched_jobs
from tests.tui.driver.pseudo_terminal import ROOT, Terminal
from tests.whole.tmux import needs_tmux

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")]

SMALL = {"type": "ml.m5.xlarge", "max_runtime": "30m"}
QUIET_LOOKS = 20
"""So many looks in a row have to find a program waiting: one that runs in a circle never waits."""


@dataclass
class Remote:
    """The program at the other end of a connection."""

    sshd: Sshd
    home: Home
    folder: Path
    is_in_tmux: bool
    name: str = field(default_factory=lambda: unique_name("ssh"))
    _socket: str = field(default_factory=lambda: f"jsft-{uuid.uuid4().hex[:12]}")

    @property
    def draft_file(self) -> Path:
        """Where the draft of the sandbox is kept."""
        return self.home.paths.state / "drafts" / "sandbox.json"

    def put_draft(self, **changes: Any) -> None:
        """Make a run of our name the draft."""
        path = run_file(self.folder, self.name, instance=SMALL, **changes)
        shutil.rmtree(self.draft_file.parent, ignore_errors=True)
        drafts = Drafts(self.draft_file)
        drafts.put(parse_run(path.read_text()))
        drafts.flush()

    def open(self) -> Terminal:
        """Log in and start the program."""
        environment = {**self.home.environment(), "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8", "HOME": str(self.folder)}
        words = [sys.executable, "-m", "jsft_tui", "--sandbox"]
        command = shell_command(words, environment, self.folder, self.pid_file)
        if self.is_in_tmux:
            command = shlex.join([*self._tmux, "new-session", "sh", "-c", command])
        return self.sshd.terminal(command)

    def attach(self) -> Terminal:
        """Log in again and attach tmux to what goes on."""
        return self.sshd.terminal(shlex.join([*self._tmux, "attach-session"]))

    @property
    def _tmux(self) -> list[str]:
        return ["env", "LC_ALL=C.UTF-8", "tmux", "-u", "-L", self._socket, "-f", os.devnull]

    @property
    def pid_file(self) -> Path:
        """Holds the program's process id."""
        return self.folder / "pid"

    @property
    def pid(self) -> int:
        """The program's process id."""
        return int(self.pid_file.read_text())

    def is_running(self) -> bool:
        """Whether the program is there."""
        try:
            return Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
        except OSError:
            return False

    def wait_end(self) -> None:
        """Wait until the program has ended."""
        wait_until(lambda: not self.is_running(), "the program has ended")

    def wait_idle(self) -> None:
        """Wait until the program waits, all of its threads, for so many looks in a row."""
        looks = 0

        def waits() -> bool:
            nonlocal looks
            assert self.is_running()
            looks = 0 if self._is_working() else looks + 1
            return looks >= QUIET_LOOKS

        wait_until(waits, "the program waits")

    def _is_working(self) -> bool:
        states = Path(f"/proc/{self.pid}/task").glob("*/stat")
        return any(state.read_text().rpartition(")")[2].split()[0] in "RD" for state in states)

    def close(self) -> None:
        """End what still runs."""
        if self.is_in_tmux:
            subprocess.run([*self._tmux, "kill-server"], capture_output=True, check=False)
        if self.pid_file.exists() and self.is_running():
            os.kill(self.pid, signal.SIGKILL)


def wait_until(holds: Callable[[], bool], what: str) -> None:
    """Wait for a condition."""
    until = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < until, f"not after {PATIENCE} s: {what}"
        time.sleep(0.05)


@pytest.fixture(scope="module")
def sshd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sshd]:
    try:
        found = Sshd(tmp_path_factory.mktemp("sshd"))
    except NoSshd as reason:
        pytest.skip(str(reason))
    yield found
    found.stop()


@pytest.fixture(params=["bare", pytest.param("tmux", marks=needs_tmux)])
def remote(request: pytest.FixtureRequest, sshd: Sshd, home: Home, folder: Path) -> Iterator[Remote]:
    found = Remote(sshd, home, folder, is_in_tmux=request.param == "tmux")
    found.put_draft(hyperparameters={"epochs": 1})
    yield found
    found.close()


# The steps: each brings the program to where the connection is cut, and one more key from there shows that it goes on.


def to_models(terminal: Terminal, _: Remote) -> None:
    terminal.wait_for(lists_models)


def to_data(terminal: Terminal, remote: Remote) -> None:
    to_models(terminal, remote)
    terminal.press("2")
    terminal.wait_for("use it")


def to_upload(terminal: Terminal, remote: Remote) -> None:
    to_data(terminal, remote)
    source = remote.folder / "source"
    source.mkdir()
    (source / "row.csv").write_text("1,2,3\n")
    remote.home.sandbox.set_faults({"do": "hold", "service": "s3", "operation": "PutObject", "seconds": 3600})
    terminal.press("U")
    terminal.wait_for("Upload which folder?")
    terminal.press("tab", "ctrl+u", str(source), "enter")
    terminal.wait_for("row.csv")
    terminal.press("space")
    terminal.wait_for("enter  Compare")
    terminal.press("ctrl+u", f"s3://{BUCKET}/{remote.name}/", "enter")
    terminal.wait_for("enter  Upload")
    terminal.press("y")
    terminal.wait_for("Uploading")


def to_review(terminal: Terminal, remote: Remote) -> None:
    to_models(terminal, remote)
    terminal.press("5")
    terminal.wait_for(lambda text: "passed" in text and "checking" not in text)


def to_question(terminal: Terminal, remote: Remote) -> None:
    to_review(terminal, remote)
    terminal.press("L")
    terminal.wait_for("enter  Launch")


def to_launching(terminal: Terminal, remote: Remote) -> None:
    to_question(terminal, remote)
    hold = {"do": "hold", "service": "sagemaker", "operation": "CreateTrainingJob", "seconds": 3600}
    remote.home.sandbox.set_faults(hold)
    terminal.press("y")
    wait_until(lambda: created_jobs(remote.home) == 1, "the launch is under way")


def to_job(terminal: Terminal, remote: Remote) -> None:
    to_question(terminal, remote)
    terminal.press("y")
    terminal.wait_for(lambda text: "Training job ARN" in text and remote.name in text)


STEPS = {
    "models": to_models,
    "data": to_data,
    "upload": to_upload,
    "review": to_review,
    "question": to_question,
    "launching": to_launching,
    "job": to_job,
}


@pytest.mark.parametrize("step", STEPS)
def test_a_cut_connection_loses_and_doubles_nothing(remote: Remote, step: str) -> None:
    remote.home.sandbox.forget_calls()
    with remote.open() as terminal:
        STEPS[step](terminal, remote)
        os.kill(terminal.pid, signal.SIGKILL)
        terminal.wait_end()
    if remote.is_in_tmux:
        goes_on(remote, step)
    else:
        remote.wait_end()
        remote.home.sandbox.set_faults()
        begins_anew(remote, step)


def goes_on(remote: Remote, step: str) -> None:
    """Nobody looks, and the program does what it did; then somebody looks again, and leaves."""
    remote.wait_idle()
    remote.home.sandbox.set_faults()
    with remote.attach() as terminal:
        if step == "upload":
            terminal.wait_for("Uploaded")
            assert uploaded(remote) == b"1,2,3\n"
        elif step in ("question", "launching", "job"):
            if step == "question":
                terminal.wait_for("enter  Launch")
                assert created_jobs(remote.home) == 0
                terminal.press("y")
            terminal.wait_for(lambda text: "Training job ARN" in text and remote.name in text)
            assert created_jobs(remote.home) == 1
        else:
            terminal.press("5")
            terminal.wait_for("data_format")
        terminal.press("q")
        remote.wait_end()
        terminal.wait_end()
    assert b"\x1b[?1049l" in terminal.received.rpartition(b"\x1b[?1049h")[2], "the terminal is given back"


def begins_anew(remote: Remote, step: str) -> None:
    """The program was ended; started again, it has the draft and launches once."""
    was_sent = step in ("launching", "job")
    wait_until(lambda: launched_jobs(remote.home, remote.name) == was_sent, "what was sent is a job")
    draft = Drafts(remote.draft_file).run
    assert draft.hyperparameters["epochs"] == "1"
    with remote.open() as terminal:
        terminal.wait_for(lists_models)
        if step == "job":  # the draft is the next job's by now
            assert draft.name != remote.name
            terminal.press("6")
            terminal.wait_for(remote.name)
        else:
            assert draft.name == remote.name
            if step == "launching":
                terminal.wait_for(lambda text: "was not answered, was launched" in text and "esc  Close" in text)
                terminal.press("escape")
            terminal.press("5")
            terminal.wait_for(lambda text: "passed" in text and "checking" not in text)
            terminal.press("L")
            asked = terminal.wait_for(lambda text: "enter  Launch" in text or "esc  Close" in text)
            assert ("Found, not launched" in asked) is was_sent, asked
            terminal.press("escape" if was_sent else "y")
            terminal.wait_for(lambda text: "Training job ARN" in text and remote.name in text)
        terminal.press("q")
        remote.wait_end()
    assert launched_jobs(remote.home, remote.name) == 1
    assert created_jobs(remote.home) == 1
    assert journal_of(remote.home.paths.journal_file).unsettled() == []


def uploaded(remote: Remote) -> bytes:
    answer = remote.home.sandbox.client("s3").get_object(Bucket=BUCKET, Key=f"{remote.name}/row.csv")
    body: bytes = answer["Body"].read()
    return body
