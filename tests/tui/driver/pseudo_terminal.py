"""A program on a pseudo-terminal, and what a terminal would show of it (replayed through pyte)."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pyte

from tests.common.effort import PATIENCE

ROOT = Path(__file__).resolve().parents[3]

KEYS = {
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "pageup": "\x1b[5~",
    "pagedown": "\x1b[6~",
    "home": "\x1b[H",
    "end": "\x1b[F",
    "enter": "\r",
    "escape": "\x1b",
    "tab": "\t",
    "space": " ",
    "comma": ",",
    "slash": "/",
    "question_mark": "?",
    "equals_sign": "=",
    **{f"ctrl+{letter}": chr(ord(letter) & 0x1F) for letter in "abcdefghijklmnopqrstuvwxyz"},
}

# What pyte does not know and would print: kitty's keyboard, and mode queries.
_UNKNOWN_TO_PYTE = re.compile(rb"\x1b\[[<>=][0-9;]*u|\x1b\[\?\d+\$p")

Seen = tuple[str, str, str, bool, bool]
"""Character, foreground, background, bold and reverse of a cell."""
Shown = list[list[Seen]]


def seen(cell: pyte.screens.Char) -> Seen:
    """A cell as it is seen: nothing tells the foreground and the weight of a blank, nor whether it is reversed."""
    if cell.data == " " and not (cell.underscore or cell.strikethrough):
        is_named = cell.reverse and cell.fg != "default"
        return " ", "", cell.fg if is_named else cell.bg, False, cell.reverse and not is_named
    return cell.data[:1], cell.fg, cell.bg, cell.bold, cell.reverse


class Terminal:
    """Runs a Python program on a pseudo-terminal of its own session; use as a context manager."""

    def __init__(
        self, *arguments: str, size: tuple[int, int] = (100, 30), environment: Mapping[str, str] | None = None
    ) -> None:
        self.received = bytearray()
        self._screen = pyte.Screen(*size)
        self._stream = pyte.ByteStream(self._screen)
        self._replayed = 0
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            _become([sys.executable, *arguments], environment or {})
        self._set_size(size)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        if self.alive():
            os.kill(self.pid, signal.SIGKILL)
            os.kill(self.pid, signal.SIGCONT)
            os.waitpid(self.pid, 0)
        self.hang_up()

    def alive(self) -> bool:
        """Whether the program has neither ended nor been waited for."""
        try:
            return os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None
        except ChildProcessError:
            return False

    def hang_up(self) -> None:
        """Take the terminal away."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    def press(self, *keys: str) -> None:
        """Type: names of keys, or text."""
        os.write(self._fd, "".join(KEYS.get(key, key) for key in keys).encode())

    def resize(self, width: int, height: int) -> None:
        """Give the terminal another size; the program is told."""
        self.read(0)
        self._screen.resize(height, width)
        self._set_size((width, height))

    def _set_size(self, size: tuple[int, int]) -> None:
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))

    def modes(self) -> list[int]:
        """The terminal's line settings: input, output, control and local flags."""
        flags: list[int] = termios.tcgetattr(self._fd)[:4]
        return flags

    def read(self, seconds: float) -> int:
        """Read what comes in this time; returns how many bytes."""
        before, until = len(self.received), time.monotonic() + seconds
        while self._fd >= 0:
            ready = select.select([self._fd], [], [], max(0.0, until - time.monotonic()))[0]
            if not ready:
                break
            try:
                data = os.read(self._fd, 65536)
            except OSError:
                break
            if not data:
                break
            self.received += data
        return len(self.received) - before

    def wait_quiet(self, quiet: float = 0.15) -> int:
        """Read until nothing came for a while and the program waits for something; returns how many bytes."""
        total, until = 0, time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if select.select([self._fd], [], [], quiet)[0]:
                got = self.read(0)
                total += got
                if not got:  # it has ended
                    break
            elif not self._is_working():
                break
        return total

    def wait_unread(self) -> None:
        """Wait until the program has taken all keys and waits for something; what it writes is left unread."""
        until = time.monotonic() + PATIENCE
        while self._has_keys() or self._is_working():
            assert time.monotonic() < until, "it takes no keys"
            time.sleep(0.01)

    def _has_keys(self) -> bool:
        """Whether keys wait for the program (where the system tells it)."""
        with contextlib.suppress(OSError), Path(f"/proc/{self.pid}/fd/0").open("rb", buffering=0) as its_side:
            return any(fcntl.ioctl(its_side, termios.FIONREAD, bytes(4)))
        return False

    def _is_working(self) -> bool:
        """Whether a thread of the program works or would if the machine let it (where the system tells it)."""
        with contextlib.suppress(OSError):  # a thread has just ended
            states = Path(f"/proc/{self.pid}/task").glob("*/stat")
            return any(state.read_text().rpartition(")")[2].split()[0] in "RD" for state in states)
        return True

    def wait_answer(self, longest: float = PATIENCE) -> int:
        """Read until something comes; returns how many bytes."""
        return self.read(0) if select.select([self._fd], [], [], longest)[0] else 0

    def wait_for(self, condition: Callable[[str], bool] | str, longest: float = PATIENCE) -> str:
        """Read until the screen's text meets a condition, or contains a text; returns the screen's text."""
        meets = condition if callable(condition) else lambda text: condition in text
        until = time.monotonic() + longest
        while not meets(self.text()):
            assert time.monotonic() < until, f"not on the screen after {longest} s:\n{self.text()}"
            self.read(0.02)
        return self.text()

    def wait_end(self, longest: float = PATIENCE) -> int:
        """Read until the program ends; returns its exit code, or minus the signal that ended it."""
        until = time.monotonic() + longest
        while time.monotonic() < until:
            self.read(0.02)
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.read(0.05)
                return os.waitstatus_to_exitcode(status)
        raise AssertionError(f"still running after {longest} s")

    def wait_stopped(self, longest: float = PATIENCE) -> None:
        """Read until the program is stopped (ctrl+z)."""
        until = time.monotonic() + longest
        while time.monotonic() < until:
            self.read(0.02)
            stopped = os.waitid(os.P_PID, self.pid, os.WSTOPPED | os.WNOHANG)
            if stopped is not None:
                return
        raise AssertionError(f"not stopped after {longest} s")

    def show(self, data: bytes) -> None:
        """Put something on the screen that the program did not write."""
        self._replay()
        self._stream.feed(data)

    def text(self) -> str:
        """The lines of the screen."""
        self._replay()
        # Not pyte's own `display`, which cannot show a frame of which half was read: half a wide character.
        rows, columns = range(self._screen.lines), range(self._screen.columns)
        return "\n".join("".join(self._screen.buffer[y][x].data for x in columns) for y in rows)

    def shown(self) -> Shown:
        """Every cell of the screen as it is seen, without combining marks.

        Where something is cut between a letter and its mark, plain Textual leaves the mark on what comes before.
        """
        self._replay()
        return [
            [seen(self._screen.buffer[y][x]) for x in range(self._screen.columns)] for y in range(self._screen.lines)
        ]

    def _replay(self) -> None:
        # Only whole sequences: a read may end within one.
        data = bytes(self.received[self._replayed :])
        cut = data.rfind(b"\x1b")
        if cut >= 0 and len(data) - cut < 24 and not re.match(rb"\x1b(\[[0-?]*[ -/]*[@-~]|[^\[])", data[cut:]):
            data = data[:cut]
        self._replayed += len(data)
        self._stream.feed(_UNKNOWN_TO_PYTE.sub(b"", data))


def _become(command: list[str], environment: Mapping[str, str]) -> None:
    # pytest-xdist sets COLUMNS and LINES for its workers, and Textual would take them for the terminal's size.
    ours = ("NO_COLOR", "COLORTERM", "COLUMNS", "LINES")
    inherited = {name: value for name, value in os.environ.items() if name not in ours}
    inherited |= {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8", "PYTHONPATH": str(ROOT)}
    os.execvpe(command[0], command, {**inherited, **environment})
