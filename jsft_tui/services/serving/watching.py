"""Watch something that changes its state and writes a log: an endpoint, a transform job."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from jsft_tui.core.common.errors import SIGNED_OUT, Problem
from jsft_tui.services.background.polling import Cadence, Clock
from jsft_tui.services.jobs.follow import Logged, Trouble
from jsft_tui.services.jobs.log_tail import LogTail

S = TypeVar("S")

QUIET_READS = 2
"""How often the log must have nothing new after the end; lines arrive late (guide, logging-cloudwatch)."""


@dataclass(frozen=True)
class Seen(Generic[S]):
    """A new state."""

    state: S


class Watcher(Generic[S]):
    """Watch one thing. One thread iterates `events`; another one may stop it."""

    def __init__(
        self,
        describe: Callable[[], S],
        is_over: Callable[[S], bool],
        tail: LogTail | None,
        cadence: Cadence,
        clock: Clock | None = None,
    ) -> None:
        """Watch something.

        Args:
            describe: asks for its state.
            is_over: whether nothing more happens after a state.
            tail: its log; None: it is not read.
            cadence: how often to ask.
            clock: the time.
        """
        self._describe, self._is_over, self._tail = describe, is_over, tail
        self._cadence, self._clock = cadence, clock or Clock()
        self._stopped = threading.Event()
        self._state: S | None = None
        self._asked = -math.inf
        self._pause = cadence.logs
        self._since: float | None = None
        self._last_seen: float | None = None
        self._quiet = 0

    def stop(self) -> None:
        """End the iteration without any further call."""
        self._stopped.set()

    def events(self, sign_in_within: float = math.inf) -> Iterator[Seen[S] | Logged | Trouble]:
        """Ask until it is over and its log was read, or until `stop`; transient errors do not end it.

        Args:
            sign_in_within: seconds that the user has to sign in again after the credentials expired.

        Raises:
            Problem: it does not exist (any more), may not be described, or nobody signed in again in time.
        """
        while not self._stopped.is_set():
            try:
                yield from self._turn()
                self._pause, self._since, self._last_seen = self._cadence.logs, None, self._clock.now()
                if self._is_done():
                    return
            except Problem as problem:
                yield self._trouble(problem, sign_in_within)
            self._clock.wait(self._stopped, self._pause)

    def _turn(self) -> Iterator[Seen[S] | Logged | Trouble]:
        """Ask for the state when that is due, and for the new lines of the log."""
        now = self._clock.ticks()
        if now - self._asked >= self._cadence.status:
            found = self._describe()
            self._asked = now
            if found != self._state:
                self._state = found
                yield Seen(found)
        if self._tail is None:
            return
        try:
            self._tail.collect()
        except Problem as problem:
            if problem.code != "AccessDenied":
                raise
            self._tail = None
            yield Trouble(problem, 0)
            return
        is_over = self._state is not None and self._is_over(self._state)
        lines = self._tail.take_all() if is_over and not self._tail.is_behind else self._tail.take()
        self._quiet = 0 if lines else self._quiet + 1
        if lines:
            yield Logged(tuple(lines))

    def _is_done(self) -> bool:
        """Return whether it is over and its log had nothing new when it was read again: lines arrive late."""
        if self._state is None or not self._is_over(self._state):
            return False
        return self._tail is None or (not self._tail.is_behind and self._quiet >= QUIET_READS)

    def _trouble(self, problem: Problem, sign_in_within: float) -> Trouble:
        now = self._clock.now()
        since = self._since = now if self._since is None else self._since
        if problem.retryable:
            self._pause = min(self._pause * 2, self._cadence.patience)
        elif problem.code not in SIGNED_OUT or now - since >= sign_in_within:
            raise problem
        return Trouble(problem, self._pause, since, self._last_seen)
