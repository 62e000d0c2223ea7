"""One job: its phases, its metrics, its log as it is written, and in the end what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType

from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.status import Status
from jsft_tui.core.jobs.phases.timeline import rough_duration
from jsft_tui.core.jobs.training_job import JobStatus, TrainingJob
from jsft_tui.tui.base.flow import flow
from jsft_tui.tui.base.screens.work_screen import screen_bindings
from jsft_tui.tui.dialogs.run.save_as import save_as
from jsft_tui.tui.dialogs.run.take_run import TakenRun, take_into_draft
from jsft_tui.tui.keymap.action import ScreenId
from jsft_tui.tui.screens.job.cloudwatch import PERIOD
from jsft_tui.tui.screens.job.drawing import JobDrawing
from jsft_tui.tui.screens.job.views import View, following, views_of
from jsft_tui.tui.screens.jobs.actions import WENT_WRONG
from jsft_tui.tui.widgets.master_detail import focus_within
from jsft_tui.tui.widgets.table.virtual_table import VirtualTable

TICK = 1.0
"""Seconds between two paintings of what grows by itself."""


class JobScreen(JobDrawing):
    """Watch a job."""

    WHERE = ScreenId.JOB
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = screen_bindings(ScreenId.JOB)

    def compose_body(self) -> ComposeResult:
        """Charts or the cause, facts, and the log or another view."""
        yield self.panes

    def on_mount(self) -> None:
        """Draw once a second what grows by itself, while there is something that grows."""
        self._log.changed = self._draw_lower
        self._ticker = self.set_interval(TICK, self._tick, pause=True)
        self.set_interval(PERIOD, self.ask_cloudwatch)

    def _completed_words(self, job: TrainingJob) -> str:
        took = rough_duration(job.elapsed_seconds(self.session.now()))
        ways = f"{self.key('download_job')} download, {self.key('try_model')} try it"
        return f"{self.jsft.first_model_words(job)} Completed in {took}. {ways}".strip()

    # Which job

    @property
    def subjects(self) -> Sequence[str]:
        """The job."""
        return (self.jsft.job_name,) if self.jsft.job_name else ()

    def load(self) -> None:
        """Another target: forget the job."""
        self.leave_job()
        self._view_model = None

    def draw(self) -> None:
        """Follow the job that is wanted, and show it."""
        name = self.jsft.job_name
        if name and (self._view_model is None or self._view_model.name != name):
            self.begin(name)
        self.follow()
        self.draw_parts()

    def begun(self, known: TrainingJob | None) -> None:
        """Show another job from its first view on."""
        self._view, self._is_view_chosen = views_of(known)[0], False
        self._remedies, self._gain, self._changed, self._batch, self._learned_of = (), None, {}, "", ""
        self._main.charts.begin()
        self.panes.zoom(None)
        self._focus_given = None
        self.set_focus(None)

    def on_screen_suspend(self) -> None:
        """Behind another screen nothing is asked; behind a dialog the job is still looked at."""
        if self.jsft.work_screen is not self:
            self.put_aside()

    def on_unmount(self) -> None:
        """Stop following when the program ends."""
        self.put_aside()

    def put_aside(self) -> None:
        """Ask nothing and draw nothing while nobody looks."""
        super().put_aside()
        if self._ticker is not None:
            self._ticker.pause()

    def has_ended(self, job: TrainingJob) -> None:
        """Go to the view that matters now, and say what came of it."""
        if not self._is_view_chosen or self._view not in views_of(job):
            self._view = views_of(job)[0]
        self._say_end(job)
        if job.status is JobStatus.FAILED:
            self._log.view.action_first_error()

    def _say_end(self, job: TrainingJob) -> None:
        """Say what came of it, unless it was over before: the panes say all that then."""
        if job.status is JobStatus.COMPLETED:
            first = self.jsft.first_model_words(job)
            self.say(first if self.was_over else self._completed_words(job), Status.COMPLETED)
        elif job.status is JobStatus.FAILED or self.was_over:
            self.say("")  # the title has the cause, and the footer the key that helps
        else:
            self.say("It was stopped.", Status.STOPPED)

    # Keys

    def offers(self, action_id: str) -> bool:
        """Return whether an action makes sense for the job as it is."""
        return bool(self._remedies) if action_id == "open_fix" else super().offers(action_id)

    def action_compare(self) -> None:
        """Show the job beside the one that it is compared with."""
        if self._gain is not None and self._job is not None:
            self.jsft.compare_jobs((self._gain.over, self._job.name))
        else:
            self.say("There is no earlier run of the same model and data.")

    def action_search(self) -> None:
        """Begin to type what to look for in the log."""
        self._show_log()
        self._log.search()

    def action_filter_log(self) -> None:
        """Begin to type what the lines have to contain."""
        self._show_log()
        self._log.filter()

    def action_follow(self) -> None:
        """Go to the end of the log and stay there."""
        self._show_log()
        self._log.view.action_follow()
        self._log.view.focus()

    def action_next_error(self) -> None:
        """Go to the next match of the search, or to the next error."""
        self._show_log()
        self._log.view.action_next_match(1)

    def _show_log(self) -> None:
        self._view, self._is_view_chosen = View.LOG, True
        self.draw_parts()

    def action_next_metric(self) -> None:
        """Chart the next metrics."""
        if self._view_model is not None and not self._main.charts.next(self._view_model):
            self.say("These are all metrics." if self._view_model.metrics else "There are no metrics yet.")

    def action_next_view(self) -> None:
        """Show the next view below."""
        self._go_to_view(1)

    def action_view_before(self) -> None:
        """Show the view before."""
        self._go_to_view(-1)

    def _go_to_view(self, step: int) -> None:
        if self._job is not None:
            was_below = self.panes.lower.has_pseudo_class("focus-within")
            self._view, self._is_view_chosen = following(views_of(self._job), self._view, step), True
            self.draw_parts()
            if was_below:
                focus_within(self.panes.lower)
            if self._view is View.FILES:
                self._read_files(self._job)

    @flow("files")
    async def _read_files(self, job: TrainingJob) -> None:
        artifacts = self.session.services.artifacts
        try:
            self._lower.show_files(await self.call(lambda: artifacts.contents(job)))
        except Problem as problem:
            self._lower.show_no_files(problem)
        self._draw_lower()

    def action_zoom(self) -> None:
        """Give the pane with the focus the whole screen, and back."""
        panes = (self.panes.main, self.panes.facts, self.panes.lower)
        focused = next((pane for pane in panes if pane.has_pseudo_class("focus-within")), self.panes.lower)
        self.panes.zoom(None if self.panes.zoomed is not None else focused)
        self.call_after_refresh(self.draw_parts)

    def step_back(self) -> bool:
        """Leave the zoom."""
        if self.panes.zoomed is None:
            return False
        self.action_zoom()
        return True

    def on_virtual_table_row_selected(self, event: VirtualTable.RowSelected) -> None:
        """Do what the remedy under the cursor says."""
        event.stop()
        self.action_open_fix()

    @flow("clone")
    async def action_open_fix(self) -> None:
        """Open a run with the remedy under the cursor applied."""
        job, key = self._job, self._main.remedies.cursor_key
        if job is None or job.status not in WENT_WRONG:
            return
        if key == "clone":
            self.action_clone()
        elif key == "continue":
            self.action_continue()
        elif key == "report":
            self.action_copy()
        elif key == "log":
            self.action_next_error()
        elif key is not None:
            fixed = self._remedies[int(key)].fixed
            if await take_into_draft(self, TakenRun(fixed.run, job.name, caution=fixed.note)):
                self.jsft.go(ScreenId.REVIEW)
                self.jsft.call_later(self.jsft.say, f"Changed: {fixed.change}.", Status.COMPLETED)

    @flow("save")
    async def action_save_log(self) -> None:
        """Save the whole log to a file."""
        if self._view_model is None:
            return
        name, jobs = self._view_model.name, self.session.services.jobs
        await save_as(self, "Save the log to", f"{name}.log", lambda: jobs.log_text(name))
