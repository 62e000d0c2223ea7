"""A table of a million rows that fills the screen: `python -m tests.tui.apps.table_app`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from textual.app import App, ComposeResult

from jsft_tui.tui.terminal.drawing.display import DiffRenderMixin
from jsft_tui.tui.terminal.guard import RestoreTerminalMixin
from jsft_tui.tui.theme.themes import DARK, THEMES
from jsft_tui.tui.widgets.table.columns import Column
from jsft_tui.tui.widgets.table.virtual_table import VirtualTable
from jsft_tui.tui.widgets.text.cell_text import Align, Cell

COLUMNS = (
    Column("name", "MODEL"),
    Column("task", "TASK", 6, priority=1),
    Column("status", "STATUS", 10),
    Column("size", "SIZE", 12, align=Align.RIGHT, priority=2),
)


class Models:
    def __len__(self) -> int:
        return 1_000_000

    def key(self, index: int) -> str:
        return str(index)

    def cells(self, index: int) -> Sequence[Cell]:
        status = Cell("● running", "running") if index % 2 else Cell("✖ failed", "failed")
        return Cell(f"tensorflow-ic-{index}-日本"), Cell("ic", "muted"), status, Cell(f"{index * 7919:,}")


class TableApp(RestoreTerminalMixin, DiffRenderMixin, App[None]):
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = DARK

    def compose(self) -> ComposeResult:
        yield VirtualTable(COLUMNS, Models())


if __name__ == "__main__":
    TableApp().run(mouse=False)
