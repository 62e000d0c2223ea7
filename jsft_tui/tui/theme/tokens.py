"""Names of the inks and backgrounds: a theme gives each a color, and the screens use only these names.

Each name is a variable of the theme for CSS (`color: $accent`), next to its text style (`$accent-style`) and
its color on the row under the cursor (`$selected-accent`). It is also the name of a style for the cells of tables and
texts (`theme.styles`).
"""

from __future__ import annotations

from enum import StrEnum


class Ink(StrEnum):
    """What a text or line means."""

    TEXT = "text"
    """Content: the default."""
    STRONG = "strong"
    """Group headings, titles of panes without the focus, answers, deciding numbers; bold."""
    MUTED = "muted"
    """Context: labels, units, secondary columns, times."""
    LINE = "line"
    """Borders, axes, the empty part of a bar; never a text."""
    ACCENT = "accent"
    """Here or alive: the focus, the active step, what runs, what is chosen."""
    GOOD = "good"
    """Verdict: passed or completed."""
    WARN = "warn"
    """Verdict: needs a look."""
    BAD = "bad"
    """Verdict: failed or blocks."""
    MONEY = "money"
    """Amounts in dollars."""
    SANDBOX = "sandbox"
    """Not AWS."""
    KEY = "key"
    """A key to press: accent and bold."""
    CURVE_A = "curve-a"
    """First curve of a chart; A to F are told apart in every theme."""
    CURVE_B = "curve-b"
    """Second curve."""
    CURVE_C = "curve-c"
    """Third curve."""
    CURVE_D = "curve-d"
    """Fourth curve."""
    CURVE_E = "curve-e"
    """Fifth curve."""
    CURVE_F = "curve-f"
    """Sixth curve."""


CURVES = (Ink.CURVE_A, Ink.CURVE_B, Ink.CURVE_C, Ink.CURVE_D, Ink.CURVE_E, Ink.CURVE_F)
"""Inks of curves, in the order in which they are given out."""


class Ground(StrEnum):
    """What a text stands on."""

    BACKGROUND = "background"
    """The screen and its panes."""
    RAISED = "raised"
    """Dialogs."""
    BAR = "bar"
    """Title bar, key row and input fields."""
    TAB = "tab"
    """The active step; nothing muted stands there."""
    SELECTED = "selected"
    """The row under the cursor in the pane with the focus; muted text is drawn as text there."""
    SELECTED_BLUR = "selected-blur"
    """The row under the cursor in another pane."""
    BUTTON = "button"
    """The main action of a screen; its text is `$button-text`."""


HEAD = "head"
"""Style name of column heads: muted and bold."""
ACCENT_STRONG = "accent-strong"
"""Style name of the title of the pane with the focus and of the active step: accent and bold."""
MONEY_STRONG = "money-strong"
"""Style name of the amount that decides: money and bold."""
BUTTON = "button"
"""Style name of a button's text, with its background."""
