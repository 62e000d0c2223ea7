"""What jsft is, above the ways to begin: with the word mark where there is room for it."""

from __future__ import annotations

from jsft_tui.tui.widgets.text.cell_text import Cell
from jsft_tui.tui.widgets.text.text_pane import TextLine, TextPane, line

ABOUT = (
    "Fine-tune SageMaker JumpStart models from the terminal.",
    "Every run is checked before it costs anything. Jobs go on when you leave.",
)
WORD_MARK = (
    r"      _      __ _",
    r"      (_)___ / _| |_      ",
    r"      | (_-<|  _|  _|     ",
    r"     _/ /__/|_|  \__|",
    r"    |__/",
)
MARK_FROM_ROWS, MARK_FROM_COLUMNS = 30, 100
"""Size of the terminal from which the word mark is drawn."""
ABOUT_FROM_ROWS = 24
"""Rows of the terminal from which the two lines are there."""
MARGIN = "  "


def banner_lines(width: int, height: int) -> list[TextLine]:
    """Return the banner for a size of the terminal; none where the list needs the rows."""
    if height < ABOUT_FROM_ROWS:
        return []
    if height < MARK_FROM_ROWS or width < MARK_FROM_COLUMNS:
        return [line(""), *(line(f"{MARGIN}{text}", indent=len(MARGIN)) for text in ABOUT), line("")]
    beside = ("", *ABOUT, "", "")
    marked = [
        TextLine((Cell(mark, "accent"), Cell(text)), is_drawing=True)
        for mark, text in zip(WORD_MARK, beside, strict=True)
    ]
    return [line(""), *marked, line("")]


class Banner(TextPane):
    """The banner. It takes as many rows as it has lines."""

    DEFAULT_CSS = "Banner { height: auto; padding: 0; }"

    def __init__(self) -> None:
        super().__init__(can_focus=False)

    def draw(self) -> None:
        """Draw it for the size of the terminal."""
        lines = banner_lines(*self.app.size)
        self.display = bool(lines)
        self.styles.height = len(lines)
        self.show(lines)
