"""Read how often endpoints were called (CloudWatch)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from jsft_tui.aws.client.errors import translate_errors
from jsft_tui.aws.client.session import AwsSession
from jsft_tui.core.jobs.members import seconds_of
from jsft_tui.core.serving.traffic import HOUR, Calls

NAMESPACE, METRIC = "AWS/SageMaker", "Invocations"
"""InvokeEndpoint requests; dimensions EndpointName and VariantName (guide, monitoring-cloudwatch)."""
MOST_QUERIES = 500
"""Queries per GetMetricData request, at most."""


class Traffic:
    """The calls of one target's endpoints."""

    def __init__(self, session: AwsSession) -> None:
        self._session = session

    def calls(self, variants: Mapping[str, Sequence[str]], start: float, end: float) -> dict[str, Calls]:
        """Read the calls of endpoints by the hour, all of their variants together.

        Args:
            variants: endpoint -> names of its variants.
            start, end: epoch seconds.

        Raises:
            Problem: CloudWatch denied or did not answer.
        """
        wanted = [(name, variant) for name, own in variants.items() for variant in own]
        hours: dict[str, dict[float, float]] = {name: {} for name in variants}
        span = {"StartTime": _moment(start), "EndTime": _moment(end), "ScanBy": "TimestampAscending"}
        for first in range(0, len(wanted), MOST_QUERIES):
            some = wanted[first : first + MOST_QUERIES]
            queries = [_query(number, *each) for number, each in enumerate(some)]
            with translate_errors("read how often the endpoints were called"):
                client = self._session.fail_fast_client("cloudwatch")
                pages = client.get_paginator("get_metric_data").paginate(MetricDataQueries=queries, **span)
                for result in (result for page in pages for result in page["MetricDataResults"]):
                    counts = hours[some[int(result["Id"].removeprefix("m"))][0]]
                    for moment, count in zip(result["Timestamps"], result["Values"], strict=True):
                        hour = seconds_of(moment) or 0.0
                        counts[hour] = counts.get(hour, 0.0) + float(count)
        return {name: Calls(start, tuple(sorted(counts.items()))) for name, counts in hours.items()}


def _query(number: int, endpoint: str, variant: str) -> dict[str, Any]:
    dimensions = [{"Name": "EndpointName", "Value": endpoint}, {"Name": "VariantName", "Value": variant}]
    metric = {"Namespace": NAMESPACE, "MetricName": METRIC, "Dimensions": dimensions}
    return {"Id": f"m{number}", "MetricStat": {"Metric": metric, "Period": int(HOUR), "Stat": "Sum"}}


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
