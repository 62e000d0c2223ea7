"""What is known of a launch: the job that runs, that there is none, or that it is not known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jsft_tui.core.common.errors import Problem, ProblemKind, blocked
from jsft_tui.core.common.fixes import Fix, FixKind
from jsft_tui.core.common.remedy import Remedy, RemedyCommand
from jsft_tui.core.jobs.training_job import JobStatus
from jsft_tui.core.request.created import CreatedJob, JobKind
from jsft_tui.core.request.same import matches_request
from jsft_tui.core.tuning.same import matches_tuning_request

UNKNOWN = "LaunchUnknown"
"""Code of the Problem of a launch of which it is not known whether it took place."""


@dataclass(frozen=True)
class Launched:
    """A job that runs, or ran: its name, ARN and status, and whether it was there before."""

    name: str
    arn: str
    existed: bool = False
    status: str = JobStatus.IN_PROGRESS.value


@dataclass(frozen=True)
class NotLaunched:
    """Nothing was launched under a name; `problem` if it is another job's."""

    name: str
    problem: Problem | None = None


@dataclass(frozen=True)
class StillUnknown:
    """It cannot be known yet.

    Attributes:
        name: of the job.
        why: ends the sentence "it is not known whether NAME was launched: ...".
        is_answered: whether the service could be asked.
    """

    name: str
    why: str
    is_answered: bool = False


Verdict = Launched | NotLaunched | StillUnknown


def sentence(verdict: Verdict) -> str:
    """Say what is known of an earlier launch whose answer was lost."""
    if isinstance(verdict, Launched):
        return f"{verdict.name}, whose launch was not answered, was launched ({verdict.status})."
    if isinstance(verdict, NotLaunched):
        return f"{verdict.name}, whose launch was not answered, was not launched."
    return f"It is not known whether {verdict.name} was launched: {verdict.why.rstrip('.')}. Do not launch it again."


def same_job(job: CreatedJob, request: Mapping[str, Any]) -> Launched:
    """Return a job that has a request's name as that request's job.

    Raises:
        Problem: it is another one (code `NameTaken`).
    """
    matches = matches_request if job.kind is JobKind.TRAINING else matches_tuning_request
    if matches(job.request, request):
        return Launched(job.name, job.arn, existed=True, status=job.status)
    message = f"a {job.kind.value} {job.name!r} exists already ({job.status}) and is not this run."
    raise blocked("NameTaken", message, "Choose another name.", (Fix(FixKind.NEW_NAME),))


def unknown(name: str, why: str, kind: JobKind = JobKind.TRAINING) -> Problem:
    """Return the Problem of a launch that it is not known of whether it took place."""
    message = f"it is not known whether {name} was launched: {why.rstrip('.')}."
    what = "Do not launch it under another name: jsft looks for it again at its next start. Look for it now"
    look = Remedy(what, RemedyCommand.JOB, name)
    if kind is JobKind.TUNING:
        look = Remedy(what, RemedyCommand.SHELL, f"jsft tuning {name}")
    return Problem(UNKNOWN, message, look, kind=ProblemKind.UNKNOWN, retryable=True)


def reason(problem: Problem, name: str) -> str:
    """Return why an attempt was not answered, without the claim that it has failed."""
    return problem.message.removeprefix(f"could not launch {name}: ")
