"""Which colors the terminal has, as far as the environment says, and what its background is."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum


class Background(Enum):
    """What the terminal's background is."""

    DARK = "dark"
    LIGHT = "light"


def is_colorless(environ: Mapping[str, str]) -> bool:
    """Return whether colors are disabled with NO_COLOR (https://no-color.org)."""
    return bool(environ.get("NO_COLOR"))


_TERMS_OF_256_COLORS = ("xterm-kitty", "xterm-ghostty", "alacritty", "foot", "wezterm")


def color_count(environ: Mapping[str, str]) -> int:
    """Return how many colors the terminal has: 16, 256 or 2**24."""
    if environ.get("COLORTERM", "").lower() in ("truecolor", "24bit"):
        return 2**24
    term = environ.get("TERM", "")
    return 256 if "256color" in term or term.startswith(_TERMS_OF_256_COLORS) else 16
