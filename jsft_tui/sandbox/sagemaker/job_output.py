"""Store a training job's output: its lines in CloudWatch Logs, and the metrics found in them."""

from __future__ import annotations

import os
import selectors
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from jsft_tui.core.jobs.metrics.log_metrics import LogLine, Point, metric_value
from jsft_tui.metric_search.scraper import MetricScraper
from jsft_tui.sandbox.cloudwatch.logs import LogsService
from jsft_tui.sandbox.cloudwatch.metrics import MetricsService
from jsft_tui.sandbox.sagemaker.job_store import FinalMetric

LOG_GROUP = "/aws/sagemaker/TrainingJobs"
METRIC_NAMESPACE = "/aws/sagemaker/TrainingJobs"

FLUSH_SECONDS = 0.2
LINE_LIMIT = 65_536
"""Maximum bytes of a line; a longer one is split into several events."""
_BATCH_EVENTS = 5_000
_BATCH_BYTES = 500_000

Event = tuple[int, str]
"""Timestamp in milliseconds since the epoch, and a line."""


class JobOutput:
    """One job's log stream, written by one thread."""

    def __init__(
        self,
        job_name: str,
        definitions: Sequence[Mapping[str, str]],
        logs: LogsService,
        metrics: MetricsService,
        on_metrics: Callable[[tuple[FinalMetric, ...]], Any],
    ) -> None:
        """Create the log stream; `on_metrics` is called with the final values whenever they change."""
        self.stream = f"{job_name}/algo-1-{int(time.time())}"
        self.last_line = ""
        self._dimensions = {"TrainingJobName": job_name}
        self._scraper = MetricScraper(((each["Name"], each["Regex"]) for each in definitions), _captured_value)
        self._final: dict[str, FinalMetric] = {}
        self._logs = logs
        self._metrics = metrics
        self._on_metrics = on_metrics
        self._buffer: list[Event] = []
        self._buffered_bytes = 0
        self._partial = b""
        self._clock = 0
        self._abandoned = threading.Event()
        logs.create_stream(LOG_GROUP, self.stream)
        self._write_warnings()

    def write_line(self, message: str) -> None:
        """Log a line of the sandbox itself."""
        self._store([(self._now(), f"sandbox: {message}")])

    def follow(self, descriptor: int) -> None:
        """Store lines until the last writer closes the pipe or `abandon` is called; then close the descriptor."""
        try:
            self._follow(descriptor)
        finally:
            os.close(descriptor)
            self._scraper.close()

    def _follow(self, descriptor: int) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(descriptor, selectors.EVENT_READ)
            next_flush = time.monotonic() + FLUSH_SECONDS
            while not self._abandoned.is_set():
                if selector.select(timeout=FLUSH_SECONDS / 2):
                    chunk = os.read(descriptor, LINE_LIMIT)
                    if not chunk:
                        break
                    self._split_lines(chunk)
                is_full = len(self._buffer) >= _BATCH_EVENTS or self._buffered_bytes >= _BATCH_BYTES
                if is_full or time.monotonic() >= next_flush:
                    self._flush()
                    next_flush = time.monotonic() + FLUSH_SECONDS
        if self._partial:
            self._add_line(self._partial)
        self._flush()
        self._store_metrics(self._scraper.last_points())

    def abandon(self) -> None:
        """Stop following, because a process outside the job's process group still holds the pipe."""
        self._abandoned.set()

    def _split_lines(self, chunk: bytes) -> None:
        *lines, self._partial = (self._partial + chunk).split(b"\n")
        for line in lines:
            self._add_line(line)
        while len(self._partial) >= LINE_LIMIT:
            self._add_line(self._partial[:LINE_LIMIT])
            self._partial = self._partial[LINE_LIMIT:]

    def _add_line(self, line: bytes) -> None:
        # CloudWatch Logs does not accept empty messages.
        text = line.decode(errors="replace").removesuffix("\r") or " "
        self._buffer.append((self._now(), text))
        self._buffered_bytes += len(line) + 26
        if text.strip():
            self.last_line = text.strip()

    def _flush(self) -> None:
        if not self._buffer:
            return
        events, self._buffer, self._buffered_bytes = self._buffer, [], 0
        self._store(events)
        self._store_metrics(self._scraper.points(LogLine(time_ms / 1000, text) for time_ms, text in events))

    def _store_metrics(self, points: Sequence[Point]) -> None:
        self._write_warnings()
        if points:
            values = [(point.metric, point.time, point.value) for point in points]
            self._metrics.put_values(METRIC_NAMESPACE, self._dimensions, values)
            self._final |= {point.metric: FinalMetric(point.metric, point.value, point.time) for point in points}
            self._on_metrics(tuple(self._final.values()))

    def _write_warnings(self) -> None:
        warnings, self._scraper.unused = self._scraper.unused, []
        for warning in warnings:
            self.write_line(warning)

    def _store(self, events: Sequence[Event]) -> None:
        self._logs.put(LOG_GROUP, self.stream, events)

    def _now(self) -> int:
        """Return non-decreasing milliseconds since the epoch, so that lines are in the order of their timestamps."""
        self._clock = max(self._clock, int(time.time() * 1000))
        return self._clock


def _captured_value(captured: str, _after: str) -> float | None:
    """Return the captured number only: SageMaker does not see an exponent that the expression cut off."""
    return metric_value(captured, "")
