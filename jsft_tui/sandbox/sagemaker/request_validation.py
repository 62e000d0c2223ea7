"""Validate CreateTrainingJob requests before a job is created."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jsft_tui.core.instances.types import instance_type
from jsft_tui.sandbox.account import quotas
from jsft_tui.sandbox.customization.request_check import SERVERLESS, Registry, check_customization
from jsft_tui.sandbox.http.constraints import check_constraints
from jsft_tui.sandbox.http.service import ApiError
from jsft_tui.sandbox.sagemaker.channels import Channel, Location, channels_of
from jsft_tui.sandbox.sagemaker.job_store import Job

if TYPE_CHECKING:
    from jsft_tui.sandbox.s3.storage.store import ObjectStore

MAX_RUNTIME = 28 * 86_400
"""CreateTrainingJob, StoppingCondition.MaxRuntimeInSeconds: "The maximum value is 28 days"."""


@dataclass(frozen=True)
class ValidationContext:
    """The account state that a request is validated against: S3, assumable roles, existing jobs, and the registry."""

    region: str
    store: ObjectStore
    can_assume: Callable[[str], bool]
    jobs: list[Job]
    registry: Registry


def validate_request(request: Mapping[str, Any], context: ValidationContext) -> None:
    """Validate a request as AWS does when a training job is created.

    Raises:
        ApiError: `ValidationException` or `ResourceLimitExceeded`, the first that applies.
    """
    check_constraints("sagemaker", "CreateTrainingJob", request)
    if SERVERLESS in request:
        check_customization(request, context.region, context.registry)
        _check_channel_sources(request)
    else:
        _check_supported(request)
        _check_volume(request)
    _check_stopping(request)
    _check_role(request, context)
    for channel in channels_of(request):
        _check_channel(channel, request["RoleArn"], context)
    for purpose, uri in _output_locations(request):
        _check_bucket(purpose, uri, context)
    _check_quotas(request, context)


def _invalid(message: str) -> ApiError:
    return ApiError("ValidationException", message)


def _check_supported(request: Mapping[str, Any]) -> None:
    """Reject features that AWS has and the sandbox does not, with a message that says so."""
    if "ResourceConfig" not in request or "AlgorithmSpecification" not in request:
        raise _invalid(
            "Specify ResourceConfig and AlgorithmSpecification, or ServerlessJobConfig for a serverless training job."
        )
    if not list(_instances(request)):
        raise _invalid("ResourceConfig must have an InstanceType or InstanceGroups.")
    for name, count in _instances(request):
        if count < 1:
            raise _invalid(
                f"1 validation error detected: Value '{count}' at 'resourceConfig.instanceCount' failed to satisfy "
                f"constraint: Member must have value greater than or equal to 1 ({name})"
            )
    _check_channel_sources(request)


def _check_channel_sources(request: Mapping[str, Any]) -> None:
    mode = request.get("AlgorithmSpecification", {}).get("TrainingInputMode", "File")
    names = [entry["ChannelName"] for entry in request.get("InputDataConfig", [])]
    # Not checked against AWS: the wording of both. AWS's pattern allows dots, but "." and ".." are not folder names.
    if len(set(names)) < len(names):
        raise _invalid("Channel names must be unique within a training job.")
    if {".", ".."} & set(names):
        raise _invalid("A channel name must not be '.' or '..'.")
    for entry in request.get("InputDataConfig", []):
        source = entry["DataSource"].get("S3DataSource")
        if source is None:
            raise _invalid(
                f"The sandbox supports S3 data sources only: specify S3DataSource for channel {entry['ChannelName']}."
            )
        if source["S3DataType"] not in ("S3Prefix", "ManifestFile"):
            raise _invalid(
                f"The sandbox does not support S3DataType {source['S3DataType']}: "
                f"use S3Prefix for channel {entry['ChannelName']}."
            )
        if (entry.get("InputMode") or mode) == "Pipe":
            raise _invalid(f"The sandbox does not support Pipe mode: use File for channel {entry['ChannelName']}.")


def _check_volume(request: Mapping[str, Any]) -> None:
    if not request["ResourceConfig"].get("VolumeKmsKeyId"):
        return
    for name, _ in _instances(request):
        facts = instance_type(name)
        if facts is not None and facts.has_nvme:
            # Not checked against AWS: the sentence around "not supported for NVMe instance storage".
            raise _invalid(
                f"VolumeKmsKeyId: KMS key is not supported for NVMe instance storage. Instance type {name} "
                "has local storage, which is encrypted by hardware; leave VolumeKmsKeyId out."
            )


def _check_stopping(request: Mapping[str, Any]) -> None:
    stopping = request.get("StoppingCondition", {})
    run, wait = stopping.get("MaxRuntimeInSeconds", 86_400), stopping.get("MaxWaitTimeInSeconds")
    # Not checked against AWS: the wording of these four.
    if run > MAX_RUNTIME:
        raise _invalid(f"Invalid MaxRuntimeInSeconds. It must be at most {MAX_RUNTIME} seconds (28 days).")
    if not request.get("EnableManagedSpotTraining"):
        if wait is not None:
            raise _invalid("Invalid MaxWaitTimeInSeconds. It can be set only if EnableManagedSpotTraining is true.")
        return
    if wait is None:
        raise _invalid("Invalid MaxWaitTimeInSeconds. It must be set when EnableManagedSpotTraining is true.")
    if wait < run:
        raise _invalid("Invalid MaxWaitTimeInSeconds. It must be equal to or greater than MaxRuntimeInSeconds.")


def _check_role(request: Mapping[str, Any], context: ValidationContext) -> None:
    role = request["RoleArn"]
    if not context.can_assume(role):
        raise _invalid(
            f"Could not assume role {role}. Please ensure that the role exists and allows principal "
            "'sagemaker.amazonaws.com' to assume the role."
        )


def _check_channel(channel: Channel, role: str, context: ValidationContext) -> None:
    if channel.is_jumpstart_content:
        # The sandbox does not seed content of models that only AWS can run; the runner reports those.
        return
    location = channel.location
    if context.store.bucket_region(location.bucket) == context.region and any(
        context.store.keys(location.bucket, location.key)
    ):
        return
    raise _invalid(
        f'No S3 objects found under S3 URL "{channel.uri}" given in input data source. Please ensure that the '
        f"bucket exists in the selected region ({context.region}), that objects exist under that S3 prefix, and "
        f'that the role "{role}" has "s3:ListBucket" permissions on bucket "{location.bucket}".'
    )


def _output_locations(request: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield "S3OutputPath", request["OutputDataConfig"]["S3OutputPath"]
    if checkpoints := request.get("CheckpointConfig"):
        yield "CheckpointConfig.S3Uri", checkpoints["S3Uri"]


def _check_bucket(purpose: str, uri: str, context: ValidationContext) -> None:
    if uri.startswith("https://"):
        # AWS's pattern accepts https URLs; the upload fails at the end of the job, here as on AWS.
        return
    bucket = Location.parse(uri).bucket
    region = context.store.bucket_region(bucket)
    # Not checked against AWS: the wording of both.
    if region is None:
        raise _invalid(f"{purpose}: the bucket {bucket} does not exist. Create it or specify another path ({uri}).")
    if region != context.region:
        raise _invalid(
            f"{purpose}: the bucket {bucket} is in region {region}, but the training job runs in {context.region}. "
            "Please use a bucket of the same region."
        )


def _check_quotas(request: Mapping[str, Any], context: ValidationContext) -> None:
    is_spot = bool(request.get("EnableManagedSpotTraining"))
    busy = [job for job in context.jobs if not job.status.is_final and job.is_spot == is_spot]
    in_use: Counter[str] = Counter()
    for job in busy:
        for name, count in _instances(job.request):
            in_use[name] += count
    wanted: Counter[str] = Counter()
    for name, count in _instances(request):
        wanted[name] += count
    name_of = quotas.spot_usage if is_spot else quotas.training_usage
    for name, count in wanted.items():
        check_quota(name_of(name), in_use[name], count, "Instance")
    total = quotas.ALL_SPOT_TRAINING if is_spot else quotas.ALL_TRAINING
    if wanted:
        check_quota(quotas.INSTANCES_PER_JOB, 0, wanted.total(), "Instance")
        check_quota(total, in_use.total(), wanted.total(), "Instance")
    run = request.get("StoppingCondition", {}).get("MaxRuntimeInSeconds", 86_400)
    check_quota(quotas.LONGEST_RUN, 0, run, "Second")


def check_quota(name: str, in_use: int, delta: int, unit: str) -> None:
    """Refuse a request that would exceed a quota.

    Raises:
        ApiError: `ResourceLimitExceeded`.
    """
    limit = int(quotas.limit(name))
    if in_use + delta <= limit:
        return
    raise ApiError(
        "ResourceLimitExceeded",
        f"The account-level service limit '{name}' is {_counted(limit, unit)}, with current utilization of "
        f"{_counted(in_use, unit)} and a request delta of {_counted(delta, unit)}. Please use AWS Service Quotas to "
        "request an increase for this quota. If AWS Service Quotas is not available, contact AWS support to "
        "request an increase for this quota.",
    )


def _counted(number: int, unit: str) -> str:
    # AWS also writes "1 Instances".
    return f"{number} {unit}s"


def _instances(request: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    config = request.get("ResourceConfig", {})
    groups = config.get("InstanceGroups") or ([config] if config.get("InstanceType") else [])
    for group in groups:
        yield group["InstanceType"], int(group.get("InstanceCount", 1))
