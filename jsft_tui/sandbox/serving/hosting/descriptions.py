"""What the Describe operations tell of endpoint configurations and endpoints."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from jsft_tui.sandbox.http.sagemaker_api import present
from jsft_tui.sandbox.serving.resources.records import Deployment, Endpoint, EndpointConfig, Variant


def config_members(config: EndpointConfig) -> dict[str, Any]:
    """Return the members of DescribeEndpointConfig; AWS adds the weight that is the default."""
    variants = [{"InitialVariantWeight": 1.0, **variant} for variant in config.variants]
    return {
        **config.request,
        "EndpointConfigArn": config.arn,
        "ProductionVariants": variants,
        "CreationTime": config.created,
    }


def endpoint_members(endpoint: Endpoint) -> dict[str, Any]:
    """Return the members of DescribeEndpoint; what it serves is only there once it is in service."""
    current = endpoint.current
    return {
        "EndpointName": endpoint.name,
        "EndpointArn": endpoint.arn,
        "EndpointConfigName": endpoint.shown.config,
        "ProductionVariants": _summaries(endpoint, current) if current else None,
        "EndpointStatus": endpoint.status.value,
        "FailureReason": endpoint.failure_reason,
        "CreationTime": endpoint.created,
        "LastModifiedTime": endpoint.modified,
        "LastDeploymentConfig": endpoint.request.get("DeploymentConfig") if current else None,
        "AsyncInferenceConfig": endpoint.shown.async_config,
        "DataCaptureConfig": _capture(endpoint.shown),
        "ExplainerConfig": endpoint.shown.settings.get("ExplainerConfig"),
        "MetricsConfig": endpoint.shown.settings.get("MetricsConfig"),
        "PendingDeploymentSummary": _pending(endpoint) if current and endpoint.coming else None,
    }


def _summaries(endpoint: Endpoint, deployment: Deployment) -> list[dict[str, Any]]:
    return [_summary(endpoint, deployment, variant) for variant in deployment.variants]


def _summary(endpoint: Endpoint, deployment: Deployment, variant: Variant) -> dict[str, Any]:
    serverless: Mapping[str, Any] | None = variant.request.get("ServerlessConfig")
    count = 0 if variant.name in endpoint.asleep else variant.count
    image = str(variant.container["Image"])
    # Not checked against AWS: the digest is made up; images are not resolved here.
    digest = hashlib.sha256(image.encode()).hexdigest()
    repository = image.partition("@")[0].rpartition(":")[0] if "@" not in image else image.partition("@")[0]
    return present(
        {
            "VariantName": variant.name,
            "DeployedImages": [
                {
                    "SpecifiedImage": image,
                    "ResolvedImage": image if "@" in image else f"{repository or image}@sha256:{digest}",
                    "ResolutionTime": deployment.resolved,
                }
            ],
            "CurrentWeight": variant.weight,
            "DesiredWeight": variant.weight,
            "CurrentInstanceCount": count,
            "DesiredInstanceCount": count,
            "CurrentServerlessConfig": serverless,
            "DesiredServerlessConfig": serverless,
            "ManagedInstanceScaling": variant.request.get("ManagedInstanceScaling"),
            "RoutingConfig": variant.request.get("RoutingConfig"),
        }
    )


def _pending(endpoint: Endpoint) -> dict[str, Any]:
    assert endpoint.coming is not None
    names = [{"VariantName": each.name} for each in endpoint.coming.variants]
    return {"EndpointConfigName": endpoint.coming.config, "ProductionVariants": names, "StartTime": endpoint.modified}


def _capture(deployment: Deployment) -> dict[str, Any] | None:
    config = deployment.settings.get("DataCaptureConfig")
    if not config:
        return None
    return present(
        {
            "EnableCapture": bool(config.get("EnableCapture")),
            # The sandbox captures nothing, and says so.
            "CaptureStatus": "Stopped",
            "CurrentSamplingPercentage": config["InitialSamplingPercentage"],
            "DestinationS3Uri": config["DestinationS3Uri"],
            "KmsKeyId": config.get("KmsKeyId", ""),
        }
    )
