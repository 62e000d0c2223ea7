"""The searches of one target with their trials."""

from __future__ import annotations

from dataclasses import dataclass

from jsft_tui.aws.account import Account
from jsft_tui.core.account.read_only import writing_refused
from jsft_tui.core.common.errors import Problem, ProblemKind, usage
from jsft_tui.core.common.remedy import Remedy, RemedyCommand
from jsft_tui.core.jobs.training_job import TrainingJob
from jsft_tui.core.request.rerun.clone import ClonedRun
from jsft_tui.core.run.name import name_within
from jsft_tui.core.tuning.results.progress import Search
from jsft_tui.core.tuning.results.trials import Trial
from jsft_tui.core.tuning.results.tuning_job import TuningJob, TuningStatus, TuningSummary
from jsft_tui.services.catalog import Catalog
from jsft_tui.services.tuning.clone import clone_search, go_on_from
from jsft_tui.services.tuning.follow import BESIDE_A_LIST, LOCAL_BESIDE_A_LIST, SearchFollower


@dataclass(frozen=True)
class Found:
    """What has a name: a training job, or else a search."""

    job: TrainingJob | None = None
    search: TuningJob | None = None


class Searches:
    """The searches of one target."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def get(self, name: str) -> TuningJob:
        """Return a search without its trials.

        Raises:
            Problem: there is none of that name (code `NoSuchTuningJob`).
        """
        return self._account.tuning.describe(name)

    def whole(self, name: str) -> Search:
        """Return a search with all its trials.

        Raises:
            Problem: there is none of that name (code `NoSuchTuningJob`).
        """
        return self.with_trials(self.get(name))

    def with_trials(self, job: TuningJob) -> Search:
        """Return a search with all its trials, a call for each hundred."""
        trials: list[Trial] = []
        token = None
        while True:
            page = self._account.tuning.trials(job.name, token)
            trials += page.trials
            token = page.token
            if token is None:
                return Search(job, tuple(trials))

    def newest(self, status: TuningStatus | None, limit: int) -> list[TuningSummary]:
        """Return the newest searches."""
        rows: list[TuningSummary] = []
        token = None
        while True:
            page = self._account.tuning.page(status, token)
            rows += page.jobs
            token = page.token
            if token is None or len(rows) >= limit:
                return rows[:limit]

    def follow(self, name: str) -> SearchFollower:
        """Return a follower of a search, with at most six calls a minute."""
        return SearchFollower(self._account.tuning, name)

    def watch(self, name: str) -> SearchFollower:
        """Return a follower of a search for a screen beside which the list of jobs is asked for as well."""
        is_local = self._account.target.endpoint is not None
        return SearchFollower(self._account.tuning, name, pace=LOCAL_BESIDE_A_LIST if is_local else BESIDE_A_LIST)

    def find(self, name: str) -> Found:
        """Return the training job of a name, or the search if there is no such job.

        Raises:
            Problem: there is neither (code `NoSuchJob`).
        """
        job = self._account.training.find(name)
        if job is not None:
            return Found(job=job)
        search = self._account.tuning.find(name)
        if search is None:
            region = self._account.target.region
            message = f"there is no training job and no search {name!r} in {region}."
            within = name_within(name)
            remedy = f"Write its name: {within}" if within else Remedy("List the jobs", RemedyCommand.JOBS)
            raise Problem("NoSuchJob", message, remedy)
        return Found(search=search)

    def best_of(self, job: TuningJob) -> Trial:
        """Return the best trial of a search so far.

        Raises:
            Problem: it has none yet (code `NoTrial`).
        """
        if job.best is None:
            why = "no trial has ended with a value yet" if not job.status.is_final else "no trial ended with a value"
            remedy = Remedy("See its trials", RemedyCommand.SHELL, f"jsft tuning {job.name}")
            raise Problem("NoTrial", f"{job.name} has no best trial: {why}.", remedy, kind=ProblemKind.JOB)
        return job.best

    def cloned(self, job: TuningJob, catalog: Catalog, *, is_warm: bool = False) -> ClonedRun:
        """Return a search as a run under a new name; a warm one learns from its trials.

        Raises:
            Problem: it is not of a JumpStart model, or no run can be like it.
        """
        clone = go_on_from if is_warm else clone_search
        return clone(job, catalog, self._account.content.buckets)

    def not_stopped(self, job: TuningJob) -> Problem | None:
        """Return why a search cannot be stopped; None if it can."""
        if job.status.is_final:
            return usage("AlreadyEnded", f"{job.name} has already ended ({job.status.value}).")
        return writing_refused(self._account.target, f"{job.name} is not stopped")

    def stop(self, name: str) -> None:
        """Stop a search and its running trials; one trial is stopped as any training job."""
        self._account.tuning.stop(name)
