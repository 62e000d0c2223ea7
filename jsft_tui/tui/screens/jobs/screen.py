"""Screen 6: all training jobs of the target in groups, kept current, and what the one under the cursor tells."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.timer import Timer

from jsft_tui.core.common.status import Status
from jsft_tui.core.jobs.compare.comparison import MAX_JOBS, MIN_JOBS
from jsft_tui.core.jobs.listed.groups import JobGroup, job_groups, was_away
from jsft_tui.core.jobs.listed.order import JobOrder, in_order
from jsft_tui.core.jobs.listed.words import ago
from jsft_tui.core.jobs.training_job import TrainingJob
from jsft_tui.core.run.name import GRAMMAR
from jsft_tui.services.jobs.listed.job_list_state import JobListState, is_described, is_running
from jsft_tui.tui.base.flow import flow
from jsft_tui.tui.base.screens.work_screen import screen_bindings
from jsft_tui.tui.dialogs.choice import Choice, ChoiceDialog
from jsft_tui.tui.dialogs.prompt import PromptDialog
from jsft_tui.tui.keymap.action import ScreenId
from jsft_tui.tui.screens.jobs.facets import JobFacets, facet_choices
from jsft_tui.tui.screens.jobs.glances import Glances
from jsft_tui.tui.screens.jobs.rows import (
    COLUMNS,
    NATURAL_WIDTH,
    OBJECTIVE,
    JobRows,
    ListedJobs,
    columns_for,
)
from jsft_tui.tui.screens.jobs.searches.actions import SearchRowActions
from jsft_tui.tui.screens.jobs.searches.rows import search_detail, with_searches
from jsft_tui.tui.screens.jobs.selection import JobMarks
from jsft_tui.tui.screens.jobs.states import state_cells, why_empty
from jsft_tui.tui.terminal.one_shot import one_shot
from jsft_tui.tui.theme.tokens import Ink
from jsft_tui.tui.widgets.table.columns import Column
from jsft_tui.tui.widgets.table.virtual_table import VirtualTable
from jsft_tui.tui.widgets.text.cell_text import Cell
from jsft_tui.tui.widgets.text.detail_view import Detail, Shape

TICK = 1.0
"""Seconds between two paintings of what grows by itself: elapsed time and cost."""
LOOK_AFTER = 0.15
"""Seconds that the rows have to rest before those that were never described are asked for."""
PAGES_AT_ONCE = 5
"""Pages of older jobs that are read by themselves while a filter leaves too few to fill the screen."""
OLD = "What you see is of"
MOST_DETAIL = 0.55
"""Part of the rows that the detail takes below the list: its chart has seven."""


class JobsScreen(SearchRowActions):
    """Watch, and choose one."""

    WHERE = ScreenId.JOBS
    TITLE = "Jobs"
    LIST_COLUMNS = COLUMNS
    NATURAL_WIDTH = NATURAL_WIDTH
    MOST_DETAIL = MOST_DETAIL
    FILTER_ACTION = "filter_jobs"
    BINDINGS: ClassVar[list[BindingType]] = screen_bindings(ScreenId.JOBS)

    def __init__(self) -> None:
        super().__init__()
        self._facets = JobFacets()
        self._order = JobOrder.TIME
        self._columns: Sequence[Column] = COLUMNS
        self._marks = JobMarks()
        self._glances = Glances(self)
        self._left: datetime | None = None
        """When jsft was last open, until the jobs that have ended since were looked at."""
        self._ticker: Timer | None = None
        self._look: Timer | None = None
        self._pages_read = 0
        self._is_here = False

    def on_mount(self) -> None:
        """Nothing ticks before there is something that runs."""
        self._ticker = self.set_interval(TICK, self._tick, pause=True)

    def on_screen_resume(self) -> None:
        """Update running jobs while the screen is shown."""
        self._is_here = True

    def on_screen_suspend(self) -> None:
        """Nothing ticks behind another screen, and what has ended meanwhile was seen."""
        was_here, self._is_here = self._is_here, self.jsft.work_screen is self
        if was_here and not self._is_here and self._loaded is not None and self.session.job_list.state.asked:
            self._left = None
        self._keep_ticking()

    # Showing

    def load(self) -> None:
        """Another target: its jobs are on their way."""
        self._marks = JobMarks()
        self._glances.forget()
        left = self.session.services.last_open.left
        moment = datetime.fromtimestamp(left) if left is not None else None
        self._left = moment if was_away(moment, self._now) else None
        self.show_rows(JobRows((), ListedJobs(None, self._now), self._columns))

    def draw(self) -> None:
        """Show the list as it is."""
        columns = columns_for(self.app.size.width, self.panes.list_width)
        if columns is not self._columns:
            self._columns = columns
            self._table.set_columns(columns)
        self._show(self.session.job_list.state)
        self.draw_detail()

    @property
    def _now(self) -> datetime:
        return datetime.fromtimestamp(self.session.now())

    @property
    def shown_jobs(self) -> tuple[str, ...] | None:
        """The jobs whose rows are on screen."""
        return tuple(self._table.shown_keys)

    @property
    def shown_curves(self) -> tuple[str, ...]:
        """The same, where there is room for their curves, and what the detail draws."""
        shown = self._table.shown_keys if self._table.shows(OBJECTIVE.key) else ()
        return tuple(dict.fromkeys((*shown, *self._glances.curves)))

    def jobs_changed(self) -> None:
        """Show the list's new state."""
        super().jobs_changed()
        if self.is_mounted and self.jsft.session is not None and self.jsft.session is self._loaded:
            self._show(self.session.job_list.state)
            self._read_glance_if_due()
            self.draw_detail()

    def _show(self, state: JobListState) -> None:
        listed = with_searches(state)
        jobs = self._facets.fitting(listed, self._filter.value)
        rows = JobRows(self._groups(jobs), self._listed(state), self._columns)
        before = self._table.source
        if isinstance(before, JobRows) and before.are_like(rows) and len(rows):
            self._table.update_source(rows, [*before.changed(rows), *self._running_keys()])
            self.show_state(self._state_cells(state, len(jobs)))
        else:
            self.show_rows(rows, self._state_cells(state, len(jobs)))
        if not len(rows):
            self.show_notice(why_empty(state, self.key))
        self._say_trouble(state)
        self._draw_place()
        self._keep_ticking()
        self._look_soon()

    def _say_trouble(self, state: JobListState) -> None:
        if state.problem is not None and state.asked is not None:
            problem = self.jsft.told(state.problem)
            self.say(f"{OLD} {datetime.fromtimestamp(state.asked):%H:%M}; the jobs go on. {problem}", Status.WARNING)
        elif self.status.startswith(OLD):
            self.say("")

    def _groups(self, jobs: Sequence[TrainingJob]) -> list[JobGroup]:
        if self._order is JobOrder.TIME:
            return job_groups(jobs, self._now, self._left)
        found = in_order(jobs, self._order, self.session.prices or {}, self.session.now())
        return [JobGroup(f"By {self._order.value}", f"{len(found):,}", tuple(found))] if found else []

    def _listed(self, state: JobListState) -> ListedJobs:
        prices, is_current = self.session.prices, state.problem is None
        return ListedJobs(
            prices,
            self._now,
            self._marks.letters,
            state.curves,
            dict(self.session.job_progress),
            is_current,
            state.searches,
        )

    def _state_cells(self, state: JobListState, shown: int) -> Sequence[Cell]:
        if self._marks.names:
            return (Cell(f"{self._marks.count} marked, {self.key('compare_jobs')} compares", Ink.STRONG),)
        filtered = shown if self._filter.value or self._facets.words else None
        return state_cells(state, self.session.prices or {}, filtered, self._facets.words)

    def freshness(self) -> str:
        """Return of when the list is."""
        if self._loaded is None or (asked := self.session.job_list.state.asked) is None:
            return ""
        return f"updated {ago(datetime.fromtimestamp(asked), self._now)}"

    # The detail

    def detail(self, key: str, shape: Shape) -> Detail:
        """Return what is known of a job."""
        from jsft_tui.tui.screens.jobs.detail import job_detail

        if (search := self._search) is not None:
            prices, now = self.session.prices, self.session.now()
            return search_detail(search, prices, now, self.key, shape, self.panes.text_width)
        job = self.session.job_list.state.get(key)
        if job is None:
            return Detail(key)
        return job_detail(self._glances.known(job), shape, self.panes.text_width)

    def cursor_rests(self) -> None:
        """Tell what the job is, and read what the list does not tell of it."""
        if self._loaded is None:
            return
        self.draw_detail()
        self.draw_hints()
        self._read_glance_if_due()

    def _read_glance_if_due(self) -> None:
        if self._is_here and (job := self._job) is not None and is_described(job) and self._glances.is_due(job):
            self._read_glance(job)

    @flow("glance")
    async def _read_glance(self, job: TrainingJob) -> None:
        await self._glances.read(job)
        self._show(self.session.job_list.state)
        if self._table.cursor_key == job.name:
            self.draw_detail()

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
            rows = JobRows(source.parts, self._listed(self.session.job_list.state), self._columns)
            self._table.update_source(rows, self._running_keys())
            if (job := self._job) is not None and is_running(job):
                self.draw_detail()

    # Asking for what is missing

    def _look_soon(self) -> None:
        if self._look is not None:
            self._look.stop()
            self._look = None
        if self._has_new_rows:
            self._look = one_shot(self, LOOK_AFTER, self._look_at_rows)

    @property
    def _has_new_rows(self) -> bool:
        job_list = self.session.job_list
        return any(map(job_list.is_new, self._table.shown_keys)) or any(map(job_list.is_curve_new, self.shown_curves))

    def _look_at_rows(self) -> None:
        self._look = None
        names, curves = self._table.shown_keys, self.shown_curves
        if self._has_new_rows:
            self._read_rows(names, curves)

    @flow("rows")
    async def _read_rows(self, names: Sequence[str], curves: Sequence[str]) -> None:
        job_list = self.session.job_list
        await self.call(lambda: job_list.describe(names, curves))
        self.jobs_changed()

    def cursor_moved(self) -> None:
        """Say the place at once; the rest when the cursor rests."""
        self._pages_read = 0
        super().cursor_moved()
        if self._loaded is not None:
            self._look_soon()

    @on(VirtualTable.NearEnd)
    def _near_end(self, event: VirtualTable.NearEnd) -> None:
        event.stop()
        if self._loaded is None or not self.session.job_list.state.has_more or self._pages_read >= PAGES_AT_ONCE:
            return
        self._pages_read += 1
        self._read_more()

    @flow("more")
    async def _read_more(self) -> None:
        await self.call(self.session.job_list.more)
        self.jobs_changed()

    def action_reload(self) -> None:
        """Ask for the list anew."""
        self.session.job_list.forget()
        self._glances.forget()
        self._pages_read = 0
        self.say("")
        self.jsft.poll_jobs()

    # Narrowing

    def filter_changed(self) -> None:
        """Show the jobs that fit the filter."""
        self._pages_read = 0
        super().filter_changed()
        if self._loaded is not None:
            self._show(self.session.job_list.state)

    @flow("facet")
    async def action_facets(self) -> None:
        """Narrow the list by status and model."""
        jobs = with_searches(self.session.job_list.state)
        choices = facet_choices(jobs, self._filter.value, self._facets)
        key = await self.open_dialog(ChoiceDialog("Which jobs?", choices))
        if key is not None:
            self._facets = self._facets.chosen(key)
            self._pages_read = 0
            self._show(self.session.job_list.state)

    @flow("sort")
    async def action_sort(self) -> None:
        """Choose what the jobs are sorted by."""
        choices = [Choice(order.value, f"By {order.value}") for order in JobOrder]
        key = await self.open_dialog(ChoiceDialog("Sort the jobs", choices, at=self._order.value))
        if key is not None:
            self._order = JobOrder(key)
            self._show(self.session.job_list.state)
            self.say(f"By {key}. {self.key('stop_job')} stops a job.")

    # Doing

    @property
    def _job(self) -> TrainingJob | None:
        key = self._table.cursor_key
        if key is None or self._search is not None:
            return None
        return self.session.job_list.state.get(key)

    def _seconds_left(self, job: TrainingJob) -> float | None:
        return self._glances.seconds_left(job)

    def row_chosen(self) -> None:
        """Open the job under the cursor."""
        self.action_open()

    def action_open(self) -> None:
        """Watch the job under the cursor."""
        if (search := self._search) is not None:
            self.jsft.open_search(search.name)
        elif (job := self._job) is not None:
            self.jsft.open_job(job.name)

    @flow("type name")
    async def action_type_name(self) -> None:
        """Watch a job by its name."""
        about = "Its name as it was launched; works without the permission to list jobs."
        name = await self.open_dialog(PromptDialog("Training job", check=job_name_problem, about=about))
        if name and name in self.session.job_list.state.searches:
            self.jsft.open_search(name)
        elif name:
            self.jsft.open_job(name)

    def action_mark(self) -> None:
        """Mark the job under the cursor for comparing, or take its mark away."""
        if (job := self._job) is None:
            return
        marks = self._marks.toggled(job.name)
        if marks is None:
            unmark = f"{self.key('mark_job')} on one of them takes its mark."
            self.say(f"{MAX_JOBS} jobs are marked; more cannot be compared. {unmark}")
            return
        self._marks = marks
        self._show(self.session.job_list.state)
        self._table.action_cursor_by(1)

    def action_compare(self) -> None:
        """Show the marked jobs side by side."""
        if self._marks.count < MIN_JOBS:
            mark, compare = self.key("mark_job"), self.key("compare_jobs")
            self.say(f"Mark {MIN_JOBS} to {MAX_JOBS} jobs with {mark}, then {compare} compares them.")
        else:
            self.jsft.compare_jobs(self._marks.names)


def job_name_problem(text: str) -> str | None:
    """Return what is wrong with a job's name; None when nothing is."""
    return None if GRAMMAR.fullmatch(text) else "A job's name is 1 to 63 letters, digits and hyphens."
