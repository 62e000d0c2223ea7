"""Lifetimes: a schedule in the account where a role is given, else only jsft; nothing of them stays behind."""

from __future__ import annotations

import json
from typing import Any
from unittest.mock import patch

import pytest

from jsft_tui.aws.serving.endpoints import Serving
from jsft_tui.cli.console.output import EXIT_CODES
from jsft_tui.core.common.errors import Problem, ProblemKind
from jsft_tui.core.serving.endpoint import EndpointStatus
from jsft_tui.core.serving.life.schedule import schedule_name
from tests.cli.serving.conftest import Jsft
from tests.common.servers.sagemaker_server import JOB, client

ROLE = "arn:aws:iam::123456789012:role/Keeper"


@pytest.fixture
def scheduler(url: str) -> Any:
    return client(url, "scheduler")


def names(scheduler: Any) -> list[str]:
    return [each["Name"] for each in scheduler.list_schedules()["Schedules"]]


def test_a_schedule_deletes_the_endpoint_and_the_teardown_deletes_the_schedule(scheduler: Any, jsft: Jsft) -> None:
    jsft("deploy", JOB, "--lifetime", "2h", "--scheduler-role", ROLE, "--yes")

    (name,) = names(scheduler)
    found = scheduler.get_schedule(Name=name)
    assert name == schedule_name(JOB)
    assert json.loads(found["Target"]["Input"]) == {"EndpointName": JOB}
    shown = jsft("endpoint", JOB)[1]
    assert shown["schedule"] == name
    assert found["ScheduleExpression"] == f"at({shown['expires'].rstrip('Z').split('+')[0].split('.')[0]})"

    torn = jsft("teardown", JOB, "--yes")[1]

    assert [each["kind"] for each in torn["deletes"]] == ["endpoint", "schedule", "endpoint configuration", "model"]
    assert names(scheduler) == []


def test_without_a_role_there_is_no_schedule(scheduler: Any, jsft: Jsft) -> None:
    jsft("deploy", JOB, "--lifetime", "2h", "--yes")

    assert names(scheduler) == []
    assert jsft("endpoint", JOB)[1]["schedule"] is None


def test_a_dry_run_says_what_is_created(scheduler: Any, jsft: Jsft) -> None:
    code, document = jsft("deploy", JOB, "--lifetime", "2h", "--scheduler-role", ROLE, "--dry-run")

    assert (code, document["requests"]["CreateSchedule"]["Target"]["RoleArn"]) == (0, ROLE)
    assert names(scheduler) == []


@pytest.mark.parametrize("form", ["json", "boto3", "sagemaker", "awscli"])
def test_code_that_runs_some_day_has_no_time_of_today(jsft: Jsft, form: str) -> None:
    document = jsft("deploy", JOB, "--lifetime", "2h", "--scheduler-role", ROLE, "--as", form)[1]

    assert "jsft:training-job" in document["text"]
    for dated in ("jsft:delete-after", "jsft:schedule", "ScheduleExpression", "at("):
        assert dated not in document["text"]


def test_expired_endpoints_are_deleted_with_their_schedules(scheduler: Any, jsft: Jsft, url: str) -> None:
    jsft("deploy", JOB, "--lifetime", "2h", "--scheduler-role", ROLE, "--yes")
    arn = jsft("endpoint", JOB)[1]["arn"]
    past = [{"Key": "jsft:delete-after", "Value": "2020-01-01T00:00:00Z"}]
    client(url, "sagemaker").add_tags(ResourceArn=arn, Tags=past)

    assert jsft("endpoints", "--expired", "--delete", "--yes") == (0, {"deleted": [JOB], "failed": []})
    assert names(scheduler) == []
    assert client(url, "sagemaker").list_models()["Models"] == []


def test_an_expired_endpoint_that_cannot_be_deleted_keeps_no_other_one(jsft: Jsft, url: str) -> None:
    sagemaker = client(url, "sagemaker")
    for name in ("first", "second"):
        jsft("deploy", JOB, "--name", name, "--lifetime", "2h", "--yes")
        past = [{"Key": "jsft:delete-after", "Value": "2020-01-01T00:00:00Z"}]
        sagemaker.add_tags(ResourceArn=sagemaker.describe_endpoint(EndpointName=name)["EndpointArn"], Tags=past)
    (first, *_) = [each["name"] for each in jsft("endpoints", "--expired")[1]]
    real = Serving.delete_endpoint

    def refuse(serving: Serving, name: str) -> None:
        if name == first:
            raise Problem("Throttling", "not now.")
        real(serving, name)

    with patch.object(Serving, "delete_endpoint", refuse):
        code, document = jsft("endpoints", "--expired", "--delete", "--yes")

    (other,) = {"first", "second"} - {first}
    assert code == EXIT_CODES[ProblemKind.REFUSED]
    assert document == {
        "deleted": [other],
        "failed": [{"name": first, "code": "Throttling", "message": "not now."}],
    }
    assert [each["EndpointName"] for each in sagemaker.list_endpoints()["Endpoints"]] == [first]


def test_an_endpoint_that_is_being_deleted_is_not_deleted_again(jsft: Jsft, url: str) -> None:
    sagemaker = client(url, "sagemaker")
    jsft("deploy", JOB, "--lifetime", "2h", "--yes")
    past = [{"Key": "jsft:delete-after", "Value": "2020-01-01T00:00:00Z"}]
    sagemaker.add_tags(ResourceArn=sagemaker.describe_endpoint(EndpointName=JOB)["EndpointArn"], Tags=past)

    with patch.object(EndpointStatus, "parse", lambda _: EndpointStatus.DELETING):
        assert jsft("endpoints", "--expired") == (0, [])
    assert [each["name"] for each in jsft("endpoints", "--expired")[1]] == [JOB]


def test_a_lifetime_is_changed_with_its_schedule(scheduler: Any, jsft: Jsft) -> None:
    jsft("deploy", JOB, "--yes")
    assert jsft("endpoint", JOB)[1]["expires"] is None

    first = jsft("endpoint", JOB, "--lifetime", "1h", "--scheduler-role", ROLE)[1]
    second = jsft("endpoint", JOB, "--lifetime", "9h", "--scheduler-role", ROLE)[1]

    assert first["expires"] < second["expires"]
    assert scheduler.get_schedule(Name=schedule_name(JOB))["ScheduleExpression"][3:22] == second["expires"][:19]
    third = jsft("endpoint", JOB, "--lifetime", "1h")[1]
    assert (third["schedule"], names(scheduler)) == (None, [])


def test_the_schedule_of_something_else_is_left_alone(scheduler: Any, jsft: Jsft) -> None:
    target = {"Arn": "arn:aws:lambda:us-west-2:123456789012:function:f", "RoleArn": ROLE}
    scheduler.create_schedule(
        Name=schedule_name(JOB), ScheduleExpression="rate(1 hour)", FlexibleTimeWindow={"Mode": "OFF"}, Target=target
    )
    jsft("deploy", JOB, "--yes")

    assert jsft("teardown", JOB, "--yes")[0] == 0
    assert names(scheduler) == [schedule_name(JOB)]
