"""One job: its phases, its metrics, its log as it is written, and in the end what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.timer import Timer

from jsft_tui.core.common.errors import Problem
from jsft_tui.core.jobs.alerts import IDLE_MINUTES, alerts
from jsft_tui.core.jobs.training_job import JobStatus, TrainingJob
from jsft_tui.core.jobs.utilization import MachineUse
from jsft_tui.services.background.tasks import Reporter
from jsft_tui.services.jobs.follow import Described, Ended, Event, JobFollower, Logged, Trouble, Unsearched
from jsft_tui.services.jobs.job_list import is_described, is_running
from jsft_tui.services.jobs.job_view_model import JobViewModel
from jsft_tui.tui.base.screen import screen_bindings
from jsft_tui.tui.dialogs.choice import Choice, ChoiceDialog
from jsft_tui.tui.dialogs.save_as import save_as
from jsft_tui.tui.keymap.action import ScreenId
from jsft_tui.tui.screens.job.charts import JobCharts
from jsft_tui.tui.screens.job.details import configuration_lines, copy_choices, output_lines
from jsft_tui.tui.screens.job.header import LEAST_HEIGHT, TALL, JobHead, alert_lines, utilization_lines, wait_lines
from jsft_tui.tui.screens.job.log import JobLog
from jsft_tui.tui.screens.jobs.actions import JobActions
from jsft_tui.tui.theme.themes import Status
from jsft_tui.tui.widgets.text.text_pane import TextLine, TextPane, line

TICK = 1.0
"""Seconds between two paintings of what grows by itself."""
DRAW_AFTER = 0.05
"""Seconds in which events are gathered before they are drawn."""
AGAIN = 30.0
"""Seconds until a watch that ended with an error is tried again."""
ASIDE = 60.0
"""Seconds between two questions to CloudWatch, whose values are by the minute and are paid for."""
DENIED = "may not be read"
BACK = (IDLE_MINUTES + 2) * 60.0
"""Seconds of the past that are asked for: whether GPUs were idle takes some minutes to tell."""


class View(Enum):
    """What the upper part shows."""

    CHARTS = "charts"
    OUTPUT = "output"
    CONFIGURATION = "configuration"


class JobScreen(JobActions):
    """Watch a job."""

    WHERE = ScreenId.JOB
    AUTO_FOCUS = "#log"
    BINDINGS: ClassVar[list[BindingType]] = screen_bindings(ScreenId.JOB)
    DEFAULT_CSS = """
    JobScreen RunSummary, JobScreen RunLine { display: none; }
    JobScreen #about { height: 10; }
    JobScreen.-narrow #about { height: 8; }
    JobScreen.-narrow JobCharts { height: 7; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._view_model: JobViewModel | None = None
        self._follower: JobFollower | None = None
        self._is_following = False
        self._view = View.CHARTS
        self._problem: Problem | None = None
        """Why nothing is told of the job any more."""
        self._use = MachineUse()
        self._is_use_denied = False
        self._said_trouble = False
        self._asked_cloudwatch = False
        self._head = JobHead()
        self._about = TextPane(id="about")
        self._charts = JobCharts()
        self._log = JobLog(self.key)
        self._ticker: Timer | None = None
        self._draw_timer: Timer | None = None
        self._again: Timer | None = None

    def compose_body(self) -> ComposeResult:
        """Name, phases and facts, output or configuration, charts, log."""
        yield self._head
        yield self._about
        yield self._charts
        yield self._log

    def on_mount(self) -> None:
        """What grows by itself is painted once a second, while there is something that grows."""
        self._ticker = self.set_interval(TICK, self._tick, pause=True)
        self.set_interval(ASIDE, self._ask_cloudwatch)

    # Following

    def load(self) -> None:
        """Another target: forget the job."""
        self._leave_job()
        self._view_model = None

    def draw(self) -> None:
        """Follow the job that is wanted, and show it."""
        name = self.jsft.job_name
        if name and (self._view_model is None or self._view_model.name != name):
            self._begin(name)
        self._follow()
        self._draw_parts()

    def on_screen_suspend(self) -> None:
        """Behind another screen nothing is asked; behind a dialog the job is still looked at."""
        if self.jsft.work_screen is not self:
            self._put_aside()

    def on_unmount(self) -> None:
        """The program ends: so does the watch."""
        self._put_aside()

    def _put_aside(self) -> None:
        if self._follower is not None:
            self._follower.pause()
        if self._again is not None:
            self._again.stop()
            self._again = None
        if self._ticker is not None:
            self._ticker.pause()

    def _leave_job(self) -> None:
        self._put_aside()
        for question in ("follow", "use", "metrics"):
            self.forget(question)
        self._follower, self._is_following = None, False

    def _begin(self, name: str) -> None:
        self._leave_job()
        self._view_model = JobViewModel(name)
        self._follower = self.session.services.followers.watch(name)
        self._view, self._problem, self._use = View.CHARTS, None, MachineUse()
        self._asked_cloudwatch = self._is_use_denied = False
        known = self.session.job_list.state.get(name)
        if known is not None:
            self._view_model.job = known
            self._view = View.OUTPUT if known.status.is_final and is_described(known) else View.CHARTS
        self._log.clear()
        self._charts.begin()
        self.say("")

    def _follow(self) -> None:
        """Follow on, unless it is followed already, or over."""
        watch, view_model = self._follower, self._view_model
        if watch is None or view_model is None or view_model.ended or self._is_gone:
            return
        watch.resume()
        if self._is_following:
            return
        self._is_following = True
        view_model.fall_behind()

        def call(wanted: Reporter[Event]) -> None:
            for event in watch.events():
                wanted.tell(event)

        self.ask("follow", call, self._followed, self._lost, self._told)

    def _followed(self, _: None) -> None:
        """The watch ended: with the job, or because it was put aside; then somebody may be back already."""
        self._is_following = False
        if self.jsft.work_screen is self:
            self._follow()

    def _lost(self, problem: Problem) -> None:
        self._is_following, self._problem = False, problem
        if self._is_gone:
            self.say_problem(problem)
        else:
            self._log.set_note("not read on")
            self.say(f"Not current, trying again in {AGAIN:g} s: {problem}", Status.FAILED)
            self._said_trouble = True
            if self.jsft.work_screen is self:
                self._again = self.set_timer(AGAIN, self._follow)
        self._draw_parts()

    def _told(self, event: Event) -> None:
        view_model = self._view_model
        if view_model is None:
            return
        if isinstance(event, Logged):
            self._log.append(event.lines)
        view_model.take(event)
        if isinstance(event, Trouble):
            self._say_trouble(event)
        elif self._said_trouble:
            self._said_trouble, self._problem = False, None
            self._log.set_note("" if view_model.log_denied is None else DENIED)
            self.say("")
            self.jsft.signed_in()
        if isinstance(event, Unsearched):
            self.say(f"Not charted: {' '.join(event.reasons)}", Status.WARNING)
        if isinstance(event, Described | Ended):
            self.session.job_list.learn(event.job)
            is_whole = isinstance(event, Ended) and view_model.log_denied is None
            if is_whole or is_running(event.job):  # else what it wrote last is not read yet, or may not be
                self.session.job_list.learn_curve(
                    event.job, {name: view_model.points(name) for name in view_model.metrics}
                )
            self.jobs_changed()
            self.jsft.look_at_jobs()
            if event.job.secondary_status == "Training" and not self._asked_cloudwatch:
                self._ask_cloudwatch()
        if isinstance(event, Ended):
            self._ended(event.job)
        self._draw_soon()

    def _say_trouble(self, trouble: Trouble) -> None:
        if trouble.pause:
            problem = self.jsft.told(trouble.problem)
            # What to do does not fit behind a whole text.
            is_signed_out = problem is not trouble.problem
            brief = f"{trouble.since_when.capitalize()}, trying again. {problem.remedy}"
            self.say(brief if is_signed_out else trouble.text, Status.WARNING)
            self._log.set_note(trouble.since_when)
            self._said_trouble = True
            return
        self._log.set_note(DENIED)
        self.say(f"No log: {trouble.problem}", Status.WARNING)
        self._ask_cloudwatch()

    def _ended(self, job: TrainingJob) -> None:
        if self._view is View.CHARTS:
            self._view = View.OUTPUT
        words = {
            JobStatus.COMPLETED: (f"The model is ready: {self.key('download_this')} downloads it.", Status.COMPLETED),
            JobStatus.FAILED: (
                f"It failed: what it means stands above, {self.key('retry_job')} opens it as a draft.",
                Status.FAILED,
            ),
        }
        self.say(*words.get(job.status, (f"It is {job.status.value}.", Status.STOPPED)))

    def _ask_cloudwatch(self) -> None:
        """How busy the instances are, and the metrics where the log may not be read."""
        view_model = self._view_model
        if view_model is None or view_model.job is None or self.jsft.work_screen is not self or self._loaded is None:
            return
        self._asked_cloudwatch = True
        jobs, job, now = self.session.services.jobs, view_model.job, self.session.now()
        if is_running(job) and job.secondary_status == "Training" and not self._is_use_denied:
            self.ask("use", lambda _: jobs.use(job, now - BACK, now), self._take_use, self._no_use)
        if view_model.log_denied is not None and (is_running(job) or not view_model.metrics):
            self.ask("metrics", lambda _: jobs.metrics(job), self._take_metrics)

    def _take_use(self, use: MachineUse) -> None:
        self._use = use
        self._draw_soon()

    def _no_use(self, problem: Problem) -> None:
        """A nicety: without the permission it is said once; what may pass is asked again in a minute."""
        self._use = MachineUse()
        self._draw_soon()
        if problem.code == "AccessDenied" and not self._is_use_denied:
            self._is_use_denied = True
            self.say(f"How busy the instances are is not known: {problem}", Status.WARNING)

    def _take_metrics(self, series: Mapping[str, Sequence[tuple[float, float]]]) -> None:
        if self._view_model is not None:
            self._view_model.add_series(series)
            self._draw_soon()

    # Showing

    def _draw_soon(self) -> None:
        if self._draw_timer is None:
            self._draw_timer = self.set_timer(DRAW_AFTER, self._draw_now)

    def _draw_now(self) -> None:
        self._draw_timer = None
        self._draw_parts()

    def _draw_parts(self) -> None:
        view_model = self._view_model
        self.draw_hints()
        if view_model is None:
            self._head.show_nothing("No job chosen")
            self._show_about(
                [line(f"{self.key('go_jobs')} for the list of jobs; {self.key('open_job')} there opens one.", "quiet")]
            )
            self._charts.display = False
            return
        self._draw_head(view_model)
        self._draw_upper(view_model)
        if self._ticker is not None:
            is_growing = view_model.job is not None and is_running(view_model.job) and self.jsft.work_screen is self
            (self._ticker.resume if is_growing else self._ticker.pause)()

    def _draw_head(self, view_model: JobViewModel) -> None:
        """What is said of the job, and what is to be told of it."""
        if self._loaded is None:
            self._head.show_nothing(view_model.name)
            return
        session, now = self.session, self.session.now()
        watched = view_model.watched(now, self._use.gpu, session.prices, session.cap_of(view_model.name))
        self._head.show(view_model, session.prices, now)
        notes: list[TextLine] = []
        if watched is not None:
            self.jsft.look_at_job(watched)
            if is_running(watched.job):
                waits = wait_lines(watched.job, now)
                notes = [
                    *waits,
                    *alert_lines(alerts(watched)),
                    *utilization_lines(self._use.hosts, self.app.size.height),
                ]
        self._head.show_notes(notes)

    def _draw_upper(self, view_model: JobViewModel) -> None:
        height = self.app.size.height
        is_output = self._view is View.OUTPUT
        has_details = view_model.job is not None and is_described(view_model.job)
        if view_model.job is None or not has_details:
            self._show_about(self._waiting_lines(view_model))
        elif self._view is View.CONFIGURATION:
            self._show_about(configuration_lines(view_model.job))
        elif is_output:
            self._show_about(output_lines(view_model.job, self.key("retry_job")))
        else:
            self._about.display = False
        may_have_values = view_model.job is not None and (bool(view_model.metrics) or is_running(view_model.job))
        has_charts = has_details and height >= LEAST_HEIGHT and may_have_values
        self._charts.display = has_charts and (self._view is View.CHARTS or (is_output and height >= TALL))
        if self._charts.display:
            self._charts.show(view_model)

    def _waiting_lines(self, view_model: JobViewModel) -> list[TextLine]:
        """What there is to say while nothing is known of the job."""
        if self._problem is None:
            return [line(f"Asking for {view_model.name} …", "quiet")]
        back, jobs, again = self.key("back"), self.key("go_jobs"), self.key("retry")
        ways = f"{back} goes back, {jobs} lists the jobs, {again} asks again."
        return [line(str(self._problem), "failed"), line(ways, "quiet")]

    def _show_about(self, lines: Sequence[TextLine]) -> None:
        self._about.display = True
        self._about.show(lines)

    def _tick(self) -> None:
        if self._view_model is not None:
            self._draw_head(self._view_model)

    # Keys

    def offers(self, action_id: str) -> bool:
        """What ended cannot be stopped; only what went wrong, or a download, has something for the other key."""
        job = self._job
        if action_id == "stop_this":
            return job is None or is_running(job)
        if action_id == "retry_job":
            return self.is_downloading or job is None or job.status in (JobStatus.FAILED, JobStatus.STOPPED)
        return True

    @property
    def stop_key(self) -> str:
        """The key that stops a download."""
        return self.key("retry_job")

    @property
    def _is_gone(self) -> bool:
        return self._problem is not None and self._problem.code == "NoSuchJob"

    @property
    def _job(self) -> TrainingJob | None:
        return self._view_model.job if self._view_model is not None else None

    def action_search(self) -> None:
        """Begin to type what to look for in the log."""
        self._log.search()

    def action_filter_log(self) -> None:
        """Begin to type what the lines have to contain."""
        self._log.filter()

    def action_follow(self) -> None:
        """Go to the end of the log and stay there."""
        self._log.view.action_follow()
        self._log.view.focus()

    def action_next_metric(self) -> None:
        """Chart the next metrics."""
        if self._view_model is None:
            return
        if not self._charts.display:
            self._view = View.CHARTS
            self._draw_parts()
        elif not self._charts.next(self._view_model):
            self.say("There are no other metrics." if self._view_model.metrics else "There are no metrics yet.")

    def action_next_view(self) -> None:
        """Output, charts, configuration."""
        job = self._job
        if job is None:
            return
        views = [View.CHARTS, View.CONFIGURATION]
        if job.status.is_final:
            views.insert(0, View.OUTPUT)
        at = views.index(self._view) if self._view in views else -1
        self._view = views[(at + 1) % len(views)]
        self._draw_parts()

    def action_save_log(self) -> None:
        """Save the whole log to a file."""
        if self._view_model is None:
            return
        name, jobs = self._view_model.name, self.session.services.jobs
        save_as(self, "Save the log to", f"{name}.log", lambda: jobs.log_text(name))

    def action_stop(self) -> None:
        """Stop the job."""
        if (job := self._job) is not None:
            self.stop_job(job)

    def action_clone(self) -> None:
        """Take the job's settings into the draft."""
        if self._view_model is not None:
            self.clone_job(self._view_model.name)

    def action_retry_fixed(self) -> None:
        """Stop a download; else open a job that went wrong as a draft with its remedy applied."""
        if self.cancel_download():
            return
        job = self._job
        if job is None:
            return
        if job.status not in (JobStatus.FAILED, JobStatus.STOPPED):
            self.say(
                f"Nothing went wrong: {job.name} is {job.status.value}. {self.key('clone_this')} clones it as it is."
            )
            return
        self.retry_job(job)

    def action_download(self) -> None:
        """Download the model."""
        if self._view_model is not None:
            self.download_job(self._view_model.name)

    def action_copy(self) -> None:
        """Choose what to send to the clipboard."""
        if (job := self._job) is None:
            return
        pairs = dict(copy_choices(job))
        choices = [Choice(label, f"{label}: {text.splitlines()[0]}") for label, text in pairs.items()]

        def chosen(label: str | None) -> None:
            if label is not None:
                self.copy_text(label, pairs[label])

        self.app.push_screen(ChoiceDialog("Copy", choices), chosen)
