"""The first job ever that completed, which is told once."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from jsft_tui.core.jobs.training_job import JobStatus, TrainingJob
from jsft_tui.paths import write_cache


class FirstModel:
    """Remembers in a file of the user that it was told."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def take(self, job: TrainingJob, jobs: Iterable[TrainingJob]) -> bool:
        """Return whether a job is the first one that completed, once.

        Args:
            job: a job that has just completed.
            jobs: all known jobs of the target.
        """
        if self._file.exists():
            return False
        is_first = all(each.name == job.name or each.status is not JobStatus.COMPLETED for each in jobs)
        write_cache(self._file, b"")
        return is_first
