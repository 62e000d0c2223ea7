"""CloudWatch Logs of training jobs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from jsft_tui.aws.client.errors import asking
from jsft_tui.aws.client.session import AwsSession
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.text import clean_log
from jsft_tui.core.jobs.metrics.log_metrics import LogLine

GROUP = "/aws/sagemaker/TrainingJobs"
"""Log group of all training jobs; a job's streams are `<job>/algo-<n>-<time>` (guide, logging-cloudwatch)."""


@dataclass(frozen=True)
class LogPage:
    """Lines of one stream; `token` reads on after them (the same token again: nothing new)."""

    lines: tuple[LogLine, ...]
    token: str | None


class TrainingLogs:
    """The logs of one target's training jobs."""

    def __init__(self, session: AwsSession) -> None:
        self._session = session

    def streams(self, job: str) -> list[str]:
        """The job's log streams; none while it has not written anything (the group itself may not exist yet)."""
        try:
            with asking(f"list the logs of {job}"):
                pages = self._client.get_paginator("describe_log_streams").paginate(
                    logGroupName=GROUP, logStreamNamePrefix=f"{job}/"
                )
                return [stream["logStreamName"] for page in pages for stream in page["logStreams"]]
        except Problem as problem:
            if problem.code == "NotFound":
                return []
            raise

    def read(self, stream: str, token: str | None = None) -> LogPage:
        """Lines of a stream after a token, from its start without one."""
        # "If you are using a previous nextForwardToken value as the nextToken, you must specify true for
        # startFromHead" (GetLogEvents).
        options: dict[str, Any] = {"startFromHead": True, **({"nextToken": token} if token else {})}
        try:
            with asking(f"read the log {stream}"):
                answer = self._client.get_log_events(logGroupName=GROUP, logStreamName=stream, **options)
        except Problem as problem:
            if problem.code == "NotFound":
                return LogPage((), token)
            raise
        host = stream.rpartition("/")[2]
        lines = tuple(_line(event["timestamp"] / 1000, event["message"], host) for event in answer["events"])
        return LogPage(lines, answer.get("nextForwardToken"))

    @property
    def _client(self) -> Any:
        return self._session.client("logs")


def _line(time: float, message: str, host: str) -> LogLine:
    text = clean_log(message)
    return LogLine(time, text, host, "" if text == message else message)
