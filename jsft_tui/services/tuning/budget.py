"""A budget of calls: so many a minute, whatever there is to ask."""

from __future__ import annotations

import threading
from collections import deque

from jsft_tui.services.background.polling import Clock

CALLS, SECONDS = 6, 60.0


class CallBudget:
    """Lets at most so many calls begin within any `SECONDS`."""

    def __init__(self, clock: Clock, stop: threading.Event, calls: int = CALLS) -> None:
        """`stop` ends the waiting."""
        self._clock = clock
        self._stop = stop
        self._calls = calls
        self._begun: deque[float] = deque(maxlen=calls)

    def take(self) -> bool:
        """Wait until a call may begin; return False when the waiting was ended, and no call may."""
        while len(self._begun) == self._calls and (left := self._begun[0] + SECONDS - self._clock.ticks()) > 0:
            if self._stop.is_set():
                return False
            self._clock.wait(self._stop, left)
        if self._stop.is_set():
            return False
        self._begun.append(self._clock.ticks())
        return True

    @property
    def left(self) -> int:
        """Return how many calls may begin now."""
        now = self._clock.ticks()
        return self._calls - sum(now - moment < SECONDS for moment in self._begun)
