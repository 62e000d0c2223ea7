"""Write log events and metric values into a running sandbox, as its runner does: CloudWatch's API only reads them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing

from jsft_tui.sandbox.cloudwatch.logs import LogsService
from jsft_tui.sandbox.cloudwatch.metrics import MetricsService
from tests.sandbox.running import RunningSandbox

GROUP = "/aws/sagemaker/TrainingJobs"


def put_events(sandbox: RunningSandbox, stream: str, events: Sequence[tuple[int, str]], group: str = GROUP) -> None:
    """Store events (milliseconds since the epoch, message) in a log stream, which is created if need be."""
    with closing(LogsService(sandbox.state_dir / "content" / "logs.sqlite")) as logs:
        logs.create_stream(group, stream)
        logs.put(group, stream, events)


def put_values(
    sandbox: RunningSandbox, namespace: str, dimensions: Mapping[str, str], values: Iterable[tuple[str, float, float]]
) -> None:
    """Store values (metric name, epoch seconds, value)."""
    with closing(MetricsService(sandbox.state_dir / "content" / "metrics.sqlite")) as metrics:
        metrics.put_values(namespace, dimensions, values)
