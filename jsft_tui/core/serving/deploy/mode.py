"""How an endpoint answers: at once on instances that run all the time, later from a queue, or without instances.

Sources: developer guide, "Asynchronous inference" (with "Autoscale an asynchronous endpoint") and "Serverless
Inference" (with its "Feature exclusions"); members of botocore 1.44.8.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from jsft_tui.core.storage.uri import S3Uri

MEMORY_MB = (1024, 2048, 3072, 4096, 5120, 6144)
"""Sizes of a serverless endpoint (ProductionVariantServerlessConfig, MemorySizeInMB)."""
MAX_CONCURRENCY = 200
"""Requests at the same time at most (ProductionVariantServerlessConfig, MaxConcurrency)."""
BACKLOG_PER_INSTANCE = 5.0
"""Requests in the queue per instance that the scaling aims at (the guide's example)."""

SCALE_TAG = "jsft:scale-to"
"""On an asynchronous endpoint that does not scale yet: the most instances. It goes once the endpoint scales.

Application Auto Scaling takes an endpoint only when it is in service, minutes after it was created; whoever sees it in
service then finishes what the deploy began.
"""

_DIMENSION = "sagemaker:variant:DesiredInstanceCount"
VARIANT = "AllTraffic"
"""The only variant of an endpoint (SDK, `production_variant`)."""


@dataclass(frozen=True)
class Asynchronous:
    """Requests wait in a queue, answers become objects in S3; without requests no instance runs.

    Attributes:
        output: the prefix of the answers.
        max_instances: that run at the same time.
    """

    output: S3Uri
    max_instances: int = 1

    @property
    def config(self) -> dict[str, Any]:
        """Return AsyncInferenceConfig as the SDK sends it (`AsyncInferenceConfig._to_request_dict`)."""
        prefix = self.output.as_prefix()
        return {"OutputConfig": {"S3OutputPath": str(prefix), "S3FailurePath": f"{prefix}failures/"}}


@dataclass(frozen=True)
class Serverless:
    """No instances: billed by the milliseconds of requests. Its first request after a pause is slow."""

    memory_mb: int = 4096
    max_concurrency: int = 5

    @property
    def config(self) -> dict[str, int]:
        """Return ServerlessConfig."""
        return {"MemorySizeInMB": self.memory_mb, "MaxConcurrency": self.max_concurrency}


Mode = Asynchronous | Serverless | None
"""None: in real time."""


def scale_tags(mode: Mode) -> dict[str, str]:
    """Return the tags of an endpoint that is still to scale to zero; none for other modes."""
    return {SCALE_TAG: str(mode.max_instances)} if isinstance(mode, Asynchronous) else {}


def resource_id(endpoint: str) -> str:
    """Return the name of an endpoint's variant at Application Auto Scaling."""
    return f"endpoint/{endpoint}/variant/{VARIANT}"


def alarm_name(endpoint: str) -> str:
    """Return the name of the alarm that starts the first instance."""
    return f"jsft-{endpoint}-wake"


def scalable_target(endpoint: str, mode: Asynchronous) -> dict[str, Any]:
    """Return the RegisterScalableTarget request: between no instance and the most."""
    return {**scaled(endpoint), "MinCapacity": 0, "MaxCapacity": mode.max_instances}


def backlog_policy(endpoint: str) -> dict[str, Any]:
    """Return the PutScalingPolicy request that keeps the queue short, and stops the last instance without one."""
    metric = {
        "MetricName": "ApproximateBacklogSizePerInstance",
        "Namespace": "AWS/SageMaker",
        "Dimensions": [{"Name": "EndpointName", "Value": endpoint}],
        "Statistic": "Average",
    }
    tracking = {
        "TargetValue": BACKLOG_PER_INSTANCE,
        "CustomizedMetricSpecification": metric,
        "ScaleInCooldown": 600,
        "ScaleOutCooldown": 300,
    }
    return {
        **scaled(endpoint),
        "PolicyName": f"jsft-{endpoint}-backlog",
        "PolicyType": "TargetTrackingScaling",
        "TargetTrackingScalingPolicyConfiguration": tracking,
    }


def waking_policy(endpoint: str) -> dict[str, Any]:
    """Return the PutScalingPolicy request that starts the first instance: the other one counts from one on."""
    step = {
        "AdjustmentType": "ChangeInCapacity",
        "MetricAggregationType": "Average",
        "Cooldown": 300,
        "StepAdjustments": [{"MetricIntervalLowerBound": 0, "ScalingAdjustment": 1}],
    }
    return {
        **scaled(endpoint),
        "PolicyName": f"jsft-{endpoint}-wake",
        "PolicyType": "StepScaling",
        "StepScalingPolicyConfiguration": step,
    }


def waking_alarm(endpoint: str, policy_arn: str) -> dict[str, Any]:
    """Return the PutMetricAlarm request that calls the policy when requests wait and no instance runs."""
    return {
        "AlarmName": alarm_name(endpoint),
        "AlarmDescription": f"Starts an instance of the SageMaker endpoint {endpoint}. Made by jsft.",
        "MetricName": "HasBacklogWithoutCapacity",
        "Namespace": "AWS/SageMaker",
        "Statistic": "Average",
        "EvaluationPeriods": 2,
        "DatapointsToAlarm": 2,
        "Threshold": 1,
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        "TreatMissingData": "missing",
        "Dimensions": [{"Name": "EndpointName", "Value": endpoint}],
        "Period": 60,
        "AlarmActions": [policy_arn],
    }


def scaled(endpoint: str) -> dict[str, Any]:
    """Return what names the scalable target of an endpoint."""
    return {"ServiceNamespace": "sagemaker", "ResourceId": resource_id(endpoint), "ScalableDimension": _DIMENSION}
