"""A job's log with its search and its filter; the pane around it has its title."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical

from jsft_tui.core.common.text import plural
from jsft_tui.core.jobs.metrics.log_metrics import LogLine
from jsft_tui.tui.keymap.labels import KeyOf
from jsft_tui.tui.theme.tokens import Ink
from jsft_tui.tui.widgets.bars.filter_bar import FilterBar
from jsft_tui.tui.widgets.log.view import LogState, LogView
from jsft_tui.tui.widgets.text.cell_text import Cell


class JobLog(Vertical):
    """The log; the bars to type into are there while they are used."""

    DEFAULT_CSS = """
    JobLog { height: 1fr; }
    JobLog LogView { scrollbar-size-vertical: 0; padding: 0 1; }
    JobLog FilterBar { display: none; }
    JobLog FilterBar.-used { display: block; }
    """

    def __init__(self, key: KeyOf) -> None:
        """`key` names the keys of the screen's actions."""
        super().__init__()
        self._key = key
        self.view = LogView(id="log")
        self._search = FilterBar(lambda: key("search_log"), placeholder="search the log")
        self._filter = FilterBar(lambda: key("filter_log"), placeholder="only lines that contain")
        self._note = ""
        self.changed: Callable[[], None] = lambda: None
        """Called when the state of the log has changed."""

    def compose(self) -> ComposeResult:
        """Compose the log, and the two bars above it."""
        yield self._search
        yield self._filter
        yield self.view

    def clear(self) -> None:
        """Another job's log begins."""
        self.view.clear()
        self._note = ""
        for bar in (self._search, self._filter):
            bar.set_value("")
            bar.set_class(False, "-used")
        self.changed()

    def append(self, lines: Sequence[LogLine]) -> None:
        """Add lines."""
        self.view.append(lines)

    def set_note(self, note: str) -> None:
        """Show a note on the log itself, for example that it may not be read."""
        self._note = note
        self.changed()

    def search(self) -> None:
        """Begin to type what to look for."""
        self._use(self._search)

    def filter(self) -> None:
        """Begin to type what lines have to contain."""
        self._use(self._filter)

    def _use(self, bar: FilterBar) -> None:
        bar.set_class(True, "-used")
        bar.focus()

    @on(FilterBar.Changed)
    def _typed(self, event: FilterBar.Changed) -> None:
        event.stop()
        if event.filter_bar is self._search:
            self.view.search(event.value)
        else:
            self.view.set_filter(event.value)

    @on(FilterBar.Left)
    def _left(self, event: FilterBar.Left) -> None:
        event.stop()
        event.filter_bar.set_class(bool(event.value), "-used")
        self.view.focus()

    @on(LogView.StateChanged)
    def _state_changed(self, event: LogView.StateChanged) -> None:
        event.stop()
        self.changed()

    @property
    def state_cells(self) -> tuple[Cell, ...]:
        """Whether it follows, how many lines there are, and what was searched."""
        return state_cells(self.view.state, self._note, self._key("follow_log"))


def state_cells(state: LogState, note: str, follow_key: str) -> tuple[Cell, ...]:
    """Return `following  1,204 lines`, `line 418 of 431`, or the matches of a search."""
    noted = (Cell(f"{note}  ", Ink.WARN),) if note else ()
    if state.query:
        return (*noted, _matches(state))
    shown = plural(state.lines, "line")
    if state.shown < state.lines:
        shown = f"{state.shown:,} of {shown}"
    if state.follows:
        return (*noted, Cell("following", Ink.GOOD), Cell(f"  {shown}", Ink.MUTED))
    if state.at:
        return (*noted, Cell(f"line {state.at:,} of {state.lines:,}", Ink.MUTED))
    new = f"{state.new:,} new, " if state.new else ""
    return (*noted, Cell(f"{new}{follow_key} follows  {shown}", Ink.MUTED))


def _matches(state: LogState) -> Cell:
    if state.matches:
        at = f"{state.match:,} of " if state.match else ""
        return Cell(f"{at}{plural(state.matches, 'match', 'matches')}", Ink.MUTED)
    return Cell("searching …" if state.is_searching else "no match", Ink.WARN)
