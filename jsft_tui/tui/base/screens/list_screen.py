"""Base of the screens that show a table, most of them with a filter and details of the row under the cursor."""

from __future__ import annotations

from textual import on

from jsft_tui.tui.base.screens.work_screen import WorkScreen
from jsft_tui.tui.widgets.bars.filter_bar import FilterBar
from jsft_tui.tui.widgets.table.virtual_table import VirtualTable


class ListScreen(WorkScreen):
    """Connects the table and the filter of a screen; a subclass creates them and says what follows."""

    _table: VirtualTable
    _filter: FilterBar
    """Only where the screen has a filter."""

    def row_chosen(self) -> None:
        """Do what enter or a click means for the row under the cursor."""

    def cursor_moved(self) -> None:
        """Follow the cursor to another row; what costs something belongs into `when_cursor_rests`."""

    def filter_changed(self) -> None:
        """Show the rows that fit the filter."""

    def filter_left(self) -> None:
        """Typing has ended: back to the list."""
        self._table.focus()

    def action_filter(self) -> None:
        """Begin to type a filter."""
        self._filter.focus()

    @on(VirtualTable.RowSelected)
    def _row_selected(self, event: VirtualTable.RowSelected) -> None:
        event.stop()
        self.row_chosen()

    @on(VirtualTable.RowHighlighted)
    def _row_highlighted(self, event: VirtualTable.RowHighlighted) -> None:
        event.stop()
        self.cursor_moved()

    @on(FilterBar.Changed)
    def _filter_typed(self, event: FilterBar.Changed) -> None:
        event.stop()
        if self.is_loaded or not self.NEEDS_TARGET:  # else it holds when the list comes
            self.filter_changed()

    @on(FilterBar.Left)
    def _filter_left(self, event: FilterBar.Left) -> None:
        event.stop()
        self.filter_left()
