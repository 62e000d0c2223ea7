"""Parse a past job, whatever created it, into a run that can be edited and launched again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jsft_tui.core.catalog.content import ContentBuckets
from jsft_tui.core.catalog.encoding import decoded_hyperparameters
from jsft_tui.core.catalog.job_tags import JUMPSTART_CHANNELS, MODEL_ID_TAG, MODEL_VERSION_TAG
from jsft_tui.core.catalog.spec.spec import ModelSpec
from jsft_tui.core.common.errors import usage
from jsft_tui.core.request.build import EULA_VARIABLE, GATED_MODEL_VARIABLE
from jsft_tui.core.run.run import InstanceChoice, KmsKeys, ModelChoice, Run, Vpc


def tags_of(request: Mapping[str, Any]) -> dict[str, str]:
    """Return the tags of a request or of a ListTags answer."""
    return {tag["Key"]: tag["Value"] for tag in request.get("Tags") or ()}


def run_from_request(request: Mapping[str, Any], spec: ModelSpec, buckets: ContentBuckets) -> Run:
    """Return the run behind a CreateTrainingJob request (or DescribeTrainingJob response with tags).

    Args:
        request: the request.
        spec: the spec of the model that its tags name.
        buckets: the region's content buckets, to tell JumpStart's own weights from a former job's.

    Raises:
        Problem: the job does not use one instance type, or has data that is not in S3 (code `CannotClone`).
    """
    resources = request.get("ResourceConfig") or {}
    if "InstanceType" not in resources:
        remedy = "Jobs with instance groups or serverless jobs cannot be cloned."
        raise usage("CannotClone", f"{request['TrainingJobName']} has no single instance type.", remedy)
    tags = tags_of(request)
    network = request.get("VpcConfig")
    output = request["OutputDataConfig"]
    return Run(
        name=request["TrainingJobName"],
        model=ModelChoice(spec.model_id, spec.version, _former_artifact(request, buckets)),
        instance=_instance(resources, request),
        output=output["S3OutputPath"],
        data=_data(request),
        hyperparameters=decoded_hyperparameters(request.get("HyperParameters") or {}),
        role=request.get("RoleArn"),
        vpc=Vpc(tuple(network["Subnets"]), tuple(network["SecurityGroupIds"])) if network else None,
        kms=KmsKeys(resources.get("VolumeKmsKeyId"), output.get("KmsKeyId") or None),
        tags={key: value for key, value in tags.items() if key not in (MODEL_ID_TAG, MODEL_VERSION_TAG)},
        accept_eula=_accepted_eula(request),
        environment=_own_environment(request, spec, buckets),
        encrypt_traffic=bool(request.get("EnableInterContainerTrafficEncryption")),
        network_isolation=bool(request.get("EnableNetworkIsolation")),
        volume_gb=resources.get("VolumeSizeInGB"),
        checkpoint=(request.get("CheckpointConfig") or {}).get("S3Uri"),
    )


def _instance(resources: Mapping[str, Any], request: Mapping[str, Any]) -> InstanceChoice:
    stopping = request["StoppingCondition"]
    return InstanceChoice(
        type=resources["InstanceType"],
        count=resources.get("InstanceCount", 1),
        spot=bool(request.get("EnableManagedSpotTraining")),
        max_runtime=stopping.get("MaxRuntimeInSeconds", 86_400),  # the API's own default: one day
        max_wait=stopping.get("MaxWaitTimeInSeconds"),
        keep_alive=resources.get("KeepAlivePeriodInSeconds"),
    )


def _data(request: Mapping[str, Any]) -> dict[str, str]:
    found = {}
    for channel in request.get("InputDataConfig") or ():
        name, uri = _channel_uri(channel)
        if name in JUMPSTART_CHANNELS:
            continue
        if not uri:
            why = f"channel {name!r} of {request['TrainingJobName']} is not in S3."
            raise usage("CannotClone", why, "Copy its data to S3 and write a run file.")
        found[name] = uri
    return found


def _own_environment(request: Mapping[str, Any], spec: ModelSpec, buckets: ContentBuckets) -> dict[str, str]:
    """Return the variables that are not from the model's spec, which depend on the instance type."""
    variables = dict(request.get("Environment") or {})
    variables.pop(EULA_VARIABLE, None)
    weights = variables.get(GATED_MODEL_VARIABLE, "")
    if weights.startswith(f"s3://{buckets.gated}/") or weights in spec.model_package_artifacts.values():
        del variables[GATED_MODEL_VARIABLE]
    given = spec.variants.environment(request["ResourceConfig"]["InstanceType"])
    return {name: text for name, text in variables.items() if given.get(name) != text}


def _accepted_eula(request: Mapping[str, Any]) -> bool:
    """Return whether the license was accepted: by the script's variable, or on the weights' channel."""
    word = (request.get("Environment") or {}).get(EULA_VARIABLE, "")
    sources = [channel["DataSource"].get("S3DataSource", {}) for channel in request.get("InputDataConfig") or ()]
    return word.lower() == "true" or any((s.get("ModelAccessConfig") or {}).get("AcceptEula") for s in sources)


def _former_artifact(request: Mapping[str, Any], buckets: ContentBuckets) -> str | None:
    weights = dict(map(_channel_uri, request.get("InputDataConfig") or ())).get("model")
    ours = {f"s3://{bucket}/" for bucket in (buckets.content, buckets.models, buckets.gated) if bucket}
    return weights if weights and not any(weights.startswith(prefix) for prefix in ours) else None


def _channel_uri(channel: Mapping[str, Any]) -> tuple[str, str]:
    return channel["ChannelName"], channel["DataSource"].get("S3DataSource", {}).get("S3Uri", "")
