"""The rows of a comparison: in groups, the best value of each marked."""

from __future__ import annotations

from collections.abc import Sequence

from jsft_tui.core.jobs.compare.comparison import ComparisonRow, RowGroup, distinct_ends
from jsft_tui.core.jobs.training_job import JobStatus
from jsft_tui.tui.theme.glyphs import Glyph
from jsft_tui.tui.widgets.table.columns import SIGN, Column
from jsft_tui.tui.widgets.table.rows import Group, Rows
from jsft_tui.tui.widgets.text.cell_text import Cell, Cut

LABEL, LABEL_WHERE_NARROW = 20, 14
ROOMY = 100
"""Cells of the terminal from which labels have more room."""
LEAST = 8
_SHORT = {JobStatus.COMPLETED.value: "done", JobStatus.IN_PROGRESS.value: "running"}
"""Words for statuses that are longer than the narrowest column: no verdict is cut."""


def columns_of(titles: Sequence[str], width: int) -> list[Column]:
    """Return the columns: a label, and one for each job."""
    label = LABEL if width >= ROOMY else LABEL_WHERE_NARROW
    jobs = [Column(title, title, min_width=LEAST, cut=Cut.MIDDLE, needs_head=True) for title in titles]
    return [SIGN, Column("label", "", width=label, gap=1, cut=Cut.MIDDLE), *jobs]


def comparison_rows(rows: Sequence[ComparisonRow], *, shows_all: bool) -> Rows:
    """Return the rows that are shown, in their groups; the key of a row is its number."""
    shown: list[tuple[str, list[Cell]]] = []
    groups = []
    for group in RowGroup:
        groups.append(Group(len(shown), group.value))
        numbered = [(str(number), row) for number, row in enumerate(rows) if row.group is group]
        shown += [(number, _cells(row)) for number, row in numbered if shows_all or row.is_telling]
    starts = [*(group.start for group in groups[1:]), len(shown)]
    return Rows(shown, [group for group, end in zip(groups, starts, strict=True) if group.start < end])


def _cells(row: ComparisonRow) -> list[Cell]:
    style = "" if row.differs else "muted"
    texts = distinct_ends(row.values) if row.group is RowGroup.CHANGED else row.values
    values = [_value(row, at, text, style) for at, text in enumerate(texts)]
    return [Cell(""), Cell(row.label), *values]


def _value(row: ComparisonRow, at: int, text: str, style: str) -> Cell:
    if at in row.best:
        return Cell(text, "good", (Cell(f" {Glyph.BEST}", "good"),), shorter=Cell(text, "good"))
    shorter = Cell(_SHORT[text], style) if row.group is RowGroup.RESULT and text in _SHORT else None
    return Cell(text, "money" if text.startswith("$") else style, shorter=shorter)
