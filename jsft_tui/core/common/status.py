"""Define the states that are shown as a symbol and a color, the same in the CLI and the TUI."""

from __future__ import annotations

from enum import Enum


class Status(Enum):
    """A state with a symbol. The symbol always goes with a word; the value is the name of the state's style."""

    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    STOPPED = "stopped"
    WARNING = "warning"
    UNKNOWN = "unknown"
    SANDBOX = "sandbox"

    @property
    def glyph(self) -> str:
        """Return the symbol: one cell wide."""
        return _GLYPHS[self][0]

    @property
    def ascii_glyph(self) -> str:
        """Return the symbol for an output whose encoding is not UTF-8."""
        return _GLYPHS[self][1]


_GLYPHS = {
    Status.RUNNING: ("●", "*"),
    Status.COMPLETED: ("✔", "+"),
    Status.FAILED: ("✖", "x"),
    Status.STOPPED: ("■", "#"),
    Status.WARNING: ("!", "!"),
    Status.UNKNOWN: ("?", "?"),
    Status.SANDBOX: ("◆", "@"),
}
