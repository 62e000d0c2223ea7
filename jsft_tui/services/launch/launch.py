"""Launching once: the name is fixed, the journal is written first, and a doubtful answer is cleared by asking."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from jsft_tui.aws.training import TrainingJobs
from jsft_tui.core.common.errors import Problem, blocked
from jsft_tui.core.common.fixes import Fix, FixKind
from jsft_tui.core.common.remedy import Remedy, RemedyCommand
from jsft_tui.core.jobs.training_job import JobStatus, TrainingJob
from jsft_tui.core.preflight.base.check import Finding, Plan
from jsft_tui.core.request.same import matches_request
from jsft_tui.core.run.confirmation import Confirmation, confirmation
from jsft_tui.core.sizing.pricing import max_cost
from jsft_tui.services.launch.journal import Journal, JournalEntry, digest_of
from jsft_tui.services.preflight.prices import Prices
from jsft_tui.services.preflight.run import Preflight, checked_request, refuse_blocked

ASK_AGAIN = (0.5, 1.0, 2.0, 4.0, 8.0)
"""Seconds between the questions after a lost answer."""


@dataclass(frozen=True)
class Launched:
    """A job that runs, or ran: its name, ARN and status, and whether it was there before."""

    name: str
    arn: str
    existed: bool = False
    status: str = JobStatus.IN_PROGRESS.value


class Launcher:
    """Launches jobs for one target."""

    def __init__(self, jobs: TrainingJobs, journal: Journal, target: str) -> None:
        self._jobs = jobs
        self._journal = journal
        self._target = target

    def existing(self, request: Mapping[str, Any]) -> Launched | None:
        """The job of this very request, when it was launched before; None when the name is free.

        Raises:
            Problem: another job has the name (code `NameTaken`).
        """
        job = self._jobs.find(str(request["TrainingJobName"]))
        return None if job is None else _same(job, request)

    def launch(self, request: Mapping[str, Any], max_cost_usd: float | None = None) -> Launched:
        """Launch a request exactly once.

        After a time-out or a dropped connection the service is asked whether the job exists; it is never
        launched under another name. Calling this again with the same request is safe.

        Args:
            request: of CreateTrainingJob.
            max_cost_usd: what the run may cost, to be remembered: the service knows of no such thing.

        Raises:
            Problem: the service refused, or could not be reached.
        """
        name = str(request["TrainingJobName"])
        self._note("launching", request, max_cost_usd=max_cost_usd)
        try:
            launched = Launched(name, self._jobs.create(request))
        except Problem as problem:
            launched = self._after(problem, request)
        with suppress(Problem):  # the job runs; only the first line guards against launching twice
            self._note("launched", request, launched.arn)
        return launched

    def unsettled(self) -> list[str]:
        """Jobs of this target of which the journal does not say what became of their launch, oldest first."""
        entries = [entry for entry in self._journal.entries() if entry.target == self._target]
        last = {entry.name: entry.event for entry in entries}
        return [name for name, event in last.items() if event == "launching"]

    def caps(self) -> dict[str, float]:
        """What the runs that were launched at this target from here may cost: job -> USD, where there is a cap."""
        entries = [entry for entry in self._journal.entries() if entry.target == self._target]
        last = {entry.name: entry.max_cost_usd for entry in entries if entry.event == "launching"}
        return {name: cap for name, cap in last.items() if cap is not None}

    def existing_if_told(self, request: Mapping[str, Any]) -> Launched | None:
        """Like `existing`, and None where this may not be asked: the service itself refuses a name that is taken.

        Raises:
            Problem: another job has the name (code `NameTaken`), or the service cannot be reached.
        """
        try:
            return self.existing(request)
        except Problem as problem:
            if problem.code != "AccessDenied":
                raise
            return None

    def _after(self, problem: Problem, request: Mapping[str, Any]) -> Launched:
        if problem.code == "ResourceInUse":  # our own call may have got through before its answer was lost
            found = self.existing_if_told(request)
            if found is None:
                raise problem
            return found
        if not problem.retryable or problem.code == "Throttled":
            raise problem
        found = self._ask_whether_it_exists(request)
        if found is None:
            message = f"{request['TrainingJobName']} was not launched: {problem.message}"
            remedy = "Launch it again; the name makes sure that it is launched once."
            raise Problem(problem.code, message, remedy, retryable=True) from problem
        return found

    def _ask_whether_it_exists(self, request: Mapping[str, Any]) -> Launched | None:
        """The job as the service knows it; None when the service clearly has none."""
        last: Problem | None = None
        for pause in ASK_AGAIN:
            time.sleep(pause)
            try:
                return self.existing(request)
            except Problem as problem:
                if not problem.retryable:
                    raise
                last = problem
        name = request["TrainingJobName"]
        message = f"it is not known whether {name} was launched: the service does not answer."
        remedy = Remedy("Look for it when the network is back", RemedyCommand.JOB, name)
        raise Problem("LaunchUnknown", message, remedy, retryable=True) from last

    def _note(self, event: str, request: Mapping[str, Any], arn: str = "", max_cost_usd: float | None = None) -> None:
        name = str(request["TrainingJobName"])
        entry = JournalEntry(time.time(), event, name, self._target, digest_of(request), arn, max_cost_usd)
        self._journal.append(entry)


@dataclass(frozen=True)
class Cleared:
    """A run that nothing blocks.

    Attributes:
        plan: what was cleared.
        request: the exact CreateTrainingJob request.
        bound: USD that it can cost at most; None: unknown.
        confirmation: what the person has to answer before it is launched.
    """

    plan: Plan
    request: Mapping[str, Any]
    bound: float | None
    confirmation: Confirmation


class LaunchGuard:
    """The way to a launch, the same for every face: an earlier launch is found, checks are made, then it is asked."""

    def __init__(
        self,
        launcher: Launcher,
        preflight: Preflight,
        prices: Prices,
        confirm_above: float,
        refused: Problem | None = None,
    ) -> None:
        """`confirm_above` are the USD above which the amount has to be typed; `refused` is why nothing is launched."""
        self.refused = refused
        """Why nothing is launched here, whatever it is; None when it may be."""
        self._launcher = launcher
        self._preflight = preflight
        self._prices = prices
        self._confirm_above = confirm_above

    def clear(self, plan: Plan, tell: Callable[[Finding], None]) -> Cleared | Launched:
        """Whether a run may be launched; or its job, when this very run was launched before.

        Args:
            plan: the run.
            tell: is told each finding of the preflight as it comes.

        Raises:
            Problem: the session is read-only (code `ReadOnly`), something blocks (`Preflight`), or another job has the
                name (`NameTaken`).
        """
        if self.refused is not None:
            raise self.refused
        request = checked_request(plan)
        existing = self._launcher.existing_if_told(request)
        if existing is not None:
            return existing
        findings = []
        for finding in self._preflight.run(plan):
            findings.append(finding)
            tell(finding)
        refuse_blocked(findings)
        bound = max_cost(plan.run.instance, self._prices.table())
        return Cleared(plan, request, bound, confirmation(bound, self._confirm_above))

    def launch(self, cleared: Cleared) -> Launched:
        """Launch a run that was cleared, and confirmed by the person, exactly once.

        Raises:
            Problem: the service refused, or could not be reached.
        """
        return self._launcher.launch(cleared.request, cleared.plan.run.max_cost_usd)


def _same(job: TrainingJob, request: Mapping[str, Any]) -> Launched:
    if matches_request(job.request, request):
        return Launched(job.name, job.arn, existed=True, status=job.status.value)
    message = f"a training job {job.name!r} exists already ({job.status.value}) and is not this run."
    raise blocked("NameTaken", message, "Choose another name.", (Fix(FixKind.NEW_NAME),))
