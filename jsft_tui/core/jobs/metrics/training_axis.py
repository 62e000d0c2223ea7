"""Where in a training each value belongs: epochs from the log, or else the time since the first value."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from jsft_tui.core.common.durations import clock
from jsft_tui.core.jobs.metrics.curves import Points
from jsft_tui.core.jobs.metrics.log_metrics import EpochMark

EPOCH = "epoch"


def place_text(place: float) -> str:
    """Format an epoch or a step: `4`, `4.5`, `1000`."""
    return f"{place:.0f}" if place >= 100 else f"{place:.3g}"


@dataclass(frozen=True)
class TrainingAxis:
    """An axis over the whole planned training.

    Attributes:
        first: where it starts.
        last: the planned end; the last value if none is known.
        unit: `epoch`, or empty for a time in seconds.
        marks: when each epoch was reported, oldest first; empty for a time.
        start: epoch seconds of the first value.
    """

    first: float
    last: float
    unit: str
    marks: Sequence[EpochMark]
    start: float

    def over(self, points: Points) -> list[tuple[float, float]]:
        """Return (epoch seconds, value) pairs as (place, value) pairs over this axis, in the order of the places.

        An epoch's only value belongs to its end; of several the last one does, and the others lie evenly before it.
        What a restarted training measures anew replaces what it measured before.
        """
        if not self.unit:
            return [(time - self.start, value) for time, value in points]
        found: list[tuple[float, float]] = []
        usual = 1
        groups = [(mark, list(values)) for mark, values in groupby(points, lambda point: self._mark_at(point[0]))]
        for number, (mark, values) in enumerate(groups):
            epoch = self.marks[mark].progress.epoch
            # The values to come in the last epoch are as many as in the one before.
            count = max(usual, len(values)) if number == len(groups) - 1 else len(values)
            places = [epoch - 1 + (at + 1) / count for at in range(len(values))]
            while found and found[-1][0] >= places[0]:
                found.pop()
            found += zip(places, (value for _, value in values), strict=True)
            usual = count
        return found

    def text(self, place: float) -> str:
        """Format a place: `4`, or `4.5` of an epoch; `3:20` of a time."""
        return place_text(place) if self.unit else clock(place)

    def _mark_at(self, time: float) -> int:
        return max(0, bisect_right(self.marks, time, key=lambda mark: mark.time) - 1)


def training_axis(series: Sequence[Points], marks: Sequence[EpochMark]) -> TrainingAxis:
    """Return the axis of some metrics: over all planned epochs if the log tells them, else over the time so far."""
    times = [points[end][0] for points in series if points for end in (0, -1)]
    start = min(times, default=0.0)
    if not marks:
        return TrainingAxis(0.0, max(times, default=0.0) - start, "", (), start)
    axis = TrainingAxis(1.0, float(marks[-1].progress.epochs), EPOCH, tuple(marks), start)
    first = min((point[0] for points in series for point in axis.over(points)[:1]), default=1.0)
    return axis if first >= 1 else TrainingAxis(0.0, axis.last, EPOCH, axis.marks, start)
