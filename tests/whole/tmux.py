"""A program in tmux: keys typed, screen read, as a person at a terminal would."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.common.effort import PATIENCE

ROOT = Path(__file__).resolve().parents[2]

needs_tmux = pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")


class Tmux:
    """One window of a tmux server of its own; use as a context manager."""

    def __init__(self, *arguments: str, size: tuple[int, int], environment: Mapping[str, str], folder: Path) -> None:
        self._socket = f"jsft-{uuid.uuid4().hex[:12]}"
        variables = {**environment, "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
        words = ["env", *(f"{name}={value}" for name, value in variables.items()), sys.executable, *arguments]
        width, height = map(str, size)
        # The last line tells the exit code, and the window stays until the server is killed.
        command = f"{shlex.join(words)}; echo EXIT $?; cat"
        self._tmux("-f", os.devnull, "new-session", "-d", "-x", width, "-y", height, "-c", str(folder), command)
        self._tmux("set-option", "-g", "escape-time", "0")

    def __enter__(self) -> Tmux:
        return self

    def __exit__(self, *_: object) -> None:
        self._tmux("kill-server")

    def press(self, *keys: str) -> None:
        """Press keys by tmux's names (`Enter`, `Escape`, `Down`, `C-p`, or a character)."""
        self._tmux("send-keys", *keys)

    def type(self, text: str) -> None:
        """Type a text."""
        self._tmux("send-keys", "-l", text)

    @property
    def text(self) -> str:
        """What the screen shows."""
        return self._tmux("capture-pane", "-p")

    def wait_for(self, condition: Callable[[str], bool] | str, seconds: float = PATIENCE) -> str:
        """Wait until the screen shows a text, or meets a condition; returns the screen's text."""
        holds = condition if callable(condition) else lambda text: condition in text
        ends = time.monotonic() + seconds
        while not holds(text := self.text):
            assert time.monotonic() < ends, f"{condition!r} not on the screen after {seconds} s:\n{text}"
            time.sleep(0.1)
        return text

    def ask_to_launch(self) -> None:
        """Wait until the demo's run is ready, go to its review, and ask to launch it: the question is shown then."""
        self.wait_for("Your run is ready")
        self.wait_for("32 per GPU × 4 GPUs")
        self.press("5")
        self.wait_for(lambda text: "passed" in text and "checking" not in text)
        self.press("L")
        self.wait_for("enter  Launch")

    def _tmux(self, *words: str) -> str:
        environment = {name: value for name, value in os.environ.items() if name not in ("TMUX", "COLUMNS", "LINES")}
        done = subprocess.run(
            ["tmux", "-L", self._socket, *words], capture_output=True, text=True, check=True, env=environment
        )
        return done.stdout
