"""Stopping the sandbox ends its process, whatever became of it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from jsft_tui.services.target import sandbox
from jsft_tui.services.target.sandbox import Sandbox
from tests.effort import PATIENCE

pytestmark = pytest.mark.sandbox

SERVER = """
import os, signal, socket, sys, time
if sys.argv[1] == "deaf":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
listener = socket.create_server(("127.0.0.1", 0))
print(os.getpid(), listener.getsockname()[1], flush=True)
time.sleep(9999)
"""


@contextmanager
def server(folder: Path, manner: str) -> Iterator[Sandbox]:
    """What looks like a sandbox; its parent never looks whether it has ended."""
    command = f'"{sys.executable}" -c "$0" {manner} & exec sleep 9999'
    with subprocess.Popen(["sh", "-c", command, SERVER], stdout=subprocess.PIPE, text=True) as parent:
        try:
            assert parent.stdout is not None
            pid, port = parent.stdout.readline().split()
            names = sandbox.SandboxInfo.__dataclass_fields__
            info = {**dict.fromkeys(names, ""), "pid": int(pid), "endpoint": f"http://127.0.0.1:{port}"}
            (folder / sandbox.INFO_FILE).write_text(json.dumps(info))
            yield Sandbox(folder)
        finally:
            parent.kill()


@pytest.mark.parametrize(("manner", "until_killed"), [("ready", 3600.0), ("deaf", 0.3)])
def test_it_is_told_to_end_then_killed_and_nobody_has_to_look(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, manner: str, until_killed: float
) -> None:
    monkeypatch.setattr(sandbox, "STOP_SECONDS", until_killed)
    monkeypatch.setattr(sandbox, "KILL_SECONDS", PATIENCE)
    with server(tmp_path, manner) as found:
        assert found.stop()
        assert found.running() is None
        assert not found.stop()
