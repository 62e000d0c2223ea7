"""Where what happens on the instances of serving is told: log streams, and metrics of invocations."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass

from jsft_tui.sandbox.cloudwatch.logs import LogsService
from jsft_tui.sandbox.cloudwatch.metrics import MetricsService

ENDPOINT_LOGS = "/aws/sagemaker/Endpoints"
TRANSFORM_LOGS = "/aws/sagemaker/TransformJobs"
METRICS = "AWS/SageMaker"
LINE_LIMIT = 65_536
"""Maximum characters of an event."""


class LogStream:
    """A log stream; its lines are in the order in which they were written."""

    def __init__(self, logs: LogsService, group: str, stream: str) -> None:
        self._logs, self._group, self._stream = logs, group, stream
        self._clock = 0
        logs.create_stream(group, stream)

    def write(self, line: str) -> None:
        """Store a line."""
        self._clock = max(self._clock, int(time.time() * 1000))
        # CloudWatch Logs does not accept empty messages.
        self._logs.put(self._group, self._stream, [(self._clock, line[:LINE_LIMIT] or " ")])

    def note(self, message: str) -> None:
        """Store a line of the sandbox itself."""
        self.write(f"sandbox: {message}")


def endpoint_group(name: str) -> str:
    """Return the log group of an endpoint."""
    return f"{ENDPOINT_LOGS}/{name}"


def instance_id(*parts: object) -> str:
    """Return the made-up id of an instance, always the same for the same parts."""
    return f"i-0{hashlib.sha256(repr(parts).encode()).hexdigest()[:16]}"


@dataclass(frozen=True)
class Timed:
    """How long an invocation took: the model, and all around it. Seconds."""

    model: float
    overhead: float


class InvocationMetrics:
    """The metrics of endpoint invocations (developer guide, "Metrics for monitoring Amazon SageMaker AI")."""

    def __init__(self, metrics: MetricsService) -> None:
        self._metrics = metrics

    def backlog(self, endpoint: str, size: int, *, is_asleep: bool) -> None:
        """Tell how many requests wait for an asynchronous endpoint."""
        now = time.time()
        values = (
            ("ApproximateBacklogSize", now, float(size)),
            ("HasBacklogWithoutCapacity", now, float(is_asleep and size > 0)),
        )
        self._metrics.put_values(METRICS, {"EndpointName": endpoint}, values)

    def invoked(self, endpoint: str, variant: str, status: int, timed: Timed) -> None:
        """Count an invocation; latencies are in microseconds."""
        values: Mapping[str, float] = {
            "Invocations": 1.0,
            "Invocation4XXErrors": float(400 <= status < 500),
            "Invocation5XXErrors": float(status >= 500),
            "ModelLatency": timed.model * 1e6,
            "OverheadLatency": timed.overhead * 1e6,
        }
        now = time.time()
        dimensions = {"EndpointName": endpoint, "VariantName": variant}
        self._metrics.put_values(METRICS, dimensions, [(name, now, value) for name, value in values.items()])
