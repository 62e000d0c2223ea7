"""How often to ask AWS for what goes on, by which clock."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Cadence:
    """How often to poll, in seconds.

    The SageMaker SDK reads logs every 10 s and describes every 30 s (`sagemaker.session.logs_for_job`).
    """

    logs: float
    status: float
    patience: float = 120.0
    """The longest pause after transient errors."""

    def after(self, quiet: int) -> float:
        """Return the pause before the next read of a log that had nothing new `quiet` times: at most `status`."""
        return min(max(self.logs, self.status), self.logs * SLOWER ** min(quiet, 50))


SLOWER = 1.25
"""Factor by which the pause grows each time that the log has nothing new."""


def _wait(event: threading.Event, seconds: float) -> None:
    event.wait(seconds)


@dataclass(frozen=True)
class Clock:
    """The time, replaceable in tests."""

    now: Callable[[], float] = time.time
    """Wall clock in epoch seconds."""
    ticks: Callable[[], float] = time.monotonic
    """Monotonic clock in seconds."""
    wait: Callable[[threading.Event, float], None] = _wait
    """Sleep for the given seconds; return early if the event is set."""


REMOTE = Cadence(logs=5.0, status=15.0)
LOCAL = Cadence(logs=0.4, status=0.6)
