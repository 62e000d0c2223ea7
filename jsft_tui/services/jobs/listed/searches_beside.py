"""What a list of jobs needs of the searches that it lists beside the jobs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from jsft_tui.core.jobs.training_job import JobSummary, TrainingJob
from jsft_tui.core.tuning.results.listed import ListedSearch
from jsft_tui.core.tuning.results.progress import Search


class SearchesBeside(Protocol):
    """Searches with their trials. Its calls are made by one thread at a time."""

    @property
    def searches(self) -> Mapping[str, ListedSearch]:
        """The searches by name, the newest first."""

    def search_of(self, trial: str) -> str | None:
        """Return the search that a training job is a trial of; None if it is of none that is known."""

    def trial(self, row: JobSummary) -> TrainingJob:
        """Return a trial from its row."""

    def refresh(self, visible: Iterable[str], now: float, pause: float) -> None:
        """Read what is on screen and was never read; then one call more, if `pause` seconds have passed."""

    def read_new(self, visible: Iterable[str]) -> None:
        """Read the searches on screen that were never read."""

    def is_new(self, name: str) -> bool:
        """Return whether a search was never read, and may be."""

    def forget(self) -> None:
        """List and read all again the next time."""

    def learn(self, search: Search) -> None:
        """Keep a search that was read elsewhere."""
