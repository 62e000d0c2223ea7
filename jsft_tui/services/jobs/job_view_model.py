"""What was told of a job so far, put together from the events of its watch."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence

from jsft_tui.core.common.errors import Problem
from jsft_tui.core.jobs.alerts import Watched, non_finite_loss
from jsft_tui.core.jobs.cost import cost_so_far
from jsft_tui.core.jobs.metrics.log_metrics import LogLine, Point, Progress, thinned
from jsft_tui.core.jobs.metrics.objective import Best, best, by_importance
from jsft_tui.core.jobs.timeline import EpochMark, eta_seconds, is_new_epoch
from jsft_tui.core.jobs.training_job import TrainingJob
from jsft_tui.core.sizing.pricing import Price
from jsft_tui.services.jobs.follow import (
    Current,
    Described,
    Ended,
    Event,
    Logged,
    Measured,
    PhaseChanged,
    Progressed,
    Trouble,
)

MOST_POINTS = 2_000
"""Points of a series that are kept; more than any chart here has dots."""
MOST_MARKS = 200


class JobViewModel:
    """One job as it is known by now. Belongs to the thread that shows it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.job: TrainingJob | None = None
        self.ended = False
        self.trouble: Problem | None = None
        """What does not work just now; the last good answer takes it away."""
        self.log_denied: Problem | None = None
        self.last_line: float | None = None
        """When the job wrote last (epoch seconds)."""
        self.not_finite = ""
        """Name of the first loss that was no number any more."""
        self._is_current = False
        self._series: dict[str, list[tuple[float, float]]] = {}
        self._elsewhere: dict[str, list[tuple[float, float]]] = {}
        self._best: dict[str, Best] = {}
        self._marks: list[EpochMark] = []

    def take(self, event: Event) -> None:
        """Take an event in."""
        if isinstance(event, Trouble):
            if event.pause:
                self.trouble, self._is_current = event.problem, False
            else:
                self.log_denied = event.problem
            return
        self.trouble = None
        if isinstance(event, Described | PhaseChanged | Current):
            self.job = event.job
            self._is_current = self._is_current or isinstance(event, Current)
        elif isinstance(event, Logged):
            self._hear(event.lines)
        elif isinstance(event, Ended):
            self.job, self.ended = event.job, True
        elif isinstance(event, Measured):
            self._measure(event.points)
        elif isinstance(event, Progressed):
            self._marks += [mark for mark in event.marks if is_new_epoch(self._marks, mark)]
            del self._marks[:-MOST_MARKS]

    def fall_behind(self) -> None:
        """Nobody reads on for now: what the job writes meanwhile is not known."""
        self._is_current = False

    def watched(
        self,
        now: float,
        gpu: Sequence[tuple[float, float]] = (),
        prices: Mapping[str, Price] | None = None,
        cap: float | None = None,
    ) -> Watched | None:
        """All that alerts are made of; None while nothing is known of the job.

        Args:
            now: epoch seconds.
            gpu: (time, percent of all GPUs), oldest first.
            prices: None while they are not known.
            cap: USD that a run may cost; None without a cap.
        """
        if self.job is None:
            return None
        return Watched(
            job=self.job,
            now=now,
            metrics={name: self.points(name) for name in self.metrics},
            last_line=self.last_line,
            not_finite=self.not_finite,
            gpu=gpu,
            cost=cost_so_far(self.job, prices, now) if prices else None,
            cap=cap,
            reads_log=self._is_current and self.log_denied is None,
            progress=self.progress,
            knows_metrics=self._is_current or self.log_denied is not None,
        )

    def _hear(self, lines: Sequence[LogLine]) -> None:
        for line in lines:
            self.last_line = max(line.time, self.last_line or 0.0)
            self.not_finite = self.not_finite or non_finite_loss(line.text)

    def _measure(self, points: Sequence[Point]) -> None:
        for point in points:
            self._series.setdefault(point.metric, []).append((point.time, point.value))
        for name in {point.metric for point in points}:
            values = self._series[name]
            if (found := self._best_of(name)) is not None:
                self._best[name] = found
            if len(values) > 2 * MOST_POINTS:
                self._series[name] = thinned(values, MOST_POINTS)

    def add_series(self, series: Mapping[str, Sequence[tuple[float, float]]]) -> None:
        """Take the metrics from elsewhere, where the log may not be read: of each what is later than the log told.

        Given again, they take the place of those that were given before.
        """
        self._elsewhere = {name: self._later(name, points) for name, points in series.items()}
        self._best |= {name: found for name in series if (found := self._best_of(name))}

    def _later(self, metric: str, points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
        own = self._series.get(metric)
        return [point for point in points if not own or point[0] > own[-1][0]]

    def _best_of(self, metric: str) -> Best | None:
        known = self._best.get(metric)
        # Thinning may have dropped the best value, so it is remembered.
        return best({metric: [*([(known.time, known.value)] if known else []), *self.points(metric)]})

    @property
    def metrics(self) -> list[str]:
        """The metrics that have values, the most telling ones first."""
        return by_importance({*self._series, *(name for name, points in self._elsewhere.items() if points)})

    def points(self, metric: str) -> Sequence[tuple[float, float]]:
        """(epoch seconds, value) pairs of a metric."""
        return [*self._series.get(metric, ()), *self._elsewhere.get(metric, ())]

    def epoch_at(self, time: float) -> int | None:
        """The epoch that went on at a time (epoch seconds), as far as the log told."""
        at = bisect_right(self._marks, time, key=lambda mark: mark.time)
        return self._marks[at - 1].progress.epoch if at else None

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
