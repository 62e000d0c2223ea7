"""Create, describe, list and stop transform jobs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jsft_tui.aws.client.errors import translate_errors
from jsft_tui.aws.client.session import AwsSession
from jsft_tui.aws.serving.endpoints import is_absent
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.remedy import Remedy, RemedyCommand
from jsft_tui.core.run.name import GRAMMAR
from jsft_tui.core.serving.transform.job import TransformJob

PAGE_SIZE = 100
HOLDING = ("InProgress", "Stopping")
"""Statuses (TransformJobStatus) in which a job holds instances."""


class Transforms:
    """The transform jobs of one target."""

    def __init__(self, session: AwsSession) -> None:
        self._session = session

    def describe(self, name: str) -> TransformJob:
        """Describe a transform job.

        Raises:
            Problem: `NoSuchTransform` and others.
        """
        found = self.find(name)
        if found is None:
            message = f"there is no transform job {name!r} in {self._session.target.region}."
            raise Problem("NoSuchTransform", message, Remedy("List them", RemedyCommand.SHELL, "jsft transforms"))
        return found

    def find(self, name: str) -> TransformJob | None:
        """Describe a transform job; None if there is none of that name."""
        if not GRAMMAR.fullmatch(name):  # AWS would answer with the grammar
            return None
        try:
            with translate_errors(f"describe the transform job {name}"):
                return _parsed(self._client.describe_transform_job(TransformJobName=name))
        except Problem as problem:
            if is_absent(problem):
                return None
            raise

    def newest(self, limit: int) -> list[TransformJob]:
        """List the newest transform jobs, with what rows of the list say."""
        found: list[TransformJob] = []
        with translate_errors("list the transform jobs"):
            pages = self._client.get_paginator("list_transform_jobs").paginate(
                SortBy="CreationTime",
                SortOrder="Descending",
                PaginationConfig={"MaxItems": limit, "PageSize": min(limit, PAGE_SIZE)},
            )
            for page in pages:
                found += map(_parsed, page["TransformJobSummaries"])
        return found

    def running(self) -> list[TransformJob]:
        """Return the transform jobs that hold instances, as described: rows of the list do not name those."""
        found: list[TransformJob | None] = []
        for status in HOLDING:
            with translate_errors("list the transform jobs"):
                pages = self._client.get_paginator("list_transform_jobs").paginate(StatusEquals=status)
                names = [str(row["TransformJobName"]) for page in pages for row in page["TransformJobSummaries"]]
            found += [self.find(name) for name in names]
        return [each for each in found if each is not None and not each.status.is_final]

    def create(self, request: Mapping[str, Any]) -> str:
        """Send CreateTransformJob; return the ARN."""
        with translate_errors(f"create the transform job {request['TransformJobName']}"):
            return str(self._client.create_transform_job(**request)["TransformJobArn"])

    def stop(self, name: str) -> None:
        """Stop a transform job (StopTransformJob); it becomes Stopped after a while."""
        with translate_errors(f"stop the transform job {name}"):
            self._client.stop_transform_job(TransformJobName=name)

    @property
    def _client(self) -> Any:
        return self._session.client("sagemaker")


def _parsed(answer: Mapping[str, Any]) -> TransformJob:
    """Parse an answer that has what AWS always sends.

    Raises:
        KeyError: it lacks a member.
    """
    for member in ("TransformJobName", "TransformJobArn", "TransformJobStatus", "CreationTime"):
        answer[member]
    return TransformJob.parse(answer)
