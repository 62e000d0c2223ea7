"""The main pane of a job: its charts, or why it went wrong and what helps."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Vertical

from jsft_tui.tui.screens.job.charts import JobCharts
from jsft_tui.tui.widgets.table.columns import SIGN, Column
from jsft_tui.tui.widgets.table.rows import Rows
from jsft_tui.tui.widgets.table.virtual_table import VirtualTable
from jsft_tui.tui.widgets.text.cell_text import Cell
from jsft_tui.tui.widgets.text.text_pane import TextLine, TextPane, wrapped_rows

COLUMNS = (SIGN, Column("what", "", min_width=40, gap=1), Column("effect", "", width=23, gap=1, priority=1))
MESSAGE_ROWS = 3
"""Rows of a message that has no room in the border."""


class JobMain(Vertical):
    """Lines, then charts or a list of remedies, then lines again; what has nothing to show takes no room."""

    DEFAULT_CSS = f"""
    JobMain {{ height: 1fr; }}
    JobMain > .head {{ height: auto; max-height: 60%; }}
    JobMain > .tail {{ scrollbar-size-vertical: 0; }}
    JobMain > .message {{ height: auto; max-height: {MESSAGE_ROWS}; }}
    """

    def __init__(self) -> None:
        super().__init__()
        self._head = TextPane(can_focus=False, classes="head")
        self.charts = JobCharts()
        self.remedies = VirtualTable(COLUMNS, id="remedies")
        self._tail = TextPane(can_focus=False, classes="tail")
        self._message = TextPane(can_focus=False, classes="message")
        self._around: tuple[Sequence[TextLine], Sequence[TextLine]] = ((), ())
        """The lines above and below the charts."""

    def compose(self) -> ComposeResult:
        """Compose the parts."""
        yield self._head
        yield self.charts
        yield self.remedies
        yield self._tail
        yield self._message

    def on_mount(self) -> None:
        """Show nothing yet."""
        self.show_message(())
        self.show_charts((), is_shown=False)

    @property
    def text(self) -> str:
        """The lines around charts and remedies."""
        return f"{self._head.text}\n{self._tail.text}"

    def show_charts(self, head: Sequence[TextLine], *, is_shown: bool, tail: Sequence[TextLine] = ()) -> None:
        """Show lines, charts, and lines below them."""
        self.charts.display = is_shown
        self._around = head, tail
        self._size_charts()
        self.remedies.display = False
        self._show(self._head, head)
        self._show(self._tail, tail)

    def on_resize(self) -> None:
        """Give the charts what the lines around them leave of another room."""
        self._size_charts()

    def _size_charts(self) -> None:
        head, tail = self._around
        room = max(4, self.size.height - self._rows(head) - self._rows(tail))
        self.charts.styles.height = room if tail else "1fr"

    def show_cause(
        self, head: Sequence[TextLine], remedies: Sequence[tuple[str, str, Cell]], tail: Sequence[TextLine]
    ) -> None:
        """Show why it went wrong, what helps (key, what, effect), and the service's own words."""
        self.charts.display = False
        self.remedies.display = bool(remedies)
        rows = tuple((key, (Cell(""), Cell(what), effect)) for key, what, effect in remedies)
        source = self.remedies.source
        if not isinstance(source, Rows) or source.rows != rows:
            self.remedies.set_source(Rows(rows))
            self.remedies.styles.height = len(rows)
        self._show(self._head, head)
        self._show(self._tail, tail)

    def show_message(self, lines: Sequence[TextLine]) -> None:
        """Show a message that has no room in the border."""
        self._show(self._message, lines)

    def _show(self, pane: TextPane, lines: Sequence[TextLine]) -> None:
        pane.display = bool(lines)
        pane.show(lines)
        if pane is not self._tail:
            pane.styles.height = self._rows(lines)

    def _rows(self, lines: Sequence[TextLine]) -> int:
        width = max(1, (self.size.width or self.app.size.width) - 2)
        return sum(len(wrapped_rows(each, width)) for each in lines)
