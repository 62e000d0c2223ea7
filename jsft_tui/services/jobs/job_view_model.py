"""State of a job on screen, accumulated from the events of its follower."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from jsft_tui.core.common.errors import Problem
from jsft_tui.core.jobs.alerts import JobSnapshot, non_finite_loss
from jsft_tui.core.jobs.cost import cost_so_far
from jsft_tui.core.jobs.listed.words import told_by_service
from jsft_tui.core.jobs.metrics.log_metrics import EpochMark, LogLine, Point, Progress, downsampled
from jsft_tui.core.jobs.metrics.objective import Best, best, by_importance
from jsft_tui.core.jobs.phases.timeline import eta_seconds, is_new_epoch
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

MAX_POINTS = 2_000
"""The most points kept of a series: more than any chart has dots."""
MAX_MARKS = 10_000
"""The most epoch marks kept."""


class JobViewModel:
    """The known state of one job. Not thread-safe: use it in the thread that shows the job."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.job: TrainingJob | None = None
        self.ended = False
        self.trouble: Problem | None = None
        """The error of the last poll; None after a successful one."""
        self.log_denied: Problem | None = None
        self.last_line: float | None = None
        """Time of the latest log line (epoch seconds)."""
        self.not_finite = ""
        """Name of the first loss that was NaN or infinite; empty if there was none."""
        self._is_current = False
        self._series: dict[str, list[tuple[float, float]]] = {}
        self._cloudwatch: dict[str, list[tuple[float, float]]] = {}
        self._best: dict[str, Best] = {}
        self._marks: list[EpochMark] = []

    def take(self, event: Event) -> None:
        """Apply an event."""
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
            self._add_lines(event.lines)
        elif isinstance(event, Ended):
            self.job, self.ended = event.job, True
        elif isinstance(event, Measured):
            self._add_points(event.points)
        elif isinstance(event, Progressed):
            for mark in event.marks:
                if is_new_epoch(self._marks, mark):
                    self._marks.append(mark)
            del self._marks[:-MAX_MARKS]

    def fall_behind(self) -> None:
        """Note that the log is not followed for now, so that silence means nothing."""
        self._is_current = False

    def watched(
        self,
        now: float,
        gpu: Sequence[tuple[float, float]] = (),
        prices: Mapping[str, Price] | None = None,
        cap: float | None = None,
    ) -> JobSnapshot | None:
        """Return the input of the alert rules; None while the job is not known.

        Args:
            now: epoch seconds.
            gpu: (time, percent of all GPUs), oldest first.
            prices: None while they are not known.
            cap: USD that the run may cost; None without a cap.
        """
        if self.job is None:
            return None
        return JobSnapshot(
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

    def _add_lines(self, lines: Sequence[LogLine]) -> None:
        for line in lines:
            self.last_line = max(line.time, self.last_line or 0.0)
            self.not_finite = self.not_finite or non_finite_loss(line.text)

    def _add_points(self, points: Sequence[Point]) -> None:
        for point in points:
            self._series.setdefault(point.metric, []).append((point.time, point.value))
        for name in {point.metric for point in points}:
            values = self._series[name]
            if (found := self._best_of(name)) is not None:
                self._best[name] = found
            if len(values) > 2 * MAX_POINTS:
                self._series[name] = downsampled(values, MAX_POINTS)

    def add_series(self, series: Mapping[str, Sequence[tuple[float, float]]]) -> None:
        """Add metrics from CloudWatch, for a log that cannot be read: of each the points after the last one of the log.

        They replace those of the previous call.
        """
        self._cloudwatch = {name: self._later(name, points) for name, points in series.items()}
        self._best |= {name: found for name in series if (found := self._best_of(name))}

    def _later(self, metric: str, points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
        own = self._series.get(metric)
        return [point for point in points if not own or point[0] > own[-1][0]]

    def _best_of(self, metric: str) -> Best | None:
        known = self._best.get(metric)
        # Thinning may have dropped the best value, so it is kept apart.
        return best({metric: [*([(known.time, known.value)] if known else []), *self.points(metric)]})

    @property
    def metrics(self) -> list[str]:
        """The metrics that have values, the most important first."""
        return by_importance({*self._series, *(name for name, points in self._cloudwatch.items() if points)})

    def points(self, metric: str) -> Sequence[tuple[float, float]]:
        """Return the (epoch seconds, value) pairs of a metric."""
        return [*self._series.get(metric, ()), *self._cloudwatch.get(metric, ())]

    @property
    def marks(self) -> Sequence[EpochMark]:
        """When each epoch was reported, oldest first."""
        return tuple(self._marks)

    @property
    def best(self) -> Best | None:
        """The best value of the most important metric."""
        return next((self._best[name] for name in self.metrics if name in self._best), None)

    @property
    def progress(self) -> Progress | None:
        """The latest progress of the training: of the log, else of the service, which tells that of customizations."""
        if self._marks:
            return self._marks[-1].progress
        return told_by_service(self.job) if self.job is not None else None

    def eta_seconds(self, now: float) -> float | None:
        """Return the remaining training time; None if it is unknown, or training is over."""
        if self.job is None or self.job.status.is_final or self.job.secondary_status != "Training":
            return None
        return eta_seconds(self._marks, now)
