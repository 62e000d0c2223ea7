"""Scale asynchronous endpoints to zero and back (Application Auto Scaling, with an alarm of CloudWatch)."""

from __future__ import annotations

from collections.abc import Callable

from jsft_tui.aws.client.errors import translate_errors
from jsft_tui.aws.client.session import AwsSession
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.serving.deploy.mode import (
    Asynchronous,
    alarm_name,
    backlog_policy,
    scalable_target,
    scaled,
    waking_alarm,
    waking_policy,
)

_ABSENT = ("NotFound", "ObjectNotFoundException", "ResourceNotFound")


class Scaling:
    """The scaling of one target's endpoints."""

    def __init__(self, session: AwsSession) -> None:
        self._session = session

    def put(self, endpoint: str, mode: Asynchronous) -> None:
        """Let an endpoint scale between zero and the most instances; repeating it changes nothing.

        Raises:
            Problem: the endpoint is not in service yet, or AWS refused.
        """
        with translate_errors(f"let {endpoint} scale to zero"):
            client = self._session.client("application-autoscaling")
            client.register_scalable_target(**scalable_target(endpoint, mode))
            client.put_scaling_policy(**backlog_policy(endpoint))
            policy = str(client.put_scaling_policy(**waking_policy(endpoint))["PolicyARN"])
        with translate_errors(f"create the alarm {alarm_name(endpoint)}"):
            self._session.client("cloudwatch").put_metric_alarm(**waking_alarm(endpoint, policy))

    def delete(self, endpoint: str) -> None:
        """Delete policies, target and alarm of an endpoint (DeregisterScalableTarget); none is no error."""
        self._unless_absent(f"end the scaling of {endpoint}", lambda: self._deregister(endpoint))
        self._unless_absent(f"delete the alarm {alarm_name(endpoint)}", lambda: self._delete_alarm(endpoint))

    def _deregister(self, endpoint: str) -> None:
        self._session.client("application-autoscaling").deregister_scalable_target(**scaled(endpoint))

    def _delete_alarm(self, endpoint: str) -> None:
        self._session.client("cloudwatch").delete_alarms(AlarmNames=[alarm_name(endpoint)])

    @staticmethod
    def _unless_absent(what: str, call: Callable[[], None]) -> None:
        try:
            with translate_errors(what):
                call()
        except Problem as problem:
            if problem.code not in _ABSENT:
                raise
