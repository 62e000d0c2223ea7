"""Read the CloudWatch metrics of training jobs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from jsft_tui.aws.client.errors import translate_errors
from jsft_tui.aws.client.session import AwsSession
from jsft_tui.core.jobs.members import seconds_of
from jsft_tui.core.jobs.metrics.log_metrics import Point
from jsft_tui.core.jobs.metrics.utilization import InstanceMetric, Reading

NAMESPACE = "/aws/sagemaker/TrainingJobs"
"""Namespace of algorithm metrics (dimension TrainingJobName; guide, training-metrics; SDK v2 analytics.py)."""
PERIOD = 60
"""Seconds per value: the resolution that CloudWatch keeps for 15 days."""


MOST_QUERIES = 500
"""Queries per GetMetricData request, at most."""


@dataclass(frozen=True)
class Wanted:
    """A metric of a job to read; `period` is the number of seconds that each value covers."""

    job: str
    metric: str
    period: int


class TrainingMetrics:
    """The metrics of one target's training jobs."""

    def __init__(self, session: AwsSession) -> None:
        self._session = session

    def points(self, job: str, names: Sequence[str], start: float, end: float) -> list[Point]:
        """Read averages per minute of a job's metrics between two times (epoch seconds), oldest first."""
        if not names:
            return []
        series = self._series([_metric(name, "TrainingJobName", job) for name in names], job, start, end)
        return [Point(name, time, value) for name, pairs in zip(names, series, strict=True) for time, value in pairs]

    def latest(
        self, wanted: Sequence[Wanted], start: float, end: float
    ) -> list[tuple[Wanted, list[tuple[float, float]]]]:
        """Read metrics of many jobs between two times (epoch seconds), oldest first, in exactly one request.

        Not verified with AWS: that so few values always fit on the first page. Later pages are not read.

        Args:
            wanted: at most 500 (GetMetricData).
            start, end: epoch seconds.

        Raises:
            ValueError: too many metrics.
            Problem: CloudWatch denied or did not answer the request.
        """
        if len(wanted) > MOST_QUERIES:
            raise ValueError(f"{len(wanted)} metrics in one request; the maximum is {MOST_QUERIES}")
        queries = [
            _query(number, _metric(each.metric, "TrainingJobName", each.job), each.period)
            for number, each in enumerate(wanted)
        ]
        span = {"StartTime": _moment(start), "EndTime": _moment(end), "ScanBy": "TimestampAscending"}
        with translate_errors("read the metrics of the jobs"):
            answer = self._client.get_metric_data(MetricDataQueries=queries, **span)
            return [(wanted[_number(result)], _pairs(result)) for result in answer["MetricDataResults"]]

    def instance_readings(self, job: str, hosts: Sequence[str], start: float, end: float) -> list[Reading]:
        """Read the instance metrics of a job between two times (epoch seconds), one value per minute.

        Args:
            job: the job's name.
            hosts: its hosts, `algo-1` and so on.
            start, end: epoch seconds.
        """
        wanted = [(host, kind) for host in hosts for kind in InstanceMetric]
        metrics = [_metric(kind.value, "Host", f"{job}/{host}") for host, kind in wanted]
        series = self._series(metrics, job, start, end)
        return [
            Reading(host, kind, time, value)
            for (host, kind), pairs in zip(wanted, series, strict=True)
            for time, value in pairs
        ]

    def _series(
        self, metrics: Sequence[dict[str, Any]], job: str, start: float, end: float
    ) -> list[list[tuple[float, float]]]:
        """Read the (time, value) pairs of each metric, oldest first."""
        found: list[list[tuple[float, float]]] = [[] for _ in metrics]
        span = {"StartTime": _moment(start), "EndTime": _moment(end), "ScanBy": "TimestampAscending"}
        for first in range(0, len(metrics), MOST_QUERIES):
            queries = [_query(number, metric) for number, metric in enumerate(metrics)][first : first + MOST_QUERIES]
            with translate_errors(f"read the metrics of {job}"):
                pages = self._client.get_paginator("get_metric_data").paginate(MetricDataQueries=queries, **span)
                for result in (result for page in pages for result in page["MetricDataResults"]):
                    found[_number(result)] += _pairs(result)
        return found

    @property
    def _client(self) -> Any:
        return self._session.client("cloudwatch")


def _metric(name: str, dimension: str, value: str) -> dict[str, Any]:
    return {"Namespace": NAMESPACE, "MetricName": name, "Dimensions": [{"Name": dimension, "Value": value}]}


def _query(number: int, metric: dict[str, Any], period: int = PERIOD) -> dict[str, Any]:
    return {"Id": f"m{number}", "MetricStat": {"Metric": metric, "Period": period, "Stat": "Average"}}


def _number(result: Mapping[str, Any]) -> int:
    return int(result["Id"].removeprefix("m"))


def _pairs(result: Mapping[str, Any]) -> list[tuple[float, float]]:
    pairs = zip(result["Timestamps"], result["Values"], strict=True)
    return [(seconds_of(moment) or 0.0, float(value)) for moment, value in pairs]


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
