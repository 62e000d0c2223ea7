"""Read the CloudWatch Logs of training jobs, transform jobs and endpoints."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from jsft_tui.aws.client.errors import translate_errors
from jsft_tui.aws.client.session import AwsSession
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.text import clean_log
from jsft_tui.core.jobs.metrics.log_metrics import LogLine

GROUP = "/aws/sagemaker/TrainingJobs"
"""Log group of all training jobs; a job's streams are `<job>/algo-<n>-<time>` (guide, logging-cloudwatch)."""
TRANSFORM_GROUP = "/aws/sagemaker/TransformJobs"
"""Log group of all transform jobs; a job's streams are `<job>/<instance>-<time>` (same page)."""
ENDPOINT_GROUPS = "/aws/sagemaker/Endpoints/"
"""Each endpoint has a log group of its own; its streams are `<variant>/<instance>` (same page)."""


@dataclass(frozen=True)
class LogPage:
    """Lines of one stream; `token` continues after them (an unchanged token means: no new lines)."""

    lines: tuple[LogLine, ...]
    token: str | None


class TrainingLogs:
    """The logs of one target's training jobs, or of others that share a group."""

    def __init__(self, session: AwsSession, group: str = GROUP) -> None:
        self._session, self._group = session, group

    def streams(self, job: str) -> list[str]:
        """List the job's log streams; none before its first output (the log group itself may not exist yet)."""
        try:
            with translate_errors(f"list the logs of {job}"):
                pages = self._client.get_paginator("describe_log_streams").paginate(
                    logGroupName=self._group, **self._only(job)
                )
                return [stream["logStreamName"] for page in pages for stream in page["logStreams"]]
        except Problem as problem:
            if problem.code == "NotFound":
                return []
            raise

    def read(self, stream: str, token: str | None = None) -> LogPage:
        """Read the lines of a stream after a token, or from its start."""
        # "If you are using a previous nextForwardToken value as the nextToken, you must specify true for
        # startFromHead" (GetLogEvents).
        options: dict[str, Any] = {"startFromHead": True, **({"nextToken": token} if token else {})}
        try:
            with translate_errors(f"read the log {stream}"):
                answer = self._client.get_log_events(logGroupName=self._group, logStreamName=stream, **options)
                host = stream.rpartition("/")[2]
                lines = tuple(_line(event["timestamp"] / 1000, event["message"], host) for event in answer["events"])
                return LogPage(lines, answer.get("nextForwardToken"))
        except Problem as problem:
            if problem.code == "NotFound":
                return LogPage((), token)
            raise

    def last(self, stream: str, count: int) -> tuple[LogLine, ...]:
        """Read the last lines of a stream, at most `count`, with one call."""
        try:
            with translate_errors(f"read the log {stream}"):
                answer = self._client.get_log_events(
                    logGroupName=self._group, logStreamName=stream, startFromHead=False, limit=count
                )
                host = stream.rpartition("/")[2]
                return tuple(_line(event["timestamp"] / 1000, event["message"], host) for event in answer["events"])
        except Problem as problem:
            if problem.code == "NotFound":
                return ()
            raise

    def _only(self, job: str) -> dict[str, str]:
        """Return what chooses the streams of a job among those of the group."""
        return {"logStreamNamePrefix": f"{job}/"}

    @property
    def _client(self) -> Any:
        return self._session.client("logs")


class EndpointLogs(TrainingLogs):
    """The log of one endpoint, whose group holds nothing else."""

    def __init__(self, session: AwsSession, endpoint: str) -> None:
        super().__init__(session, ENDPOINT_GROUPS + endpoint)

    def _only(self, job: str) -> dict[str, str]:
        del job
        return {}


def _line(time: float, message: str, host: str) -> LogLine:
    text = clean_log(message)
    return LogLine(time, text, host, "" if text == message else message)
