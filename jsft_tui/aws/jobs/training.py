"""Describe, list and stop SageMaker training jobs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from jsft_tui.aws.client.errors import translate_errors
from jsft_tui.aws.client.session import AwsSession
from jsft_tui.core.common.errors import SIGNED_OUT, Problem
from jsft_tui.core.common.remedy import Remedy, RemedyCommand
from jsft_tui.core.failures import diagnose
from jsft_tui.core.jobs.training_job import JobStatus, JobSummary, TrainingJob
from jsft_tui.core.run.name import GRAMMAR, name_within

PAGE_SIZE = 100
"""Jobs per ListTrainingJobs response, at most."""


@dataclass(frozen=True)
class JobPage:
    """A page of jobs; `token` continues the list, None on the last page."""

    jobs: tuple[JobSummary, ...]
    token: str | None


class TrainingJobs:
    """The training jobs of one target."""

    def __init__(self, session: AwsSession) -> None:
        self._session = session

    def describe(self, name: str, tags: Mapping[str, str] | None = None) -> TrainingJob:
        """Describe a job with its tags (without tags where ListTags is denied).

        Args:
            name: the job.
            tags: its tags, if they are known already; they are not read again.

        Raises:
            Problem: `NoSuchJob` and others.
        """
        if not GRAMMAR.fullmatch(name):  # AWS would answer with the grammar
            raise self._no_such(name)
        try:
            with translate_errors(f"describe the training job {name}"):
                answer = self._client.describe_training_job(TrainingJobName=name)
                known_tags = self._tags(str(answer["TrainingJobArn"])) if tags is None else tags
                return TrainingJob.parse(answer, known_tags)
        except Problem as problem:
            # There is no error code for an unknown job: it is a ValidationException, so its text decides.
            known = diagnose(problem.message)
            if known is not None and known.code == "NoSuchJob":
                raise self._no_such(name) from problem
            raise

    def _no_such(self, name: str) -> Problem:
        within = name_within(name)
        remedy = f"Write its name: {within}" if within else Remedy("List the jobs", RemedyCommand.JOBS)
        return Problem("NoSuchJob", f"there is no training job {name!r} in {self._session.target.region}.", remedy)

    def find(self, name: str) -> TrainingJob | None:
        """Describe a job; None if there is none of that name."""
        try:
            return self.describe(name)
        except Problem as problem:
            if problem.code == "NoSuchJob":
                return None
            raise

    def page(self, status: JobStatus | None = None, token: str | None = None, size: int = PAGE_SIZE) -> JobPage:
        """List a page of jobs, newest first. The service may return short or empty pages with a token."""
        filters: dict[str, Any] = {"MaxResults": size}
        if status is not None:
            filters["StatusEquals"] = status.value
        if token:
            filters["NextToken"] = token
        return self._page(filters)

    def changed(self, after: float) -> JobPage:
        """List the newest of the jobs that changed after a time (epoch seconds), however old they are."""
        filters: dict[str, Any] = {"LastModifiedTimeAfter": datetime.fromtimestamp(after, UTC)}
        return self._page(filters)

    def all_since(self, status: JobStatus, created_after: float) -> list[JobSummary]:
        """List all jobs of a status that were created after a time (epoch seconds)."""
        with translate_errors("list the training jobs"):
            pages = self._client.get_paginator("list_training_jobs").paginate(
                StatusEquals=status.value,
                CreationTimeAfter=datetime.fromtimestamp(created_after, UTC),
                PaginationConfig={"PageSize": PAGE_SIZE},
            )
            return [JobSummary.parse(row) for page in pages for row in page["TrainingJobSummaries"]]

    def _page(self, filters: Mapping[str, Any]) -> JobPage:
        arguments = {"SortBy": "CreationTime", "SortOrder": "Descending", "MaxResults": PAGE_SIZE, **filters}
        with translate_errors("list the training jobs"):
            answer = self._client.list_training_jobs(**arguments)
            return JobPage(tuple(map(JobSummary.parse, answer["TrainingJobSummaries"])), answer.get("NextToken"))

    def stop(self, name: str) -> None:
        """Stop a job (StopTrainingJob); it has 120 seconds to save its state."""
        with translate_errors(f"stop {name}"):
            self._client.stop_training_job(TrainingJobName=name)

    def _tags(self, arn: str) -> dict[str, str]:
        try:
            with translate_errors("read the job's tags"):
                answer = self._client.list_tags(ResourceArn=arn, MaxResults=100)
                return {tag["Key"]: tag["Value"] for tag in answer["Tags"]}
        except Problem as problem:
            if problem.code in SIGNED_OUT:
                raise
            return {}  # the tags only name the parent model; the job can be shown without it

    @property
    def _client(self) -> Any:
        return self._session.client("sagemaker")
