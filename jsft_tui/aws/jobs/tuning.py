"""Describe, list and stop SageMaker hyperparameter tuning jobs, and list their trials."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jsft_tui.aws.client.errors import translate_errors
from jsft_tui.aws.client.session import AwsSession
from jsft_tui.aws.jobs.launching import is_no_such_job
from jsft_tui.core.common.errors import SIGNED_OUT, Problem
from jsft_tui.core.common.remedy import Remedy, RemedyCommand
from jsft_tui.core.run.name import TUNING_GRAMMAR, name_within
from jsft_tui.core.tuning.results.trials import Trial
from jsft_tui.core.tuning.results.tuning_job import TuningJob, TuningStatus, TuningSummary

PAGE_SIZE = 100
"""Tuning jobs, or trials, of one answer at most."""


@dataclass(frozen=True)
class TuningPage:
    """A page of tuning jobs; `token` continues the list, None on the last page."""

    jobs: tuple[TuningSummary, ...]
    token: str | None


@dataclass(frozen=True)
class TrialPage:
    """A page of trials, the newest first; `token` continues the list, None on the last page."""

    trials: tuple[Trial, ...]
    token: str | None


class TuningJobs:
    """The tuning jobs of one target."""

    def __init__(self, session: AwsSession) -> None:
        self._session = session

    def describe(self, name: str, tags: Mapping[str, str] | None = None) -> TuningJob:
        """Describe a tuning job with its tags (without tags where ListTags is denied).

        Args:
            name: the tuning job.
            tags: its tags, if they are known already; they are not read again.

        Raises:
            Problem: `NoSuchTuningJob` and others.
        """
        if not TUNING_GRAMMAR.fullmatch(name):  # AWS would answer with the grammar
            raise self._no_such(name)
        try:
            with translate_errors(f"describe the tuning job {name}"):
                answer = self._client.describe_hyper_parameter_tuning_job(HyperParameterTuningJobName=name)
                known = self._tags(str(answer["HyperParameterTuningJobArn"])) if tags is None else tags
                return TuningJob.parse(answer, known)
        except Problem as problem:
            if is_no_such_job(problem):
                raise self._no_such(name) from problem
            raise

    def _no_such(self, name: str) -> Problem:
        within = name_within(name)
        listed = Remedy("List the searches", RemedyCommand.SHELL, "jsft tunings")
        message = f"there is no tuning job {name!r} in {self._session.target.region}."
        return Problem("NoSuchTuningJob", message, f"Write its name: {within}" if within else listed)

    def find(self, name: str) -> TuningJob | None:
        """Describe a tuning job; None if there is none of that name."""
        try:
            return self.describe(name)
        except Problem as problem:
            if problem.code == "NoSuchTuningJob":
                return None
            raise

    def page(self, status: TuningStatus | None = None, token: str | None = None, size: int = PAGE_SIZE) -> TuningPage:
        """List a page of tuning jobs, the newest first."""
        arguments: dict[str, Any] = {"SortBy": "CreationTime", "SortOrder": "Descending", "MaxResults": size}
        if status is not None:
            arguments["StatusEquals"] = status.value
        if token:
            arguments["NextToken"] = token
        with translate_errors("list the tuning jobs"):
            answer = self._client.list_hyper_parameter_tuning_jobs(**arguments)
            rows = tuple(map(TuningSummary.parse, answer["HyperParameterTuningJobSummaries"]))
            return TuningPage(rows, answer.get("NextToken"))

    def trials(self, name: str, token: str | None = None) -> TrialPage:
        """List a page of a tuning job's trials, the newest first."""
        arguments: dict[str, Any] = {"SortBy": "CreationTime", "SortOrder": "Descending", "MaxResults": PAGE_SIZE}
        if token:
            arguments["NextToken"] = token
        with translate_errors(f"list the trials of {name}"):
            answer = self._client.list_training_jobs_for_hyper_parameter_tuning_job(
                HyperParameterTuningJobName=name, **arguments
            )
            return TrialPage(tuple(map(Trial.parse, answer["TrainingJobSummaries"])), answer.get("NextToken"))

    def stop(self, name: str) -> None:
        """Stop a tuning job (StopHyperParameterTuningJob): its running trials are stopped as well."""
        with translate_errors(f"stop {name}"):
            self._client.stop_hyper_parameter_tuning_job(HyperParameterTuningJobName=name)

    def _tags(self, arn: str) -> dict[str, str]:
        try:
            with translate_errors("read the tuning job's tags"):
                answer = self._client.list_tags(ResourceArn=arn, MaxResults=100)
                return {tag["Key"]: tag["Value"] for tag in answer["Tags"]}
        except Problem as problem:
            if problem.code in SIGNED_OUT:
                raise
            return {}  # the tags only name the model; the search can be shown without it

    @property
    def _client(self) -> Any:
        return self._session.client("sagemaker")
