"""What checks find: a level, and how levels add up to a verdict."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum


class Level(Enum):
    """How bad a finding is."""

    PASS = "pass"
    WARN = "warn"
    BLOCK = "block"
    UNKNOWN = "unknown"
    """It could not be looked at, and the finding says why."""

    @property
    def glyph(self) -> str:
        """A sign that goes with the word; never alone."""
        return {"pass": "✔", "warn": "!", "block": "✖", "unknown": "?"}[self.value]

    @property
    def badness(self) -> int:
        """For sorting, worst first."""
        return {"block": 0, "warn": 1, "unknown": 2, "pass": 3}[self.value]


def verdict(levels: Iterable[Level]) -> Level:
    """What levels add up to: block, else warn, else pass. What is unknown neither blocks nor warns."""
    found = set(levels)
    return Level.BLOCK if Level.BLOCK in found else Level.WARN if Level.WARN in found else Level.PASS
