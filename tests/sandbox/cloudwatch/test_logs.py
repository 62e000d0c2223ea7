"""CloudWatch Logs: what is put comes back, page by page, in the ways that clients read."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from jsft_tui.sandbox.cloudwatch.logs import LogsService
from jsft_tui.sandbox.http.service import ApiError, Call
from tests.common.effort import at_most
from tests.sandbox.cloudwatch.writing import put_events
from tests.sandbox.running import RunningSandbox

GROUP = "/aws/sagemaker/TrainingJobs"
STREAM = "job/algo-1-1"


class Logs:
    """The service, called by operation."""

    def __init__(self, path: Path) -> None:
        self.service = LogsService(path)

    def __call__(self, operation: str, **parameters: Any) -> dict[str, Any]:
        return self.service.answer(Call(operation, parameters, "us-west-2"))

    def read(self, **parameters: Any) -> dict[str, Any]:
        return self("GetLogEvents", logGroupName=GROUP, logStreamName=STREAM, **parameters)

    def fill(self, count: int, stream: str = STREAM, start: int = 1_000) -> None:
        self.service.create_stream(GROUP, stream)
        self.service.put(GROUP, stream, [(start + number, f"line {number}") for number in range(count)])


@pytest.fixture
def logs(tmp_path: Path) -> Iterator[Logs]:
    found = Logs(tmp_path / "logs.sqlite")
    yield found
    found.service.close()


def messages(answer: dict[str, Any]) -> list[str]:
    return [event["message"] for event in answer["events"]]


def refusal(logs: Logs, operation: str, **parameters: Any) -> ApiError:
    with pytest.raises(ApiError) as caught:
        logs(operation, **parameters)
    return caught.value


def test_reading_from_the_head_ends_with_the_token_that_was_given(logs: Logs) -> None:
    logs.fill(5)
    first = logs.read(startFromHead=True, limit=3)
    second = logs.read(startFromHead=True, limit=3, nextToken=first["nextForwardToken"])
    third = logs.read(startFromHead=True, limit=3, nextToken=second["nextForwardToken"])
    assert messages(first) + messages(second) == [f"line {number}" for number in range(5)]
    assert messages(third) == []
    assert third["nextForwardToken"] == second["nextForwardToken"]


def test_later_events_show_up_under_the_last_token(logs: Logs) -> None:
    logs.fill(2)
    token = logs.read(startFromHead=True)["nextForwardToken"]
    logs.service.put(GROUP, STREAM, [(1_001, "same time as the last"), (2_000, "later")])
    assert messages(logs.read(nextToken=token, startFromHead=True)) == ["same time as the last", "later"]


def test_an_empty_stream_gives_a_token_under_which_its_first_event_comes(logs: Logs) -> None:
    logs.fill(0)
    answer = logs.read(startFromHead=True)
    assert answer["events"] == []
    assert logs.read(nextToken=answer["nextForwardToken"])["nextForwardToken"] == answer["nextForwardToken"]
    logs.service.put(GROUP, STREAM, [(5, "first")])
    assert messages(logs.read(nextToken=answer["nextForwardToken"])) == ["first"]


def test_without_a_direction_the_newest_come_and_the_backward_token_goes_to_the_oldest(logs: Logs) -> None:
    logs.fill(5)
    newest = logs.read(limit=2)
    middle = logs.read(limit=2, nextToken=newest["nextBackwardToken"])
    oldest = logs.read(limit=2, nextToken=middle["nextBackwardToken"])
    end = logs.read(limit=2, nextToken=oldest["nextBackwardToken"])
    assert [messages(page) for page in (newest, middle, oldest, end)] == [
        ["line 3", "line 4"],
        ["line 1", "line 2"],
        ["line 0"],
        [],
    ]
    assert end["nextBackwardToken"] == oldest["nextBackwardToken"]
    assert messages(logs.read(nextToken=end["nextForwardToken"])) == [f"line {number}" for number in range(5)]


def test_the_time_range_includes_its_start_and_not_its_end(logs: Logs) -> None:
    logs.fill(5)
    assert messages(logs.read(startTime=1_001, endTime=1_003, startFromHead=True)) == ["line 1", "line 2"]


def test_a_page_holds_at_most_a_mebibyte(logs: Logs) -> None:
    logs.fill(0)
    logs.service.put(GROUP, STREAM, [(number, "x" * 300_000) for number in range(10)])
    page = logs.read(startFromHead=True)
    assert len(page["events"]) == 3
    assert len(logs.read(nextToken=page["nextForwardToken"])["events"]) == 3


def test_a_page_of_a_thousand_out_of_a_hundred_thousand_is_quick(logs: Logs) -> None:
    logs.fill(0)
    for start in range(0, 100_000, 10_000):
        logs.service.put(GROUP, STREAM, [(start + number, "a line of usual length " * 3) for number in range(10_000)])
    token, seen = None, 0
    for _ in range(20):
        with at_most(2.5, "a page"):
            page = logs.read(startFromHead=True, limit=1_000, **({"nextToken": token} if token else {}))
        token, seen = page["nextForwardToken"], seen + len(page["events"])
    assert seen == 20_000
    with at_most(2.5, "the last page"):
        assert len(logs.read(limit=1_000)["events"]) == 1_000


def test_events_are_on_disk_when_put_returns(tmp_path: Path) -> None:
    first = Logs(tmp_path / "logs.sqlite")
    first.fill(3)
    # Not closed: as after kill -9.
    assert len(Logs(tmp_path / "logs.sqlite").read()["events"]) == 3


def test_a_missing_group_or_stream_is_not_found(logs: Logs) -> None:
    error = refusal(logs, "DescribeLogStreams", logGroupName=GROUP)
    assert (error.code, error.message) == ("ResourceNotFoundException", "The specified log group does not exist.")
    logs.fill(0)
    error = refusal(logs, "GetLogEvents", logGroupName=GROUP, logStreamName="nope")
    assert (error.code, error.message) == ("ResourceNotFoundException", "The specified log stream does not exist.")


def test_streams_are_listed_by_prefix_by_time_and_in_pages(logs: Logs) -> None:
    for number, name in enumerate(["b/1", "a/2", "a/1"]):
        logs.fill(1, stream=name, start=5_000 - number)
    by_prefix = logs("DescribeLogStreams", logGroupName=GROUP, logStreamNamePrefix="a/")["logStreams"]
    assert [stream["logStreamName"] for stream in by_prefix] == ["a/1", "a/2"]
    assert by_prefix[0]["lastEventTimestamp"] == 4_998
    page = logs("DescribeLogStreams", logGroupName=GROUP, orderBy="LastEventTime", descending=True, limit=2)
    assert [stream["logStreamName"] for stream in page["logStreams"]] == ["b/1", "a/2"]
    rest = logs(
        "DescribeLogStreams",
        logGroupName=GROUP,
        orderBy="LastEventTime",
        descending=True,
        limit=2,
        nextToken=page["nextToken"],
    )
    assert [stream["logStreamName"] for stream in rest["logStreams"]] == ["a/1"]
    assert "nextToken" not in rest


def test_a_token_that_is_none_of_ours_is_refused(logs: Logs) -> None:
    logs.fill(1)
    error = refusal(logs, "GetLogEvents", logGroupName=GROUP, logStreamName=STREAM, nextToken="f/123")
    assert error.code == "InvalidParameterException"


def test_filter_merges_streams_by_time_and_pages_without_loss(logs: Logs) -> None:
    logs.fill(4, stream="a", start=0)
    logs.fill(4, stream="b", start=2)
    logs.fill(4, stream="other", start=0)
    found: list[tuple[int, str]] = []
    token: dict[str, str] = {}
    while True:
        page = logs("FilterLogEvents", logGroupName=GROUP, logStreamNames=["a", "b"], limit=3, **token)
        found += [(event["timestamp"], event["logStreamName"]) for event in page["events"]]
        if "nextToken" not in page:
            break
        token = {"nextToken": page["nextToken"]}
    assert [moment for moment, _ in found] == sorted(moment for moment, _ in found)
    assert sorted(found) == sorted([(number, "a") for number in range(4)] + [(number + 2, "b") for number in range(4)])


def test_a_filter_pattern_is_refused_rather_than_ignored(logs: Logs) -> None:
    logs.fill(1)
    error = refusal(logs, "FilterLogEvents", logGroupName=GROUP, filterPattern="ERROR")
    assert error.code == "InvalidParameterException"
    assert "filterPattern" in error.message


def test_boto3_reads_logs_over_http(sandbox: RunningSandbox) -> None:
    client = sandbox.client("logs")
    group = f"/test/{time.time_ns()}"
    now = int(time.time() * 1000)
    messages = [f"zeile {number} ü" for number in range(25)]
    put_events(sandbox, "s", [(now, message) for message in messages], group)
    pages = client.get_paginator("filter_log_events").paginate(logGroupName=group, PaginationConfig={"PageSize": 10})
    assert [event["message"] for page in pages for event in page["events"]] == messages
    streams = client.get_paginator("describe_log_streams").paginate(logGroupName=group)
    assert [stream["logStreamName"] for page in streams for stream in page["logStreams"]] == ["s"]
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.describe_log_streams(logGroupName="/missing")


def test_what_only_moto_has_is_refused_because_it_could_not_see_our_streams(sandbox: RunningSandbox) -> None:
    with pytest.raises(ClientError, match="UnsupportedOperationException"):
        sandbox.client("logs").describe_log_groups()
