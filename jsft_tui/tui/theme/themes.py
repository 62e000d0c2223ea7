"""Textual's themes of the palettes, and which of them to use."""

from __future__ import annotations

from collections.abc import Mapping

from textual.theme import Theme

from jsft_tui.tui.theme import palettes
from jsft_tui.tui.theme.color_support import Background, color_count, is_colorless
from jsft_tui.tui.theme.palettes import Palette

DARK, LIGHT, HIGH_CONTRAST = "jsft-dark", "jsft-light", "jsft-high-contrast"
SIXTEEN, COLORLESS = "jsft-16", "jsft-no-color"


CHOICES = {"dark": DARK, "light": LIGHT, "high-contrast": HIGH_CONTRAST, "16": SIXTEEN}
"""Themes by their name in the setting `theme`."""


AUTO = "auto"
"""The choice that follows the terminal's background."""


def theme_name(choice: str, environ: Mapping[str, str], background: Background | None = None) -> str:
    """Return the theme to use, given NO_COLOR, the colors of the terminal, and its background.

    Args:
        choice: value of the setting `theme`.
        environ: the environment.
        background: of the terminal, for the choice `auto`; dark if not known.
    """
    if is_colorless(environ):
        return COLORLESS
    if color_count(environ) == 16:
        return SIXTEEN
    return CHOICES[(background or Background.DARK).value if choice == AUTO else choice]


_OF_TEXTUAL = {
    # Names of Textual and its widgets, and those that screens used before the tokens.
    "border": "focused-border",
    "border-blurred": "line",
    "block-cursor-background": "selected",
    "block-cursor-foreground": "selected-text",
    "block-cursor-text-style": "selected-style",
    "block-cursor-blurred-background": "selected-blur",
    "block-cursor-blurred-foreground": "text",
    "block-cursor-blurred-text-style": "selected-blur-style",
    "foreground-darken-2": "muted",
    "text-muted": "muted",
    "text-disabled": "muted",
    "footer-background": "bar",
    "scrollbar": "line",
    "scrollbar-background": "background",
    "input-selection-background": "selected",
    # Textual generates these as shades, and rounding changes some.
    "primary": "accent",
    "success": "good",
    "error": "bad",
    "warning": "warn",
    "secondary": "muted",
}

_ANSI = {
    # Variables that Textual's styles of ANSI themes refer to.
    "ansi-background": "ansi_default",
    "ansi-foreground": "ansi_default",
    "input-cursor-foreground": "ansi_default",
    "input-cursor-background": "ansi_default",
    "input-cursor-text-style": "reverse",
}


def _theme(name: str, palette: Palette, *, is_dark: bool = True) -> Theme:
    tokens = palette.variables()
    is_ansi = tokens["background"].startswith("ansi")
    return Theme(
        name=name,
        primary=tokens["accent"],
        success=tokens["good"],
        error=tokens["bad"],
        warning=tokens["warn"],
        secondary=tokens["muted"],
        accent=tokens["accent"],
        foreground=tokens["text"],
        background=tokens["background"],
        surface=tokens["raised"],
        panel=tokens["bar"],
        boost=tokens["background"] if is_ansi else None,
        dark=is_dark,
        ansi=is_ansi,
        variables={
            **tokens,
            **{theirs: tokens[ours] for theirs, ours in _OF_TEXTUAL.items()},
            **(_ANSI if is_ansi else {}),
        },
    )


# The theme of sixteen colors exists because terminals disagree on what those sixteen look like.
THEMES: tuple[Theme, ...] = (
    _theme(DARK, palettes.DARK),
    _theme(LIGHT, palettes.LIGHT, is_dark=False),
    _theme(HIGH_CONTRAST, palettes.HIGH_CONTRAST),
    _theme(SIXTEEN, palettes.SIXTEEN),
    _theme(COLORLESS, palettes.COLORLESS),
)
