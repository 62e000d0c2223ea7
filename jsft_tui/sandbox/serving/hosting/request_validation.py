"""Validate the requests that create models, endpoint configurations and endpoints.

The messages are AWS's where public issues print them: "Could not find model data at", "Cannot create already existing",
"Could not find", "Cannot update in-progress endpoint". Not checked against AWS: the wording of the others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jsft_tui.sandbox.account import quotas
from jsft_tui.sandbox.sagemaker.channels import Location
from jsft_tui.sandbox.sagemaker.request_validation import check_quota
from jsft_tui.sandbox.serving.models.data import ModelData
from jsft_tui.sandbox.serving.resources.errors import invalid, not_found
from jsft_tui.sandbox.serving.resources.records import Endpoint, EndpointStatus, Model, Variant

if TYPE_CHECKING:
    from jsft_tui.sandbox.s3.storage.store import ObjectStore


@dataclass(frozen=True)
class Account:
    """What requests are validated against: S3, and whether SageMaker can assume a role."""

    store: ObjectStore
    can_assume: Callable[[str], bool]


def check_model(request: Mapping[str, Any], region: str, account: Account) -> None:
    """Validate CreateModel.

    Raises:
        ApiError: the request is refused.
    """
    if "PrimaryContainer" in request and "Containers" in request:
        raise invalid("Specify either PrimaryContainer or Containers, not both.")
    containers = [request["PrimaryContainer"]] if "PrimaryContainer" in request else request.get("Containers", [])
    if len(containers) != 1:
        raise invalid("The sandbox serves models of one container: specify PrimaryContainer.")
    container = containers[0]
    if container.get("Mode") == "MultiModel" or "ModelPackageName" in container:
        raise invalid("The sandbox serves neither multi-model containers nor model packages: specify Image and data.")
    if not container.get("Image"):
        raise invalid("The container definition must have an Image.")
    if "ModelDataUrl" in container and "ModelDataSource" in container:
        raise invalid("Specify either ModelDataUrl or ModelDataSource, not both.")
    role = request.get("ExecutionRoleArn")
    if role is not None and not account.can_assume(role):
        raise invalid(
            f"Could not assume role {role}. Please ensure that the role exists and allows principal "
            "'sagemaker.amazonaws.com' to assume the role."
        )
    data = ModelData.of(container)
    if data is not None and not data.exists(account.store, region):
        raise invalid(f"Could not find model data at {data.uri}.")


def check_config(request: Mapping[str, Any], region: str, find_model: Callable[[str], Model | None]) -> None:
    """Validate CreateEndpointConfig.

    Raises:
        ApiError: the request is refused.
    """
    variants: Sequence[Mapping[str, Any]] = request["ProductionVariants"]
    if request.get("ShadowProductionVariants"):
        raise invalid("The sandbox does not support ShadowProductionVariants.")
    repeated = [name for name, count in Counter(each["VariantName"] for each in variants).items() if count > 1]
    if repeated:
        raise invalid(f"Duplicate production variant name: {repeated[0]}.")
    is_async = "AsyncInferenceConfig" in request
    if is_async and len(variants) > 1:
        raise invalid("An endpoint with AsyncInferenceConfig can have one production variant only.")
    if is_async and not request["AsyncInferenceConfig"]["OutputConfig"].get("S3OutputPath"):
        raise invalid("The sandbox has no default bucket: specify S3OutputPath in AsyncInferenceConfig.OutputConfig.")
    for variant in variants:
        _check_variant(variant, region, find_model, is_async=is_async)


def _check_variant(
    variant: Mapping[str, Any], region: str, find_model: Callable[[str], Model | None], *, is_async: bool
) -> None:
    name = variant["VariantName"]
    if not variant.get("ModelName"):
        raise invalid(f"The sandbox has no inference components: specify ModelName for the variant {name}.")
    model = find_model(variant["ModelName"])
    if model is None:
        raise not_found(Model, region, variant["ModelName"])
    is_serverless = "ServerlessConfig" in variant
    if is_serverless == bool(variant.get("InstanceType")):
        raise invalid(f"Specify either InstanceType or ServerlessConfig for the variant {name}.")
    if not is_serverless:
        return
    if is_async:
        raise invalid("AsyncInferenceConfig cannot be used with a serverless production variant.")
    if "ModelDataSource" in model.container:
        # botocore's documentation of ModelDataSource says so.
        raise invalid(f"The model {model.name} uses ModelDataSource, which serverless inference does not support.")


def check_endpoint(deployed: Iterable[Endpoint], variants: Sequence[Variant], replaced: Endpoint | None = None) -> None:
    """Validate the instances of CreateEndpoint or UpdateEndpoint against the quotas.

    Args:
        deployed: all endpoints of the region.
        variants: those that are wanted.
        replaced: the endpoint that is updated.

    Raises:
        ApiError: `ResourceLimitExceeded`.
    """
    in_use: Counter[str] = Counter()
    for endpoint in deployed:
        if endpoint.status in (EndpointStatus.FAILED, EndpointStatus.DELETING):
            continue
        if replaced is not None and endpoint.name == replaced.name:
            continue
        for variant in endpoint.shown.variants:
            in_use[variant.instance_type] += variant.count
    wanted: Counter[str] = Counter()
    for variant in variants:
        wanted[variant.instance_type] += variant.count
    for name, count in wanted.items():
        if name:
            check_quota(quotas.endpoint_usage(name), in_use[name], count, "Instance")


def check_bucket(store: ObjectStore, purpose: str, uri: str) -> None:
    """Refuse an S3 URI whose bucket does not exist.

    Raises:
        ApiError: there is none.
    """
    bucket = Location.parse(uri).bucket
    if store.bucket_region(bucket) is None:
        raise invalid(f"{purpose}: the bucket {bucket} does not exist ({uri}).")
