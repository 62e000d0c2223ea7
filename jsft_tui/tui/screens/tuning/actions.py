"""Actions on a search and its trials: into a run, search on, stop, download the best, compare."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jsft_tui.core.common.status import Status
from jsft_tui.core.jobs.compare.comparison import MAX_JOBS, MIN_JOBS
from jsft_tui.core.jobs.phases.timeline import rough_duration
from jsft_tui.tui.base.flow import flow
from jsft_tui.tui.dialogs.choice import Choice, ChoiceDialog
from jsft_tui.tui.dialogs.run.take_run import TakenRun, take_into_draft
from jsft_tui.tui.keymap.action import keys_of
from jsft_tui.tui.keymap.actions import BY_SCREEN
from jsft_tui.tui.screens.jobs.actions import JobActions
from jsft_tui.tui.screens.jobs.searches.facts import is_stoppable
from jsft_tui.tui.screens.jobs.searches.stop import stop_search
from jsft_tui.tui.screens.jobs.selection import JobMarks
from jsft_tui.tui.screens.jobs.stop import StopDialog
from jsft_tui.tui.screens.tuning.following import SearchFollowing
from jsft_tui.tui.widgets.text.text_pane import line

if TYPE_CHECKING:
    from jsft_tui.core.jobs.training_job import TrainingJob
    from jsft_tui.core.tuning.results.trials import Trial

WHOLE, TRIAL = "search", "trial"
BEST_COMPARED = 3
"""Trials that are compared without marks."""
NOT_READ = "The search is not read yet."


class SearchActions(SearchFollowing, JobActions):
    """A screen that shows a search; its keys are for it, or for the trial under the cursor."""

    def __init__(self) -> None:
        super().__init__()
        self._marks = JobMarks()

    @property
    def _trial(self) -> Trial | None:
        """The trial under the cursor."""
        raise NotImplementedError

    @property
    def _job(self) -> TrainingJob | None:
        """No job is described here: a trial is one when it is opened."""
        return None

    @property
    def _job_name(self) -> str | None:
        """The best trial, whose model is downloaded."""
        best = self._search.best if self._search is not None else None
        return best.name if best is not None else None

    def _seconds_left(self, job: TrainingJob) -> float | None:
        del job
        return None

    def offers(self, action_id: str) -> bool:
        """Return whether an action makes sense for the search as it is."""
        search = self._search
        if action_id == "stop_search":
            return search is None or not search.job.status.is_final
        if action_id in ("clone_best_trial", "download_best"):
            return self._job_name is not None
        if action_id == "search_on":
            return search is not None and search.job.status.is_final
        return super().offers(action_id)

    # Into a run

    def action_clone_trial(self) -> None:
        """Take the values of the trial under the cursor into a run."""
        if (trial := self._trial) is not None:
            self._clone_trial(trial)

    def action_clone_best(self) -> None:
        """Take the values of the best trial into a run."""
        best = self._search.best if self._search is not None else None
        if best is None:
            self.say("No trial has ended with a value yet.", Status.WARNING)
        else:
            self._clone_trial(best)

    @flow("clone")
    async def _clone_trial(self, trial: Trial) -> None:
        services, name = self.session.services, trial.name
        self.say(f"Reading {name} …")
        cloned = await self.call(lambda: services.reruns.clone(name))
        await take_into_draft(self, TakenRun(cloned.run, name, caution=cloned.note))

    def action_search_on(self) -> None:
        """Make a search that learns from the trials of this one."""
        self._clone_search(is_warm=True)

    def action_clone_search(self) -> None:
        """Make the same search a new run."""
        self._clone_search(is_warm=False)

    @flow("clone")
    async def _clone_search(self, *, is_warm: bool) -> None:
        if (search := self._search) is None:
            self.say(NOT_READ)
            return
        services, job = self.session.services, search.job
        if is_warm and not job.status.is_final:
            self.say(f"{job.name} has not ended: another search can learn from it when it has.", Status.WARNING)
            return
        self.say(f"Reading {job.name} …")
        cloned = await self.call(lambda: services.searches.cloned(job, services.catalog, is_warm=is_warm))
        note = f"It learns from {job.name}." if is_warm else ""
        await take_into_draft(self, TakenRun(cloned.run, job.name, note=note, caution=cloned.note))

    # Stop

    @flow("stop")
    async def action_stop(self) -> None:
        """Stop the search, or only the trial under the cursor, after asking."""
        if (search := self._search) is None:
            self.say(NOT_READ)
            return
        session, job = self.session, search.job
        if (refused := session.services.searches.not_stopped(job)) is not None:
            self.say(str(refused), Status.WARNING)
            return
        trial = self._trial
        if trial is not None and is_stoppable(trial):
            choices = [
                Choice(WHOLE, f"The whole search {job.name}", f"{job.counts.running} running"),
                Choice(TRIAL, f"Only trial {trial.short_name}", "the search goes on"),
            ]
            what = await self.open_dialog(ChoiceDialog("Stop what?", choices))
            if what is None:
                return
            if what == TRIAL:
                await self._stop_trial(trial)
                return
        await stop_search(self, search, self._stop_keys)

    async def _stop_trial(self, trial: Trial) -> None:
        session = self.session
        ran = rough_duration(trial.seconds(session.now()))
        lines = [line(f"It has run {ran}. Its value so far counts as its result."), line("The search goes on.")]
        note = f"{self.key('open_trial')} opens it as a job."
        if await self.open_dialog(StopDialog(f"Stop {trial.short_name}?", lines, note, self._stop_keys)):
            self.say(f"Stopping {trial.short_name} …")
            await self.call(lambda: session.services.jobs.stop(trial.name))
            self.say(f"Stopping {trial.name}.", Status.STOPPED)
            self.jsft.poll_jobs()

    @property
    def _stop_keys(self) -> tuple[str, ...]:
        action = next(action for action in BY_SCREEN[self.WHERE] if action.id == "stop_search")
        return keys_of(action, self.jsft.keymap)

    # Compare

    def action_mark(self) -> None:
        """Mark the trial under the cursor for comparing, or take its mark away."""
        if (trial := self._trial) is None:
            return
        marks = self._marks.toggled(trial.name)
        if marks is None:
            self.say(f"{MAX_JOBS} trials are marked; more cannot be compared.")
            return
        self._marks = marks
        self.draw_search()
        self._table.action_cursor_by(1)

    def action_compare(self) -> None:
        """Show the marked trials side by side; without marks the best ones."""
        names = self._marks.names
        if not names and self._search is not None:
            names = tuple(trial.name for trial in self._search.ranked if trial.objective is not None)[:BEST_COMPARED]
        if len(names) < MIN_JOBS:
            self.say(f"Mark {MIN_JOBS} to {MAX_JOBS} trials with {self.key('mark_trial')} to compare them.")
        else:
            self.jsft.compare_jobs(names)
