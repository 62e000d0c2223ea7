"""Serve SageMaker's tuning job API; the members of answers are those of the output shapes in botocore's service model.

Not checked against AWS: how the counters count a trial that waits for a quota (RetryableError here).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from jsft_tui.sandbox.http.sagemaker_api import (
    MAX_TAGS,
    TAG_OPERATIONS,
    SageMakerService,
    described,
    numbered_page,
    tag_list,
    tagged_resource,
)
from jsft_tui.sandbox.http.service import ACCOUNT_ID, ApiError, Call
from jsft_tui.sandbox.sagemaker.api import TrainingService
from jsft_tui.sandbox.sagemaker.job_store import JobStore
from jsft_tui.sandbox.state.documents import NameTaken
from jsft_tui.sandbox.state.job_status import JobStatus
from jsft_tui.sandbox.tuning.descriptions import best_summary, description, summary, trial_rows
from jsft_tui.sandbox.tuning.engine import TuningEngine
from jsft_tui.sandbox.tuning.request_validation import validate
from jsft_tui.sandbox.tuning.tuning_store import TuningJob, TuningStore


class TuningService(SageMakerService):
    """The tuning job operations, and the tags of tuning jobs."""

    def __init__(self, store: TuningStore, jobs: JobStore, training: TrainingService, engine: TuningEngine) -> None:
        self._store = store
        self._jobs = jobs
        self._training = training
        self._engine = engine
        super().__init__(
            {
                "CreateHyperParameterTuningJob": self._create,
                "DescribeHyperParameterTuningJob": self._describe,
                "ListHyperParameterTuningJobs": self._list,
                "ListTrainingJobsForHyperParameterTuningJob": self._list_trials,
                "StopHyperParameterTuningJob": self._stop,
                "DeleteHyperParameterTuningJob": self._delete,
                "AddTags": self._add_tags,
                "ListTags": self._list_tags,
                "DeleteTags": self._delete_tags,
            }
        )

    def handles(self, call: Call) -> bool:
        """Return whether the call is a tuning job operation, or a tag operation on a tuning job's ARN."""
        if call.operation in TAG_OPERATIONS:
            return ":hyper-parameter-tuning-job/" in str(call.parameters.get("ResourceArn", ""))
        return super().handles(call)

    def _create(self, call: Call) -> dict[str, Any]:
        request = dict(call.parameters)
        name = request["HyperParameterTuningJobName"]
        if any(job.name == name for job in self._store.all(call.region)):
            raise _name_in_use(name, call.region)
        validate(call.region, request, self._training, self._parents(call.region, request))
        tags = {tag["Key"]: tag["Value"] for tag in request.pop("Tags", [])}
        now = time.time()
        job = TuningJob(region=call.region, name=name, request=request, created=now, modified=now, tags=tags)
        try:
            self._store.create(job)
        except NameTaken as problem:
            raise _name_in_use(name, call.region) from problem
        self._engine.notify()
        return {"HyperParameterTuningJobArn": job.arn}

    def _parents(self, region: str, request: Mapping[str, Any]) -> dict[str, TuningJob | None]:
        given = (request.get("WarmStartConfig") or {}).get("ParentHyperParameterTuningJobs", [])
        known = {job.name: job for job in self._store.all(region)}
        return {name: known.get(name) for name in (each.get("HyperParameterTuningJobName", "") for each in given)}

    def _describe(self, call: Call) -> dict[str, Any]:
        job = self._get(call.region, call.parameters["HyperParameterTuningJobName"])
        document = description(job, self._jobs)
        document["OverallBestTrainingJob"] = self._overall_best(job)
        return described("DescribeHyperParameterTuningJob", document)

    def _overall_best(self, job: TuningJob) -> dict[str, Any] | None:
        """Return the best trial of a search and its parents: for an identical warm start only."""
        warm = job.request.get("WarmStartConfig")
        if not warm or warm["WarmStartType"] != "IdenticalDataAndAlgorithm":
            return None
        family = [job, *(parent for parent in self._parents(job.region, job.request).values() if parent)]
        found = [(each, each.best) for each in family if each.best is not None]
        if not found:
            return None
        best = min(found, key=lambda pair: min(pair[0].losses))[0]
        return best_summary(best, self._jobs, of_another=best.name != job.name)

    def _list(self, call: Call) -> dict[str, Any]:
        wanted = call.parameters
        jobs = [job for job in self._store.all(call.region) if _matches(job, wanted)]
        keys: Mapping[str, Callable[[TuningJob], Any]] = {
            "Name": lambda job: job.name,
            "CreationTime": lambda job: job.created,
            "Status": lambda job: job.status.value,
        }
        key = keys[wanted.get("SortBy", "CreationTime")]
        is_descending = wanted.get("SortOrder", "Descending") == "Descending"
        ordered = sorted(jobs, key=lambda job: (key(job), job.name), reverse=is_descending)
        page, more = numbered_page(ordered, wanted)
        return {"HyperParameterTuningJobSummaries": [summary(job, self._jobs) for job in page], **more}

    def _list_trials(self, call: Call) -> dict[str, Any]:
        wanted = call.parameters
        job = self._get(call.region, wanted["HyperParameterTuningJobName"])
        status = wanted.get("StatusEquals")
        rows = [row for row in trial_rows(job, self._jobs) if status in (None, row["TrainingJobStatus"])]
        sort_by = wanted.get("SortBy", "Name")
        is_descending = wanted.get("SortOrder", "Ascending") == "Descending"
        ordered = sorted(
            rows, key=lambda row: (_trial_key(row, sort_by), row["TrainingJobName"]), reverse=is_descending
        )
        if sort_by == "FinalObjectiveMetricValue":  # trials without a value come last in both orders
            ordered.sort(key=lambda row: "FinalHyperParameterTuningJobObjectiveMetric" not in row)
        page, more = numbered_page(ordered, wanted)
        return {"TrainingJobSummaries": list(page), **more}

    def _stop(self, call: Call) -> dict[str, Any]:
        name = call.parameters["HyperParameterTuningJobName"]

        def stopping(job: TuningJob) -> TuningJob:
            if job.status.is_final:
                raise ApiError(
                    "ValidationException",
                    f"The request was rejected because the tuning job is in status {job.status.value}.",
                )
            if job.status is JobStatus.STOPPING:
                return job
            ending = JobStatus.STOPPED
            return replace(job, status=JobStatus.STOPPING, ending=ending, modified=time.time())

        try:
            self._store.update(call.region, name, stopping)
        except KeyError as problem:
            raise _not_found(name) from problem
        self._engine.notify()
        return {}

    def _delete(self, call: Call) -> dict[str, Any]:
        name = call.parameters["HyperParameterTuningJobName"]
        job = self._get(call.region, name)
        if not job.status.is_final:
            raise ApiError("ResourceInUse", f"The tuning job {name} is in status {job.status.value}.")
        self._store.discard(call.region, name)
        return {}

    def _add_tags(self, call: Call) -> dict[str, Any]:
        added = {tag["Key"]: tag["Value"] for tag in call.parameters["Tags"]}

        def tagged(job: TuningJob) -> TuningJob:
            tags = {**job.tags, **added}
            if len(tags) > MAX_TAGS:
                raise ApiError("ResourceLimitExceeded", f"A tuning job can have at most {MAX_TAGS} tags.")
            return replace(job, tags=tags)

        return {"Tags": tag_list(self._change(call, tagged).tags)}

    def _list_tags(self, call: Call) -> dict[str, Any]:
        return {"Tags": tag_list(self._get(*tagged_resource(call)).tags)}

    def _delete_tags(self, call: Call) -> dict[str, Any]:
        gone = set(call.parameters["TagKeys"])
        self._change(
            call, lambda job: replace(job, tags={key: value for key, value in job.tags.items() if key not in gone})
        )
        return {}

    def _change(self, call: Call, change: Callable[[TuningJob], TuningJob]) -> TuningJob:
        region, name = tagged_resource(call)
        try:
            return self._store.update(region, name, change)
        except KeyError as problem:
            raise _not_found(name) from problem

    def _get(self, region: str, name: str) -> TuningJob:
        try:
            return self._store.get(region, name)
        except KeyError as problem:
            raise _not_found(name) from problem


def _matches(job: TuningJob, wanted: Mapping[str, Any]) -> bool:
    tests: tuple[tuple[str, Callable[[Any], bool]], ...] = (
        ("NameContains", lambda text: text in job.name),
        ("CreationTimeAfter", lambda moment: job.created > moment),
        ("CreationTimeBefore", lambda moment: job.created < moment),
        ("LastModifiedTimeAfter", lambda moment: job.modified > moment),
        ("LastModifiedTimeBefore", lambda moment: job.modified < moment),
        ("StatusEquals", lambda status: job.status.value == status),
    )
    return all(wanted.get(name) is None or test(wanted[name]) for name, test in tests)


def _trial_key(row: Mapping[str, Any], sort_by: str) -> Any:
    if sort_by == "FinalObjectiveMetricValue":
        return row.get("FinalHyperParameterTuningJobObjectiveMetric", {}).get("Value", 0.0)
    return row[{"Name": "TrainingJobName", "CreationTime": "CreationTime", "Status": "TrainingJobStatus"}[sort_by]]


def _not_found(name: str) -> ApiError:
    # The error that botocore's model documents; not checked against AWS: its wording.
    return ApiError("ResourceNotFound", f"Amazon SageMaker can't find a tuning job with the name {name}.")


def _name_in_use(name: str, region: str) -> ApiError:
    arn = f"arn:aws:sagemaker:{region}:{ACCOUNT_ID}:hyper-parameter-tuning-job/{name}"
    return ApiError(
        "ResourceInUse",
        "Hyperparameter tuning job names must be unique within an AWS account and region, and a tuning job with this "
        f"name already exists ({arn})",
    )
