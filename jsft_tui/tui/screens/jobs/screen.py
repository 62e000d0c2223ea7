"""Screen 6: all training jobs of the target, kept current."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.timer import Timer

from jsft_tui.core.common.text import plural
from jsft_tui.core.jobs.comparison import FEWEST, MOST
from jsft_tui.core.jobs.training_job import JobStatus, TrainingJob
from jsft_tui.core.run.name import GRAMMAR
from jsft_tui.services.jobs.job_list import JobListState, is_running
from jsft_tui.tui.base.screen import screen_bindings
from jsft_tui.tui.dialogs.choice import Choice, ChoiceDialog
from jsft_tui.tui.dialogs.prompt import PromptDialog
from jsft_tui.tui.keymap.action import ScreenId
from jsft_tui.tui.screens.jobs.actions import JobActions
from jsft_tui.tui.screens.jobs.rows import (
    CURVE,
    MARKED_NARROW,
    MARKED_WIDE,
    NARROW,
    WIDE,
    JobRows,
    fitting,
    status_cell,
)
from jsft_tui.tui.screens.jobs.selection import JobMarks
from jsft_tui.tui.theme.themes import Status
from jsft_tui.tui.widgets.filter_bar import FilterBar
from jsft_tui.tui.widgets.pane import Pane
from jsft_tui.tui.widgets.table.columns import Column
from jsft_tui.tui.widgets.table.virtual_table import VirtualTable
from jsft_tui.tui.widgets.text.cell_text import Cell

ANY = "any"
TICK = 1.0
"""Seconds between two paintings of what grows by itself: elapsed time and cost."""
LOOK_AFTER = 0.15
"""Seconds that the rows have to rest before those that were never described are asked for."""
PAGES_AT_ONCE = 5
"""Pages of older jobs that are read by themselves while a filter leaves too few to fill the screen."""


class JobsScreen(JobActions):
    """Watch, and choose one."""

    WHERE = ScreenId.JOBS
    AUTO_FOCUS = "#jobs"
    BINDINGS: ClassVar[list[BindingType]] = screen_bindings(ScreenId.JOBS)
    DEFAULT_CSS = """
    JobsScreen RunSummary { display: none; }
    JobsScreen.-wide RunLine { display: block; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._filter = FilterBar(lambda: self.key("filter_jobs"), placeholder="filter by name, model, status")
        self._status_wanted: JobStatus | None = None
        self._table = VirtualTable(WIDE, id="jobs")
        self._list = Pane("Jobs", self._table)
        self._columns: Sequence[Column] = WIDE
        self._marks = JobMarks()
        self._ticker: Timer | None = None
        self._look: Timer | None = None
        self._pages_read = 0
        self._is_here = False

    def compose_body(self) -> ComposeResult:
        """Filter and list."""
        yield self._filter
        yield self._list

    def on_mount(self) -> None:
        """Nothing ticks before there is something that runs."""
        self._ticker = self.set_interval(TICK, self._tick, pause=True)

    def on_screen_resume(self) -> None:
        """What runs ticks while it is looked at."""
        self._is_here = True
        super().on_screen_resume()

    def on_screen_suspend(self) -> None:
        """Nothing ticks behind another screen."""
        self._is_here = self.jsft.work_screen is self
        self._keep_ticking()

    # Showing

    def load(self) -> None:
        """Another target: its jobs are on their way."""
        self._marks = JobMarks()
        self._table.set_source(JobRows((), None, 0.0, self._columns))
        self._table.set_message("Asking for the jobs …")

    def draw(self) -> None:
        """Show the board as it is."""
        self._choose_columns()
        self._show(self.session.job_list.state)

    def _choose_columns(self) -> None:
        wide, narrow = (MARKED_WIDE, MARKED_NARROW) if self._marks.names else (WIDE, NARROW)
        columns = wide if self.is_wide else narrow
        if columns is not self._columns:
            self._columns = columns
            self._table.set_columns(columns)

    @property
    def stop_key(self) -> str:
        """The key that stops a download."""
        return self.key("cancel_download")

    @property
    def shown_jobs(self) -> tuple[str, ...] | None:
        """The jobs whose rows are on screen."""
        return tuple(self._table.shown_keys)

    @property
    def shown_curves(self) -> tuple[str, ...]:
        """The same, where there is room for their curves."""
        return tuple(self._table.shown_keys) if self._table.shows(CURVE.key) else ()

    def jobs_changed(self) -> None:
        """Show the board's new state."""
        super().jobs_changed()
        if self.is_mounted and self.jsft.session is not None and self.jsft.session is self._loaded:
            self._show(self.session.job_list.state)

    def _show(self, state: JobListState) -> None:
        jobs = fitting(state.jobs, self._filter.value, self._status_wanted)
        rows = JobRows(jobs, self.session.prices, self.session.now(), self._columns, self._marks.letters, state.curves)
        before = self._table.source
        self._table.set_message(self._message(state))
        if isinstance(before, JobRows) and before.are_like(rows):
            self._table.update_source(rows, [*before.changed(rows), *self._running_keys()])
        else:
            self._table.set_source(rows)
        self._draw_title(state, len(jobs))
        self._say_trouble(state)
        self._keep_ticking()
        self._look_soon()

    def _message(self, state: JobListState) -> str:
        if state.problem is not None and not state.jobs:
            by_hand = f"Press {self.key('type_job')} to type a job's name, {self.key('reload_jobs')} to try again."
            return f"The jobs cannot be listed: {state.problem} {by_hand}"
        if state.asked is None:
            return "Asking for the jobs …"
        if state.jobs or state.has_more:
            return f"No job fits. Clear the filter with esc, or press {self.key('job_status')} for another status."
        how = f"Choose a model ({self.key('go_models')}), review ({self.key('go_review')}) and launch one."
        return f"No training job in {self.session.target.region} yet. {how}"

    def _draw_title(self, state: JobListState, shown: int) -> None:
        count = f"{len(state.jobs):,}{'+' if state.has_more else ''}"
        title = f"{plural(len(state.jobs), 'job')}" if shown == len(state.jobs) else f"{shown:,} of {count} jobs"
        if state.has_more and shown == len(state.jobs):
            title = f"{count} jobs"
        facets = [Cell(f"status {self._status_wanted.value} ×")] if self._status_wanted else []
        marked = (
            [Cell(f"{self._marks.count} marked, {self.key('compare_jobs')} compares ", "strong")]
            if self._marks.names
            else []
        )
        self._list.set_title(title, [*marked, *facets])

    def _say_trouble(self, state: JobListState) -> None:
        if state.problem is not None:
            self.say(f"Not current: {state.problem}", Status.WARNING)
        elif self.status.startswith("Not current: "):
            self.say("")

    # What grows by itself

    def _keep_ticking(self) -> None:
        if self._ticker is None:
            return
        if self._is_here and self._running_keys():
            self._ticker.resume()
        else:
            self._ticker.pause()

    def _running_keys(self) -> list[str]:
        source = self._table.source
        if not isinstance(source, JobRows):
            return []
        return [source.key(place) for place in self._table.shown_rows if is_running(source.jobs[place])]

    def _tick(self) -> None:
        source = self._table.source
        if isinstance(source, JobRows):
            rows = JobRows(
                source.jobs, self.session.prices, self.session.now(), self._columns, source.marks, source.curves
            )
            self._table.update_source(rows, self._running_keys())

    # Asking for what is missing

    def _look_soon(self) -> None:
        if self._look is not None:
            self._look.stop()
            self._look = None
        if self._has_new_rows:
            self._look = self.set_timer(LOOK_AFTER, self._look_at_rows)

    @property
    def _has_new_rows(self) -> bool:
        job_list = self.session.job_list
        return any(map(job_list.is_new, self._table.shown_keys)) or any(map(job_list.is_curve_new, self.shown_curves))

    def _look_at_rows(self) -> None:
        self._look = None
        job_list, names, curves = self.session.job_list, self._table.shown_keys, self.shown_curves
        if self._has_new_rows:
            self.ask("rows", lambda _: job_list.describe(names, curves), lambda _: self.jobs_changed())

    @on(VirtualTable.RowHighlighted)
    def _highlighted(self, event: VirtualTable.RowHighlighted) -> None:
        event.stop()
        self._pages_read = 0
        if self._loaded is not None:
            self._look_soon()

    @on(VirtualTable.NearEnd)
    def _near_end(self, event: VirtualTable.NearEnd) -> None:
        event.stop()
        if self._loaded is None or not self.session.job_list.state.has_more or self._pages_read >= PAGES_AT_ONCE:
            return
        self._pages_read += 1
        job_list = self.session.job_list
        self.ask("more", lambda _: job_list.more(), lambda _: self.jobs_changed())

    def action_reload(self) -> None:
        """Ask for the list anew."""
        self.session.job_list.forget()
        self._pages_read = 0
        self.say("")
        self.jsft.poll_jobs()

    # Narrowing

    @on(FilterBar.Changed)
    def _filtered(self, event: FilterBar.Changed) -> None:
        event.stop()
        self._pages_read = 0
        if self._loaded is not None:
            self._show(self.session.job_list.state)

    @on(FilterBar.Left)
    def _filter_left(self, event: FilterBar.Left) -> None:
        event.stop()
        self._table.focus()

    def action_filter(self) -> None:
        """Begin to type a filter."""
        self._filter.focus()

    def action_status(self) -> None:
        """Show only jobs of one status."""
        counts = Counter(job.status for job in fitting(self.session.job_list.state.jobs, self._filter.value, None))
        choices = [
            Choice(status.value, status_cell(status).text, f"{counts[status]:,}")
            for status in JobStatus
            if counts[status] or status is self._status_wanted
        ]
        at = self._status_wanted.value if self._status_wanted else ANY

        def chosen(key: str | None) -> None:
            if key is not None:
                self._status_wanted = None if key == ANY else JobStatus.parse(key)
                self._pages_read = 0
                self._show(self.session.job_list.state)

        self.app.push_screen(ChoiceDialog("Status", [Choice(ANY, "any status"), *choices], at=at), chosen)

    # Doing

    @property
    def _job(self) -> TrainingJob | None:
        key = self._table.cursor_key
        return self.session.job_list.state.get(key) if key is not None else None

    @on(VirtualTable.RowSelected)
    def _selected(self, event: VirtualTable.RowSelected) -> None:
        event.stop()
        self.jsft.open_job(event.key)

    def action_open(self) -> None:
        """Watch the job under the cursor."""
        if (job := self._job) is not None:
            self.jsft.open_job(job.name)

    def action_type_name(self) -> None:
        """Watch a job by its name."""

        def answered(name: str | None) -> None:
            if name:
                self.jsft.open_job(name)

        about = "Its name as it was launched; works without the permission to list jobs."
        self.app.push_screen(PromptDialog("Training job", check=job_name_problem, about=about), answered)

    def action_stop(self) -> None:
        """Stop the job under the cursor."""
        if (job := self._job) is not None:
            self.stop_job(job)

    def action_clone(self) -> None:
        """Take the settings of the job under the cursor into the draft."""
        if (job := self._job) is not None:
            self.clone_job(job.name)

    def action_download(self) -> None:
        """Download the model of the job under the cursor."""
        if (job := self._job) is not None:
            self.download_job(job.name)

    def action_cancel(self) -> None:
        """Stop the download."""
        if not self.cancel_download():
            self.say("Nothing is being downloaded.")

    def action_mark(self) -> None:
        """Mark the job under the cursor for comparing, or take its mark away."""
        if (job := self._job) is None:
            return
        marks = self._marks.toggled(job.name)
        if marks is None:
            unmark = f"{self.key('mark_job')} on one of them takes its mark."
            self.say(f"{MOST} jobs are marked; more cannot be compared. {unmark}")
            return
        self._marks = marks
        self._choose_columns()
        self._show(self.session.job_list.state)
        self._table.action_cursor_by(1)

    def action_compare(self) -> None:
        """Show the marked jobs side by side."""
        if self._marks.count < FEWEST:
            mark, compare = self.key("mark_job"), self.key("compare_jobs")
            self.say(f"Mark {FEWEST} to {MOST} jobs with {mark}, then {compare} compares them.")
        else:
            self.jsft.compare_jobs(self._marks.names)

    def action_copy(self) -> None:
        """Send the ARN of the job under the cursor to the clipboard."""
        if (job := self._job) is not None:
            self.copy_text("ARN", job.arn)


def job_name_problem(text: str) -> str | None:
    """What is wrong with a job's name; None when nothing is."""
    return None if GRAMMAR.fullmatch(text) else "A job's name is 1 to 63 letters, digits and hyphens."
