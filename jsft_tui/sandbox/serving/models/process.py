"""The process that serves one model: started, asked, and stopped; it never outlives the sandbox."""

from __future__ import annotations

import contextlib
import logging
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import jsft_tui
from jsft_tui.sandbox.sagemaker.processes import signal_group
from jsft_tui.sandbox.trainers.serve.wire import read_frame, write_frame

_log = logging.getLogger(__name__)

START_SECONDS = 300.0
"""How long a model may take to load (ContainerStartupHealthCheckTimeoutInSeconds is 60 to 3600 on AWS)."""

_INHERITED = ("LANG", "LC_ALL", "LC_CTYPE", "TMPDIR", "TZ")
_THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


class CannotServe(Exception):
    """The process did not load the model."""


class ModelGone(Exception):
    """The process ended, or was ended because it did not answer in time."""


@dataclass(frozen=True)
class ModelAnswer:
    """What a model answered, and the seconds that it took."""

    status: int
    content_type: str
    body: bytes
    seconds: float


class ModelProcess:
    """A process with one model, which answers one request at a time."""

    def __init__(self, model: Path, write_line: Callable[[str], None]) -> None:
        """Start it.

        Args:
            model: the model's archive or folder.
            write_line: called from a thread with each line that it prints.

        Raises:
            CannotServe: it cannot be started.
        """
        self._asking = threading.Lock()
        self._replies: queue.SimpleQueue[tuple[dict[str, object], bytes] | None] = queue.SimpleQueue()
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "jsft_tui.sandbox.trainers.serve", str(model)],
                cwd=model.parent,
                env=_environment(model.parent),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
        except OSError as problem:
            raise CannotServe(f"the container cannot be started: {problem}") from problem
        threading.Thread(target=self._read_replies, daemon=True, name="model-replies").start()
        threading.Thread(target=self._read_log, args=(write_line,), daemon=True, name="model-log").start()

    @property
    def is_alive(self) -> bool:
        """Whether it still runs."""
        return self._process.poll() is None

    def wait_until_ready(self, seconds: float = START_SECONDS) -> None:
        """Wait until the model is loaded.

        Raises:
            CannotServe: it cannot be loaded, or takes too long; the process is stopped then.
        """
        frame = self._next_reply(seconds)
        if frame is None or not frame[0].get("ready"):
            self.stop()
            reason = str(frame[0].get("reason", "")) if frame else "it ended, or took too long"
            raise CannotServe(reason)

    def ask(self, content_type: str, accept: str, body: bytes, seconds: float) -> ModelAnswer:
        """Send a request and wait for the answer.

        Raises:
            ModelGone: there was none in time; the process is stopped then, as it may be busy with the request for long.
        """
        deadline = time.monotonic() + seconds
        if not self._asking.acquire(timeout=seconds):
            raise ModelGone("other requests kept the model busy")
        try:
            started = time.monotonic()
            try:
                assert self._process.stdin
                write_frame(self._process.stdin, {"content_type": content_type, "accept": accept}, body)
                frame = self._next_reply(deadline - started)
            except (OSError, ValueError):  # ValueError: the pipe was closed by `stop`
                frame = None
            if frame is None:
                self.stop()
                raise ModelGone("the model did not answer in time, or its process ended")
            head, answer = frame
            return ModelAnswer(int(str(head["status"])), str(head["content_type"]), answer, time.monotonic() - started)
        finally:
            self._asking.release()

    def stop(self) -> None:
        """End the process, which this object started."""
        if self.is_alive:
            signal_group(self._process.pid, signal.SIGKILL)
        self._process.wait()
        if self._process.stdin:
            with contextlib.suppress(OSError):  # what was not sent yet cannot be sent any more
                self._process.stdin.close()

    def _next_reply(self, seconds: float) -> tuple[dict[str, object], bytes] | None:
        try:
            return self._replies.get(timeout=max(0.0, seconds))
        except queue.Empty:
            return None

    def _read_replies(self) -> None:
        assert self._process.stdout
        with self._process.stdout as source:
            while (frame := read_frame(source)) is not None:
                self._replies.put(frame)
        self._replies.put(None)

    def _read_log(self, write_line: Callable[[str], None]) -> None:
        assert self._process.stderr
        with self._process.stderr as source:
            for line in source:
                try:
                    write_line(line.decode(errors="replace").rstrip("\r\n"))
                except Exception:  # noqa: BLE001 - the log cannot be stored (full disk): the model goes on
                    _log.exception("a log line of a model was lost")


def _environment(home: Path) -> dict[str, str]:
    """Build the environment: a few harmless variables of the sandbox's own, and no AWS credentials."""
    inherited = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    return {
        **inherited,
        **dict.fromkeys(_THREADS, "1"),
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(home),
        "PYTHONPATH": str(Path(jsft_tui.__file__).resolve().parent.parent),
        "PYTHONNOUSERSITE": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUNBUFFERED": "1",
    }
