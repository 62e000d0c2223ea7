"""Drawing one job: its charts or the cause, its facts, and the view below."""

from __future__ import annotations

import os
from collections.abc import Sequence

from textual.timer import Timer
from textual.widget import Widget

from jsft_tui.core.common.errors import Problem
from jsft_tui.core.jobs.alerts import Alert, alerts
from jsft_tui.core.jobs.compare.comparison import ComparedJob
from jsft_tui.core.jobs.listed.ending import cause_headline
from jsft_tui.core.jobs.metrics.overfitting import overfitting
from jsft_tui.core.jobs.phases.timeline import rough_duration
from jsft_tui.core.jobs.reports.gain import Gain
from jsft_tui.core.jobs.training_job import JobStatus, TrainingJob
from jsft_tui.services.jobs.listed.job_list_state import is_described, is_running
from jsft_tui.services.session.remedies import RunRemedy, remedies
from jsft_tui.tui.base.flow import flow
from jsft_tui.tui.screens.job.charts import curves_over_epochs
from jsft_tui.tui.screens.job.following import JobFollowing
from jsft_tui.tui.screens.job.hints import job_hints
from jsft_tui.tui.screens.job.lower import JobLower
from jsft_tui.tui.screens.job.main import JobMain
from jsft_tui.tui.screens.job.panes import Below, JobPanes
from jsft_tui.tui.screens.job.texts import (
    ShownJob,
    cause_lines,
    fact_sections,
    reason_lines,
    short_output_lines,
    stacked_lines,
    waiting_lines,
    what_next_line,
)
from jsft_tui.tui.screens.job.views import View
from jsft_tui.tui.screens.jobs.actions import WENT_WRONG
from jsft_tui.tui.screens.jobs.facts import left_cells, state_cells, use_text
from jsft_tui.tui.screens.jobs.glances import ghost_of
from jsft_tui.tui.theme.glyphs import glyph
from jsft_tui.tui.theme.tokens import Ink
from jsft_tui.tui.widgets.border_line import ENDS
from jsft_tui.tui.widgets.pane import Pane
from jsft_tui.tui.widgets.text.cell_text import Cell
from jsft_tui.tui.widgets.text.detail_view import Detail, DetailView, Shape
from jsft_tui.tui.widgets.text.text_pane import TextLine, line, wrapped_rows

LOW = 24
"""Rows of the terminal below which there is one line less above the charts."""
CAUSE_SHARE, VIEW_SHARE = 0.4, 0.75
"""Part of the rows of the lower pane in one column: below a cause, and when another view than that was chosen."""


class JobDrawing(JobFollowing):
    """Draws the job that is followed."""

    def __init__(self) -> None:
        super().__init__()
        self._view = View.LOG
        self._is_view_chosen = False
        """Whether somebody chose it: then it stays when the job ends."""
        self._remedies: tuple[RunRemedy, ...] = ()
        self._gain: Gain | None = None
        self._changed: dict[str, str] = {}
        self._batch = ""
        self._focus_given: Widget | None = None
        """What has got the focus by itself: it goes on to the charts as soon as there are some."""
        self._learned_of = ""
        """The job, with its status, of which changes, remedies and gain were asked for."""
        self._main = JobMain()
        self._facts = DetailView()
        self._lower = JobLower(self._log)
        self.panes = JobPanes(Pane("Charts", self._main), Pane("", self._facts, classes="detail"), self._lower.pane)
        self._ticker: Timer | None = None

    # What else is known of it

    @property
    def _shown(self) -> ShownJob | None:
        """All that is known; None while nothing is."""
        view_model = self._view_model
        if view_model is None or view_model.job is None or self._loaded is None:
            return None
        session, now = self.session, self.session.now()
        use = self._cloudwatch.use
        watched = view_model.watched(now, use.gpu, session.prices, session.cap_of(view_model.name))
        found: Sequence[Alert] = ()
        if watched is not None:
            self.jsft.look_at_job(watched)
            found = alerts(watched) if is_running(watched.job) else ()
        over = curves_over_epochs(view_model) if view_model.job.status is JobStatus.COMPLETED else {}
        return ShownJob(
            view_model,
            view_model.job,
            now,
            session.prices,
            use,
            found,
            self.key,
            self._changed,
            self._batch,
            self._gain,
            overfitting(over),
            session.services.flags,
        )

    def _learn_more(self, job: TrainingJob) -> None:
        """Ask once for what describing the job does not tell: changes, remedies, and how much better it is."""
        state = f"{job.name} {job.status.value} {self._view_model.ended if self._view_model else ''}"
        if self._learned_of != state and is_described(job):
            self._learned_of = state
            self._read_more(job)

    @flow("more")
    async def _read_more(self, job: TrainingJob) -> None:
        services = self.session.services
        self._changed = dict(await self.call(lambda: services.summaries.changed(job)))
        self._batch = await self.call(lambda: services.summaries.batch(job))
        if job.status in WENT_WRONG:
            try:
                self._remedies = await self.call(lambda: remedies(services, job))
            except Problem:
                self._remedies = ()  # no JumpStart job: its log tells the rest
        view_model = self._view_model
        if job.status is JobStatus.COMPLETED and view_model is not None and view_model.ended:
            measured = ComparedJob(job, {name: view_model.points(name) for name in view_model.metrics})
            self._gain = await self.call(lambda: services.summaries.gain(measured))
        self.draw_parts()

    # Showing

    def draw_parts(self) -> None:
        """Draw what is known of the job."""
        self.draw_hints()
        shown, view_model = self._shown, self._view_model
        if view_model is None or shown is None or not is_described(shown.job):
            self._draw_unknown()
            return
        self._learn_more(shown.job)
        self._draw_main(shown)
        self._draw_facts(shown)
        self._draw_lower()
        self._focus_if_none(shown.job)
        if self._ticker is not None:
            is_growing = is_running(shown.job) and self.jsft.work_screen is self
            (self._ticker.resume if is_growing else self._ticker.pause)()

    def _draw_unknown(self) -> None:
        name = self._view_model.name if self._view_model is not None else ""
        jobs = self.key("go_jobs")
        if not name:
            lines = [line(f"{jobs} for the list of jobs; {self.key('open_job')} there opens one.", Ink.MUTED)]
        elif self._problem is None:
            lines = [line(f"Asking for {name} …", Ink.MUTED)]
        else:
            ways = f"{self.key('back')} goes back, {jobs} lists the jobs, {self.key('retry')} asks again."
            lines = [line(str(self._problem), Ink.BAD), line(ways, Ink.MUTED)]
        job = self._job
        self.panes.main.set_title(name or "No job chosen", state_cells(job) if job is not None else ())
        self._main.show_charts(lines, is_shown=False)
        self._facts.show_detail(Detail(), Shape.BESIDE)
        self.panes.facts.set_title(name)
        self._draw_lower()

    def _draw_main(self, shown: ShownJob) -> None:
        job, is_stacked = shown.job, self.panes.is_stacked
        if job.status in WENT_WRONG:
            self._draw_cause(shown)
            return
        has_values = bool(shown.view.metrics)
        wait = [] if has_values else waiting_lines(job, shown.now)
        if is_stacked:
            self.panes.main.set_title(job.name, self._stacked_state(shown))
            head = stacked_lines(shown, self.size.width - 4, is_low=self.app.size.height < LOW)
        else:
            more = (
                Cell(self.key("next_metric"), "key"),
                Cell(" more metrics  ", Ink.MUTED),
                Cell("l", "key"),
                Cell(" log scale", Ink.MUTED),
            )
            self.panes.main.set_title("Charts", more)
            head = []
        has_output = is_stacked and self._view is View.OUTPUT and job.status is JobStatus.COMPLETED
        tail = short_output_lines(shown) if has_output else ()
        self._main.charts.show_titles(not has_output)
        self._main.show_charts([*head, *wait], is_shown=has_values, tail=tail)
        if has_values:
            self._main.charts.show(shown.view, ghost_of(self.session, job))

    def _stacked_state(self, shown: ShownJob) -> tuple[Cell, ...]:
        job = shown.job
        if job.status is JobStatus.COMPLETED:
            took = rough_duration(job.elapsed_seconds(shown.now))
            return *state_cells(job), Cell(f" in {took}", Ink.GOOD)
        left = left_cells(shown.seconds_left)
        return *state_cells(job), *((Cell("  "), *left) if left else ())

    def _draw_cause(self, shown: ShownJob) -> None:
        job = shown.job
        sign = job.status.as_status
        title = f"{glyph(sign, os.environ)} {cause_headline(job)}"
        name = (Cell(job.name, Ink.STRONG),) if self.panes.is_stacked else ()
        self.panes.main.set_title(title, name, sign.value)
        margin = [] if self.app.size.height < LOW or self.panes.is_stacked else [line("")]
        button = [TextLine((Cell(" "), Cell(f" {self.key('open_fix')}  Open a run with this change ", "button")))]
        tail = [line(""), *([*button, line("")] if self._remedies and not self.panes.is_stacked else [])]
        self._main.show_cause([*margin, *cause_lines(shown)], self._remedy_rows(job), [*tail, *reason_lines(job)])

    def _remedy_rows(self, job: TrainingJob) -> list[tuple[str, str, Cell]]:
        if self._remedies:
            return [
                (str(n), f"{each.fixed.fix.kind.label.capitalize()}: {each.fixed.change}", _effect(each.effect))
                for n, each in enumerate(self._remedies)
            ]
        clone = ("clone", "Clone it and change it by hand", Cell(self.key("clone_job"), "key"))
        if job.status is JobStatus.STOPPED and job.diagnosis is None:
            on = ("continue", "Train on from what it saved", Cell(self.key("continue_job"), "key"))
            return [on, clone] if job.output_path else [clone]
        log = ("log", "Read the log: the first error is below", Cell(self.key("next_error"), "key"))
        return [log, clone, ("report", "Ask: copy a report", Cell(self.key("copy_field"), "key"))]

    def _draw_facts(self, shown: ShownJob) -> None:
        if self.panes.facts.display:
            width = self._facts.text_width or self.size.width // 3
            self.panes.facts.set_title(shown.job.name, state_cells(shown.job))
            height = self._facts.scrollable_content_region.height
            self._facts.show_detail(Detail(shown.job.name, fact_sections(shown, width, height)), Shape.BESIDE)

    def on_detail_view_more_changed(self, event: DetailView.MoreChanged) -> None:
        """Say how much more there is of the facts."""
        event.stop()
        self.panes.facts.set_place((Cell(f"▾ {event.rows} more", Ink.MUTED),) if event.rows else ())

    def _draw_lower(self) -> None:
        if not self.is_mounted or self._loaded is None:
            return
        shown = self._shown
        self.panes.set_below(self._below(shown))
        is_next = self.panes.is_stacked and shown is not None and self._is_output(shown)
        if is_next and shown is not None:
            self._lower.show_what_next(what_next_line(shown, self.size.width - 4))
        else:
            self._lower.show(shown, self._view, self.key)
        self.draw_message()

    def _is_output(self, shown: ShownJob) -> bool:
        return shown.job.status is JobStatus.COMPLETED and self._view is View.OUTPUT

    def _below(self, shown: ShownJob | None) -> Below:
        if shown is None:
            return Below()
        if self._is_output(shown):
            width = self.size.width - 4
            return Below(rows=sum(len(wrapped_rows(each, width)) for each in what_next_line(shown, width)))
        if shown.job.status in WENT_WRONG:
            return Below(share=CAUSE_SHARE if self._view is View.LOG else VIEW_SHARE)
        return Below()

    def _focus_if_none(self, job: TrainingJob) -> None:
        if self.focused not in (None, self._focus_given) or self.jsft.work_screen is not self:
            return
        target: Widget = self._log.view
        if job.status in WENT_WRONG and self._main.remedies.display:
            target = self._main.remedies
        elif self._main.charts.display:
            target = self._main.charts
        elif not self._log.display:
            target = self._lower.text
        if target is not self.focused:
            self._focus_given = target
            self.set_focus(target)

    def _tick(self) -> None:
        if (shown := self._shown) is not None:
            self._draw_main(shown)
            self._draw_facts(shown)

    def draw_hints(self) -> None:
        """Draw the footer for the state of the job."""
        self._hints.set_hints(job_hints(self._job, self._view, self.offers, self.jsft.keymap))

    # Messages

    def draw_message(self) -> None:
        """Show the message in the border of the charts, or of the log where there is one box."""
        if not self.is_mounted:
            return
        cell, is_stacked = self.message_cell, self.panes.is_stacked
        text = cell.text
        pane = self.panes.zoomed or (self.panes.lower if is_stacked else self.panes.main)
        is_long = bool(text) and len(text) > (pane.size.width or self.size.width) - ENDS
        self._main.show_message([TextLine((cell,))] if is_long else [])
        foot = (cell,) if text and not is_long else ()
        shown = self._shown
        use = use_text(self._cloudwatch.use) if shown is not None and is_running(shown.job) else ""
        views = self._lower.view_names(shown.job if shown else None, self._view)
        below = (Cell(use, Ink.MUTED),) if is_stacked and use and self._view is View.LOG else views
        for each in (self.panes.main, self.panes.facts, self.panes.lower):
            each.set_message(foot if each is pane and foot else below if each is self.panes.lower else ())


def _effect(text: str) -> Cell:
    return Cell(text, Ink.MONEY if text.startswith("$") else Ink.MUTED)
