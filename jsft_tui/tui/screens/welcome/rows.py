"""The rows of the Welcome screen: the ways to begin, in groups."""

from __future__ import annotations

from jsft_tui.core.account.ways_in import GROUPS, FoundWays, WayIn, note_of, order_of_ways
from jsft_tui.tui.widgets.table.columns import SIGN, Column
from jsft_tui.tui.widgets.table.rows import Group, Rows
from jsft_tui.tui.widgets.text.cell_text import Cell

COLUMNS = (
    SIGN,
    Column("way", "", min_width=24, max_width=40, gap=1),
    Column("note", "", min_width=28),
)
NATURAL_WIDTH = 84


def way_rows(found: FoundWays) -> Rows:
    """Return the ways with what is known of each."""
    order = order_of_ways(found.why)
    rows = [(way.value, _cells(way, found)) for way in order]
    groups = [Group(min(map(order.index, ways)), title) for title, ways in GROUPS]
    return Rows(rows, groups)


def _cells(way: WayIn, found: FoundWays) -> tuple[Cell, ...]:
    return Cell(""), Cell(way.title, shorter=Cell(way.short_title)), Cell(note_of(way, found), "muted")
