"""The jobs that are marked to be compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from jsft_tui.core.jobs.compare.comparison import LETTERS, MAX_JOBS


@dataclass(frozen=True)
class JobMarks:
    """Names of jobs, in the order in which they were marked."""

    names: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        """How many are marked."""
        return len(self.names)

    @property
    def letters(self) -> Mapping[str, str]:
        """Job -> the letter by which the comparison calls it."""
        return dict(zip(self.names, LETTERS, strict=False))

    def toggled(self, name: str) -> JobMarks | None:
        """With one more, or with one less when it is marked already; None when there is no room for one more."""
        if name in self.names:
            return JobMarks(tuple(other for other in self.names if other != name))
        return JobMarks((*self.names, name)) if self.count < MAX_JOBS else None
