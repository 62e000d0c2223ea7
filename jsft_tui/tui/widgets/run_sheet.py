"""The draft beside every screen: a column of facts where there is room, one line where there is not."""

from __future__ import annotations

from collections.abc import Sequence

from jsft_tui.core.findings import Level
from jsft_tui.core.sheet import SheetRow
from jsft_tui.tui.widgets.line_bar import LineBar
from jsft_tui.tui.widgets.text_pane import TextLine, TextPane, fact, line
from jsft_tui.tui.widgets.virtual_table import Cell

LABEL = 8
"""Cells of a label."""


class RunSheet(TextPane):
    """The draft as a column."""

    DEFAULT_CSS = """
    RunSheet { width: 34; height: 1fr; border-left: solid $border-blurred; padding: 0 1; }
    """

    def __init__(self) -> None:
        super().__init__(can_focus=False, id="run-sheet")

    def show_draft(self, rows: Sequence[SheetRow], gaps: Sequence[SheetRow]) -> None:
        """Show the draft and what it lacks."""
        self.show([line("Run", "strong"), *draft_lines(rows), line(""), *gap_lines(rows, gaps)])


def draft_lines(rows: Sequence[SheetRow]) -> list[TextLine]:
    """A line for each fact."""
    if not rows:
        return [line("No model yet: choose one with enter.", "quiet")]
    return [fact(row.label, row.text, width=LABEL) for row in rows]


def gap_lines(rows: Sequence[SheetRow], gaps: Sequence[SheetRow]) -> list[TextLine]:
    """What is missing, or what to do now."""
    if not rows:
        return []
    if gaps:
        return [line(f"! {gap.label} {gap.text}", "warning", indent=2) for gap in gaps]
    return [line("5 to review, L there to launch", "quiet")]


class RunLine(LineBar):
    """The draft as one line."""

    DEFAULT_CSS = "RunLine { background: $surface; }"

    def show_draft(self, rows: Sequence[SheetRow], gaps: Sequence[SheetRow]) -> None:
        """Show the draft and what it lacks."""
        if not rows:
            self.show((Cell(" Run: no model yet", "quiet"),))
            return
        by_label = {row.label: row for row in rows}
        parts = [by_label[name].text for name in ("model", "instance", "batch") if name in by_label]
        right = [Cell(f"! {gap.text} ", "warning") for gap in gaps if gap.level is Level.WARN][:1]
        cost = by_label["max cost"].text.partition(" (")[0]
        self.show((Cell(" Run ", "strong"), Cell(" · ".join(parts))), right or (Cell(f"≤ {cost} "),))
