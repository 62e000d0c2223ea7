"""Metrics of a training job, read off its log with the job's own metric definitions."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_EXPONENT = re.compile(r"[eE][-+]?\d+\b")
_PROGRESS = re.compile(r"\bepoch:?\s+\[?(\d+)\s*/\s*(\d+)", re.IGNORECASE)


@dataclass(frozen=True)
class LogLine:
    """A line of a job's log.

    Attributes:
        time: epoch seconds.
        text: for people: clean, and without the states of a progress bar that were written over.
        stream: where it was written; empty when it does not matter.
        message: exactly what was written; empty when that is the text.
    """

    time: float
    text: str
    stream: str = ""
    message: str = ""

    @property
    def exact(self) -> str:
        """What was written, character for character; not to be shown."""
        return self.message or self.text


@dataclass(frozen=True)
class Point:
    """A value of a metric; `time` is epoch seconds."""

    metric: str
    time: float
    value: float


class MetricScraper:
    r"""Finds metric values in log lines, as SageMaker does: unanchored search, group 1 is the value.

    Values that are no finite number are skipped, and a regular expression that Python cannot read is listed
    in `unreadable` instead of ending everything. In one thing this is truer than SageMaker: JumpStart's
    `([0-9\.]+)` takes only the 1 of `1e-05`, and the exponent that follows is counted in here.
    """

    def __init__(self, definitions: Iterable[tuple[str, str]]) -> None:
        self._definitions: list[tuple[str, re.Pattern[str]]] = []
        self.unreadable: list[str] = []
        for name, regex in definitions:
            try:
                self._definitions.append((name, re.compile(regex)))
            except re.error:
                self.unreadable.append(name)

    def points(self, line: LogLine) -> list[Point]:
        """The values in one line, as it was written: what a progress bar wrote over counts, too."""
        found = []
        for name, regex in self._definitions:
            match = regex.search(line.exact)
            value = _value(match) if match and regex.groups else None
            if value is not None:
                found.append(Point(name, line.time, value))
        return found


def _value(found: re.Match[str]) -> float | None:
    # JumpStart's `([0-9\.]+)` also swallows a full stop at the end of a sentence ("0.9.").
    number = _NUMBER.match(found[1] or "")
    if number is None:
        return None
    exponent = _EXPONENT.match(found.string, found.end(1)) if number.end() == len(found[1]) else None
    value = float(number[0] + exponent[0] if exponent and "e" not in number[0].lower() else number[0])
    return value if math.isfinite(value) else None


@dataclass(frozen=True)
class Progress:
    """How far a training is: epochs begun or done, of how many."""

    epoch: int
    epochs: int

    @property
    def fraction(self) -> float:
        """0 to 1."""
        return min(1.0, self.epoch / self.epochs) if self.epochs else 0.0


def progress(text: str) -> Progress | None:
    """The progress that a log line tells (`Epoch 3/10`), as Keras and most training loops print it."""
    match = _PROGRESS.search(text)
    return Progress(int(match[1]), int(match[2])) if match else None


def series(points: Sequence[Point]) -> dict[str, list[tuple[float, float]]]:
    """Metric -> its (time, value) pairs, in the order given."""
    found: dict[str, list[tuple[float, float]]] = {}
    for point in points:
        found.setdefault(point.metric, []).append((point.time, point.value))
    return found


def thinned(points: Sequence[tuple[float, float]], most: int) -> list[tuple[float, float]]:
    """At most so many of the points, evenly chosen; the first and the last stay."""
    if len(points) <= most:
        return list(points)
    step = (len(points) - 1) / (most - 1)
    return [points[round(number * step)] for number in range(most)]
