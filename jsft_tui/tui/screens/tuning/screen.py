"""A search: its trials, the best first, what makes a good one, what it costs; kept current with few calls."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.timer import Timer

from jsft_tui.core.tuning.results.gain import ordinary_run
from jsft_tui.core.tuning.results.progress import Search
from jsft_tui.core.tuning.results.trials import Trial, TrialOrder, in_order
from jsft_tui.tui.base.flow import flow
from jsft_tui.tui.base.screens.work_screen import screen_bindings
from jsft_tui.tui.base.texts.states import empty, unread
from jsft_tui.tui.dialogs.choice import Choice, ChoiceDialog
from jsft_tui.tui.keymap.action import ScreenId
from jsft_tui.tui.screens.jobs.searches.facts import KnownSearch, cost_cells, how_words, search_state, short_state
from jsft_tui.tui.screens.jobs.searches.plots import (
    Drawn,
    Pictured,
    over_trials_lines,
    parallel_lines,
    scatter_lines,
    with_importance,
)
from jsft_tui.tui.screens.jobs.selection import JobMarks
from jsft_tui.tui.screens.tuning.actions import SearchActions
from jsft_tui.tui.screens.tuning.detail import best_words, trial_detail
from jsft_tui.tui.screens.tuning.panes import PlotView, TuningPanes
from jsft_tui.tui.screens.tuning.rows import NATURAL_WIDTH, TrialRows, columns_of
from jsft_tui.tui.theme.tokens import Ink
from jsft_tui.tui.widgets.border_line import ENDS
from jsft_tui.tui.widgets.pane import Pane
from jsft_tui.tui.widgets.table.rows import Rows
from jsft_tui.tui.widgets.text.cell_text import Cell
from jsft_tui.tui.widgets.text.detail_view import Detail, Shape
from jsft_tui.tui.widgets.text.text_pane import TextLine, line

TICK = 1.0
"""Seconds between two paintings of what grows by itself: elapsed time and cost."""


class ChartKind(Enum):
    """What the drawing shows; the value is its name."""

    PARALLEL = "parallel"
    TRIALS = "over trials"
    SCATTER = "scatter"


_DRAWN: dict[ChartKind, Drawn] = {
    ChartKind.PARALLEL: parallel_lines,
    ChartKind.TRIALS: over_trials_lines,
    ChartKind.SCATTER: scatter_lines,
}
_TITLES = {
    ChartKind.PARALLEL: "What makes a good trial",
    ChartKind.TRIALS: "The objective over the trials",
    ChartKind.SCATTER: "The objective over each value",
}


class TuningScreen(SearchActions):
    """Watch a search."""

    WHERE = ScreenId.TUNING
    CANCEL_ACTION = "cancel_best"
    TITLE = "Search"
    LIST_COLUMNS = columns_of(None)
    NATURAL_WIDTH = NATURAL_WIDTH
    BINDINGS: ClassVar[list[BindingType]] = screen_bindings(ScreenId.TUNING)

    def __init__(self) -> None:
        self._plot = PlotView(classes="plot")
        self._plot_pane = Pane(_TITLES[ChartKind.PARALLEL], self._plot, classes="bottom")
        super().__init__()
        self.panes = self._tuning_panes = TuningPanes(self.panes.list_pane, NATURAL_WIDTH, self._plot_pane)
        self._kind = ChartKind.PARALLEL
        self._order = TrialOrder.OBJECTIVE
        self._ticker: Timer | None = None

    def on_mount(self) -> None:
        """Draw once a second what grows by itself, while there is something that grows."""
        self._ticker = self.set_interval(TICK, self._tick, pause=True)

    def put_aside(self) -> None:
        """Ask nothing and draw nothing while nobody looks."""
        super().put_aside()
        if self._ticker is not None:
            self._ticker.pause()

    # Which search

    def draw(self) -> None:
        """Follow the search that is wanted, and show it."""
        name = self.jsft.search_name
        if name and name != self._search_name:
            self.begin(name)
        if self.jsft.work_screen is self:
            self.follow()
        self.draw_search()

    def begun(self) -> None:
        """Show another search from its best trial on."""
        self._marks = JobMarks()
        self._order = TrialOrder.OBJECTIVE
        self._table.set_source(Rows())
        self.panes.zoom(None)

    # Showing

    def list_title(self) -> Cell:
        """Return the name of the search."""
        return Cell(self._search_name or self.TITLE, "title")

    def draw_search(self) -> None:
        """Draw what is known of the search."""
        if not self.is_mounted:
            return
        search = self._search
        if search is None:
            self._table.set_columns(columns_of(None))
            self.show_rows(Rows())
            self.show_notice(self._why_empty())
            self._draw_plot()
            return
        self._table.set_columns(columns_of(search))
        trials = in_order(search.trials, self._order, search.direction, self.session.now())
        is_first = self._table.cursor == 0
        self.show_rows(self._rows(trials), self._state_cells(search))
        if trials and is_first:  # whoever looks at the best trial goes on looking at the best one
            self._table.action_cursor_to_end(-1)
        if not trials:
            self.show_notice([line(""), line("  The first trial is on its way.")])
        self._draw_plot()
        self.draw_message()
        self.draw_hints()
        self._keep_ticking()

    def _state_cells(self, search: Search) -> Sequence[Cell]:
        """Return how far the search is, in as many words as there is room for beside its name."""
        whole = search_state(search)
        width = len(self._search_name) + sum(len(cell.text) for cell in whole)
        return whole if width + ENDS + 2 <= self.panes.list_width else short_state(search)

    def _rows(self, trials: Sequence[Trial]) -> TrialRows:
        search = self._search
        assert search is not None
        session = self.session
        return TrialRows(trials, search, session.prices, session.now(), self._marks.letters, columns_of(search))

    def _why_empty(self) -> list[TextLine]:
        if self._problem is not None:
            ways = ((self.key("reload_search"), "try again"), (self.key("back"), "go back"))
            return unread("The search cannot be read.", str(self._problem), ways)
        if not self._search_name:
            jobs = (self.key("go_jobs"), "the list of jobs, in which searches have a row")
            return empty("No search is open.", (jobs,))
        return [line(""), line(f"  Reading {self._search_name} …")]

    def list_foot(self) -> Sequence[Cell]:
        """Return how it searches; in one column beside the place."""
        search = self._search
        if search is None:
            return ()
        return (Cell(how_words(search), Ink.MUTED),)

    @property
    def _known(self) -> KnownSearch | None:
        search = self._search
        if search is None:
            return None
        session = self.session
        ordinary = ordinary_run(search, session.job_list.state.jobs)
        return KnownSearch(search, session.prices, session.now(), ordinary, self.key)

    @property
    def _trial(self) -> Trial | None:
        source, key = self._table.source, self._table.cursor_key
        if not isinstance(source, TrialRows) or key is None:
            return None
        return next((trial for trial in source.trials if trial.name == key), None)

    def detail(self, key: str, shape: Shape) -> Detail:
        """Return what a trial is beside the others."""
        known, trial = self._known, self._trial
        return Detail(key) if known is None or trial is None else trial_detail(known, trial, shape)

    def cursor_rests(self) -> None:
        """Tell what the trial is, and light up its line."""
        if self._loaded is None:
            return
        self.draw_detail()
        self._draw_plot()
        self.draw_hints()

    # The drawing

    def _draw_plot(self) -> None:
        panes = self._tuning_panes
        search, trial = self._search, self._trial
        size = self._plot.room
        if search is None or not size.width or not size.height:
            self._plot.show(())
            panes.show_plot("", (), ())
            return
        pictured = Pictured(search, trial.name if trial is not None else "", size.width, size.height)
        self._plot.show(with_importance(_DRAWN[self._kind], pictured))
        self._draw_plot_borders(trial)

    def _draw_plot_borders(self, trial: Trial | None) -> None:
        panes, known = self._tuning_panes, self._known
        if known is None:
            return
        if panes.is_stacked and panes.zoomed is None:
            title = "".join(cell.text for cell in best_words(known))
            panes.show_plot(title, cost_cells(known), ())
            return
        bright = f"bright: {trial.short_name}, the row under the cursor" if trial is not None else ""
        names = [Cell(self.key("other_chart"), Ink.KEY), Cell(" ")]
        for number, kind in enumerate(ChartKind):
            names += [Cell(", ", Ink.MUTED)] if number else []
            names.append(Cell(kind.value, "accent-strong" if kind is self._kind else Ink.MUTED))
        panes.show_plot(_TITLES[self._kind], (Cell(bright, Ink.MUTED),), names)

    @on(PlotView.RoomChanged)
    def _plot_room_changed(self, event: PlotView.RoomChanged) -> None:
        event.stop()
        self._draw_plot()

    def action_zoom(self) -> None:
        """Give the detail, or the drawing, the whole screen; and back."""
        super().action_zoom()
        self._draw_plot()

    def action_chart(self) -> None:
        """Show the next drawing."""
        kinds = list(ChartKind)
        self._kind = kinds[(kinds.index(self._kind) + 1) % len(kinds)]
        self._draw_plot()
        if self.panes.is_stacked:
            self.say(f"{_TITLES[self._kind]}.")

    # What grows by itself

    def _keep_ticking(self) -> None:
        if self._ticker is None or self._search is None:
            return
        is_running = any(not trial.has_ended and trial.started is not None for trial in self._search.trials)
        if is_running and self.jsft.work_screen is self:
            self._ticker.resume()
        else:
            self._ticker.pause()

    def _tick(self) -> None:
        source = self._table.source
        if not isinstance(source, TrialRows):
            return
        shown = [source.trials[place] for place in self._table.shown_rows]
        running = [trial.name for trial in shown if not trial.has_ended]
        self._table.update_source(self._rows(source.trials), running)
        self.draw_detail()

    def jobs_changed(self) -> None:
        """Prices or the job to compare with may be known now."""
        super().jobs_changed()
        if self.is_mounted and self._loaded is not None and self._loaded is self.jsft.session:
            self.draw_detail()

    # Keys

    def row_chosen(self) -> None:
        """Open the trial under the cursor."""
        self.action_open()

    def action_open(self) -> None:
        """Watch the trial under the cursor as a job."""
        if (trial := self._trial) is not None:
            self.jsft.open_job(trial.name)

    @flow("sort")
    async def action_sort(self) -> None:
        """Choose what the trials are sorted by."""
        choices = [Choice(order.value, f"By {order.value}") for order in TrialOrder]
        key = await self.open_dialog(ChoiceDialog("Sort the trials", choices, at=self._order.value))
        if key is not None:
            self._order = TrialOrder(key)
            self.draw_search()

    def action_copy(self) -> None:
        """Send the name of the search to the clipboard."""
        if self._search_name:
            self.copy_text("The name", self._search_name)

    def action_reload(self) -> None:
        """Read the search again."""
        self.say("")
        self.read_again()
        self.draw_search()
