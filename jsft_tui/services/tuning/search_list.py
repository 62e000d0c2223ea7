"""Keep the searches of the list of jobs up to date: one call at a time, so that they fit into its budget."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial

from jsft_tui.aws.jobs.tuning import TuningJobs
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.jobs.training_job import JobSummary, TrainingJob
from jsft_tui.core.tuning.results.listed import ListedSearch, described_row, search_of_trial
from jsft_tui.core.tuning.results.progress import Search
from jsft_tui.core.tuning.results.trials import Trial
from jsft_tui.core.tuning.results.tuning_job import TuningJob, TuningSummary


class SearchList:
    """The newest searches of a target with the newest of their trials. Calls are made by one thread at a time.

    Whoever may not list searches sees none: the list of jobs goes on without them.
    """

    def __init__(self, tuning: TuningJobs) -> None:
        self._tuning = tuning
        self._lock = threading.RLock()
        self._rows: dict[str, TuningSummary] = {}
        self._known: dict[str, Search] = {}
        self._refused: set[str] = set()
        self._is_denied = False
        self._is_first = True
        self._asked_at = float("-inf")
        self._due: deque[tuple[str, Callable[[], None]]] = deque()
        """Calls of the round under way, each with the search that it is about; the list is about none."""

    @property
    def searches(self) -> Mapping[str, ListedSearch]:
        """The searches by name, the newest first."""
        with self._lock:
            rows = sorted(self._rows.values(), key=lambda row: (row.created, row.name), reverse=True)
            return {row.name: ListedSearch(row, self._known.get(row.name)) for row in rows}

    def search_of(self, trial: str) -> str | None:
        """Return the search that a training job is a trial of; None if it is of none that is known."""
        with self._lock:
            return search_of_trial(trial, dict.fromkeys(self._rows))

    def trial(self, row: JobSummary) -> TrainingJob:
        """Return a trial from its row."""
        with self._lock:
            known = self._known.get(self.search_of(row.name) or "")
            return described_row(row, known.job if known is not None else None)

    # Calls

    def refresh(self, visible: Iterable[str], now: float, pause: float) -> None:
        """Read what is on screen and was never read; then one call more, if `pause` seconds have passed.

        Args:
            visible: the names on screen.
            now: of a monotonic clock.
            pause: seconds between two calls of those that keep the list current.
        """
        if self._is_denied:
            return
        if self._is_first:
            self._is_first, self._asked_at = False, now
            self._ask(self._list)
        self.read_new(visible)
        if now - self._asked_at >= pause and not self._is_denied:
            self._asked_at = now
            if not self._due:
                self._due.extend(self._round())
            name, call = self._due.popleft()
            self._ask(call, name)

    def read_new(self, visible: Iterable[str]) -> None:
        """Read the searches on screen that were never read."""
        for name in visible:
            if self.is_new(name):
                self._ask(partial(self._read, name), name)

    def is_new(self, name: str) -> bool:
        """Return whether a search was never read, and may be."""
        return name in self._rows and name not in self._known and name not in self._refused

    def forget(self) -> None:
        """List and read all again the next time; denied calls are tried again."""
        with self._lock:
            self._rows.clear()
            self._known.clear()
            self._refused.clear()
            self._due.clear()
            self._is_denied, self._is_first = False, True

    def learn(self, search: Search) -> None:
        """Keep a search that was read elsewhere."""
        job = search.job
        with self._lock:
            self._known[job.name] = search
            self._rows[job.name] = TuningSummary(
                job.name, job.arn, job.status, job.strategy, job.created, job.ended, job.counts, job.max_jobs
            )

    def _ask(self, call: Callable[[], None], name: str = "") -> None:
        try:
            call()
        except Problem as problem:
            if not problem.retryable:
                if name:
                    self._refused.add(name)
                else:
                    self._is_denied = True

    def _round(self) -> Iterable[tuple[str, Callable[[], None]]]:
        """Return the calls of a round: the list, then what may have changed of each search that may be read."""
        yield "", self._list
        for name, known in list(self._known.items()):
            if name in self._rows and name not in self._refused and not known.job.status.is_final:
                yield name, partial(self._describe, name)
                yield name, partial(self._read_trials, name)

    def _list(self) -> None:
        page = self._tuning.page()
        with self._lock:
            known = {row.name: row for row in page.jobs}
            if page.token is None:  # all of them: one that is missing was deleted
                self._known = {name: found for name, found in self._known.items() if name in known}
                self._rows = known
            else:
                self._rows |= known

    def _read(self, name: str) -> None:
        job = self._tuning.describe(name)
        trials = self._tuning.trials(name)
        with self._lock:
            self._known[name] = _with_page(Search(job), trials.trials)

    def _describe(self, name: str) -> None:
        known = self._known.get(name)
        if known is None:
            return  # deleted since the round began
        job = self._tuning.describe(name, known.job.tags)
        with self._lock:
            self._known[name] = replace(known, job=job)
            self._note(job)

    def _read_trials(self, name: str) -> None:
        known = self._known.get(name)
        if known is None:
            return  # deleted since the round began
        page = self._tuning.trials(name)
        with self._lock:
            self._known[name] = _with_page(known, page.trials)

    def _note(self, job: TuningJob) -> None:
        row = self._rows.get(job.name)
        if row is not None:
            self._rows[job.name] = replace(row, status=job.status, ended=job.ended, counts=job.counts)


def _with_page(search: Search, page: Iterable[Trial]) -> Search:
    """Return a search with the trials of a page: those that are new, and those that have changed."""
    trials = {trial.name: trial for trial in (*search.trials, *page)}
    found = tuple(sorted(trials.values(), key=lambda trial: (trial.created, trial.name)))
    counts = search.job.counts
    return Search(search.job, found, len(found) >= counts.launched - counts.retried)
