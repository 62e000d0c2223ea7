"""CloudWatch metrics of training jobs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from jsft_tui.aws.session import AwsSession
from jsft_tui.aws.translate import asking
from jsft_tui.core.jobs import seconds_of
from jsft_tui.core.metrics import Point

NAMESPACE = "/aws/sagemaker/TrainingJobs"
"""Namespace of algorithm metrics (dimension TrainingJobName; guide, training-metrics; SDK v2 analytics.py)."""
PERIOD = 60
"""Seconds: the resolution that CloudWatch keeps for 15 days."""


class TrainingMetrics:
    """The metrics of one target's training jobs."""

    def __init__(self, session: AwsSession) -> None:
        self._session = session

    def points(self, job: str, names: Sequence[str], start: float, end: float) -> list[Point]:
        """Averages per minute of a job's metrics between two times (epoch seconds), oldest first."""
        if not names:
            return []
        queries = [_query(number, name, job) for number, name in enumerate(names)]
        arguments = {"StartTime": _moment(start), "EndTime": _moment(end), "ScanBy": "TimestampAscending"}
        found: list[Point] = []
        with asking(f"read the metrics of {job}"):
            pages = self._client.get_paginator("get_metric_data").paginate(MetricDataQueries=queries, **arguments)
            for page in pages:
                for result in page["MetricDataResults"]:
                    name = names[int(result["Id"].removeprefix("m"))]
                    pairs = zip(result["Timestamps"], result["Values"], strict=True)
                    found += [Point(name, seconds_of(moment) or 0.0, float(value)) for moment, value in pairs]
        return found

    @property
    def _client(self) -> Any:
        return self._session.client("cloudwatch")


def _query(number: int, name: str, job: str) -> dict[str, Any]:
    dimensions = [{"Name": "TrainingJobName", "Value": job}]
    metric = {"Namespace": NAMESPACE, "MetricName": name, "Dimensions": dimensions}
    return {"Id": f"m{number}", "MetricStat": {"Metric": metric, "Period": PERIOD, "Stat": "Average"}}


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
