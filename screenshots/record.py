"""Records the main job in the sandbox, from model to trained model: `python -m screenshots.record [FOLDER]`.

Writes `main-job.cast` (asciinema's format, version 2: https://docs.asciinema.org/manual/asciicast/v2/), which
`asciinema play` shows, and where termtosvg is installed (`pip install 'setuptools<80' termtosvg`) draws it as
`main-job.svg`. A home of its own is made for it and thrown away.
"""

from __future__ import annotations

import codecs
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from jsft_tui.paths import Paths
from jsft_tui.services.target.sandbox import Sandbox
from tests.tui.driver.pseudo_terminal import Terminal

SIZE = (100, 30)
NAME = "main-job"
PLAIN_TERMINAL = {"TERM": "xterm-256color", "COLORTERM": "", "LANG": "C.UTF-8"}
"""A terminal of 256 colors, as over SSH."""
RENDERER, FRAME = "termtosvg", "300"
"""The program that draws it, and the milliseconds of a frame, at least: more frames make a larger file."""
LOOK = 1.2
"""Seconds to look at a screen."""
LONGEST_PAUSE = 1.5
"""Seconds that nothing happens, at most, when it is played."""
LONGEST = 90.0
"""Seconds that anything may take."""

STEPS: Sequence[tuple[str, str]] = (
    ("", "Runs on"),
    ("enter", "Use the model's default dataset"),
    ("enter", "How it runs"),
    ("enter", "learning_rate"),
    ("enter", "enter keep"),
    ("ctrl+u", "enter keep"),
    ("8", "enter keep"),
    ("enter", "8 was 5"),
    ("5", "Ready to launch"),
    ("L", "Launch this job?"),
    ("enter", "What next"),
    ("q", ""),
)
"""The main job: a key, and what the screen shows once that is done."""


class Recorder(Terminal):
    """A program on a pseudo-terminal; keeps what it writes, and when."""

    events: list[tuple[float, bytes]]

    def begin(self) -> None:
        """Record from now on."""
        self.events, self._began = [], time.monotonic()

    def read(self, seconds: float) -> int:
        """Read what comes in this time, and keep it."""
        before = len(self.received)
        count = super().read(seconds)
        if count:
            self.events.append((time.monotonic() - self._began, bytes(self.received[before:])))
        return count

    def watch(self, seconds: float) -> None:
        """Read for a while, as often as something comes."""
        ends = time.monotonic() + seconds
        while (left := ends - time.monotonic()) > 0:
            self.read(min(left, 0.03))


def record() -> str:
    """Do the main job in a new sandbox; the recording."""
    with tempfile.TemporaryDirectory(prefix="jsft-recording-") as folder:
        inherited = {
            name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "JSFT_", "SSH_"))
        }
        environment = {**inherited, "JSFT_HOME": folder, **PLAIN_TERMINAL}
        sandbox = Sandbox(Paths.from_environment(environment).sandbox)
        try:
            terminal = Recorder("-m", "jsft_tui", "--sandbox", size=SIZE, environment=environment)
            with terminal:
                terminal.begin()
                for key, shown in STEPS:
                    if key:
                        terminal.press(key)
                    if shown:
                        terminal.wait_for(shown, LONGEST)
                        terminal.watch(LOOK)
                terminal.watch(LOOK)
                return as_cast(terminal.events)
        finally:
            sandbox.stop()


def as_cast(events: Sequence[tuple[float, bytes]]) -> str:
    """Return a recording in asciinema's format: a line for the header, and one for each event."""
    width, height = SIZE
    header = {"version": 2, "width": width, "height": height, "idle_time_limit": LONGEST_PAUSE, "title": "jsft"}
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    lines = [json.dumps(header)]
    lines += [json.dumps([round(at, 3), "o", decoder.decode(data)], ensure_ascii=False) for at, data in events]
    return "\n".join([*lines, ""])


def main() -> None:
    """Write the recording beside this script, or into the folder named."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    folder.mkdir(parents=True, exist_ok=True)
    cast = folder / f"{NAME}.cast"
    cast.write_text(record(), encoding="utf-8")
    sys.stdout.write(f"{cast.name}\n")
    if (renderer := shutil.which(RENDERER)) is None:
        sys.stdout.write(f"{NAME}.svg is not drawn: {RENDERER} is not installed.\n")
        return
    most = f"{1000 * LONGEST_PAUSE:.0f}"
    subprocess.run([renderer, "render", str(cast), str(cast.with_suffix(".svg")), "-M", most, "-m", FRAME], check=True)


if __name__ == "__main__":
    main()
