"""The draft beside every screen: a column of facts where there is room, one line where there is not."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Vertical

from jsft_tui.core.run.draft import Gap
from jsft_tui.core.sizing.summary import SummaryRow
from jsft_tui.tui.keymap.labels import CHOOSE, KeyOf
from jsft_tui.tui.widgets.line_bar import LineBar
from jsft_tui.tui.widgets.text.cell_text import Cell
from jsft_tui.tui.widgets.text.text_pane import TextLine, TextPane, fact, line

LABEL = 8
"""Cells of a label."""


class RunSummary(Vertical):
    """The draft as a column, at its bottom: beside what is told about a row rather than beside the list of rows.

    Terminals scroll whole rows: what stands beside a list is written again whenever the list scrolls.
    """

    DEFAULT_CSS = """
    RunSummary { width: 34; height: 1fr; border-left: solid $border-blurred; align: left bottom; }
    RunSummary > TextPane { height: auto; scrollbar-size-vertical: 0; }
    """

    def __init__(self) -> None:
        super().__init__(id="run-sheet")
        self._lines = TextPane(can_focus=False)

    def compose(self) -> ComposeResult:
        """The lines."""
        yield self._lines

    @property
    def text(self) -> str:
        """What it shows, unwrapped."""
        return self._lines.text

    def show_draft(self, rows: Sequence[SummaryRow], gaps: Sequence[Gap], key: KeyOf) -> None:
        """Show the draft and what it lacks."""
        self._lines.show([line("Run", "strong"), *draft_lines(rows, key), *gap_lines(rows, gaps, key)])


def draft_lines(rows: Sequence[SummaryRow], key: KeyOf) -> list[TextLine]:
    """A line for each fact."""
    if not rows:
        return [line(f"No model yet: choose one with {key('pick_model')}.", "quiet")]
    return [fact(row.label, row.text, width=LABEL) for row in rows]


def gap_lines(rows: Sequence[SummaryRow], gaps: Sequence[Gap], key: KeyOf) -> list[TextLine]:
    """What is missing, or what to do now."""
    if not rows:
        return []
    if gaps:
        return [line(f"! {key(CHOOSE[gap.part])} {gap.what}", "warning", indent=2) for gap in gaps]
    return [line(f"{key('go_review')} to review, {key('launch')} there to launch", "quiet")]


class RunLine(LineBar):
    """The draft as one line."""

    DEFAULT_CSS = "RunLine { background: $surface; }"

    def show_draft(self, rows: Sequence[SummaryRow], gaps: Sequence[Gap]) -> None:
        """Show the draft and what it lacks."""
        if not rows:
            self.show((Cell(" Run: no model yet", "quiet"),))
            return
        by_label = {row.label: row for row in rows}
        parts = [by_label[name].text for name in ("model", "instance", "batch") if name in by_label]
        right = [Cell(f"! {gap.what} ", "warning") for gap in gaps][:1]
        cost = by_label["max cost"].text.partition(" (")[0]
        self.show((Cell(" Run ", "strong"), Cell(" · ".join(parts))), right or (Cell(f"≤ {cost} "),))
