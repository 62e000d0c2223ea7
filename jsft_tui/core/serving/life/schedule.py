"""The schedule that deletes an endpoint when its lifetime is over: a one-time schedule of EventBridge Scheduler.

Its target is the universal one, which calls DeleteEndpoint with a role of the account (EventBridge Scheduler user
guide, "Using universal targets"); nothing runs in the account until then, and the schedule deletes itself afterwards.
Configuration and model cost nothing and stay; `jsft endpoints --leftovers` lists them.

Not checked against AWS: that the service takes the endpoint's deletion as a universal target.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

SCHEDULER = "scheduler.amazonaws.com"
"""Who assumes the role of a schedule."""
ACTION = "sagemaker:DeleteEndpoint"
"""What the role must allow, on the endpoint."""

_LONGEST = 64
"""Characters of a schedule's name at most (CreateSchedule)."""
_PREFIX = "jsft-"


@dataclass(frozen=True)
class Schedule:
    """A schedule of an account, as far as it is told.

    Attributes:
        when: its expression, `at(2026-11-29T14:05:00)`.
        target: the ARN of what it calls.
        data: what it calls that with: a JSON document.
    """

    name: str
    when: str
    target: str = ""
    data: str = ""

    def deletes(self, endpoint: str) -> bool:
        """Return whether it is the one that deletes an endpoint."""
        try:
            document = json.loads(self.data)
        except ValueError:
            return False
        return self.target.endswith(":aws-sdk:sagemaker:deleteEndpoint") and document == {"EndpointName": endpoint}


def schedule_name(endpoint: str) -> str:
    """Return the name of an endpoint's schedule; a long one ends with a digest of the endpoint's name."""
    name = f"{_PREFIX}{endpoint}"
    if len(name) <= _LONGEST:
        return name
    digest = hashlib.sha256(endpoint.encode()).hexdigest()[:8]
    return f"{name[: _LONGEST - 9]}-{digest}"


def schedule_request(endpoint: str, moment: float, role: str) -> dict[str, Any]:
    """Return the CreateSchedule request of an endpoint's deletion.

    Args:
        endpoint: its name.
        moment: when, in epoch seconds.
        role: ARN of the role that EventBridge Scheduler assumes.
    """
    return {
        "Name": schedule_name(endpoint),
        "Description": f"Deletes the SageMaker endpoint {endpoint} at the end of its lifetime. Made by jsft.",
        "ScheduleExpression": when(moment),
        "ScheduleExpressionTimezone": "UTC",
        "FlexibleTimeWindow": {"Mode": "OFF"},
        "ActionAfterCompletion": "DELETE",
        "Target": {
            "Arn": f"arn:{partition_of(role)}:scheduler:::aws-sdk:sagemaker:deleteEndpoint",
            "RoleArn": role,
            "Input": json.dumps({"EndpointName": endpoint}),
        },
    }


def partition_of(role: str) -> str:
    """Return the partition of a role's ARN."""
    return role.split(":")[1] if role.count(":") >= 5 else "aws"


def when(moment: float) -> str:
    """Return the expression of a schedule that runs once, at a time in epoch seconds."""
    return f"at({datetime.fromtimestamp(moment, UTC):%Y-%m-%dT%H:%M:%S})"


def trust_policy() -> Mapping[str, Any]:
    """Return the trust policy that a role for schedules needs."""
    statement = {"Effect": "Allow", "Principal": {"Service": SCHEDULER}, "Action": "sts:AssumeRole"}
    return {"Version": "2012-10-17", "Statement": [statement]}
