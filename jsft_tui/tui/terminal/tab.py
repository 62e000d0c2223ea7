"""The title of the terminal's tab, and its progress: pushed at the first change, given back at the end.

Title: OSC 2; the terminal keeps the one before (XTWINOPS 22;2 and 23;2, xterm's "Control Sequences"). Progress: OSC
9;4 of ConEmu, which other terminals take for a notification; so it is sent only to those that are known to draw it.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from jsft_tui.core.common.text import clean

PUSH, POP = "\x1b[22;2t", "\x1b[23;2t"
NO_PROGRESS = "0"

_VERSIONS = (
    (re.compile(r"ghostty\b", re.IGNORECASE), ()),
    (re.compile(r"WezTerm\b"), ()),
    (re.compile(r"Windows Terminal\b"), ()),
    (re.compile(r"iTerm2 (\d+)\.(\d+)\.(\d+)"), (3, 6, 6)),
    (re.compile(r"VTE\((\d+)\)"), (8000,)),
)
"""Answers to XTVERSION of terminals that draw progress, with the least version; Ptyxis answers as VTE."""


def draws_progress(version: str) -> bool:
    """Return whether a terminal draws progress, by its answer to XTVERSION."""
    for pattern, least in _VERSIONS:
        if (found := pattern.match(version)) is not None:
            return tuple(int(part) for part in found.groups()) >= least
    return False


class TerminalTab:
    """Writes what has changed."""

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write
        self._title = ""
        self._progress = NO_PROGRESS

    def show(self, title: str, progress: str) -> None:
        """Show a title, and a progress where the caller knows that the terminal draws it; nothing for empty ones."""
        if title and title != self._title:
            push = "" if self._title else PUSH
            self._title = title
            self._write(f"{push}\x1b]2;{clean(title)}\x07")
        if progress and progress != self._progress:
            self._progress = progress
            self._write(f"\x1b]9;4;{progress}\x07")

    def restore(self) -> str:
        """Return what gives the terminal its own title back, once; empty where nothing was changed."""
        progress = f"\x1b]9;4;{NO_PROGRESS}\x07" if self._progress != NO_PROGRESS else ""
        title = POP if self._title else ""
        self._title, self._progress = "", NO_PROGRESS
        return progress + title
