"""Define the levels of findings, and combine levels to a verdict."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

from jsft_tui.core.common.status import Status


class Level(Enum):
    """The severity of a finding."""

    PASS = "pass"
    WARN = "warn"
    BLOCK = "block"
    UNKNOWN = "unknown"
    """The check could not be made; the finding says why."""

    @property
    def as_status(self) -> Status:
        """Return the status that the level is shown as."""
        return _STATUSES[self]

    @property
    def badness(self) -> int:
        """Return a sort key: the worst level is the smallest."""
        return _WORST_FIRST.index(self)


_WORST_FIRST = (Level.BLOCK, Level.WARN, Level.UNKNOWN, Level.PASS)
_STATUSES = {
    Level.PASS: Status.COMPLETED,
    Level.WARN: Status.WARNING,
    Level.BLOCK: Status.FAILED,
    Level.UNKNOWN: Status.UNKNOWN,
}


def verdict(levels: Iterable[Level]) -> Level:
    """Combine levels: block if any blocks, else warn if any warns, else pass. Unknown levels do not count."""
    found = set(levels)
    return Level.BLOCK if Level.BLOCK in found else Level.WARN if Level.WARN in found else Level.PASS
