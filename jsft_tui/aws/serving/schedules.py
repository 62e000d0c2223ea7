"""Create, change, find and delete schedules of EventBridge Scheduler, in its default group."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jsft_tui.aws.client.errors import translate_errors
from jsft_tui.aws.client.session import AwsSession
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.jobs.members import mapping, text
from jsft_tui.core.serving.life.schedule import Schedule


class Schedules:
    """The schedules of one target."""

    def __init__(self, session: AwsSession) -> None:
        self._session = session

    def find(self, name: str) -> Schedule | None:
        """Return a schedule; None if there is none of that name."""
        try:
            with translate_errors(f"read the schedule {name}"):
                answer = self._client.get_schedule(Name=name)
                target = mapping(answer["Target"])
                when = text(answer["ScheduleExpression"])
                return Schedule(name, when, text(target.get("Arn")), text(target.get("Input")))
        except Problem as problem:
            if problem.code == "NotFound":
                return None
            raise

    def put(self, request: Mapping[str, Any]) -> None:
        """Create a schedule, or change the one that has its name (CreateSchedule, UpdateSchedule)."""
        name = request["Name"]
        try:
            with translate_errors(f"create the schedule {name}"):
                self._client.create_schedule(**request)
        except Problem as problem:
            if problem.code != "ConflictException":
                raise
            with translate_errors(f"change the schedule {name}"):
                self._client.update_schedule(**request)

    def delete(self, name: str) -> None:
        """Delete a schedule; one that is gone is no error."""
        try:
            with translate_errors(f"delete the schedule {name}"):
                self._client.delete_schedule(Name=name)
        except Problem as problem:
            if problem.code != "NotFound":
                raise

    @property
    def _client(self) -> Any:
        return self._session.fail_fast_client("scheduler")
