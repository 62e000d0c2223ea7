"""Settle launches whose answer was lost: only a look at the job decides, and none of that name only after a while."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Any

from jsft_tui.aws.jobs.launching import Launching
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.request.created import CreatedJob, JobKind, kind_of, name_of, without_members
from jsft_tui.services.launch.journal import SECRET, Event, Journal, JournalEntry, digest_of
from jsft_tui.services.launch.launched import Launched, NotLaunched, StillUnknown, Verdict, same_job, unknown

ASK_AGAIN = (0.5, 1.0, 2.0, 4.0, 8.0)
"""Seconds between the questions after a lost answer. A request may reach the service until they are over."""


class Settling:
    """Finds out what became of the launches of one target."""

    def __init__(self, launching: Launching, journal: Journal, account: Callable[[], str]) -> None:
        """`account` asks for the caller's account: a job of another one cannot be seen."""
        self._launching = launching
        self._journal = journal
        self._account = account

    def settle_all(self) -> list[Verdict]:
        """Look once for every job whose launch has no known result, and return what is known of each now.

        Raises:
            Problem: the journal cannot be read, or the target's endpoint is not known.
        """
        verdicts: list[Verdict] = []
        for entry in self._journal.unsettled():
            verdicts.append(self._if_idle(entry, ()))
            if isinstance(verdicts[-1], StillUnknown) and not verdicts[-1].is_answered:
                break  # the next question would wait as long, for nothing
        return verdicts

    @contextmanager
    def alone(self, request: Mapping[str, Any]) -> Iterator[None]:
        """Settle an earlier launch of the same run, under whatever name, and keep others from launching it inside.

        Raises:
            Problem: it is not known whether the earlier one took place, or another jsft launches it at the moment
                (code `LaunchUnknown`).
        """
        name, kind, digest = name_of(request), kind_of(request), digest_of(request)
        with self._journal.launching(digest) as is_ours:
            if not is_ours:
                raise unknown(name, "another jsft is launching this run at the moment", kind)
            for entry in self._journal.unsettled():
                if digest == entry.digest:
                    self._refuse_if_unknown(self._in_own_account(entry, ASK_AGAIN), kind)
                elif (name, kind) == (entry.name, entry.job_kind):
                    self._refuse_if_unknown(self._if_idle(entry, ASK_AGAIN), kind)
            yield

    def _refuse_if_unknown(self, verdict: Verdict, kind: JobKind) -> None:
        if isinstance(verdict, StillUnknown):
            raise unknown(verdict.name, f"{verdict.why.rstrip('.')}. Nothing was launched now", kind)

    def _if_idle(self, entry: JournalEntry, pauses: Sequence[float]) -> Verdict:
        with self._journal.launching(entry.digest) as is_ours:
            if not is_ours:
                return StillUnknown(entry.name, "another jsft is launching it at the moment", is_answered=True)
            return self._in_own_account(entry, pauses)

    def _in_own_account(self, entry: JournalEntry, pauses: Sequence[float]) -> Verdict:
        try:
            account = self._account() if entry.account else ""
        except Problem as problem:
            return StillUnknown(entry.name, problem.message)
        if account != entry.account:
            why = f"its job is one of account {entry.account}, this is {account}"
            return StillUnknown(entry.name, why, is_answered=True)
        return self.decide(entry, pauses)

    def decide(self, entry: JournalEntry, pauses: Sequence[float]) -> Verdict:
        """Look for an entry's job until something is certain, at most once more after each pause (seconds)."""
        unknown_yet = StillUnknown(entry.name, "the service has not been asked yet")
        for pause in (0.0, *pauses):
            time.sleep(pause)
            try:
                job = self._launching.look(entry.name, entry.job_kind)
            except Problem as problem:
                unknown_yet = StillUnknown(entry.name, problem.message)
                if not problem.retryable:
                    break
                continue
            if job is not None:
                return self._found(entry, job)
            if _has_settled(entry):
                self._note(entry, Event.REFUSED)
                return NotLaunched(entry.name)
            late = "there is no such job yet, but a late request may still reach the service for some seconds"
            unknown_yet = StillUnknown(entry.name, late, is_answered=True)
        return unknown_yet

    def _found(self, entry: JournalEntry, job: CreatedJob) -> Verdict:
        described = without_members(job.request, SECRET)
        if entry.request is None:  # a line of an earlier version
            self._note(entry, Event.LAUNCHED, job.arn)
            return Launched(job.name, job.arn, existed=True, status=job.status)
        try:
            launched = same_job(replace(job, request=described), entry.request)
        except Problem as problem:
            self._note(entry, Event.REFUSED)
            return NotLaunched(entry.name, problem)
        self._note(entry, Event.LAUNCHED, job.arn)
        return launched

    def _note(self, entry: JournalEntry, event: Event, arn: str = "") -> None:
        with suppress(Problem):  # a disk that is full: it is found out again at the next start
            self._journal.settle(entry, event, arn)


def _has_settled(entry: JournalEntry) -> bool:
    """Return whether so much time has passed that a request is not under way any more."""
    return not 0 <= time.time() - entry.time < sum(ASK_AGAIN)
