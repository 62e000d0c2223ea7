"""When jsft was last open, and which jobs have ended since."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from jsft_tui.core.jobs.reports.ended import ended_since
from jsft_tui.core.jobs.training_job import TrainingJob
from jsft_tui.paths import write_cache

WRITE_EVERY = 10.0
"""Seconds between two writes: a job that ends meanwhile is reported again, which does no harm."""


class LastOpen:
    """The moment when a target was last looked at, before this jsft was opened."""

    def __init__(self, file: Path, now: Callable[[], float] = time.time) -> None:
        """Read the moment; `now` returns epoch seconds."""
        self._file, self._now = file, now
        self._written_at = float("-inf")
        self.left = _read(file)
        """Epoch seconds; None if it was never open."""

    def mark(self) -> None:
        """Record that the target is looked at now; the next start compares with it."""
        if self._now() - self._written_at >= WRITE_EVERY:
            self._written_at = self._now()
            write_cache(self._file, json.dumps({"left": self._written_at}).encode())

    def ended(self, jobs: Iterable[TrainingJob]) -> tuple[TrainingJob, ...]:
        """Return the jobs that have ended since jsft was last open, the last one first."""
        return ended_since(jobs, self.left)


def _read(file: Path) -> float | None:
    try:
        return float(json.loads(file.read_bytes())["left"])
    except (OSError, ValueError, TypeError, KeyError):
        return None
