"""Processes that are killed at a random moment, with all that they started."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from tests.common.effort import PATIENCE
from tests.tui.driver.pseudo_terminal import Terminal

SIZE = (100, 30)


class Left(AssertionError):
    """A process that outlives the one that started it."""


class Work(Protocol):
    """A process that does its work when nobody kills it."""

    def whole(self) -> None:
        """Run it to its end, which has to be a good one."""

    def killed(self, after: float, number: signal.Signals) -> str:
        """Run it, and kill it after so many seconds, unless it has ended; returns what it printed."""


@dataclass(frozen=True)
class CommandWork:
    """A command without a terminal."""

    words: Sequence[str]
    environment: Mapping[str, str]

    def whole(self) -> None:
        """Run it to its end."""
        done = subprocess.run(
            self.words, env=self.environment, capture_output=True, text=True, timeout=10 * PATIENCE, check=False
        )
        assert done.returncode == 0, done

    def killed(self, after: float, number: signal.Signals) -> str:
        """Kill it on its way."""
        process = subprocess.Popen(
            self.words,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )
        try:
            out, _ = process.communicate(timeout=after)
        except subprocess.TimeoutExpired:
            process.send_signal(number)
            out, _ = process.communicate(timeout=PATIENCE)
        wait_until_alone(process.pid)
        return out


class Cut(Exception):
    """The moment of the kill has come."""


class Hand:
    """Types at a terminal and reads its screen, until the moment of the kill."""

    def __init__(self, terminal: Terminal, until: float) -> None:
        self._terminal, self._until = terminal, until
        self._has_closed = False

    def wait_for(self, condition: Callable[[str], bool] | str) -> str:
        """Wait for a text, or a condition, on the screen; returns the screen."""
        meets = condition if callable(condition) else lambda text: condition in text
        patience = time.monotonic() + PATIENCE
        while not meets(text := self._terminal.text()):
            self._stop_in_time()
            self._close_notice(text)
            assert time.monotonic() < patience, f"not on the screen after {PATIENCE} s:\n{text}"
            self._terminal.read(0.02)
        return text

    def _close_notice(self, text: str) -> None:
        """Close what is told at a start after a kill, as soon as it listens: what a launch came to."""
        is_shown = "Launches that were not answered" in text
        if is_shown and "esc close" in text and not self._has_closed:
            self._terminal.press("escape")
        self._has_closed = is_shown and (self._has_closed or "esc close" in text)

    def press(self, *keys: str) -> None:
        """Press keys."""
        self._stop_in_time()
        self._terminal.press(*keys)

    def _stop_in_time(self) -> None:
        if time.monotonic() > self._until:
            raise Cut


@dataclass(frozen=True)
class ScreenWork:
    """The full-screen program, and what a person types at it."""

    environment: Mapping[str, str]
    play: Callable[[Hand], None]

    def _terminal(self) -> Terminal:
        return Terminal("-m", "jsft_tui", "--sandbox", size=SIZE, environment=self.environment)

    def whole(self) -> None:
        """Play to the end, and leave."""
        with self._terminal() as terminal:
            hand = Hand(terminal, float("inf"))
            self.play(hand)
            hand.press("q")
            assert terminal.wait_end() == 0, terminal.text()
        wait_until_alone(terminal.pid)

    def killed(self, after: float, number: signal.Signals) -> str:
        """Kill it on its way."""
        with self._terminal() as terminal:
            try:
                self.play(Hand(terminal, time.monotonic() + after))
            except Cut:
                pass
            except OSError:  # it takes no more keys
                assert not terminal.alive()
            if number is signal.SIGHUP:
                terminal.hang_up()  # as a window that is closed: the signal alone may be ignored (nohup)
            elif terminal.alive():
                os.kill(terminal.pid, number)
            terminal.wait_end()
            text = terminal.text()
        wait_until_alone(terminal.pid)
        return text


def wait_until_alone(session: int) -> None:
    """Wait until nothing of the session of a process is left (where the system tells it).

    Raises:
        Left: something is.
    """
    until = time.monotonic() + PATIENCE
    while members := session_members(session):
        if time.monotonic() > until:
            raise Left(f"left behind: {members}")
        time.sleep(0.02)


def session_members(session: int) -> list[str]:
    """Return the command lines of a session's processes."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat") if sys.platform == "linux" else ():
        try:
            state, _, _, its_session = stat.read_text().rpartition(")")[2].split()[:4]
            if int(its_session) == session and state != "Z":
                found.append(stat.with_name("cmdline").read_text().replace("\0", " "))
        except OSError:  # it has just ended
            continue
    return found
