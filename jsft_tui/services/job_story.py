"""What was told of a job so far, put together from the events of its watch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from jsft_tui.core.errors import Problem
from jsft_tui.core.jobs import TrainingJob
from jsft_tui.core.metrics import Point, Progress, thinned
from jsft_tui.core.objective import Best, best, by_importance
from jsft_tui.core.timeline import EpochMark, eta_seconds, is_new_epoch
from jsft_tui.services.watch import Described, Ended, Event, Measured, PhaseChanged, Progressed, Trouble

MOST_POINTS = 2_000
"""Points of a series that are kept; more than any chart here has dots."""
MOST_MARKS = 200


class JobStory:
    """One job as it is known by now. Belongs to the thread that shows it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.job: TrainingJob | None = None
        self.ended = False
        self.trouble: Problem | None = None
        """What does not work just now; the last good answer takes it away."""
        self.log_denied: Problem | None = None
        self._series: dict[str, list[tuple[float, float]]] = {}
        self._best: dict[str, Best] = {}
        self._marks: list[EpochMark] = []

    def take(self, event: Event) -> None:
        """Take an event in."""
        if isinstance(event, Trouble):
            if event.pause:
                self.trouble = event.problem
            else:
                self.log_denied = event.problem
            return
        self.trouble = None
        if isinstance(event, Described | PhaseChanged):
            self.job = event.job
        elif isinstance(event, Ended):
            self.job, self.ended = event.job, True
        elif isinstance(event, Measured):
            self._measure(event.points)
        elif isinstance(event, Progressed):
            self._marks += [mark for mark in event.marks if is_new_epoch(self._marks, mark)]
            del self._marks[:-MOST_MARKS]

    def _measure(self, points: Sequence[Point]) -> None:
        for point in points:
            self._series.setdefault(point.metric, []).append((point.time, point.value))
        for name in {point.metric for point in points}:
            values = self._series[name]
            known = self._best.get(name)
            # Thinning may drop the best value, so it is remembered.
            found = best({name: [(known.time, known.value), *values] if known else values})
            if found is not None:
                self._best[name] = found
            if len(values) > 2 * MOST_POINTS:
                self._series[name] = thinned(values, MOST_POINTS)

    def replace_series(self, series: Mapping[str, Sequence[tuple[float, float]]]) -> None:
        """Take the metrics from elsewhere, where the log may not be read."""
        self._series = {name: list(points) for name, points in series.items()}
        self._best = {name: found for name, points in series.items() if (found := best({name: points}))}

    @property
    def metrics(self) -> list[str]:
        """The metrics that have values, the most telling ones first."""
        return by_importance(self._series)

    def points(self, metric: str) -> Sequence[tuple[float, float]]:
        """(epoch seconds, value) pairs of a metric."""
        return self._series.get(metric, ())

    @property
    def best(self) -> Best | None:
        """The best value of the metric that says how good the model is."""
        return next((self._best[name] for name in self.metrics if name in self._best), None)

    @property
    def progress(self) -> Progress | None:
        """How far the training is."""
        return self._marks[-1].progress if self._marks else None

    def eta_seconds(self, now: float) -> float | None:
        """How long the training still takes; None when that is not known, or it is over."""
        if self.job is None or self.job.status.is_final or self.job.secondary_status != "Training":
            return None
        return eta_seconds(self._marks, now)
