"""What the environment says of the terminal, and the settings that follow from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from jsft_tui.tui.theme.color_support import color_count


def is_remote(environ: Mapping[str, str]) -> bool:
    """Return whether the terminal is connected over SSH."""
    return bool(environ.get("SSH_CONNECTION") or environ.get("SSH_TTY"))


_COLOR_SYSTEMS = {16: "standard", 256: "256", 2**24: "truecolor"}
"""Textual's names, by the number of colors; it would take some terminals of 256 colors for such of 16."""


@dataclass(frozen=True)
class TerminalSettings:
    """Settings for a kind of terminal."""

    mouse: bool
    frames_per_second: int
    log_paints_per_second: int


def terminal_settings(environ: Mapping[str, str]) -> TerminalSettings:
    """Return the settings for this terminal: less traffic over SSH, where the mouse is left to select text."""
    if is_remote(environ):
        return TerminalSettings(mouse=False, frames_per_second=15, log_paints_per_second=5)
    return TerminalSettings(mouse=True, frames_per_second=60, log_paints_per_second=10)


def textual_settings(environ: Mapping[str, str]) -> dict[str, str]:
    """Return variables that Textual reads when it is imported, except those that are already set."""
    wanted = {
        "ESCDELAY": "40",
        "TEXTUAL_ANIMATIONS": "none",
        "TEXTUAL_SMOOTH_SCROLL": "0",
        "TEXTUAL_COLOR_SYSTEM": _COLOR_SYSTEMS[color_count(environ)],
        "TEXTUAL_FPS": str(terminal_settings(environ).frames_per_second),
    }
    return {name: value for name, value in wanted.items() if name not in environ}
