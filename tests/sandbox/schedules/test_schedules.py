"""Schedules of the sandbox: through boto3, unmodified, and with a played clock."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from jsft_tui.sandbox.http.service import ApiError, Call
from jsft_tui.sandbox.schedules.records import Schedule, ScheduleStore, moment
from jsft_tui.sandbox.schedules.runner import MOST_ATTEMPTS, RETRY_SECONDS, ScheduleRunner
from jsft_tui.sandbox.seed import SANDBOX_ROLE
from tests.sandbox.running import RunningSandbox
from tests.sandbox.sagemaker.training_bench import until
from tests.sandbox.serving.endpoints import Endpoints, unique

DELETION = "arn:aws:scheduler:::aws-sdk:sagemaker:deleteEndpoint"


def request(endpoint: str, seconds: float, role: str = "arn:aws:iam::123456789012:role/r", **more: Any) -> Any:
    when = datetime.fromtimestamp(seconds, UTC)
    return {
        "Name": endpoint,
        "ScheduleExpression": f"at({when:%Y-%m-%dT%H:%M:%S})",
        "FlexibleTimeWindow": {"Mode": "OFF"},
        "ActionAfterCompletion": "DELETE",
        "Target": {"Arn": DELETION, "RoleArn": role, "Input": json.dumps({"EndpointName": endpoint})},
        **more,
    }


class Called:
    """A service that notes its calls, and refuses as many of them as it is told to."""

    def __init__(self, refusals: int = 0) -> None:
        self.calls: list[Call] = []
        self.refusals = refusals

    def handles(self, call: Call) -> bool:
        return call.operation == "DeleteEndpoint"

    def answer(self, call: Call) -> dict[str, Any]:
        self.calls.append(call)
        if len(self.calls) <= self.refusals:
            raise ApiError("ValidationException", "Cannot update in-progress endpoint")
        return {}


class Played:
    """A runner with a clock of its own."""

    def __init__(self, folder: Path, service: Called) -> None:
        self.store = ScheduleStore(folder / "schedules.sqlite")
        self.now = 1000.0
        self.service = service
        self.runner = ScheduleRunner(self.store, {"sagemaker": service}, lambda: self.now)

    def add(self, due: float, **more: Any) -> None:
        schedule = Schedule("us-west-2", "e", request("e", due, **more), 0.0, 0.0, due)
        assert self.store.put(schedule, self.store.find("us-west-2", "e"))

    def at(self, now: float) -> list[Call]:
        self.now = now
        self.runner.call_due()
        return self.service.calls


def test_a_target_is_called_once_when_its_time_has_come(tmp_path: Path) -> None:
    played = Played(tmp_path, Called())
    played.add(2000.0)
    assert played.at(1999.0) == []
    assert played.at(2000.0) == [Call("DeleteEndpoint", {"EndpointName": "e"}, "us-west-2")]
    assert played.store.find("us-west-2", "e") is None
    assert len(played.at(9000.0)) == 1

    played.add(9000.0, ActionAfterCompletion="NONE")
    assert len(played.at(9000.0)) == len(played.at(9999.0)) == 2
    assert played.store.find("us-west-2", "e") is not None

    played.add(9000.0, State="DISABLED")
    assert len(played.at(9999.0)) == 2


def test_a_refused_call_is_repeated_as_often_as_the_policy_says(tmp_path: Path) -> None:
    played = Played(tmp_path, Called(refusals=2))
    played.add(1000.0)
    assert len(played.at(1000.0)) == 1
    assert len(played.at(1000.0)) == 1
    assert len(played.at(1000.0 + RETRY_SECONDS)) == 2
    again = Played(tmp_path, Called())  # a schedule survives
    assert len(again.at(1000.0 + 2 * RETRY_SECONDS)) == 1
    assert again.store.find("us-west-2", "e") is None

    for policy, calls in (({"RetryPolicy": {"MaximumRetryAttempts": 0}}, 1), ({}, MOST_ATTEMPTS + 1)):
        stubborn = Played(tmp_path, Called(refusals=1000))
        target = {**request("e", 0)["Target"], **policy}
        stubborn.add(0.0, Target=target)
        for step in range(MOST_ATTEMPTS + 5):
            stubborn.at(step * RETRY_SECONDS)
        assert len(stubborn.service.calls) == calls


def test_times_are_those_of_the_zone() -> None:
    assert moment("at(2026-01-01T12:00:00)", "UTC") == datetime(2026, 1, 1, 12, tzinfo=UTC).timestamp()
    assert moment("at(2026-01-01T12:00:00)", "Europe/Berlin") == datetime(2026, 1, 1, 11, tzinfo=UTC).timestamp()
    for expression, zone in (("rate(1 hour)", "UTC"), ("at(2026-13-01T12:00:00)", "UTC"), ("at(x)", "UTC")):
        assert moment(expression, zone) is None
    for zone in ("Nowhere/At_All", "../../etc/passwd", ""):
        assert moment("at(2026-01-01T12:00:00)", zone) is None


@pytest.fixture
def own(state_dir: Path) -> Iterator[Endpoints]:
    running = RunningSandbox(state_dir)
    yield Endpoints(running)
    running.kill()


@pytest.mark.sandbox
def test_a_schedule_deletes_an_endpoint_even_after_a_kill(own: Endpoints) -> None:
    scheduler = own.sandbox.client("scheduler")
    trust = {"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    created = own.sandbox.client("iam").create_role(RoleName="TrainsOnly", AssumeRolePolicyDocument=policy)
    trains_only, role = created["Role"]["Arn"], SANDBOX_ROLE
    name, other = own.serve(unique("ends")), "other"
    later = time.time() + 86_400
    scheduler.create_schedule(**request(name, later, role))
    scheduler.create_schedule(**request(other, later, role))

    found = scheduler.get_schedule(Name=name)
    assert found["Target"]["Arn"] == DELETION
    assert (found["State"], found["GroupName"], found["ActionAfterCompletion"]) == ("ENABLED", "default", "DELETE")
    pages = scheduler.get_paginator("list_schedules").paginate(PaginationConfig={"PageSize": 1})
    assert [row["Name"] for page in pages for row in page["Schedules"]] == sorted([name, other])
    scheduler.delete_schedule(Name=other)
    calls: tuple[tuple[Callable[[], object], str], ...] = (
        (partial(scheduler.create_schedule, **request(name, later, role)), "ConflictException"),
        (partial(scheduler.get_schedule, Name=other), "ResourceNotFoundException"),
        (partial(scheduler.delete_schedule, Name=other), "ResourceNotFoundException"),
        (partial(scheduler.update_schedule, **request(other, later, role)), "ResourceNotFoundException"),
        (partial(scheduler.create_schedule, **request("x", later, trains_only)), "ValidationException"),
        (
            partial(scheduler.create_schedule, **request("x", later, role, ScheduleExpression="rate(1 day)")),
            "ValidationException",
        ),
        (partial(scheduler.list_schedule_groups), "UnsupportedOperation"),
    )
    for call, code in calls:
        with pytest.raises(ClientError) as raised:
            call()
        assert raised.value.response["Error"]["Code"].startswith(code)

    own.sandbox.kill()
    own.sandbox.start()
    assert own.describe(name)["EndpointStatus"] == "InService"
    scheduler = own.sandbox.client("scheduler")
    scheduler.update_schedule(**request(name, time.time() - 60, role))
    until(lambda: not own.client.list_endpoints(NameContains=name)["Endpoints"])
    until(lambda: not scheduler.list_schedules()["Schedules"])
