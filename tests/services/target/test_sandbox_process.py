"""Stopping the sandbox ends its process, whatever became of it, and no other; a stranger is told nothing."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from types import SimpleNamespace
from typing import Any

import pytest

from jsft_tui.core.common.errors import Problem
from jsft_tui.services.target import sandbox
from jsft_tui.services.target.sandbox import Sandbox
from tests.common.effort import PATIENCE
from tests.common.home import Home

pytestmark = pytest.mark.sandbox

SERVER = """
import fcntl, os, signal, socket, sys, time
if sys.argv[1] == "deaf":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
lock = open(sys.argv[2], "w")
fcntl.flock(lock, fcntl.LOCK_EX)
lock.write(str(os.getpid()))
lock.flush()
listener = socket.create_server(("127.0.0.1", 0))
print(os.getpid(), listener.getsockname()[1], flush=True)
time.sleep(9999)
"""


def record(folder: Path, pid: Any, port: int) -> None:
    """Write the info file of a sandbox."""
    names = sandbox.SandboxInfo.__dataclass_fields__
    info = {**dict.fromkeys(names, "SECRET"), "pid": pid, "endpoint": f"http://127.0.0.1:{port}"}
    (folder / sandbox.INFO_FILE).write_text(json.dumps(info))


@contextmanager
def server(folder: Path, manner: str) -> Iterator[Sandbox]:
    """What looks like a sandbox; its parent never looks whether it has ended."""
    command = f'"{sys.executable}" -c "$0" {manner} "{folder / sandbox.LOCK_FILE}" & exec sleep 9999'
    with subprocess.Popen(["sh", "-c", command, SERVER], stdout=subprocess.PIPE, text=True) as parent:
        try:
            assert parent.stdout is not None
            pid, port = parent.stdout.readline().split()
            record(folder, int(pid), int(port))
            yield Sandbox(folder)
        finally:
            parent.kill()


@pytest.mark.parametrize(("manner", "until_killed"), [("ready", 3600.0), ("deaf", 0.3)])
def test_it_is_terminated_then_killed_without_being_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, manner: str, until_killed: float
) -> None:
    monkeypatch.setattr(sandbox, "STOP_SECONDS", until_killed)
    monkeypatch.setattr(sandbox, "KILL_SECONDS", PATIENCE)
    with server(tmp_path, manner) as found:
        assert found.stop()
        assert found.running() is None
        assert not found.stop()


ANSWERS = {
    "nothing": b"",
    "no HTTP": b"220 smtp.example.com\r\n",
    "a page": b"HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n<html></html>",
    "a wrong proof": b'HTTP/1.1 200 OK\r\nContent-Length: 27\r\n\r\n{"pid": 1, "proof": "0000"}',
}


@pytest.mark.parametrize("answer", ANSWERS)
def test_another_process_with_the_port_and_the_process_id_is_left_alone(tmp_path: Path, answer: str) -> None:
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener, subprocess.Popen(["sleep", "9999"]) as stranger:

        def listen() -> None:
            connection, _ = listener.accept()
            with connection:
                heard.append(connection.recv(65536))
                connection.sendall(ANSWERS[answer])

        thread = Thread(target=listen, daemon=True)
        thread.start()
        record(tmp_path, stranger.pid, listener.getsockname()[1])

        assert Sandbox(tmp_path).running() is None
        assert not Sandbox(tmp_path).stop()
        assert stranger.poll() is None
        thread.join(PATIENCE)
        stranger.kill()
    assert b"SECRET" not in b"".join(heard)
    assert b"Authorization" not in b"".join(heard)


@pytest.mark.parametrize("pid", [-1, 0, 1, "7", None, [], 2**70])
def test_an_info_file_with_a_wrong_process_id_is_none(tmp_path: Path, pid: Any) -> None:
    record(tmp_path, pid, 9)
    assert Sandbox(tmp_path).running() is None
    assert not Sandbox(tmp_path).stop()


def test_the_sandbox_proves_itself_only_to_its_own_secret(home: Home) -> None:
    folder = home.paths.sandbox
    assert Sandbox(folder).running() is not None
    other = folder.parent / "copy"
    other.mkdir()
    info = json.loads((folder / sandbox.INFO_FILE).read_text())
    (other / sandbox.INFO_FILE).write_text(json.dumps({**info, "secret_access_key": "another"}))
    assert Sandbox(other).running() is None


@pytest.mark.parametrize(("free", "reason"), [(1_000, "is full (0 MB left, 64 MB needed)"), (10**12, "exit code 1")])
def test_a_server_that_ends_without_a_word_is_explained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, reason: str
) -> None:
    monkeypatch.setattr(sys, "executable", shutil.which("false"))
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free))
    with pytest.raises(Problem) as caught:
        Sandbox(tmp_path).start()
    assert reason in caught.value.message


def test_a_server_that_does_not_answer_is_named_and_not_started_a_second_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox, "PROOF_SECONDS", 0.2)
    with server(tmp_path, "deaf") as found:
        assert found.running() is None
        pid = found.deaf()
        assert pid is not None
        monkeypatch.setattr(sandbox, "START_SECONDS", 0.0)
        with pytest.raises(Problem) as caught:
            found.start()
        assert caught.value.code == "SandboxDeaf"
        assert f"pid {pid}" in caught.value.message
        found.stop()
        assert found.deaf() is None
