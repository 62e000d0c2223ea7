"""Send a request exactly once: the journal first, one attempt at a time, and a look at the job after a lost answer."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from jsft_tui.aws.jobs.launching import Attempt, Launching, Outcome
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.request.created import kind_of, name_of
from jsft_tui.services.launch.journal import Event, Journal
from jsft_tui.services.launch.launched import Launched, StillUnknown, Verdict, reason, same_job, unknown
from jsft_tui.services.launch.settling import ASK_AGAIN, Settling

SEND_AGAIN = (0.5, 1.0, 2.0, 4.0)
"""Seconds before an attempt is repeated. The name makes sure that the service makes one job of all attempts."""


class Sending:
    """Creates the jobs of one target."""

    def __init__(self, launching: Launching, journal: Journal, settling: Settling) -> None:
        self._launching = launching
        self._journal = journal
        self._settling = settling

    def send(self, request: Mapping[str, Any], max_cost_usd: float | None = None) -> Launched:
        """Launch a request exactly once. Calling this again with the same request is safe.

        Args:
            request: of CreateTrainingJob, or of CreateHyperParameterTuningJob.
            max_cost_usd: the cost cap, which the service does not know, for the journal.

        Raises:
            Problem: it is certain that nothing was launched, or it is not known (code `LaunchUnknown`).
        """
        with self._settling.alone(request):
            try:
                return self._send(request, max_cost_usd)
            except KeyboardInterrupt as interrupt:
                raise unknown(name_of(request), "it was interrupted", kind_of(request)) from interrupt

    def _send(self, request: Mapping[str, Any], max_cost_usd: float | None) -> Launched:
        for pause in (0.0, *SEND_AGAIN):
            time.sleep(pause)
            attempt = self._attempt(request, max_cost_usd)
            if attempt.outcome is Outcome.CREATED:
                return self._launched(request, attempt.arn)
            refused = _problem_of(attempt)
            if attempt.outcome is Outcome.UNKNOWN:
                return self._after_doubt(request, refused, max_cost_usd)
            if refused.code == "ResourceInUse":
                return self._taken(request, refused)
            if not refused.retryable:
                break
        self._note_refused(request)
        raise refused

    def _after_doubt(self, request: Mapping[str, Any], doubt: Problem, max_cost_usd: float | None) -> Launched:
        """Find out what became of an attempt that was not answered; send it again where there is no job yet."""
        for pause in SEND_AGAIN:
            verdict = self._look(request, ())
            if not isinstance(verdict, StillUnknown):
                return self._decided(request, verdict, doubt)
            time.sleep(pause)
            attempt = self._attempt(request, max_cost_usd)
            if attempt.outcome is Outcome.CREATED:
                return self._launched(request, attempt.arn)
            if attempt.outcome is Outcome.REFUSED and not _problem_of(attempt).retryable:
                break  # a refusal now says nothing about the attempt before
        return self._decided(request, self._look(request, ASK_AGAIN), doubt)

    def _attempt(self, request: Mapping[str, Any], max_cost_usd: float | None) -> Attempt:
        self._journal.note(Event.LAUNCHING, request, max_cost_usd=max_cost_usd)
        return self._launching.attempt(request)

    def _look(self, request: Mapping[str, Any], pauses: tuple[float, ...]) -> Verdict:
        try:
            entry = self._journal.note(Event.UNKNOWN, request)
        except Problem:  # the disk is full by now; the line before the attempt says enough
            entry = self._journal.entry_of(Event.UNKNOWN, request)
        return self._settling.decide(entry, pauses)

    def _decided(self, request: Mapping[str, Any], verdict: Verdict, doubt: Problem) -> Launched:
        """Return the job that a lost answer was about.

        Raises:
            Problem: nothing was launched, or it is not known.
        """
        why = reason(doubt, verdict.name)
        if isinstance(verdict, Launched):
            return Launched(verdict.name, verdict.arn, status=verdict.status)
        if isinstance(verdict, StillUnknown):
            raise unknown(verdict.name, f"{why.rstrip('.')}; {verdict.why}", kind_of(request)) from doubt
        if verdict.problem is not None:
            raise verdict.problem from doubt
        message = f"{verdict.name} was not launched: {why}"
        remedy = "Launch it again; the name makes sure that it is launched once."
        raise Problem(doubt.code, message, remedy, retryable=True) from doubt

    def _taken(self, request: Mapping[str, Any], problem: Problem) -> Launched:
        """Return the job that has the name already, if it is this run's; it may not be allowed to look."""
        try:
            job = self._launching.look(name_of(request), kind_of(request))
            if job is None:
                raise problem
            launched = same_job(job, request)
        except Problem as refused:
            self._note_refused(request)
            raise (problem if refused.code == "AccessDenied" else refused) from problem
        self._note_launched(request, launched.arn)
        return launched

    def _launched(self, request: Mapping[str, Any], arn: str) -> Launched:
        self._note_launched(request, arn)
        return Launched(name_of(request), arn)

    def _note_launched(self, request: Mapping[str, Any], arn: str) -> None:
        with suppress(Problem):  # the job runs; the line before the attempt is settled at the next start
            self._journal.note(Event.LAUNCHED, request, arn)

    def _note_refused(self, request: Mapping[str, Any]) -> None:
        with suppress(Problem):  # the same
            self._journal.note(Event.REFUSED, request)


def _problem_of(attempt: Attempt) -> Problem:
    assert attempt.problem is not None, "an attempt that created nothing says why"
    return attempt.problem
