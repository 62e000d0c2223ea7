"""Colours with a meaning, the signs that say the same without colour, and how to behave on which terminal.

Textual's own names carry the meanings, so that every widget follows: `$primary` running, `$success` completed,
`$error` failed, `$warning` warning, `$secondary` stopped and unknown, `$accent` the sandbox.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from textual.theme import Theme


class Status(Enum):
    """What a glyph or a colour says. The value is the name of its style."""

    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    STOPPED = "stopped"
    WARNING = "warning"
    UNKNOWN = "unknown"
    SANDBOX = "sandbox"


_GLYPHS = {
    Status.RUNNING: ("●", "*"),
    Status.COMPLETED: ("✔", "+"),
    Status.FAILED: ("✖", "x"),
    Status.STOPPED: ("■", "#"),
    Status.WARNING: ("!", "!"),
    Status.UNKNOWN: ("?", "?"),
    Status.SANDBOX: ("◆", "@"),
}

_COLORS = {
    Status.RUNNING: "$primary",
    Status.COMPLETED: "$success",
    Status.FAILED: "$error",
    Status.STOPPED: "$secondary",
    Status.WARNING: "$warning",
    Status.UNKNOWN: "$secondary",
    Status.SANDBOX: "$accent",
}

QUIET = "quiet"
"""Style name of what is less important than the rest."""
STRONG = "strong"
"""Style name of what is more important."""

HERE = "here"
"""Style name of the one of several that is chosen."""


class StatusStyle(NamedTuple):
    """How a sign is drawn: its colour, and how its text is; a `$name` is a variable of the theme."""

    color: str = ""
    text: str = "none"


SIGN_LOOKS: Mapping[str, StatusStyle] = {
    **{sign.value: StatusStyle(color) for sign, color in _COLORS.items()},
    QUIET: StatusStyle("$quiet", "$quiet-style"),
    STRONG: StatusStyle(text="bold"),
    HERE: StatusStyle("$foreground", "bold reverse"),
}
"""By the name of a style that cells can have: a `Status`'s value, `quiet`, `strong` or `here`."""


def glyph(sign: Status, environ: Mapping[str, str]) -> str:
    """The sign's glyph: one cell, ASCII when the terminal's encoding is not UTF-8."""
    return _GLYPHS[sign][0 if is_utf8(environ) else 1]


def is_utf8(environ: Mapping[str, str]) -> bool:
    """Whether the locale says UTF-8 (POSIX: LC_ALL, then LC_CTYPE, then LANG)."""
    locale = next((environ[name] for name in ("LC_ALL", "LC_CTYPE", "LANG") if environ.get(name)), "")
    return "utf8" in locale.lower().replace("-", "")


def is_remote(environ: Mapping[str, str]) -> bool:
    """Whether the terminal is at the other end of an SSH connection."""
    return bool(environ.get("SSH_CONNECTION") or environ.get("SSH_TTY"))


def is_colorless(environ: Mapping[str, str]) -> bool:
    """Whether the person asked for no colour at all (https://no-color.org)."""
    return bool(environ.get("NO_COLOR"))


def color_count(environ: Mapping[str, str]) -> int:
    """How many colours the terminal has: 16, 256 or 2**24."""
    if environ.get("COLORTERM", "").lower() in ("truecolor", "24bit"):
        return 2**24
    term = environ.get("TERM", "")
    return 256 if "256color" in term or term.startswith(("xterm-kitty", "xterm-ghostty", "alacritty")) else 16


@dataclass(frozen=True)
class Manners:
    """How to behave on this terminal."""

    mouse: bool
    frames_per_second: int
    log_paints_per_second: int


def manners(environ: Mapping[str, str]) -> Manners:
    """Little traffic over SSH; the mouse stays the terminal's there, which needs it to select text."""
    if is_remote(environ):
        return Manners(mouse=False, frames_per_second=15, log_paints_per_second=5)
    return Manners(mouse=True, frames_per_second=60, log_paints_per_second=10)


def textual_settings(environ: Mapping[str, str]) -> dict[str, str]:
    """Variables that Textual reads from the environment when it is imported; those that are set already stay."""
    wanted = {
        "ESCDELAY": "40",
        "TEXTUAL_ANIMATIONS": "none",
        "TEXTUAL_SMOOTH_SCROLL": "0",
        "TEXTUAL_FPS": str(manners(environ).frames_per_second),
    }
    return {name: value for name, value in wanted.items() if name not in environ}


DARK, LIGHT, HIGH_CONTRAST = "jsft-dark", "jsft-light", "jsft-high-contrast"
SIXTEEN, COLORLESS = "jsft-16", "jsft-no-color"


CHOICES = {"dark": DARK, "light": LIGHT, "high-contrast": HIGH_CONTRAST, "16": SIXTEEN}
"""The themes by the name that the setting `theme` has."""


def theme_name(wanted: str, environ: Mapping[str, str]) -> str:
    """The theme to use when `wanted` is the person's choice: no colour wins, then what the terminal can show."""
    if is_colorless(environ):
        return COLORLESS
    return SIXTEEN if color_count(environ) == 16 else wanted


_ANSI = {
    # What Textual's own styles of ANSI themes refer to.
    "ansi-background": "ansi_default",
    "ansi-foreground": "ansi_default",
    "block-cursor-foreground": "ansi_default",
    "block-cursor-background": "ansi_default",
    "block-cursor-text-style": "reverse",
    "block-cursor-blurred-foreground": "ansi_default",
    "block-cursor-blurred-background": "ansi_default",
    "block-cursor-blurred-text-style": "bold",
    "input-cursor-foreground": "ansi_default",
    "input-cursor-background": "ansi_default",
    "input-cursor-text-style": "reverse",
    "quiet": "ansi_default",
    "quiet-style": "dim",
}

_MEANINGS = ("primary", "success", "error", "warning", "secondary", "accent")

# Colours of the 256-colour cube and its greys, so that a terminal without more shows the same, and as their numbers are
# short; the reason for the 16-colour theme is that no terminal agrees with another on what those sixteen look like.
# Textual's own shades are no such colours: those that are used are named among the variables.
THEMES: tuple[Theme, ...] = (
    Theme(
        name=DARK,
        primary="#5fd7d7",
        success="#87d75f",
        error="#ff5f5f",
        warning="#ffd75f",
        secondary="#87afd7",
        accent="#d787d7",
        foreground="#dadada",
        background="#121212",
        surface="#1c1c1c",
        panel="#262626",
        variables={
            "block-cursor-background": "#005f87",
            "block-cursor-foreground": "#ffffff",
            "block-cursor-blurred-background": "#303030",
            "block-cursor-blurred-foreground": "#dadada",
            "border": "#5f87af",
            "border-blurred": "#444444",
            "foreground-darken-2": "#b2b2b2",
            "quiet": "#808080",
            "quiet-style": "none",
            "scrollbar": "#4e4e4e",
            "scrollbar-background": "#1c1c1c",
            "footer-background": "#262626",
        },
    ),
    Theme(
        name=LIGHT,
        primary="#005f87",
        success="#005f00",
        error="#af0000",
        warning="#875f00",
        secondary="#5f5f87",
        accent="#870087",
        foreground="#1c1c1c",
        background="#ffffff",
        surface="#eeeeee",
        panel="#e4e4e4",
        dark=False,
        variables={
            "block-cursor-background": "#005f87",
            "block-cursor-foreground": "#ffffff",
            "block-cursor-blurred-background": "#d0d0d0",
            "block-cursor-blurred-foreground": "#1c1c1c",
            "border": "#5f87af",
            "border-blurred": "#bcbcbc",
            "foreground-darken-2": "#303030",
            "quiet": "#6c6c6c",
            "quiet-style": "none",
            "scrollbar": "#a8a8a8",
            "scrollbar-background": "#eeeeee",
            "footer-background": "#e4e4e4",
        },
    ),
    Theme(
        name=HIGH_CONTRAST,
        primary="#00ffff",
        success="#00ff00",
        error="#ff8787",
        warning="#ffff00",
        secondary="#afd7ff",
        accent="#ff87ff",
        foreground="#ffffff",
        background="#000000",
        surface="#000000",
        panel="#000000",
        variables={
            "block-cursor-background": "#ffff00",
            "block-cursor-foreground": "#000000",
            "block-cursor-blurred-background": "#444444",
            "block-cursor-blurred-foreground": "#ffffff",
            "border": "#ffff00",
            "border-blurred": "#ffffff",
            "foreground-darken-2": "#d7d7d7",
            "quiet": "#b2b2b2",
            "quiet-style": "none",
            "scrollbar": "#ffffff",
            "scrollbar-background": "#303030",
            "footer-background": "#000000",
        },
    ),
    Theme(
        name=SIXTEEN,
        ansi=True,
        primary="ansi_cyan",
        success="ansi_green",
        error="ansi_red",
        warning="ansi_yellow",
        secondary="ansi_blue",
        accent="ansi_magenta",
        foreground="ansi_default",
        background="ansi_default",
        surface="ansi_default",
        panel="ansi_default",
        boost="ansi_default",
        variables={**_ANSI, "border": "ansi_cyan", "border-blurred": "ansi_default"},
    ),
    Theme(
        name=COLORLESS,
        ansi=True,
        primary="ansi_default",
        success="ansi_default",
        error="ansi_default",
        warning="ansi_default",
        secondary="ansi_default",
        accent="ansi_default",
        foreground="ansi_default",
        background="ansi_default",
        surface="ansi_default",
        panel="ansi_default",
        boost="ansi_default",
        variables={**_ANSI, "border": "ansi_default", "border-blurred": "ansi_default"},
    ),
)
for _theme in THEMES:  # Textual makes shades of these, and its rounding makes other colours of some
    _theme.variables |= {name: str(getattr(_theme, name)) for name in _MEANINGS}
