"""Follow a search with at most six calls a minute, however many trials it has.

A turn is one description and the page of the newest trials; trials that have ended do not change, so further pages are
read only while an older trial still runs or is not known.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator
from dataclasses import dataclass

from jsft_tui.aws.jobs.tuning import TuningJobs
from jsft_tui.core.common.errors import SIGNED_OUT, Problem
from jsft_tui.core.tuning.results.progress import Search
from jsft_tui.core.tuning.results.trials import Trial
from jsft_tui.core.tuning.results.tuning_job import TuningJob
from jsft_tui.services.background.polling import Clock
from jsft_tui.services.jobs.follow import Trouble
from jsft_tui.services.tuning.budget import CALLS, SECONDS, CallBudget

PAUSE = SECONDS / (CALLS / 2)
"""Seconds between two turns of two calls each."""
LIVELY_TRIALS = 20
"""The most trials of a search that is asked about every second where the service runs on this machine."""
PATIENCE = 120.0
"""The longest pause after transient errors."""


@dataclass(frozen=True)
class SearchPace:
    """How often a search is asked about.

    Attributes:
        calls: at most in a minute.
        pause: seconds between two turns of two calls each.
        lively_pause: the same for a search of few trials where calls cost nothing; None elsewhere.
    """

    calls: int = CALLS
    pause: float = PAUSE
    lively_pause: float | None = None


BESIDE_A_LIST = SearchPace(calls=CALLS - 1, pause=30.0)
"""The pace while another list is asked for as well: its one call a minute is left to it."""
LOCAL_BESIDE_A_LIST = SearchPace(calls=CALLS - 1, pause=30.0, lively_pause=1.0)


@dataclass(frozen=True)
class Seen:
    """A new state of the search."""

    search: Search


@dataclass(frozen=True)
class Finished:
    """The search has ended, and all its trials are known."""

    search: Search


Event = Seen | Finished | Trouble


class SearchFollower:
    """Follow one search. One thread iterates `events`; another one may stop it."""

    def __init__(
        self, jobs: TuningJobs, name: str, clock: Clock | None = None, pace: SearchPace = SearchPace()
    ) -> None:
        self.name = name
        self._jobs = jobs
        self._clock = clock or Clock()
        self._pace = pace
        self._stopped = threading.Event()
        self._budget = CallBudget(self._clock, self._stopped, pace.calls)
        self._job: TuningJob | None = None
        self._trials: dict[str, Trial] = {}
        self._pause = pace.pause
        self._since: float | None = None
        self._last_seen: float | None = None

    def know(self, search: Search) -> None:
        """Begin with what was read elsewhere: its tags and its trials that have ended are not read again."""
        self._job = search.job
        self._trials = {trial.name: trial for trial in search.trials}

    def stop(self) -> None:
        """End the iteration without any further call."""
        self._stopped.set()

    def resume(self) -> None:
        """Let the next iteration run; it goes on with what is known, and within the same calls a minute."""
        self._stopped.clear()

    def events(self, sign_in_within: float = math.inf) -> Iterator[Event]:
        """Ask until the search has ended or `stop` is called; transient errors do not end it.

        Args:
            sign_in_within: seconds that the user has to sign in again after the credentials expired.

        Raises:
            Problem: there is no such search, it may not be described any more, or nobody signed in again in time.
        """
        while not self._stopped.is_set():
            try:
                for search in self._turn():
                    yield Seen(search)
                if self._job is None:
                    return
                search = self._search()
                self._pause, self._since = self._usual_pause(search), None
                if search.job.status.is_final and search.is_complete:
                    yield Finished(search)
                    return
            except Problem as problem:
                yield self._trouble(problem, sign_in_within)
            self._clock.wait(self._stopped, self._pause)

    def _usual_pause(self, search: Search) -> float:
        return self._pace.pause if not self._is_lively(search.job) else self._pace.lively_pause or self._pace.pause

    def _is_lively(self, job: TuningJob | None) -> bool:
        """Return whether calls cost nothing and are few."""
        is_small = job is not None and job.max_jobs is not None and job.max_jobs <= LIVELY_TRIALS
        return self._pace.lively_pause is not None and is_small

    def _take(self) -> bool:
        """Wait until a call may begin; return False when the iteration is to end without it."""
        return not self._stopped.is_set() if self._is_lively(self._job) else self._budget.take()

    def _turn(self) -> Iterator[Search]:
        """Describe the search and read the trials that may have changed; yield what is known after each page."""
        if not self._take() or (self._job is None and not self._take()):  # its tags are read the first time
            return
        job = self._jobs.describe(self.name, self._job.tags if self._job else None)
        self._job, self._last_seen = job, self._clock.now()
        token: str | None = None
        while self._take():
            running = {name for name, trial in self._trials.items() if not trial.has_ended}
            page = self._jobs.trials(self.name, token)
            self._trials |= {trial.name: trial for trial in page.trials}
            token = page.token
            seen = {trial.name for trial in page.trials}
            is_known = len(self._trials) >= job.counts.launched - job.counts.retried and running <= seen
            yield self._search()
            if token is None or is_known:
                return

    def _search(self) -> Search:
        assert self._job is not None
        trials = sorted(self._trials.values(), key=lambda trial: (trial.created, trial.name))
        counts = self._job.counts
        is_complete = len(trials) >= counts.launched - counts.retried and (
            not self._job.status.is_final or all(trial.has_ended for trial in trials)
        )
        return Search(self._job, tuple(trials), is_complete)

    def _trouble(self, problem: Problem, sign_in_within: float) -> Trouble:
        """Return the event of a failed turn, and choose the pause before the next one.

        Raises:
            Problem: the error is permanent.
        """
        now = self._clock.now()
        since = self._since = now if self._since is None else self._since
        if problem.retryable:
            self._pause = min(self._pause * 2, PATIENCE)
        elif problem.code not in SIGNED_OUT or now - since >= sign_in_within:
            raise problem
        return Trouble(problem, self._pause, since, self._last_seen)
