"""CloudWatch metrics: values in, statistics out."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from jsft_tui.sandbox.cloudwatch.metrics import MetricsService
from jsft_tui.sandbox.http.service import ApiError, Call
from tests.sandbox.cloudwatch.writing import put_values
from tests.sandbox.running import RunningSandbox

SPACE = "/aws/sagemaker/TrainingJobs"
JOB = {"TrainingJobName": "job"}
DIMENSIONS = [{"Name": "TrainingJobName", "Value": "job"}]
NOON = 1_795_608_000.0


@pytest.fixture
def metrics(tmp_path: Path) -> Iterator[MetricsService]:
    service = MetricsService(tmp_path / "metrics.sqlite")
    yield service
    service.close()


def ask(metrics: MetricsService, operation: str, **parameters: Any) -> dict[str, Any]:
    return metrics.answer(Call(operation, parameters, "us-west-2"))


def query(name: str, stat: str = "Average", period: int = 60, **changes: Any) -> dict[str, Any]:
    metric = {"Namespace": SPACE, "MetricName": name, "Dimensions": DIMENSIONS}
    return {"Id": "q1", "MetricStat": {"Metric": metric, "Period": period, "Stat": stat}, **changes}


def data(metrics: MetricsService, *queries: dict[str, Any], **changes: Any) -> dict[str, Any]:
    span = {"StartTime": NOON, "EndTime": NOON + 600}
    return ask(metrics, "GetMetricData", MetricDataQueries=list(queries), **{**span, **changes})


@pytest.mark.parametrize(
    ("stat", "values"),
    [
        ("Average", [2.0, 10.0]),
        ("Sum", [4.0, 10.0]),
        ("Minimum", [1.0, 10.0]),
        ("Maximum", [3.0, 10.0]),
        ("SampleCount", [2.0, 1.0]),
    ],
)
def test_statistics_are_computed_by_period(metrics: MetricsService, stat: str, values: list[float]) -> None:
    for second, value in ((0, 1.0), (59, 3.0), (60, 10.0), (600, 99.0)):
        metrics.put(SPACE, JOB, "loss", NOON + second, value)
    answer = data(metrics, query("loss", stat), ScanBy="TimestampAscending")["MetricDataResults"][0]
    assert answer["Timestamps"] == [NOON, NOON + 60]
    assert answer["Values"] == values
    assert (answer["Id"], answer["Label"], answer["StatusCode"]) == ("q1", "loss", "Complete")


def test_a_period_of_one_second_keeps_every_second_and_newest_comes_first(metrics: MetricsService) -> None:
    for second in range(3):
        metrics.put(SPACE, JOB, "loss", NOON + second + 0.7, second)
    answer = data(metrics, query("loss", period=1))["MetricDataResults"][0]
    assert answer["Timestamps"] == [NOON + 2, NOON + 1, NOON]
    assert answer["Values"] == [2, 1, 0]


def test_metrics_are_distinguished_by_all_their_dimensions(metrics: MetricsService) -> None:
    metrics.put(SPACE, {**JOB, "Host": "h"}, "loss", NOON, 1)
    metrics.put(SPACE, {"TrainingJobName": "other"}, "loss", NOON, 1)
    assert data(metrics, query("loss"))["MetricDataResults"][0]["Values"] == []


def test_datapoints_are_paged_over_queries_without_loss(metrics: MetricsService) -> None:
    for second in range(5):
        metrics.put(SPACE, JOB, "a", NOON + second, second)
        metrics.put(SPACE, JOB, "b", NOON + second, 10 + second)
    found: dict[str, list[float]] = {"qa": [], "qb": []}
    token: dict[str, str] = {}
    pages = 0
    while True:
        answer = data(metrics, query("a", period=1, Id="qa"), query("b", period=1, Id="qb"), MaxDatapoints=3, **token)
        pages += 1
        for result in answer["MetricDataResults"]:
            found[result["Id"]] += result["Values"]
        if "NextToken" not in answer:
            break
        token = {"NextToken": answer["NextToken"]}
    assert found == {"qa": [4, 3, 2, 1, 0], "qb": [14, 13, 12, 11, 10]}
    assert pages == 4


def test_get_metric_statistics_answers_all_wanted_statistics(metrics: MetricsService) -> None:
    metrics.put_values(SPACE, JOB, [("loss", NOON, 1.0), ("loss", NOON + 1, 2.0)])
    answer = ask(
        metrics,
        "GetMetricStatistics",
        Namespace=SPACE,
        MetricName="loss",
        Dimensions=DIMENSIONS,
        StartTime=NOON,
        EndTime=NOON + 60,
        Period=60,
        Statistics=["Average", "Maximum"],
    )
    assert answer["Datapoints"] == [{"Timestamp": NOON, "Unit": "None", "Average": 1.5, "Maximum": 2.0}]


@pytest.mark.parametrize(
    ("operation", "changes", "code"),
    [
        ("GetMetricStatistics", {"Period": 7}, "InvalidParameterValue"),
        ("GetMetricStatistics", {"EndTime": NOON - 1}, "ValidationError"),
        ("GetMetricStatistics", {"Statistics": []}, "InvalidParameterCombination"),
        ("GetMetricStatistics", {"Period": 1, "EndTime": NOON + 5000}, "InvalidParameterCombination"),
    ],
)
def test_questions_that_cloudwatch_refuses_are_refused(
    metrics: MetricsService, operation: str, changes: dict[str, Any], code: str
) -> None:
    usual = {
        "Namespace": SPACE,
        "MetricName": "loss",
        "StartTime": NOON,
        "EndTime": NOON + 60,
        "Period": 60,
        "Statistics": ["Sum"],
    }
    with pytest.raises(ApiError) as caught:
        ask(metrics, operation, **{**usual, **changes})
    assert caught.value.code == code


def test_a_metric_expression_is_refused_rather_than_answered_empty(metrics: MetricsService) -> None:
    with pytest.raises(ApiError, match="metric expressions"):
        data(metrics, {"Id": "e", "Expression": "SEARCH('x', 'Sum', 60)"})


def test_values_are_on_disk_when_put_returns(tmp_path: Path) -> None:
    MetricsService(tmp_path / "m.sqlite").put(SPACE, JOB, "loss", NOON, 1)
    # Not closed: as after kill -9.
    assert data(MetricsService(tmp_path / "m.sqlite"), query("loss"))["MetricDataResults"][0]["Values"] == [1]


def test_boto3_gets_metrics_over_http(sandbox: RunningSandbox) -> None:
    client = sandbox.client("cloudwatch")
    now, name = datetime.now(UTC), f"m{time.time_ns()}"
    put_values(sandbox, "mine", {}, [(name, now.timestamp(), value) for value in (1.0, 4.0, 4.0, 7.0)])
    metric = {"Namespace": "mine", "MetricName": name}
    span = {"StartTime": now - timedelta(minutes=5), "EndTime": now + timedelta(minutes=5)}
    pages = client.get_paginator("get_metric_data").paginate(
        MetricDataQueries=[{"Id": "a", "MetricStat": {"Metric": metric, "Period": 60, "Stat": "Sum"}}], **span
    )
    values = [value for page in pages for result in page["MetricDataResults"] for value in result["Values"]]
    assert values == [16]
    statistics = client.get_metric_statistics(**metric, **span, Period=60, Statistics=["SampleCount"])
    assert [point["SampleCount"] for point in statistics["Datapoints"]] == [4]
    assert isinstance(statistics["Datapoints"][0]["Timestamp"], datetime)


def test_what_only_moto_has_is_refused_because_it_could_not_see_our_values(sandbox: RunningSandbox) -> None:
    with pytest.raises(ClientError, match="UnsupportedOperationException"):
        sandbox.client("cloudwatch").list_metrics()
