"""Serve SageMaker's training job API.

The members that DescribeTrainingJob and ListTrainingJobs return are taken from the output shapes in botocore's
service model, so a request member that AWS does not echo is not echoed here.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from jsft_tui.sandbox.customization.job import platform_channels
from jsft_tui.sandbox.customization.mlflow import mlflow_details
from jsft_tui.sandbox.customization.request_check import Registry
from jsft_tui.sandbox.http.sagemaker_api import (
    MAX_TAGS,
    TAG_OPERATIONS,
    SageMakerService,
    described,
    present,
    sorted_page,
    tag_list,
    tagged_resource,
)
from jsft_tui.sandbox.http.service import ACCOUNT_ID, ApiError, Call
from jsft_tui.sandbox.sagemaker.job_store import Job, JobStore, Phase
from jsft_tui.sandbox.sagemaker.request_validation import ValidationContext, validate_request
from jsft_tui.sandbox.state.documents import NameTaken
from jsft_tui.sandbox.state.job_status import JobStatus

if TYPE_CHECKING:
    from jsft_tui.sandbox.s3.storage.store import ObjectStore
    from jsft_tui.sandbox.sagemaker.runner import Runner


class TrainingService(SageMakerService):
    """The training job operations, and the tags of training jobs."""

    def __init__(
        self, jobs: JobStore, runner: Runner, store: ObjectStore, registry: Registry, roles: Callable[[str], bool]
    ) -> None:
        """Create the service; `roles` returns whether sagemaker.amazonaws.com can assume the role with that ARN."""
        self._jobs = jobs
        self._runner = runner
        self._store = store
        self._registry = registry
        self._roles = roles
        self._creating = threading.Lock()
        super().__init__(
            {
                "CreateTrainingJob": self._create,
                "DescribeTrainingJob": self._describe,
                "ListTrainingJobs": self._list,
                "StopTrainingJob": self._stop,
                "DeleteTrainingJob": self._delete,
                "AddTags": self._add_tags,
                "ListTags": self._list_tags,
                "DeleteTags": self._delete_tags,
            }
        )

    def handles(self, call: Call) -> bool:
        """Return whether the call is a training job operation, or a tag operation on a training job's ARN."""
        if call.operation in TAG_OPERATIONS:
            return ":training-job/" in str(call.parameters.get("ResourceArn", ""))
        return super().handles(call)

    def _create(self, call: Call) -> dict[str, Any]:
        return {"TrainingJobArn": self.create_job(call.region, call.parameters).arn}

    def create_job(self, region: str, parameters: Mapping[str, Any], tuning_job_arn: str | None = None) -> Job:
        """Create a job and queue it.

        Args:
            region: where it runs.
            parameters: of CreateTrainingJob.
            tuning_job_arn: of the tuning job whose trial it is.

        Raises:
            ApiError: the request is rejected.
        """
        request = dict(parameters)
        name = request["TrainingJobName"]
        # Serialized, so that two requests cannot both take the last instance of a quota.
        with self._creating:
            jobs = self._jobs.all(region)
            if any(job.name == name for job in jobs):
                raise _name_in_use(name, region)
            validate_request(request, ValidationContext(region, self._store, self._roles, jobs, self._registry))
            tags = {tag["Key"]: tag["Value"] for tag in request.pop("Tags", [])}
            if tuning_job_arn is not None:
                request["TuningJobArn"] = tuning_job_arn
            now = time.time()
            job = Job(region=region, name=name, request=request, created=now, modified=now, tags=tags)
            if job.is_serverless:
                job = replace(job, platform_channels=platform_channels(request, region, self._registry))
            job = job.with_status(JobStatus.IN_PROGRESS, Phase.STARTING)
            try:
                self._jobs.create(job)
            except NameTaken as problem:
                raise _name_in_use(name, region) from problem
        self._runner.submit(job)
        return job

    def check_request(self, region: str, parameters: Mapping[str, Any]) -> None:
        """Validate a request without creating a job.

        Raises:
            ApiError: it would be rejected.
        """
        jobs = self._jobs.all(region)
        validate_request(parameters, ValidationContext(region, self._store, self._roles, jobs, self._registry))

    def _describe(self, call: Call) -> dict[str, Any]:
        job = self._get(call.region, call.parameters["TrainingJobName"])
        return described("DescribeTrainingJob", _description(job))

    def _list(self, call: Call) -> dict[str, Any]:
        wanted = call.parameters
        jobs = [job for job in self._jobs.all(call.region) if _matches_filters(job, wanted)]
        # AWS documents Ascending as the default.
        page, more = sorted_page(jobs, wanted, _SORT_KEYS, "Ascending")
        # As AWS documents it: StatusEquals filters a page after MaxResults is applied.
        status = wanted.get("StatusEquals")
        return {
            "TrainingJobSummaries": [_summary(job) for job in page if status in (None, job.status.value)],
            **more,
        }

    def _stop(self, call: Call) -> dict[str, Any]:
        self.stop_job(call.region, call.parameters["TrainingJobName"])
        return {}

    def stop_job(self, region: str, name: str) -> None:
        """Stop a job.

        Raises:
            ApiError: there is none of that name, or it has ended.
        """

        def stopping(job: Job) -> Job:
            if job.status.is_final:
                raise ApiError(
                    "ValidationException",
                    f"The request was rejected because the training job is in status {job.status.value}.",
                )
            # Not checked against AWS: stopping a job that is already stopping is not an error here.
            return job if job.status is JobStatus.STOPPING else job.with_status(JobStatus.STOPPING, Phase.STOPPING)

        try:
            job = self._jobs.update(region, name, stopping)
        except KeyError as problem:
            raise _not_found() from problem
        self._runner.stop(job)

    def _delete(self, call: Call) -> dict[str, Any]:
        job = self._get(call.region, call.parameters["TrainingJobName"])
        if not job.status.is_final:
            # Not checked against AWS: the wording.
            raise ApiError(
                "ResourceInUse",
                f"The training job {job.name} is in status {job.status.value}. "
                "Only jobs in a terminal state can be deleted.",
            )
        self._jobs.discard(job.region, job.name)
        return {}

    def _add_tags(self, call: Call) -> dict[str, Any]:
        added = {tag["Key"]: tag["Value"] for tag in call.parameters["Tags"]}

        def tagged(job: Job) -> dict[str, str]:
            tags = {**job.tags, **added}
            if len(tags) > MAX_TAGS:
                raise ApiError("ResourceLimitExceeded", f"A training job can have at most {MAX_TAGS} tags.")
            return tags

        return {"Tags": tag_list(self._change_tags(call, tagged).tags)}

    def _list_tags(self, call: Call) -> dict[str, Any]:
        # All fit on one page: MaxResults is at least 50, the limit of tags.
        return {"Tags": tag_list(self._get(*tagged_resource(call)).tags)}

    def _delete_tags(self, call: Call) -> dict[str, Any]:
        gone = set(call.parameters["TagKeys"])
        self._change_tags(call, lambda job: {key: value for key, value in job.tags.items() if key not in gone})
        return {}

    def _change_tags(self, call: Call, change: Callable[[Job], dict[str, str]]) -> Job:
        try:
            return self._jobs.update(*tagged_resource(call), lambda job: replace(job, tags=change(job)))
        except KeyError as problem:
            raise _not_found() from problem

    def _get(self, region: str, name: str) -> Job:
        try:
            return self._jobs.get(region, name)
        except KeyError as problem:
            raise _not_found() from problem


_SORT_KEYS: Mapping[str, Callable[[Job], Any]] = {
    "Name": lambda job: job.name,
    "CreationTime": lambda job: job.created,
    "Status": lambda job: job.status.value,
}


def _matches_filters(job: Job, wanted: Mapping[str, Any]) -> bool:
    tests = (
        ("NameContains", lambda text: text in job.name),
        ("CreationTimeAfter", lambda time: job.created > time),
        ("CreationTimeBefore", lambda time: job.created < time),
        ("LastModifiedTimeAfter", lambda time: job.modified > time),
        ("LastModifiedTimeBefore", lambda time: job.modified < time),
        # The sandbox has neither warm pools nor training plans, so a filter on one matches no job.
        ("WarmPoolStatusEquals", lambda _: False),
        ("TrainingPlanArnEquals", lambda _: False),
    )
    return all(wanted.get(name) is None or test(wanted[name]) for name, test in tests)


def _description(job: Job) -> dict[str, Any]:
    """Return all members that describe a job, under AWS's names."""
    return {
        **job.request,
        **_summary(job),
        "TrainingStartTime": job.training_started,
        # ListTrainingJobs reports the end of any job; here TrainingEndTime is the end on the training instances.
        "TrainingEndTime": job.training_ended,
        "FailureReason": job.failure_reason,
        "ModelArtifacts": {"S3ModelArtifacts": job.artifacts} if job.artifacts else None,
        "TrainingTimeInSeconds": job.training_seconds,
        "BillableTimeInSeconds": job.billable_seconds,
        "SecondaryStatusTransitions": [
            present(
                {
                    "Status": transition.phase.value,
                    "StartTime": transition.start,
                    "EndTime": transition.end,
                    "StatusMessage": transition.message,
                }
            )
            for transition in job.transitions
        ],
        "FinalMetricDataList": [
            {"MetricName": metric.name, "Value": metric.value, "Timestamp": metric.timestamp} for metric in job.metrics
        ],
        "ProgressInfo": job.progress,
        "BillableTokenCount": job.tokens,
        "OutputModelPackageArn": job.package,
        # Empty without a key: the SDK's `attach` relies on it.
        "OutputDataConfig": {"KmsKeyId": "", **job.request["OutputDataConfig"]},
        "MlflowDetails": mlflow_details(job.request, job.arn),
        "StoppingCondition": {"MaxRuntimeInSeconds": job.max_runtime, **job.request.get("StoppingCondition", {})},
    }


def _summary(job: Job) -> dict[str, Any]:
    return present(
        {
            "TrainingJobName": job.name,
            "TrainingJobArn": job.arn,
            "CreationTime": job.created,
            "TrainingEndTime": job.modified if job.status.is_final else None,
            "LastModifiedTime": job.modified,
            "TrainingJobStatus": job.status.value,
            "SecondaryStatus": job.phase.value,
        }
    )


def _not_found() -> ApiError:
    return ApiError("ValidationException", "Requested resource not found.")


def _name_in_use(name: str, region: str) -> ApiError:
    arn = f"arn:aws:sagemaker:{region}:{ACCOUNT_ID}:training-job/{name}"
    return ApiError(
        "ResourceInUse",
        "Training job names must be unique within an AWS account and region, and a training job with this name "
        f"already exists ({arn})",
    )
