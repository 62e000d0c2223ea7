"""Jobs side by side: what was set differently, what it cost, how good each became, and its curves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType

from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.text import plural
from jsft_tui.core.jobs.comparison import (
    FEWEST,
    LETTERS,
    Compared,
    ComparisonRow,
    as_csv,
    compare,
    curve,
    ends,
    metric_names,
    unused_definitions,
)
from jsft_tui.core.jobs.metrics.objective import short_name
from jsft_tui.services.background.tasks import Reporter
from jsft_tui.services.jobs.compare import ComparedJobs
from jsft_tui.services.jobs.job_list import is_described, is_running
from jsft_tui.tui.base.screen import WorkScreen, screen_bindings
from jsft_tui.tui.dialogs.save_as import save_as
from jsft_tui.tui.dialogs.text import ReadingDialog
from jsft_tui.tui.keymap.action import ScreenId
from jsft_tui.tui.theme.themes import Status
from jsft_tui.tui.widgets.chart import Chart, Series
from jsft_tui.tui.widgets.pane import Pane
from jsft_tui.tui.widgets.table.columns import Column
from jsft_tui.tui.widgets.table.virtual_table import Rows, VirtualTable
from jsft_tui.tui.widgets.text.cell_text import Cell
from jsft_tui.tui.widgets.text.text_pane import line

LONG = 180.0
"""Seconds from which on the curves are over minutes."""
LEAST_HEIGHT = 18
"""Rows of a terminal below which there is no room for the curves."""


@dataclass(frozen=True)
class Found:
    """What came of reading the jobs: those that could be read, and why others could not."""

    jobs: tuple[Compared, ...]
    problems: tuple[Problem, ...]


class CompareScreen(WorkScreen):
    """Compare jobs."""

    WHERE = ScreenId.COMPARE
    AUTO_FOCUS = "#rows"
    BINDINGS: ClassVar[list[BindingType]] = screen_bindings(ScreenId.COMPARE)
    DEFAULT_CSS = """
    CompareScreen RunSummary, CompareScreen RunLine { display: none; }
    CompareScreen.-wide RunLine { display: none; }
    CompareScreen Chart { height: 40%; min-height: 7; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._asked: tuple[str, ...] | None = None
        """The jobs that were asked for last."""
        self._compared: ComparedJobs | None = None
        self._jobs: tuple[Compared, ...] = ()
        self._is_reading = False
        self._told_unused: list[str] = []
        self._rows: Sequence[ComparisonRow] = ()
        self._shows_all = False
        self._metric = ""
        self._table = VirtualTable((), id="rows")
        self._pane = Pane("Compare", self._table)
        self._chart = Chart()

    def compose_body(self) -> ComposeResult:
        """The table and the curves."""
        yield self._pane
        yield self._chart

    # Reading

    def load(self) -> None:
        """Another target: other jobs."""
        self._asked = self._compared = None
        self._jobs, self._rows, self._is_reading = (), (), False

    def draw(self) -> None:
        """Ask for the jobs where they are others than those shown; draw."""
        if self._asked != self.jsft.compared_jobs:
            self._ask_for_jobs()
        self._compare()

    def _ask_for_jobs(self) -> None:
        names, session = self.jsft.compared_jobs, self.session
        self._asked = names
        self._jobs = ()
        compared = self._compared = session.services.compared(names)
        self._told_unused = []
        self._is_reading = bool(names)
        self.forget("on")
        if not names:
            jobs, mark, compare_them = self.key("go_jobs"), self.key("mark_job"), self.key("compare_jobs")
            ways = f"Mark two to six in the list of jobs ({jobs}) with {mark}, then {compare_them} compares them."
            self._table.set_message(f"No jobs are chosen. {ways}")
            return

        def call(wanted: Reporter[int]) -> Found:
            found: list[Compared | Problem] = []
            for each in compared.read(session.now()):
                found.append(each)
                wanted.tell(len(found))
            jobs = [each for each in found if isinstance(each, Compared)]
            jobs.sort(key=lambda each: names.index(each.job.name))
            return Found(tuple(jobs), tuple(each for each in found if isinstance(each, Problem)))

        def each(count: int) -> None:
            self._table.set_message(f"Reading the jobs and their logs: {count} of {len(names)} …")

        each(0)
        self.ask("jobs", call, self._take, self._not_read, each)

    def _not_read(self, problem: Problem) -> None:
        self._is_reading = False
        self._table.set_message(f"The jobs cannot be read: {problem} {self._ways_out}")
        self.say_problem(problem)

    @property
    def _ways_out(self) -> str:
        return f"{self.key('reload_compare')} tries again, {self.key('back')} goes back."

    # What runs, or has ended just now, is read on

    @property
    def shown_jobs(self) -> tuple[str, ...] | None:
        """The jobs that are read on: the list of jobs keeps its pace for them."""
        unfinished = self._compared.unfinished if self._compared is not None and self._jobs else ()
        return unfinished or None

    def jobs_changed(self) -> None:
        """The list was read: so are the jobs of which there is more to come."""
        super().jobs_changed()
        compared = self._compared
        if compared is None or self._is_reading or not self._jobs or not compared.unfinished:
            return
        known = {job.name: job for job in self.session.job_list.state.jobs if is_described(job)}
        current = {name: known[name] for name in compared.unfinished if name in known}
        now = self.session.now()
        self._is_reading = True
        self.ask("on", lambda _: compared.read_on(current, now), self._take_more, self._not_read_on)

    def _take_more(self, found: Sequence[Compared | Problem]) -> None:
        self._is_reading = False
        newer = {each.job.name: each for each in found if isinstance(each, Compared)}
        problems = [str(each) for each in found if isinstance(each, Problem)]
        if problems:
            self.say(f"Not current: {' '.join(problems)}", Status.WARNING)
        elif self.status.startswith("Not current: "):
            self.say("")
        self._learn(newer.values())
        self._jobs = tuple(newer.get(each.job.name, each) for each in self._jobs)
        if not problems:
            self._say_unused()
        self._compare()

    def _learn(self, compared: Iterable[Compared]) -> None:
        """Whose log was read has a curve in the list of jobs; what has ended when its last lines were read."""
        for each in compared:
            if is_running(each.job) or (self._compared is not None and self._compared.is_whole(each.job.name)):
                self.session.job_list.learn_curve(each.job, each.metrics)

    def _say_unused(self) -> None:
        """Say once why there are no curves of some metrics."""
        reasons = unused_definitions(self._jobs)
        if reasons and reasons != self._told_unused:
            self.say(f"Not charted: {' '.join(reasons)}", Status.WARNING)
        self._told_unused = reasons

    def _not_read_on(self, problem: Problem) -> None:
        self._is_reading = False
        self.say(f"Not current: {problem}", Status.WARNING)

    def _take(self, found: Found) -> None:
        self._is_reading = False
        self._jobs = found.jobs
        self._learn(found.jobs)
        if found.problems:
            self.say(" ".join(map(str, found.problems)), Status.FAILED)
        else:
            self._say_unused()
        if len(found.jobs) < FEWEST:
            said = " ".join(map(str, found.problems))
            self._table.set_message(f"There are not two jobs to compare: {said} {self._ways_out}")
        self._compare()
        if self.shown_jobs is not None:
            self.jsft.jobs_shown_changed()  # it did not know of them

    # Showing

    @property
    def _letters(self) -> list[str]:
        """What the jobs are called: as in the list where they were marked, also when one of them is missing."""
        asked = self._asked or ()
        return [LETTERS[asked.index(each.job.name)] for each in self._jobs]

    def _compare(self) -> None:
        jobs = self._jobs
        names = [each.job.name for each in jobs]
        enough = len(jobs) >= FEWEST
        self._rows = compare(jobs, self.session.prices or {}, self.session.now()) if enough else ()
        shown = [(str(n), _cells(row)) for n, row in enumerate(self._rows) if self._shows_all or row.differs]
        titles = [f"{letter} {name}" for letter, name in zip(self._letters, ends(names), strict=True)]
        columns = [Column(name, title, min_width=8) for name, title in zip(names, titles, strict=True)]
        self._table.set_columns([Column("label", "", width=24 if self.is_wide else 18), *columns])
        self._table.set_source(Rows(shown))
        if enough:
            self._table.set_message(f"The jobs are alike in everything. {self.key('all_rows')} shows all rows.")
        what = "all rows" if self._shows_all else "what differs"
        self._pane.set_title(f"{plural(len(jobs), 'job')} compared: {what}" if enough else "Compare")
        self._draw_curves()

    def _draw_curves(self) -> None:
        self._chart.display = bool(self._jobs) and self.app.size.height >= LEAST_HEIGHT
        names = metric_names(self._jobs)
        if not names:
            self._chart.set_series(title=" The jobs have no metrics.", x_name="")
            return
        if self._metric not in names:
            self._metric = names[0]
        curves = [curve(each, self._metric) for each in self._jobs]
        longest = max((time for points in curves for time, _ in points), default=0.0)
        scale, unit = (60.0, "min") if longest >= LONG else (1.0, "s")
        series = [
            Series(letter, [(time / scale, value) for time, value in points], mark=letter)
            for letter, points in zip(self._letters, curves, strict=True)
        ]
        title = f" {short_name(self._metric)} ({names.index(self._metric) + 1} of {len(names)})"
        self._chart.set_series(*series, title=title, x_name=f"{unit} since it began")

    # Keys

    def action_toggle_all(self) -> None:
        """All rows, or only those that differ."""
        self._shows_all = not self._shows_all
        self._compare()

    def action_next_metric(self) -> None:
        """The curves of the next metric."""
        names = metric_names(self._jobs)
        if len(names) < 2:
            self.say("There are no other metrics." if names else "The jobs have no metrics.")
            return
        self._metric = names[(names.index(self._metric) + 1) % len(names)]
        self._draw_curves()

    def action_whole_values(self) -> None:
        """The values of the cursor's row, in full."""
        if (key := self._table.cursor_key) is None:
            return
        row = self._rows[int(key)]
        lines = []
        for letter, each, value in zip(self._letters, self._jobs, row.values, strict=True):
            lines += [line(f"{letter} {each.job.name}", "strong"), line(f"  {value}", indent=2), line("")]
        self.app.push_screen(ReadingDialog(row.label, lines))

    @on(VirtualTable.RowSelected)
    def _selected(self, event: VirtualTable.RowSelected) -> None:
        event.stop()
        self.action_whole_values()

    def action_save(self) -> None:
        """Save all rows as CSV."""
        if not self._rows:
            self.say("There is nothing to save yet.")
            return
        names, rows = [each.job.name for each in self._jobs], self._rows
        save_as(self, "Save the table to", "comparison.csv", lambda: as_csv(names, rows))

    def action_reload(self) -> None:
        """Read the jobs again."""
        self.say("")
        self._ask_for_jobs()
        self._compare()


def _cells(row: ComparisonRow) -> list[Cell]:
    style = "" if row.differs else "quiet"
    return [Cell(row.label, "quiet"), *(Cell(value, style) for value in ends(row.values))]
