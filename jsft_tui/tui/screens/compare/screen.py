"""The Compare screen: what was set differently, how good it became, what it took, and the curves of jobs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import BindingType

from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.status import Status
from jsft_tui.core.common.text import plural
from jsft_tui.core.jobs.compare.compared_curves import CurveAxis, compared_curves, possible_axes
from jsft_tui.core.jobs.compare.comparison import (
    LETTERS,
    MIN_JOBS,
    ComparedJob,
    ComparisonRow,
    as_csv,
    as_markdown,
    best_job,
    compare,
    metric_names,
    unused_definitions,
)
from jsft_tui.core.jobs.metrics.objective import lower_is_better, short_name
from jsft_tui.core.jobs.training_job import TrainingJob
from jsft_tui.services.background.tasks import Reporter
from jsft_tui.services.jobs.compare import ComparedJobs
from jsft_tui.services.jobs.listed.job_list_state import is_described, is_running
from jsft_tui.tui.base.flow import flow
from jsft_tui.tui.base.screens.master_detail_screen import MasterDetailScreen
from jsft_tui.tui.base.screens.work_screen import screen_bindings
from jsft_tui.tui.base.texts.states import empty, unread
from jsft_tui.tui.dialogs.run.save_as import save_as
from jsft_tui.tui.dialogs.run.take_run import TakenRun, take_into_draft
from jsft_tui.tui.dialogs.text import ReadingDialog
from jsft_tui.tui.keymap.action import ScreenId
from jsft_tui.tui.screens.compare.panes import CompareTable
from jsft_tui.tui.screens.compare.rows import columns_of, comparison_rows
from jsft_tui.tui.widgets.chart import Axis, Chart, Series
from jsft_tui.tui.widgets.table.rows import Rows
from jsft_tui.tui.widgets.text.cell_text import Cell
from jsft_tui.tui.widgets.text.text_pane import line

LINES_OF_NOTICE = 12
"""Lines of the table while it says why there are no rows."""


@dataclass(frozen=True)
class Found:
    """The jobs that could be read, and the problems of the others."""

    jobs: tuple[ComparedJob, ...]
    problems: tuple[Problem, ...]


class CompareScreen(MasterDetailScreen):
    """Compare jobs."""

    WHERE = ScreenId.COMPARE
    TITLE = "Compare"
    LIST_COLUMNS = ()
    NATURAL_WIDTH = 0
    BINDINGS: ClassVar[list[BindingType]] = screen_bindings(ScreenId.COMPARE)
    DEFAULT_CSS = "CompareScreen Chart { height: 1fr; padding: 0 1; }"

    def __init__(self) -> None:
        super().__init__()
        self._asked: tuple[str, ...] | None = None
        """The jobs that were requested last."""
        self._compared: ComparedJobs | None = None
        self._jobs: tuple[ComparedJob, ...] = ()
        self._is_reading = False
        self._reported_unused: list[str] = []
        self._rows: Sequence[ComparisonRow] = ()
        self._shows_all = False
        self._metric = ""
        self._axis: CurveAxis | None = None
        """None: the first one that is possible."""
        self._table.is_dense = True
        self._chart = Chart()
        self._chart.is_titled_by_pane = True
        self.panes = self._compare_panes = CompareTable(self.panes.list_pane, self._chart)

    # Reading

    def load(self) -> None:
        """Clear the jobs of another target."""
        self._asked = self._compared = None
        self._jobs, self._rows, self._is_reading = (), (), False

    @property
    def subjects(self) -> Sequence[str]:
        """The jobs."""
        return self.jsft.compared_jobs

    def draw(self) -> None:
        """Request the jobs if the selection has changed, and redraw."""
        if self._asked != self.jsft.compared_jobs:
            self._ask_for_jobs()
        self._compare()

    def _ask_for_jobs(self) -> None:
        names, session = self.jsft.compared_jobs, self.session
        self._asked = names
        self._jobs = ()
        compared = self._compared = session.services.compared(names)
        self._reported_unused = []
        self._is_reading = bool(names)
        self.cancel("on")
        if not names:
            ways = (
                (self.key("go_jobs"), "the list of jobs"),
                (self.key("mark_job"), "there marks a job, two to six"),
                (self.key("compare_jobs"), "there compares them"),
            )
            self.show_notice(empty("No jobs are marked.", ways))
            return
        self._read_jobs(compared, names)

    @flow("jobs")
    async def _read_jobs(self, compared: ComparedJobs, names: Sequence[str]) -> None:
        now = self.session.now()

        def read(reporter: Reporter[int]) -> Found:
            found: list[ComparedJob | Problem] = []
            for each in compared.read(now):
                found.append(each)
                reporter.tell(len(found))
            jobs = [each for each in found if isinstance(each, ComparedJob)]
            jobs.sort(key=lambda each: names.index(each.job.name))
            return Found(tuple(jobs), tuple(each for each in found if isinstance(each, Problem)))

        def show(count: int) -> None:
            self.show_state((Cell(f"reading the jobs and their logs: {count} of {len(names)} …", "muted"),))

        show(0)
        try:
            found = await self.call_with_progress(read, show)
        except Problem as problem:
            self._is_reading = False
            self.show_state(())
            self.show_notice(unread("The jobs cannot be read.", str(problem), self._ways_out))
            raise
        self._take(found)

    @property
    def _ways_out(self) -> Sequence[tuple[str, str]]:
        return (self.key("reload_compare"), "try again"), (self.key("back"), "go back")

    # Following jobs that are running or have just ended

    @property
    def shown_jobs(self) -> tuple[str, ...] | None:
        """The unfinished jobs, for which the job list keeps its polling interval."""
        unfinished = self._compared.unfinished if self._compared is not None and self._jobs else ()
        return unfinished or None

    def jobs_changed(self) -> None:
        """Read the unfinished jobs again after the job list was updated."""
        super().jobs_changed()
        compared = self._compared
        if compared is None or self._is_reading or not self._jobs or not compared.unfinished:
            return
        known = {job.name: job for job in self.session.job_list.state.jobs if is_described(job)}
        current = {name: known[name] for name in compared.unfinished if name in known}
        self._is_reading = True
        self._read_on(compared, current)

    @flow("on")
    async def _read_on(self, compared: ComparedJobs, current: Mapping[str, TrainingJob]) -> None:
        now = self.session.now()
        try:
            found = await self.call(lambda: compared.read_on(current, now))
        except Problem as problem:
            self._not_read_on(problem)
        else:
            self._take_more(found)

    def _take_more(self, found: Sequence[ComparedJob | Problem]) -> None:
        self._is_reading = False
        newer = {each.job.name: each for each in found if isinstance(each, ComparedJob)}
        problems = [str(each) for each in found if isinstance(each, Problem)]
        if problems:
            self.say(f"Not current: {' '.join(problems)}", Status.WARNING)
        elif self.status.startswith("Not current: "):
            self.say("")
        self._share_curves(newer.values())
        self._jobs = tuple(newer.get(each.job.name, each) for each in self._jobs)
        if not problems:
            self._say_unused()
        self._compare()

    def _share_curves(self, compared: Iterable[ComparedJob]) -> None:
        """Give the job list the curves, of ended jobs only when their log was read to the end."""
        for each in compared:
            if is_running(each.job) or (self._compared is not None and self._compared.is_whole(each.job.name)):
                self.session.job_list.learn_curve(each.job, each.metrics)

    def _say_unused(self) -> None:
        """Display once why some metrics have no curves."""
        reasons = unused_definitions(self._jobs)
        if reasons and reasons != self._reported_unused:
            self.say(f"Metrics skipped: {' '.join(reasons)}", Status.WARNING)
        self._reported_unused = reasons

    def _not_read_on(self, problem: Problem) -> None:
        self._is_reading = False
        self.say(f"Not current: {problem}", Status.WARNING)

    def _take(self, found: Found) -> None:
        self._is_reading = False
        self._jobs = found.jobs
        self._share_curves(found.jobs)
        if found.problems:
            self.say(" ".join(map(str, found.problems)), Status.FAILED)
        else:
            self._say_unused()
        if len(found.jobs) < MIN_JOBS:
            said = " ".join(map(str, found.problems))
            self.show_notice(unread("There are not two jobs to compare.", said, self._ways_out))
        self._compare()
        if self.shown_jobs is not None:
            self.jsft.jobs_shown_changed()  # the job list did not know of them

    # Showing

    @property
    def _letters(self) -> list[str]:
        """The letters of the jobs, as in the list where they were marked, even if one is missing."""
        asked = self._asked or ()
        return [LETTERS[asked.index(each.job.name)] for each in self._jobs]

    def _compare(self) -> None:
        jobs = self._jobs
        enough = len(jobs) >= MIN_JOBS
        self._rows = compare(jobs, self.session.prices or {}, self.session.now()) if enough else ()
        if enough or not self._is_reading:
            self._draw_table()
        self._draw_curves()

    def _draw_table(self) -> None:
        jobs = self._jobs
        titles = [f"{letter} {each.job.name}" for letter, each in zip(self._letters, jobs, strict=True)]
        self._table.set_columns(columns_of(titles, self.app.size.width))
        rows = comparison_rows(self._rows, shows_all=self._shows_all) if jobs else Rows()
        count = sum(not row.differs for row in self._rows)
        more = sum(not row.is_telling for row in self._rows)
        verb = "hides" if self._shows_all else "shows"
        state = f"{plural(count, 'row is', 'rows are')} alike, {self.key('all_rows')} {verb} them" if more else ""
        self.show_rows(rows, (Cell(state, "muted"),) if state else ())
        self._compare_panes.set_lines(1 + len(rows) + len(rows.groups) + 1 if self._rows else LINES_OF_NOTICE)

    def _draw_title(self) -> None:
        title = f"{self.TITLE} {plural(len(self._jobs), 'job')}" if self._rows else self.TITLE
        self.panes.list_pane.set_title(title, self._state)

    def draw_detail(self) -> None:
        """There are curves in place of a detail; a zoom may show them for the first time."""
        self._draw_curves()

    @property
    def _axes(self) -> Sequence[CurveAxis]:
        return possible_axes(self._jobs, self.session.prices or {})

    def _draw_curves(self) -> None:
        names = metric_names(self._jobs)
        self._chart.display = bool(self._jobs)
        if not names:
            title = "No metrics" if self._jobs else ""
            self._chart.set_series(title="", x_name="")
            self._compare_panes.show_curves(title, (), ())
            return
        if self._metric not in names:
            self._metric = names[0]
        axes = self._axes
        over = self._axis if self._axis is not None and self._axis in axes else axes[0]
        found = compared_curves(self._jobs, self._metric, over, self.session.prices or {})
        series = [
            Series(letter, points, mark=letter) for letter, points in zip(self._letters, found.curves, strict=True)
        ]
        self._chart.set_series(*series, title="", axis=Axis(found.first, found.last, over.value, over.text))
        self._draw_chart_borders(over, axes, names)

    def _draw_chart_borders(self, over: CurveAxis, axes: Sequence[CurveAxis], names: Sequence[str]) -> None:
        metric, next_axis = self.key("compare_metric"), self.key("curve_axis")
        lower = lower_is_better(self._metric)
        better = "" if lower is None else "lower is better" if lower else "higher is better"
        state: tuple[Cell, ...] = (Cell(better, "muted"),)
        keys: list[Cell] = []
        if len(names) > 1:
            keys += [Cell(metric, "key"), Cell(" next metric", "muted")]
        if len(axes) > 1:
            keys += [Cell("  " if keys else ""), Cell(next_axis, "key")]
            keys += [Cell(f" by {', '.join(axis.value for axis in axes)}", "muted")]
        if self.panes.is_stacked:
            state, keys = ((Cell(metric, "key"), Cell(" next", "muted")) if len(names) > 1 else state), []
        self._compare_panes.show_curves(f"{short_name(self._metric)} by {over.value}", state, keys)

    # Keys

    def action_toggle_all(self) -> None:
        """Toggle between all rows and those that tell the jobs apart."""
        self._shows_all = not self._shows_all
        self._compare()

    def action_next_metric(self) -> None:
        """Display the curves of the next metric."""
        names = metric_names(self._jobs)
        if len(names) < 2:
            self.say("These are all metrics." if names else "The jobs have no metrics.")
            return
        self._metric = names[(names.index(self._metric) + 1) % len(names)]
        self._draw_curves()

    def action_next_axis(self) -> None:
        """Draw the curves over epochs, time or cost."""
        axes = self._axes
        if len(axes) < 2:
            self.say("Only the time of these values is known.")
            return
        now = self._axis if self._axis is not None and self._axis in axes else axes[0]
        self._axis = axes[(axes.index(now) + 1) % len(axes)]
        self._draw_curves()

    def action_whole_values(self) -> None:
        """Chart the metric of the cursor row, or display its values in full."""
        if (key := self._table.cursor_key) is None:
            return
        row = self._rows[int(key)]
        if row.metric and row.metric != self._metric and self._compare_panes.has_chart:
            self._metric = row.metric
            self._draw_curves()
            return
        lines = []
        for letter, each, value in zip(self._letters, self._jobs, row.values, strict=True):
            lines += [line(f"{letter} {each.job.name}", "strong"), line(f"  {value}", indent=2), line("")]
        self.app.push_screen(ReadingDialog(row.label, lines))

    def row_chosen(self) -> None:
        """Do what enter means on this screen."""
        self.action_whole_values()

    @flow("clone")
    async def action_clone_best(self) -> None:
        """Clone the job with the best value of the objective into the draft."""
        best = best_job(self._jobs)
        if best is None:
            self.say("No value tells which of them is the best.")
            return
        services, name = self.session.services, best.job.name
        self.say(f"Reading {name} …")
        cloned = await self.call(lambda: services.reruns.clone(name))
        await take_into_draft(self, TakenRun(cloned.run, name, caution=cloned.note))

    def action_copy(self) -> None:
        """Send the table to the clipboard, as Markdown."""
        if not self._rows:
            self.say("There is nothing to copy yet.")
            return
        shown = [row for row in self._rows if self._shows_all or row.is_telling]
        self.app.copy_to_clipboard(as_markdown([each.job.name for each in self._jobs], shown))
        self.say("The table is sent to the clipboard, as Markdown.", Status.COMPLETED)

    @flow("save")
    async def action_save(self) -> None:
        """Save all rows as CSV."""
        if not self._rows:
            self.say("There is nothing to save yet.")
            return
        names, rows = [each.job.name for each in self._jobs], self._rows
        await save_as(self, "Save the table to", "comparison.csv", lambda: as_csv(names, rows))

    def action_reload(self) -> None:
        """Read the jobs again."""
        self.say("")
        self._ask_for_jobs()
        self._compare()
