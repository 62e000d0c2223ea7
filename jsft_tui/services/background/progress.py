"""Progress that is told often, passed on now and then."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Generic, TypeVar

from jsft_tui.services.background.tasks import Cancelled, Reporter

P = TypeVar("P")


class ThrottledReporter(Generic[P]):
    """Passes on at most one value in so many seconds; every one of them learns that nobody waits any more."""

    def __init__(self, reporter: Reporter[P], seconds: float = 0.15, now: Callable[[], float] = time.monotonic) -> None:
        self._reporter, self._seconds, self._now = reporter, seconds, now
        self._told = float("-inf")

    def tell(self, value: P) -> None:
        """Tell how far it is.

        Raises:
            Cancelled: nobody waits any more.
        """
        if not self._reporter.is_wanted:
            raise Cancelled
        if (now := self._now()) - self._told >= self._seconds:
            self._told = now
            self._reporter.tell(value)
