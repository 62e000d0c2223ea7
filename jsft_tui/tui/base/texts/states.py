"""What a list says in place of rows: that there are none yet, that none fits, that one may not see them."""

from __future__ import annotations

from collections.abc import Sequence

from jsft_tui.tui.widgets.text.cell_text import Cell
from jsft_tui.tui.widgets.text.text_pane import TextLine, line

Way = tuple[str, str]
"""A key, and what it leads to."""
MARGIN = "  "


def empty(why: str, ways: Sequence[Way]) -> list[TextLine]:
    """Return why there is nothing, and the keys that help."""
    return [line(""), line(f"{MARGIN}{why}", indent=len(MARGIN)), line(""), *_ways(ways)]


def denied(why: str, permission: str, ways: Sequence[Way], resource: str = "*") -> list[TextLine]:
    """Return which permission is missing, that one can go on without it, and how to ask for it."""
    return [
        line(why),
        line(""),
        *_ways(ways),
        line(""),
        TextLine((Cell("To list them here, ask for: ", "muted"), Cell(f"{permission} on {resource}"))),
    ]


def unread(why: str, reason: str, ways: Sequence[Way]) -> list[TextLine]:
    """Return that something could not be read, for what reason, and the ways out."""
    return [line(why, "strong"), line(reason), line(""), *_ways(ways)]


def _ways(ways: Sequence[Way]) -> list[TextLine]:
    width = max((len(key) for key, _ in ways), default=0)
    indent = len(MARGIN) + width + 2
    return [TextLine((Cell(f"{MARGIN}{key:{width}}  ", "key"), Cell(what)), indent) for key, what in ways]
