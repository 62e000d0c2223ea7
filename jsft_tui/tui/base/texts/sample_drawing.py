"""The drawing of what data of a format looks like."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jsft_tui.tui.widgets.text.cell_text import Cell
from jsft_tui.tui.widgets.text.text_pane import TextLine

if TYPE_CHECKING:
    from jsft_tui.core.datasets.base.data_format import Sample


def drawn(sample: Sample, margin: int) -> list[TextLine]:
    """Return the drawing: names as text, what is in them and where it is muted."""
    before = Cell(" " * margin)
    lines = []
    for row in sample.rows:
        if row.startswith("s3://"):
            bucket, _, folder = row.removesuffix("/").rpartition("/")
            lines.append(TextLine((before, Cell(f"{bucket}/", "muted"), Cell(f"{folder}/")), is_drawing=True))
            continue
        name, gap, rest = row.partition("  ")
        tree, blank, word = name.partition(" ") if name[:1] in "├└" else ("", "", name)
        lines.append(
            TextLine((before, Cell(tree + blank, "line"), Cell(word), Cell(gap + rest, "muted")), is_drawing=True)
        )
    return lines
