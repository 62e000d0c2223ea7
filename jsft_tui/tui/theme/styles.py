"""Styles of texts in the active theme, by name.

Textual's component classes could define the same, but a widget is styled once more for each of them whenever a screen
is displayed or resized, which took a tenth of the time of a screen switch.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from rich.style import Style
from textual.color import Color

from jsft_tui.core.common.status import Status
from jsft_tui.tui.theme.tokens import ACCENT_STRONG, BUTTON, HEAD, MONEY_STRONG, Ink


class NamedStyle(NamedTuple):
    """What a style name stands for."""

    ink: Ink
    text: str = "none"
    """Text style besides that of the ink."""
    ground: str = ""
    """Variable of the background, if it has one."""


STYLES: Mapping[str, NamedStyle] = {
    **{ink.value: NamedStyle(ink) for ink in Ink},
    HEAD: NamedStyle(Ink.MUTED, "bold"),
    ACCENT_STRONG: NamedStyle(Ink.ACCENT, "bold"),
    MONEY_STRONG: NamedStyle(Ink.MONEY, "bold"),
    Status.RUNNING.value: NamedStyle(Ink.ACCENT),
    Status.COMPLETED.value: NamedStyle(Ink.GOOD),
    Status.FAILED.value: NamedStyle(Ink.BAD),
    Status.STOPPED.value: NamedStyle(Ink.MUTED),
    Status.WARNING.value: NamedStyle(Ink.WARN),
    Status.UNKNOWN.value: NamedStyle(Ink.MUTED),
}
"""Styles by name: an ink, a `Status` value, or an ink with a weight; `button` is the only one with a background."""


def ink_style(variables: Mapping[str, str], name: str) -> Style:
    """Return a style by its name, for any ground except the row under the cursor.

    Args:
        variables: of the active theme (`App.theme_variables`).
        name: one of `STYLES` or `button`; any other name has no style.
    """
    if name == BUTTON:
        return _style(variables["button-text"], variables["button-style"], variables["button"])
    if (found := STYLES.get(name)) is None:
        return Style.null()
    ink = found.ink.value
    return _style(variables[ink], f"{variables[f'{ink}-style']} {found.text}")


def selected_style(variables: Mapping[str, str], name: str) -> Style:
    """Return a style by its name for the row under the cursor in the pane with the focus, without the background.

    Verdicts keep their color and muted text is drawn as text; where the row is reversed, no color stays.
    """
    found = STYLES.get(name, NamedStyle(Ink.TEXT))
    weight = "none" if found.ink is Ink.MUTED else variables[f"{found.ink.value}-style"]
    return _style(variables[f"selected-{found.ink.value}"], f"{weight} {found.text}")


@lru_cache(maxsize=256)
def _style(color: str, text: str, background: str = "") -> Style:
    words = [word for word in dict.fromkeys(text.split()) if word != "none"]
    attributes = Style.parse(" ".join(words) or "none")
    ground = Color.parse(background).rich_color if background else None
    return Style(color=Color.parse(color).rich_color, bgcolor=ground) + attributes
