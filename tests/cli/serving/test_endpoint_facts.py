"""What `jsft endpoints` and `jsft endpoint` know beside the description: calls and logs."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.cli.serving.conftest import Jsft
from tests.common.servers.sagemaker_server import JOB, client


def test_calls_are_counted_and_an_endpoint_without_any_is_new(url: str, jsft: Jsft, text: Jsft) -> None:
    jsft("deploy", JOB, "--yes")
    assert jsft("endpoints")[1][0]["calls_24h"] == 0

    dimensions = [{"Name": "EndpointName", "Value": JOB}, {"Name": "VariantName", "Value": "AllTraffic"}]
    metric = {"MetricName": "Invocations", "Dimensions": dimensions, "Value": 7.0, "Timestamp": datetime.now(UTC)}
    client(url, "cloudwatch").put_metric_data(Namespace="AWS/SageMaker", MetricData=[metric])

    (listed,) = jsft("endpoints")[1]
    assert (listed["calls_24h"], listed["is_idle"], listed["quiet_seconds"]) == (7, False, 0)
    shown = text("endpoint", JOB)[1]
    assert "Calls in 24 h      7" in shown


def test_the_log_of_an_endpoint_is_shown(url: str, jsft: Jsft, text: Jsft) -> None:
    jsft("deploy", JOB, "--yes")
    assert text("endpoint", JOB, "--logs") == (0, "")

    logs, group = client(url, "logs"), f"/aws/sagemaker/Endpoints/{JOB}"
    logs.create_log_group(logGroupName=group)
    logs.create_log_stream(logGroupName=group, logStreamName="AllTraffic/i-1")
    now = int(datetime.now(UTC).timestamp() * 1000)
    events = [{"timestamp": now, "message": "loaded\x1b[2J"}]
    logs.put_log_events(logGroupName=group, logStreamName="AllTraffic/i-1", logEvents=events)

    assert text("endpoint", JOB, "--logs") == (0, "loaded\n")
    (line,) = jsft("endpoint", JOB, "--logs")[1]
    assert (line["stream"], line["message"]) == ("i-1", "loaded")


def test_the_log_of_nothing_is_an_error(jsft: Jsft) -> None:
    code, document = jsft("endpoint", "nothing", "--logs")

    assert (code, document["error"]["code"]) == (4, "NoSuchEndpoint")
    assert jsft("endpoint", "nothing", "--follow")[0] == 2
