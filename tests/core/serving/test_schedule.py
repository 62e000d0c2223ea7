"""The schedule that ends the lifetime of an endpoint."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from botocore.session import Session
from botocore.validate import ParamValidator

from jsft_tui.core.serving.life.schedule import Schedule, schedule_name, schedule_request

ROLE = "arn:aws-cn:iam::123456789012:role/Keeper"


def test_the_request_calls_delete_endpoint_once_and_goes() -> None:
    request = schedule_request("mine", 1_800_000_000.9, ROLE)

    assert request["ScheduleExpression"] == "at(2027-01-15T08:00:00)"
    assert request["ScheduleExpressionTimezone"] == "UTC"
    assert request["ActionAfterCompletion"] == "DELETE"
    assert request["Target"] == {
        "Arn": "arn:aws-cn:scheduler:::aws-sdk:sagemaker:deleteEndpoint",
        "RoleArn": ROLE,
        "Input": '{"EndpointName": "mine"}',
    }
    model = Session().get_service_model("scheduler").operation_model("CreateSchedule").input_shape
    assert not ParamValidator().validate(request, model).has_errors()


@pytest.mark.parametrize("endpoint", ["a", "a" * 59, "a" * 60, "b" * 63, "a" * 59 + "-b"])
def test_the_name_is_valid_and_the_endpoints_own(endpoint: str) -> None:
    assert re.fullmatch(r"[0-9a-zA-Z_.-]{1,64}", schedule_name(endpoint))
    assert schedule_name(endpoint) != schedule_name(f"{endpoint[:-1]}z")


@pytest.mark.parametrize(
    ("data", "deletes"),
    [('{"EndpointName": "mine"}', True), ('{"EndpointName": "other"}', False), ("mine", False), ("", False)],
)
def test_a_schedule_of_something_else_is_not_taken_for_it(data: str, deletes: bool) -> None:
    target: dict[str, Any] = schedule_request("mine", 0.0, ROLE)["Target"]

    assert Schedule("jsft-mine", "at(x)", target["Arn"], data).deletes("mine") is deletes
    assert not Schedule("jsft-mine", "at(x)", "arn:aws:lambda", json.dumps({"EndpointName": "mine"})).deletes("mine")
