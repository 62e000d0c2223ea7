"""Glyphs, each one cell wide, with their replacements where only ASCII can be shown or is wanted.

Screens use the glyphs; the frame buffer replaces them, at the one place where every frame passes. A letter of a
person's own text is no glyph and stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from jsft_tui.core.common.status import Status


class Glyph(StrEnum):
    """Signs that are no `Status`; a word that says the same goes with each."""

    CURSOR = "▌"
    """At the left of the row under the cursor."""
    TRAINS_HERE = "▸"
    """A model that the sandbox trains."""
    RECOMMENDED = "★"
    TUNED = "↔"
    """A value that a tuning job varies."""
    TUNING_JOB = "◇"
    BEST = "◆"
    """The best of several; also the sandbox."""
    STARTING = "◌"
    TO_COME = "○"
    BAR = "━"
    """The full part of a bar."""
    BAR_REST = "╌"
    MORE = "▾"
    """More rows below."""
    ELLIPSIS = "…"


SPARK = "▁▂▃▄▅▆▇█"
"""Heights of a spark line, lowest first."""


class BorderGlyphs(NamedTuple):
    """The lines of a border, for bars that draw titles into it."""

    top_left: str
    top_right: str
    bottom_left: str
    bottom_right: str
    horizontal: str
    vertical: str
    left_join: str
    right_join: str


BORDERS: Mapping[str, BorderGlyphs] = {
    "round": BorderGlyphs(*"╭╮╰╯─│├┤"),
    "heavy": BorderGlyphs(*"┏┓┗┛━┃┣┫"),
    "double": BorderGlyphs(*"╔╗╚╝═║╠╣"),
}
"""By Textual's name of the border type: of `$line-border-type`, `$focused-border-type`, `$raised-border-type`."""

ASCII: Mapping[int, str] = str.maketrans(
    {
        **dict.fromkeys("─╌╍┄┅┈┉╴╶╸╺▔⎺⎽▀🬂🬭╼╾", "-"),
        **dict.fromkeys("━═", "="),
        **dict.fromkeys("│┃║╎╏┆┇┊┋▐▏▕▎▊", "|"),
        **dict.fromkeys("┌┐└┘├┤┬┴┼╭╮╰╯╔╗╚╝╠╣╦╩╬┏┓┗┛┣┫┳┻╋", "+"),
        **dict(zip(SPARK, ".:-=+*#@", strict=True)),
        **dict.fromkeys("▓▒░", "#"),
        **{status.glyph: status.ascii_glyph for status in Status},
        **dict.fromkeys("•▪", "*"),
        **dict.fromkeys("▸▶►→›▌", ">"),
        **dict.fromkeys("◂◀◄←‹≤", "<"),
        **dict.fromkeys("▲△↑★", "^"),
        **dict.fromkeys("▼▽↓▾", "v"),
        **dict.fromkeys("–—−·", "-"),
        **dict.fromkeys("◇○", "o"),
        **dict.fromkeys("◌…", "."),
        "↔": "~",
        "×": "x",
        "⠀": " ",
        **dict.fromkeys(map(chr, range(0x2801, 0x2900)), "*"),
    }
)
"""Replacements by character. Block and braille characters of charts and images have their own drawing in ASCII."""


def glyph(status: Status, environ: Mapping[str, str]) -> str:
    """Return the glyph of a status."""
    return status.ascii_glyph if uses_ascii(environ) else status.glyph


def uses_ascii(environ: Mapping[str, str]) -> bool:
    """Return whether to draw in ASCII: JSFT_ASCII says so, or the locale is not UTF-8.

    The locale is that of POSIX: LC_ALL, then LC_CTYPE, then LANG.
    """
    if wanted := environ.get(ASCII_VARIABLE):
        return wanted != "0"
    locale = next((environ[name] for name in ("LC_ALL", "LC_CTYPE", "LANG") if environ.get(name)), "")
    return "utf8" not in locale.lower().replace("-", "")


ASCII_VARIABLE = "JSFT_ASCII"
"""1 for ASCII, 0 for all glyphs whatever the locale; the setting `ascii` sets it."""


def is_utf8(environ: Mapping[str, str]) -> bool:
    """Return whether all glyphs can be drawn."""
    return not uses_ascii(environ)
