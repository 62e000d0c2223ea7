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


def metric_value(captured: str, after: str) -> float | None:
    r"""The number that a metric definition captured; None for what is no finite number.

    JumpStart's `([0-9\.]+)` also swallows a full stop at the end of a sentence ("0.9."). And it takes only the 1 of
    `1e-05`: the exponent that follows is counted in here, in which this is truer than SageMaker.

    Args:
        captured: what the first group captured.
        after: the characters that follow it.
    """
    number = _NUMBER.match(captured)
    if number is None:
        return None
    exponent = _EXPONENT.match(after) if number.end() == len(captured) else None
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
    match = _PROGRESS.search(text) if "/" in text else None
    return Progress(int(match[1]), int(match[2])) if match else None


def series(points: Iterable[Point]) -> dict[str, list[tuple[float, float]]]:
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
