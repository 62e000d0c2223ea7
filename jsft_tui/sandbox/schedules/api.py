"""Serve the API of EventBridge Scheduler (REST-JSON) for the group `default`.

Not checked against AWS: the wording of the refusals, except that of the role (printed in public issues).
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote

from jsft_tui.sandbox.http.constraints import check_constraints, service_model
from jsft_tui.sandbox.http.listener import Request
from jsft_tui.sandbox.http.page_token import read_token, write_token
from jsft_tui.sandbox.http.replies import Reply, json_reply
from jsft_tui.sandbox.http.service import ApiError
from jsft_tui.sandbox.schedules.records import GROUP, Schedule, ScheduleStore, moment, operation_of

SERVICE = "scheduler"
PRINCIPAL = "scheduler.amazonaws.com"
_PAGE = 100
_OPERATIONS = {
    "POST": "CreateSchedule",
    "PUT": "UpdateSchedule",
    "GET": "GetSchedule",
    "DELETE": "DeleteSchedule",
}


class SchedulesService:
    """The schedules of the sandbox."""

    def __init__(self, store: ScheduleStore, can_assume: Callable[[str], bool], services: frozenset[str]) -> None:
        """Create the service.

        Args:
            store: keeps them.
            can_assume: returns whether scheduler.amazonaws.com can assume a role.
            services: services whose operations may be targets.
        """
        self._store = store
        self._can_assume = can_assume
        self._callable = services

    def answer(self, request: Request, region: str, body: bytes) -> Reply | None:
        """Return the reply; None for an operation that is not implemented.

        Raises:
            ApiError: the request is refused.
        """
        found = _operation(request)
        if found is None:
            return None
        operation, name = found
        parameters = _parameters(operation, name, request, body)
        if parameters.get("GroupName", GROUP) != GROUP:
            group = parameters["GroupName"]
            raise ApiError("ResourceNotFoundException", f"Schedule group {group} does not exist.", 404)
        if operation == "ListSchedules":
            return json_reply(self._list(region, parameters))
        if operation in ("CreateSchedule", "UpdateSchedule"):
            return json_reply(self._put(region, name, parameters, is_new=operation == "CreateSchedule"))
        schedule = self._get(region, name)
        if operation == "DeleteSchedule":
            self._store.delete(schedule)
            return json_reply({})
        return json_reply(_description(schedule))

    def _put(self, region: str, name: str, wanted: Mapping[str, Any], *, is_new: bool) -> dict[str, Any]:
        before = self._store.find(region, name)
        if is_new and before is not None:
            raise ApiError("ConflictException", f"Schedule {name} already exists.", 409)
        if not is_new and before is None:
            raise _missing(name)
        due = moment(wanted["ScheduleExpression"], wanted.get("ScheduleExpressionTimezone", "UTC"))
        if due is None:
            raise _invalid("The sandbox runs one-time schedules: use at(yyyy-mm-ddThh:mm:ss) and a known time zone.")
        self._check_target(wanted["Target"])
        now = time.time()
        kept = {key: value for key, value in wanted.items() if key not in ("Name", "GroupName", "ClientToken")}
        schedule = Schedule(region, name, kept, before.created if before else now, now, due)
        if not self._store.put(schedule, before):
            raise ApiError("ConflictException", f"Schedule {name} was changed at the same time.", 409)
        return {"ScheduleArn": schedule.arn}

    def _check_target(self, target: Mapping[str, Any]) -> None:
        from botocore.model import OperationNotFoundError

        operation = operation_of(target["Arn"])
        if operation is None or operation[0] not in self._callable:
            known = ", ".join(sorted(self._callable))
            raise _invalid(f"The sandbox calls universal targets of {known} only, not {target['Arn']}.")
        try:
            given = json.loads(target.get("Input") or "{}")
            service_model(operation[0]).operation_model(operation[1])
        except (ValueError, OperationNotFoundError) as problem:
            raise _invalid(f"The target {target['Arn']} or its Input is not valid: {problem}.") from problem
        if not isinstance(given, dict):
            raise _invalid("The Input of the target must be a JSON object.")
        if not self._can_assume(target["RoleArn"]):
            raise _invalid("The execution role you provide must allow AWS EventBridge Scheduler to assume the role.")

    def _get(self, region: str, name: str) -> Schedule:
        found = self._store.find(region, name)
        if found is None:
            raise _missing(name)
        return found

    def _list(self, region: str, wanted: Mapping[str, Any]) -> dict[str, Any]:
        state, prefix = wanted.get("State"), wanted.get("NamePrefix", "")
        found = [
            each for each in self._store.all(region) if each.name.startswith(prefix) and state in (None, each.state)
        ]
        if token := wanted.get("NextToken"):
            try:
                after = str(read_token(token))
            except (TypeError, ValueError) as problem:
                raise _invalid("Invalid pagination token.") from problem
            found = [each for each in found if each.name > after]
        size = wanted.get("MaxResults") or _PAGE
        members = ("Arn", "Name", "GroupName", "State", "CreationDate", "LastModificationDate")
        rows = []
        for each in found[:size]:
            described = _description(each)
            target = {"Arn": each.request["Target"]["Arn"]}
            rows.append({**{name: described[name] for name in members}, "Target": target})
        more = {"NextToken": write_token(found[size - 1].name)} if len(found) > size else {}
        return {"Schedules": rows, **more}


def _operation(request: Request) -> tuple[str, str] | None:
    """Return the operation of a request and the name of its schedule."""
    parts = request.raw_path.strip("/").split("/")
    if parts == ["schedules"] and request.method == "GET":
        return "ListSchedules", ""
    if len(parts) == 2 and parts[0] == "schedules" and request.method in _OPERATIONS:
        return _OPERATIONS[request.method], unquote(parts[1])
    return None


def _parameters(operation: str, name: str, request: Request, body: bytes) -> dict[str, Any]:
    """Return the parameters by their names in the service model.

    Raises:
        ApiError: they are not valid.
    """
    from botocore.validate import ParamValidator

    model = service_model(SERVICE).operation_model(operation)
    shape = model.input_shape
    assert shape is not None
    try:
        found = json.loads(body) if body else {}
    except (ValueError, RecursionError) as problem:
        raise _invalid(f"The request body cannot be read: {problem}.") from problem
    if not isinstance(found, dict):
        raise _invalid("The request body is not an object.")
    for member, part in shape.members.items():
        if part.serialization.get("location") == "querystring":
            value = request.query.get(part.serialization["name"])
            if value is not None:
                found[member] = int(value) if part.type_name == "integer" and value.isdigit() else value
    if name:
        found["Name"] = name
    report = ParamValidator().validate(found, shape)
    if report.has_errors():
        raise _invalid(report.generate_report())
    check_constraints(SERVICE, operation, found)
    return found


def _description(schedule: Schedule) -> dict[str, Any]:
    return {
        "ScheduleExpressionTimezone": "UTC",
        "ActionAfterCompletion": "NONE",
        **schedule.request,
        "Arn": schedule.arn,
        "Name": schedule.name,
        "GroupName": GROUP,
        "State": schedule.state,
        "CreationDate": schedule.created,
        "LastModificationDate": schedule.modified,
    }


def _missing(name: str) -> ApiError:
    return ApiError("ResourceNotFoundException", f"Schedule {name} does not exist.", 404)


def _invalid(message: str) -> ApiError:
    return ApiError("ValidationException", message)
