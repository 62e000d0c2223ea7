"""Bars and spark lines: how far something is, and how it went, in one line."""

from __future__ import annotations

import math
from collections.abc import Sequence

from jsft_tui.core.jobs.metrics.spark import spark
from jsft_tui.tui.theme.glyphs import Glyph
from jsft_tui.tui.theme.tokens import Ink
from jsft_tui.tui.widgets.chart.series import short
from jsft_tui.tui.widgets.text.cell_text import Cell

SPARK_CELLS = 7
"""Cells of a spark line in a list (SCREENS.md §4.7)."""
_VALUE_CELLS = 6


def spark_cell(values: Sequence[float], *, is_alive: bool) -> Cell:
    """Return a spark line with the last value beside it, or the value alone where there is little room."""
    numbers = [value for value in values if math.isfinite(value)]
    if not numbers:
        return Cell("")
    value = Cell(spark_value(numbers[-1]))
    line = spark(numbers, SPARK_CELLS).rjust(SPARK_CELLS)
    return Cell(line, Ink.ACCENT if is_alive else Ink.MUTED, rest=(Cell(f" {value.text}"),), shorter=value)


def spark_value(value: float) -> str:
    """Format the value beside a spark line, in as many characters as others if possible: `0.9640`, `12.346`."""
    texts = (f"{value:.{digits}f}" for digits in (4, 3, 2))
    return next((text for text in texts if len(text) <= _VALUE_CELLS), short(value))


def bar(fraction: float, width: int) -> tuple[Cell, Cell]:
    """Return the done and the remaining part of a bar; what is begun but not done has at least one cell."""
    share = min(1.0, max(0.0, fraction)) if math.isfinite(fraction) else 0.0
    done = math.floor(share * width)
    if share > 0 and not done:
        done = min(1, width)
    return Cell(Glyph.BAR * done, Ink.ACCENT), Cell(Glyph.BAR_REST * max(0, width - done), Ink.LINE)
