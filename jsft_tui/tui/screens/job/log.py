"""A job's log with its title line, its search and its filter."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical

from jsft_tui.core.common.text import plural
from jsft_tui.core.jobs.metrics.log_metrics import LogLine
from jsft_tui.tui.keymap.labels import KeyOf
from jsft_tui.tui.widgets.filter_bar import FilterBar
from jsft_tui.tui.widgets.log.view import LogState, LogView
from jsft_tui.tui.widgets.pane import Pane
from jsft_tui.tui.widgets.text.cell_text import Cell


class JobLog(Vertical):
    """The log; the bars to type into are there while they are used."""

    DEFAULT_CSS = """
    JobLog { height: 1fr; }
    JobLog FilterBar { display: none; }
    JobLog FilterBar.-used { display: block; }
    """

    def __init__(self, key: KeyOf) -> None:
        """`key` names the keys of the screen's actions."""
        super().__init__()
        self._key = key
        self.view = LogView(id="log")
        self._pane = Pane("log", self.view)
        self._search = FilterBar(lambda: key("search_log"), placeholder="search the log")
        self._filter = FilterBar(lambda: key("filter_log"), placeholder="only lines that contain")
        self._note = ""

    def compose(self) -> ComposeResult:
        """The log, and the two bars below it."""
        yield self._pane
        yield self._search
        yield self._filter

    def on_mount(self) -> None:
        """Say what there is."""
        self._draw_title(self.view.state)

    def clear(self) -> None:
        """Another job's log begins."""
        self.view.clear()
        self._note = ""
        for bar in (self._search, self._filter):
            bar.set_value("")
            bar.set_class(False, "-used")
        self._draw_title(self.view.state)

    def append(self, lines: Sequence[LogLine]) -> None:
        """Add lines."""
        self.view.append(lines)

    def set_note(self, note: str) -> None:
        """What is to be said of the log itself, for example that it may not be read."""
        self._note = note
        self._draw_title(self.view.state)

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
        self._draw_title(event.state)

    def _draw_title(self, state: LogState) -> None:
        self._pane.set_title(title_text(state, self._note, self._key("follow_log")), right_cells(state))


def title_text(state: LogState, note: str, follow_key: str) -> str:
    """`log ─ follow ─ 1,204 lines`."""
    shown = plural(state.lines, "line")
    if state.shown < state.lines:
        shown = f"{state.shown:,} of {shown}"
    follows = "follow"
    if not state.follows:
        follows = f"{state.new:,} new, {follow_key} follows" if state.new else f"{follow_key} follows"
    return " ─ ".join(part for part in ("log", follows, shown, note) if part)


def right_cells(state: LogState) -> tuple[Cell, ...]:
    """What was found of what is searched for."""
    if not state.query:
        return ()
    if state.matches:
        at = f"{state.match:,} of " if state.match else ""
        return (Cell(f"{at}{plural(state.matches, 'match', 'matches')}"),)
    return (Cell("searching …" if state.is_searching else "no match", "warning"),)
