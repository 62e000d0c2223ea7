"""Define log lines and the metrics and progress that are parsed from them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_EXPONENT = re.compile(r"[eE][-+]?\d+\b")
_PROGRESS = re.compile(r"\bepoch:?\s+\[?(\d{1,9})\s*/\s*(\d{1,9})(?!\d)", re.IGNORECASE)


@dataclass(frozen=True)
class LogLine:
    """A line of a job's log.

    Attributes:
        time: epoch seconds.
        text: cleaned for display, without overwritten states of a progress bar.
        stream: its log stream; empty if irrelevant.
        message: the original message; empty if it equals the text.
    """

    time: float
    text: str
    stream: str = ""
    message: str = ""

    @property
    def raw(self) -> str:
        """Return the original message, which must not be displayed."""
        return self.message or self.text


@dataclass(frozen=True)
class Point:
    """A value of a metric; `time` is epoch seconds."""

    metric: str
    time: float
    value: float


def metric_value(captured: str, after: str) -> float | None:
    r"""Return the number that a metric definition captured; None if it is not finite.

    JumpStart's `([0-9\.]+)` also captures a period at the end of a sentence ("0.9."). Of `1e-05` it captures only the
    1; the exponent that follows is included here, which is more accurate than SageMaker.

    Args:
        captured: text of the first group.
        after: the characters that follow it.
    """
    captured = captured.lstrip()
    number = _NUMBER.match(captured)
    if number is None:
        return None
    exponent = _EXPONENT.match(after) if number.end() == len(captured) else None
    value = float(number[0] + exponent[0] if exponent and "e" not in number[0].lower() else number[0])
    return value if math.isfinite(value) else None


@dataclass(frozen=True)
class Progress:
    """The progress of a training: epochs started or completed, and their total."""

    epoch: int
    epochs: int

    @property
    def fraction(self) -> float:
        """Return the completed part, 0 to 1."""
        return min(1.0, self.epoch / self.epochs) if self.epochs else 0.0


@dataclass(frozen=True)
class EpochMark:
    """A log line that reported progress; `time` is epoch seconds."""

    time: float
    progress: Progress


def progress(text: str) -> Progress | None:
    """Parse the progress in a log line (`Epoch 3/10`), as Keras and most training loops print it."""
    match = _PROGRESS.search(text) if "/" in text else None
    return Progress(int(match[1]), int(match[2])) if match else None


def series(points: Iterable[Point]) -> dict[str, list[tuple[float, float]]]:
    """Group points by metric: (time, value) pairs in the order given."""
    found: dict[str, list[tuple[float, float]]] = {}
    for point in points:
        found.setdefault(point.metric, []).append((point.time, point.value))
    return found


def downsampled(points: Sequence[tuple[float, float]], most: int) -> list[tuple[float, float]]:
    """Choose at most `most` points at even distances; the first and the last are kept."""
    if len(points) <= most:
        return list(points)
    step = (len(points) - 1) / (most - 1)
    return [points[round(number * step)] for number in range(most)]
