"""The styles of signs in the theme that is on, looked up by name.

Component classes of Textual would say the same, but each widget that has them is styled as many times anew whenever a
screen is shown or resized: a tenth of what changing screens took.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from rich.style import Style
from textual.color import Color

from jsft_tui.tui.theme.themes import SIGN_LOOKS


def status_style(variables: Mapping[str, str], name: str) -> Style:
    """How a sign is drawn, and nothing of what it stands on.

    Args:
        variables: of the theme that is on (`App.theme_variables`).
        name: a `Status`'s value, `quiet`, `strong` or `here`; nothing is drawn otherwise for any other.
    """
    look = SIGN_LOOKS.get(name)
    return _style(_value(variables, look.color), _value(variables, look.text)) if look is not None else Style.null()


def _value(variables: Mapping[str, str], wanted: str) -> str:
    return variables[wanted[1:]] if wanted.startswith("$") else wanted


@lru_cache(maxsize=256)
def _style(color: str, text: str) -> Style:
    drawn = Style.parse(text)
    return Style(color=Color.parse(color).rich_color) + drawn if color else drawn
