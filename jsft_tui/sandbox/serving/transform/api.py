"""Serve SageMaker's API of batch transform jobs. Not checked against AWS: the wording of the refusals."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from jsft_tui.sandbox.account import quotas
from jsft_tui.sandbox.http.sagemaker_api import SageMakerService, described, present
from jsft_tui.sandbox.http.service import ApiError, Call
from jsft_tui.sandbox.sagemaker.request_validation import check_quota
from jsft_tui.sandbox.serving.hosting.request_validation import Account, check_bucket
from jsft_tui.sandbox.serving.resources.errors import invalid, not_found
from jsft_tui.sandbox.serving.resources.listing import page_of
from jsft_tui.sandbox.serving.resources.records import Model, TransformJob
from jsft_tui.sandbox.serving.resources.store import ServingStore
from jsft_tui.sandbox.serving.transform.batches import DEFAULT_PAYLOAD_MB
from jsft_tui.sandbox.serving.transform.runner import TransformRunner
from jsft_tui.sandbox.state.documents import NameTaken
from jsft_tui.sandbox.state.job_status import JobStatus


class TransformService(SageMakerService):
    """The operations of batch transform jobs."""

    def __init__(self, store: ServingStore, account: Account, runner: TransformRunner) -> None:
        self._store = store
        self._account = account
        self._runner = runner
        self._creating = threading.Lock()
        super().__init__(
            {
                "CreateTransformJob": self._create,
                "DescribeTransformJob": self._describe,
                "ListTransformJobs": self._list,
                "StopTransformJob": self._stop,
            }
        )

    def _create(self, call: Call) -> dict[str, Any]:
        request = dict(call.parameters)
        tags = {tag["Key"]: tag["Value"] for tag in request.pop("Tags", [])}
        now = time.time()
        job = TransformJob(call.region, request["TransformJobName"], request, now, now, tags)
        # Serialized, so that two requests cannot both take the last instance of a quota.
        with self._creating:
            if self._store.transform_jobs.find(call.region, job.name) is not None:
                raise _name_in_use(job)
            model = self._store.models.find(call.region, request["ModelName"])
            if model is None:
                raise not_found(Model, call.region, request["ModelName"])
            self._check(request, model, call.region)
            job = replace(job, container=model.container)
            try:
                self._store.transform_jobs.create(job)
            except NameTaken as problem:
                raise _name_in_use(job) from problem
        self._runner.submit(job)
        return {"TransformJobArn": job.arn}

    def _check(self, request: Mapping[str, Any], model: Model, region: str) -> None:
        _check_supported(request)
        if "ModelDataSource" in model.container:
            # botocore's documentation of ModelDataSource says so.
            raise invalid(f"The model {model.name} uses ModelDataSource, which batch transform does not support.")
        check_bucket(self._account.store, "S3OutputPath", request["TransformOutput"]["S3OutputPath"])
        in_use: Counter[str] = Counter()
        for job in self._store.transform_jobs.all(region):
            if not job.status.is_final:
                in_use[_type(job.request)] += _count(job.request)
        name = _type(request)
        check_quota(quotas.transform_usage(name), in_use[name], _count(request), "Instance")

    def _describe(self, call: Call) -> dict[str, Any]:
        job = self._get(call)
        # AWS returns the defaults, too.
        defaults = {"MaxPayloadInMB": DEFAULT_PAYLOAD_MB, "BatchStrategy": "MultiRecord"}
        return described(
            "DescribeTransformJob",
            {
                **defaults,
                **job.request,
                **_row(job),
                "TransformStartTime": job.started,
            },
        )

    def _list(self, call: Call) -> dict[str, Any]:
        page, more = page_of(self._store.transform_jobs.all(call.region), call.parameters)
        return {"TransformJobSummaries": [_row(job) for job in page], **more}

    def _stop(self, call: Call) -> dict[str, Any]:
        def stopping(job: TransformJob) -> TransformJob:
            if job.status.is_final:
                raise invalid(f"The request was rejected because the transform job is in status {job.status.value}.")
            is_stopping = job.status is JobStatus.STOPPING
            return job if is_stopping else replace(job, status=JobStatus.STOPPING, modified=time.time())

        name = call.parameters["TransformJobName"]
        try:
            job = self._store.transform_jobs.update(call.region, name, stopping)
        except KeyError as problem:
            raise _missing(name) from problem
        self._runner.stop(job)
        return {}

    def _get(self, call: Call) -> TransformJob:
        name = call.parameters["TransformJobName"]
        found = self._store.transform_jobs.find(call.region, name)
        if found is None:
            raise _missing(name)
        return found


def _check_supported(request: Mapping[str, Any]) -> None:
    """Reject what AWS has and the sandbox does not, with a message that says so."""
    data = request["TransformInput"]
    source = data["DataSource"]["S3DataSource"]
    if source["S3DataType"] not in ("S3Prefix", "ManifestFile"):
        raise invalid(f"The sandbox does not support S3DataType {source['S3DataType']}: use S3Prefix.")
    if data.get("SplitType", "None") not in ("None", "Line"):
        raise invalid(f"The sandbox does not support SplitType {data['SplitType']}: use None or Line.")
    processing = request.get("DataProcessing") or {}
    if processing.get("JoinSource", "None") != "None" or any(
        processing.get(name, "$") != "$" for name in ("InputFilter", "OutputFilter")
    ):
        raise invalid("The sandbox does not support DataProcessing: leave it out.")
    if request.get("BatchStrategy") == "SingleRecord" and data.get("SplitType", "None") == "None":
        raise invalid("BatchStrategy SingleRecord needs a SplitType of Line.")


def _row(job: TransformJob) -> dict[str, Any]:
    return present(
        {
            "TransformJobName": job.name,
            "TransformJobArn": job.arn,
            "CreationTime": job.created,
            "TransformEndTime": job.ended,
            "LastModifiedTime": job.modified,
            "TransformJobStatus": job.status.value,
            "FailureReason": job.failure_reason,
        }
    )


def _type(request: Mapping[str, Any]) -> str:
    return str(request["TransformResources"]["InstanceType"])


def _count(request: Mapping[str, Any]) -> int:
    return int(request["TransformResources"]["InstanceCount"])


def _missing(name: str) -> ApiError:
    # Not checked against AWS: this is how processing jobs are missed; botocore documents ResourceNotFound.
    return invalid(f"Could not find requested job with name: {name}")


def _name_in_use(job: TransformJob) -> ApiError:
    return ApiError(
        "ResourceInUse",
        "Transform job names must be unique within an AWS account and region, and a transform job with this name "
        f"already exists ({job.arn})",
    )
