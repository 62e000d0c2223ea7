"""A screen that follows one job: begins, pauses behind other screens, comes back, and says what goes wrong."""

from __future__ import annotations

from textual.timer import Timer

from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.status import Status
from jsft_tui.core.jobs.training_job import TrainingJob
from jsft_tui.services.background.tasks import Reporter
from jsft_tui.services.jobs.follow import Described, Ended, Event, JobFollower, Logged, Trouble, Unsearched
from jsft_tui.services.jobs.job_view_model import JobViewModel
from jsft_tui.services.jobs.listed.job_list_state import is_running
from jsft_tui.tui.base.flow import flow
from jsft_tui.tui.screens.job.cloudwatch import FLOWS, CloudWatchReader
from jsft_tui.tui.screens.job.log import JobLog
from jsft_tui.tui.screens.jobs.actions import JobActions
from jsft_tui.tui.terminal.one_shot import one_shot

DRAW_AFTER = 0.05
"""Seconds in which events are gathered before they are drawn."""
AGAIN = 30.0
"""Seconds until a watch that ended with an error is tried again."""
DENIED = "may not be read"


class JobFollowing(JobActions):
    """Follows the job that the app wants to be shown; a subclass draws it."""

    def __init__(self) -> None:
        super().__init__()
        self._view_model: JobViewModel | None = None
        self._follower: JobFollower | None = None
        self._is_following = False
        self._problem: Problem | None = None
        """Why nothing is told of the job any more."""
        self._cloudwatch = CloudWatchReader(self, self._draw_soon)
        self._said_trouble = False
        self.was_over = False
        """Whether the job had ended before it was shown."""
        self._log = JobLog(self.key)
        self._draw_timer: Timer | None = None
        self._again: Timer | None = None

    # What a subclass says

    def begun(self, known: TrainingJob | None) -> None:
        """Another job is shown from now on; `known` is what the list knows of it."""
        raise NotImplementedError

    def has_ended(self, job: TrainingJob) -> None:
        """Show that the job has ended and its log was read."""
        raise NotImplementedError

    def draw_parts(self) -> None:
        """Draw what is known of the job."""
        raise NotImplementedError

    # Beginning and leaving

    def begin(self, name: str) -> None:
        """Follow another job."""
        self.leave_job()
        self._view_model = JobViewModel(name)
        self._follower = self.session.services.followers.watch(name)
        self._problem = None
        self._cloudwatch.begin()
        known = self.session.job_list.state.get(name)
        self._view_model.job = known
        self.was_over = known is not None and known.status.is_final
        self._log.clear()
        self.begun(known)
        self.say("")

    def leave_job(self) -> None:
        """Follow nothing."""
        self.put_aside()
        self.cancel("follow", *FLOWS)
        self._follower, self._is_following = None, False

    def put_aside(self) -> None:
        """Ask nothing while nobody looks."""
        if self._follower is not None:
            self._follower.pause()
        if self._again is not None:
            self._again.stop()
            self._again = None

    def follow(self) -> None:
        """Follow on, unless it is followed already, or over."""
        watch, view_model = self._follower, self._view_model
        if watch is None or view_model is None or view_model.ended or self.is_gone:
            return
        watch.resume()
        if self._is_following:
            return
        self._is_following = True
        view_model.fall_behind()
        self._read_events(watch)

    @property
    def is_gone(self) -> bool:
        """Whether there is no such job."""
        return self._problem is not None and self._problem.code == "NoSuchJob"

    # Events

    @flow("follow")
    async def _read_events(self, follower: JobFollower) -> None:
        def read(reporter: Reporter[Event]) -> None:
            for event in follower.events():
                reporter.tell(event)

        try:
            await self.call_with_progress(read, self._told)
        except Problem as problem:
            self._lost(problem)
        else:
            self._is_following = False
            if self.jsft.work_screen is self:  # paused because of another screen, and the person is back already
                self.follow()

    def _lost(self, problem: Problem) -> None:
        self._is_following, self._problem = False, problem
        if self.is_gone:
            self.say_problem(problem)
        else:
            self._log.set_note("not read on")
            self.say(f"Not current, trying again in {AGAIN:g} s: {problem}", Status.FAILED)
            self._said_trouble = True
            if self.jsft.work_screen is self:
                self._again = one_shot(self, AGAIN, self.follow)
        self.draw_parts()

    def _told(self, event: Event) -> None:
        view_model = self._view_model
        if view_model is None:
            return
        if isinstance(event, Logged):
            self._log.append(event.lines)
        view_model.take(event)
        if view_model.progress is not None:
            self.session.job_progress[view_model.name] = view_model.progress
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
            self._learn(event, view_model)
        if isinstance(event, Ended):
            self.has_ended(event.job)
        self._draw_soon()

    def _learn(self, event: Described | Ended, view_model: JobViewModel) -> None:
        """Tell the list what is known now."""
        job_list = self.session.job_list
        job_list.learn(event.job)
        is_whole = isinstance(event, Ended) and view_model.log_denied is None
        if is_whole or is_running(event.job):  # else what it wrote last is not read yet, or may not be
            job_list.learn_curve(event.job, {name: view_model.points(name) for name in view_model.metrics})
        self.jobs_changed()
        self.jsft.look_at_jobs()
        if event.job.secondary_status == "Training" and not self._cloudwatch.has_asked:
            self.ask_cloudwatch()

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
        self.ask_cloudwatch()

    def ask_cloudwatch(self) -> None:
        """Read from CloudWatch, while the job is shown."""
        view_model = self._view_model
        if view_model is None or view_model.job is None or self.jsft.work_screen is not self or self._loaded is None:
            return
        self._cloudwatch.ask(view_model, view_model.job)

    def _draw_soon(self) -> None:
        if self._draw_timer is None:
            self._draw_timer = one_shot(self, DRAW_AFTER, self._draw_now)

    def _draw_now(self) -> None:
        self._draw_timer = None
        self.draw_parts()

    # Which job

    @property
    def _job(self) -> TrainingJob | None:
        return self._view_model.job if self._view_model is not None else None

    @property
    def _job_name(self) -> str | None:
        return self._view_model.name if self._view_model is not None else None

    def _seconds_left(self, job: TrainingJob) -> float | None:
        view_model = self._view_model
        return view_model.eta_seconds(self.session.now()) if view_model is not None and job is self._job else None
