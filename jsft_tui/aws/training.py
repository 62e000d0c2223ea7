"""SageMaker training jobs: create, describe, list, stop."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from jsft_tui.aws.client.errors import asking
from jsft_tui.aws.client.session import AwsSession
from jsft_tui.core.common.errors import SIGNED_OUT, Problem
from jsft_tui.core.common.remedy import Remedy, RemedyCommand
from jsft_tui.core.jobs.failures import diagnose
from jsft_tui.core.jobs.training_job import JobStatus, JobSummary, TrainingJob

PAGE_SIZE = 100
"""The most that ListTrainingJobs gives at once."""


@dataclass(frozen=True)
class JobPage:
    """A page of jobs; `token` continues it, None when it was the last."""

    jobs: tuple[JobSummary, ...]
    token: str | None


class TrainingJobs:
    """The training jobs of one target."""

    def __init__(self, session: AwsSession) -> None:
        self._session = session

    def create(self, request: Mapping[str, Any]) -> str:
        """CreateTrainingJob; returns the ARN."""
        with asking(f"launch {request['TrainingJobName']}"):
            answer = self._client.create_training_job(**request)
        return str(answer["TrainingJobArn"])

    def describe(self, name: str, tags: Mapping[str, str] | None = None) -> TrainingJob:
        """A job with its tags (without them where ListTags is denied).

        Args:
            name: the job.
            tags: its tags, when they are known already: they are not asked for again.

        Raises:
            Problem: `NoSuchJob` and others.
        """
        try:
            with asking(f"describe the training job {name}"):
                answer = self._client.describe_training_job(TrainingJobName=name)
        except Problem as problem:
            # An unknown job is a ValidationException; only its text tells (there is no code of its own for it).
            known = diagnose(problem.message)
            if known is not None and known.code == "NoSuchJob":
                message = f"there is no training job {name!r} in {self._session.target.region}."
                raise Problem("NoSuchJob", message, Remedy("See which there are", RemedyCommand.JOBS)) from problem
            raise
        return TrainingJob.parse(answer, self._tags(str(answer["TrainingJobArn"])) if tags is None else tags)

    def find(self, name: str) -> TrainingJob | None:
        """A job, or None when there is none of that name."""
        try:
            return self.describe(name)
        except Problem as problem:
            if problem.code == "NoSuchJob":
                return None
            raise

    def page(
        self, status: JobStatus | None = None, contains: str = "", token: str | None = None, size: int = PAGE_SIZE
    ) -> JobPage:
        """A page of jobs, newest first. The service may give short or empty pages with a token."""
        filters: dict[str, Any] = {"MaxResults": size}
        if status is not None:
            filters["StatusEquals"] = status.value
        if contains:
            filters["NameContains"] = contains
        if token:
            filters["NextToken"] = token
        return self._page(filters)

    def changed(self, after: float) -> JobPage:
        """The newest jobs among those that changed after a time (epoch seconds): of all, not only of the newest."""
        filters: dict[str, Any] = {"LastModifiedTimeAfter": datetime.fromtimestamp(after, UTC)}
        return self._page(filters)

    def all_since(self, status: JobStatus, created_after: float) -> list[JobSummary]:
        """All jobs of a status that were created after a time (epoch seconds)."""
        with asking("list the training jobs"):
            pages = self._client.get_paginator("list_training_jobs").paginate(
                StatusEquals=status.value,
                CreationTimeAfter=datetime.fromtimestamp(created_after, UTC),
                PaginationConfig={"PageSize": PAGE_SIZE},
            )
            return [JobSummary.parse(row) for page in pages for row in page["TrainingJobSummaries"]]

    def _page(self, filters: Mapping[str, Any]) -> JobPage:
        arguments = {"SortBy": "CreationTime", "SortOrder": "Descending", "MaxResults": PAGE_SIZE, **filters}
        with asking("list the training jobs"):
            answer = self._client.list_training_jobs(**arguments)
        return JobPage(tuple(map(JobSummary.parse, answer["TrainingJobSummaries"])), answer.get("NextToken"))

    def stop(self, name: str) -> None:
        """StopTrainingJob: the job gets 120 seconds to save what it has."""
        with asking(f"stop {name}"):
            self._client.stop_training_job(TrainingJobName=name)

    def _tags(self, arn: str) -> dict[str, str]:
        try:
            with asking("read the job's tags"):
                answer = self._client.list_tags(ResourceArn=arn, MaxResults=100)
        except Problem as problem:
            if problem.code in SIGNED_OUT:
                raise
            return {}  # the tags only tell the parent model; the job itself is there to be shown
        return {tag["Key"]: tag["Value"] for tag in answer.get("Tags", ())}

    @property
    def _client(self) -> Any:
        return self._session.client("sagemaker")
