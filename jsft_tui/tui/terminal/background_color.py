"""Ask the terminal for its name and its background color: XTVERSION and OSC 11 of xterm's "Control Sequences".

The question is sent before the modules of the interface are imported, so that the answer is usually there when the
first frame is drawn, and takes no time. Keys that are typed meanwhile come in the same stream and are kept for the
interface. A later answer is taken out of the keys by `AnswerFilter`, in whatever pieces it comes.
"""

from __future__ import annotations

import os
import re
import select
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from jsft_tui.tui.theme.color_support import Background

PATIENCE = 0.1
"""Seconds after the question until the interface starts without an answer."""

OVERDUE = 5.0
"""Seconds after the question from which on the beginning of an answer is not held back any more."""

ESCAPE_DELAY = 0.04
"""Seconds that escape is held back while an answer may come."""

QUESTION = b"\x1b[>q\x1b]11;?\x07"
"""Answers come in this order: with the color the name is known, or never will be."""

_ANSWER = re.compile(r"\x1b\]11;(?P<color>[^\x07\x1b]{1,40})(?:\x07|\x1b\\)")
_VERSION = re.compile(r"\x1bP>\|(?P<version>[^\x07\x1b]{0,80})\x1b\\")
_BEGINNING = re.compile(r"\x1b(?:\](?:1(?:1(?:;[^\x07\x1b]{0,40}\x1b?)?)?)?|P(?:>(?:\|[^\x07\x1b]{0,80}\x1b?)?)?)?\Z")
_COLOR = re.compile(r"rgba?:([0-9a-f]{1,4})/([0-9a-f]{1,4})/([0-9a-f]{1,4})(?:/[0-9a-f]{1,4})?\Z", re.IGNORECASE)


def background_of(color: str) -> Background | None:
    """Return whether a color is dark or light; None if it is written in another way than XParseColor's `rgb:`."""
    if (found := _COLOR.match(color)) is None:
        return None
    red, green, blue = (int(part, 16) / (16 ** len(part) - 1) for part in found.groups())
    is_light = 0.299 * red + 0.587 * green + 0.114 * blue > 0.5  # luma of ITU-R BT.601
    return Background.LIGHT if is_light else Background.DARK


class AnswerFilter:
    """Takes answers out of what the terminal sends."""

    def __init__(self, overdue_at: float) -> None:
        """`overdue_at` is the time (`time.monotonic`) until which the beginning of an answer is held back."""
        self._overdue_at = overdue_at
        self._held = ""
        self._held_until = 0.0
        self.background: Background | None = None
        """What the last answer said."""
        self.version = ""
        """The terminal's name and version; empty until it is told."""

    def feed(self, data: str) -> str:
        """Return what is no answer. What may be the beginning of one is held back for the next piece."""
        data, self._held = self._held + data, ""
        if "\x1b" not in data:
            return data
        data = _ANSWER.sub(self._take, _VERSION.sub(self._take_version, data))
        now = time.monotonic()
        if now < self._overdue_at and (found := _BEGINNING.search(data)):
            data, self._held = data[: found.start()], found[0]
            # A short one may as well be the key escape.
            self._held_until = min(self._overdue_at, now + ESCAPE_DELAY) if len(found[0]) < 3 else self._overdue_at
        return data

    def release(self) -> str:
        """Return what was held back for so long that it is no answer."""
        if time.monotonic() < self._held_until:
            return ""
        held, self._held = self._held, ""
        return held

    def _take_version(self, answer: re.Match[str]) -> str:
        self.version = answer["version"]
        return ""

    def _take(self, answer: re.Match[str]) -> str:
        self.background = background_of(answer["color"]) or self.background
        self._overdue_at = 0.0
        return ""


class BackgroundQuestion:
    """A question to the terminal, sent when this is made; the terminal echoes nothing from then on."""

    def __init__(self, descriptor: int) -> None:
        """Ask.

        Args:
            descriptor: of the terminal, open for reading and writing.

        Raises:
            termios.error, OSError: it is no terminal, or cannot be written to.
        """
        self._descriptor = descriptor
        self._modes: list[Any] | None = termios.tcgetattr(descriptor)
        self.asked_at = time.monotonic()
        self._early_keys = ""
        self._is_answered = False
        self._answers = AnswerFilter(0.0)
        termios.tcsetattr(descriptor, termios.TCSANOW, _without_echo(self._modes))
        os.write(descriptor, QUESTION)

    def answer(self) -> Background | None:
        """Wait for the rest of the time; None if there was no answer, or one that is not understood."""
        received, until = b"", self.asked_at + PATIENCE
        answers = self._answers
        while answers.background is None and self._is_ready(until - time.monotonic()):
            if not (piece := os.read(self._descriptor, 4096)):
                break
            received += piece
            self._early_keys = answers.feed(received.decode(errors="replace"))
        self._is_answered = answers.background is not None
        return answers.background

    def answer_filter(self) -> AnswerFilter:
        """Return a filter for what the interface reads from now on."""
        version = self._answers.version
        self._answers = AnswerFilter(0.0 if self._is_answered else self.asked_at + OVERDUE)
        self._answers.version = version
        return self._answers

    @property
    def version(self) -> str:
        """The terminal's name and version; empty while it is unknown."""
        return self._answers.version

    def take_early_keys(self) -> str:
        """Return what was typed before the interface read keys, once."""
        keys, self._early_keys = self._early_keys, ""
        return keys

    def _is_ready(self, seconds: float) -> bool:
        return bool(select.select([self._descriptor], [], [], max(0.0, seconds))[0])

    def hand_over_modes(self) -> list[Any] | None:
        """Return the terminal's modes before the question, for the one who restores them from now on; None if done."""
        modes, self._modes = self._modes, None
        return modes

    def restore(self) -> None:
        """Give the terminal its modes back, unless they were handed over."""
        if (modes := self.hand_over_modes()) is not None:
            with suppress(termios.error):  # the terminal is gone
                termios.tcsetattr(self._descriptor, termios.TCSANOW, modes)


def _without_echo(modes: list[Any]) -> list[Any]:
    """Return modes in which keys arrive one by one, as the interface reads them; ctrl+c and ctrl+z work as before."""
    found = [*modes]
    found[0] &= ~(termios.ICRNL | termios.INLCR | termios.IGNCR | termios.IXON)
    found[3] &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN)
    found[6] = [*modes[6]]
    found[6][termios.VMIN], found[6][termios.VTIME] = 1, 0
    return found


_asked: BackgroundQuestion | None = None


@contextmanager
def background_question(descriptor: int, *, is_wanted: bool) -> Iterator[BackgroundQuestion | None]:
    """Ask the terminal, and give it its modes back at the end; None where it is not or cannot be asked."""
    global _asked
    _asked = None
    if is_wanted:
        with suppress(termios.error, OSError):
            _asked = BackgroundQuestion(descriptor)
    try:
        yield _asked
    finally:
        if _asked is not None:
            _asked.restore()


def asked() -> BackgroundQuestion | None:
    """Return the question that was asked at the start, if one was."""
    return _asked
