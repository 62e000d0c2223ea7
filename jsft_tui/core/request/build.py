"""Run + model spec -> CreateTrainingJob.

The result equals what the SageMaker Python SDK v2's JumpStartEstimator sends (2.257.7, recorded for the real
specs), without its debugger and profiler configuration: the profiler's rules use processing quota and the
recorded jobs did not use the results. The order of precedence is the SDK's: run, then spec.
"""

from __future__ import annotations

import json
from typing import Any

from jsft_tui.core.catalog.job_tags import MODEL_ID_TAG, MODEL_VERSION_TAG
from jsft_tui.core.catalog.spec.spec import ModelSpec
from jsft_tui.core.common.errors import blocked
from jsft_tui.core.hyperparameters.values import hyperparameters
from jsft_tui.core.request.channels import s3_channel
from jsft_tui.core.request.customization import channels, customization_request
from jsft_tui.core.request.machines import resources, stopping, vpc
from jsft_tui.core.request.place import Place
from jsft_tui.core.request.recipe_job import recipe_job_request
from jsft_tui.core.run.run import Run

GATED_MODEL_VARIABLE = "SageMakerGatedModelS3Uri"
EULA_VARIABLE = "accept_eula"
"""Variables with the location of a gated model's weights, and the acceptance of its license."""

CODE_CHANNEL_PATH = "/opt/ml/input/data/code/sourcedir.tar.gz"
MODEL_CONTENT_TYPE = "application/x-sagemaker-model"

_CONTAINER_LOG_LEVEL = "sagemaker_container_log_level"


def build_request(run: Run, spec: ModelSpec, place: Place) -> dict[str, Any]:
    """Build the CreateTrainingJob request.

    Raises:
        Problem: no image, no gated weights, or no default dataset for this choice (kind BLOCKED).
    """
    if run.customization is not None:
        if not run.instance.is_serverless:
            return recipe_job_request(run, run.customization, spec, place)
        return customization_request(run, run.customization, spec, place.region)
    request: dict[str, Any] = {
        "TrainingJobName": run.name,
        "AlgorithmSpecification": _algorithm(run, spec, place),
        "RoleArn": run.role or "",
        "InputDataConfig": _channels(run, spec, place),
        "OutputDataConfig": _output(run, spec),
        "ResourceConfig": resources(run, spec.training_volume_gb),
        "StoppingCondition": stopping(run),
        "HyperParameters": encoded_hyperparameters(run, spec, place),
        "Tags": _tags(run, spec),
        "EnableInterContainerTrafficEncryption": _choose(run.encrypt_traffic, spec.encrypt_traffic),
        "EnableNetworkIsolation": _isolated(run, spec),
        "EnableManagedSpotTraining": run.instance.spot,
        "Environment": environment(run, spec, place),
        "VpcConfig": vpc(run),
        "CheckpointConfig": {"S3Uri": run.checkpoint} if run.checkpoint else None,
    }
    return {key: value for key, value in request.items() if value}


def default_dataset(spec: ModelSpec, place: Place) -> str | None:
    """Return the S3 URI of the model's default dataset; None when it has none."""
    return f"s3://{place.buckets.content}/{spec.default_dataset_key}" if spec.default_dataset_key else None


def input_data(run: Run, spec: ModelSpec, place: Place) -> dict[str, str]:
    """Return the data channels of a run: its own, or the model's default dataset as `training`.

    Raises:
        Problem: the run uses the default dataset and the model has none.
    """
    if run.customization is not None:
        return channels(run, spec)
    if not run.uses_default_data:
        return dict(run.data)
    uri = default_dataset(spec, place)
    if uri is None:
        remedy = "Name your own: data: {training: s3://bucket/prefix/}"
        raise blocked("NoDefaultDataset", f"{spec.model_id} has no default dataset.", remedy)
    return {"training": uri}


def encoded_hyperparameters(run: Run, spec: ModelSpec, place: Place) -> dict[str, str]:
    """Return the `HyperParameters` map, every value JSON-encoded as the SDK v2 sends it.

    The spec's own `container` defaults are not sent: like the SDK's estimator, this sets the location of the code.
    """
    values: dict[str, str | int] = {**hyperparameters(run, spec)}
    values |= {
        "sagemaker_submit_directory": CODE_CHANNEL_PATH if _isolated(run, spec) else _script_uri(spec, place),
        "sagemaker_job_name": run.name,
        "sagemaker_region": place.region,
    }
    values.setdefault("sagemaker_program", "transfer_learning.py")
    # The SDK's framework estimator sends the log level as a number, the only one that is not quoted.
    level = str(values.get(_CONTAINER_LOG_LEVEL, 20))
    values[_CONTAINER_LOG_LEVEL] = int(level) if level.isdecimal() else level
    return {name: json.dumps(value) for name, value in values.items()}


def environment(run: Run, spec: ModelSpec, place: Place) -> dict[str, str]:
    """Return the environment: the spec's for the instance, gated weights, accepted license, the run's.

    Raises:
        Problem: the model is gated and has no weights for this instance family or region.
    """
    variables = spec.variants.environment(run.instance.type)
    if accepts_eula(run, spec) and _weights_uri(run, spec, place):
        # Weights and license then belong to the model channel, which their variables must not contradict
        # (SDK, `remove_env_var_from_estimator_kwargs_if_model_access_config_present`).
        variables |= run.environment
        return {name: text for name, text in variables.items() if name not in (GATED_MODEL_VARIABLE, EULA_VARIABLE)}
    if GATED_MODEL_VARIABLE not in run.environment and (uri := _gated_uri(run, spec, place)):
        variables[GATED_MODEL_VARIABLE] = uri
    if accepts_eula(run, spec):
        variables[EULA_VARIABLE] = "true"
    return {**variables, **run.environment}


def accepts_eula(run: Run, spec: ModelSpec) -> bool:
    """Return whether a gated model's license is accepted, by `accept_eula` or by the environment."""
    return spec.gated and (run.accept_eula or run.environment.get(EULA_VARIABLE) == "true")


def _gated_uri(run: Run, spec: ModelSpec, place: Place) -> str | None:
    if spec.model_package_artifacts:
        uri = spec.model_package_artifacts.get(place.region)
        if uri is None:
            regions = ", ".join(sorted(spec.model_package_artifacts))
            why = f"{spec.model_id} {spec.version} has no weights in {place.region}."
            raise blocked("NoWeightsInRegion", why, f"Regions that have them: {regions}.")
        return uri
    key = spec.variants.gated_artifact(run.instance.type) or _gated_artifact_of_all_types(run, spec)
    return f"s3://{place.buckets.gated}/{key}" if key else None


def _gated_artifact_of_all_types(run: Run, spec: ModelSpec) -> str | None:
    """Return the artifact if all supported types share one; it then serves unlisted types as well."""
    keys = _gated_artifacts(spec)
    if not spec.gated or not any(keys):
        return None  # not gated, or the weights come as the model channel
    if len(keys) > 1:
        why = f"{spec.model_id} has no gated weights for {run.instance.type}."
        able = [name for name in spec.instance_types if spec.variants.gated_artifact(name)]
        raise blocked("NoGatedWeights", why, f"Choose one of {', '.join(able)}.")
    return keys.pop()


def _gated_artifacts(spec: ModelSpec) -> set[str | None]:
    return {spec.variants.gated_artifact(name) for name in spec.instance_types}


def _algorithm(run: Run, spec: ModelSpec, place: Place) -> dict[str, Any]:
    image = spec.variants.image_uri(run.instance.type, place.region) or place.image_uri
    if image is None:
        why = f"{spec.model_id} names no training image for {run.instance.type} in {place.region}."
        raise blocked("NoTrainingImage", why, "Choose another instance type, or another region.")
    metrics = [{"Name": metric.name, "Regex": metric.regex} for metric in spec.metrics_on(run.instance.type)]
    algorithm = {"TrainingInputMode": "File", "TrainingImage": image, "MetricDefinitions": metrics}
    return {key: value for key, value in algorithm.items() if value}


def _channels(run: Run, spec: ModelSpec, place: Place) -> list[dict[str, Any]]:
    channels = [s3_channel(name, uri) for name, uri in input_data(run, spec, place).items()]
    if weights := _weights_uri(run, spec, place):
        channels.append(_model_channel(weights, accepted=accepts_eula(run, spec)))
    if _isolated(run, spec):  # without a network the code must be a channel
        channels.append(s3_channel("code", _script_uri(spec, place)))
    return channels


def _model_channel(uri: str, *, accepted: bool) -> dict[str, Any]:
    channel = {**s3_channel("model", uri), "ContentType": MODEL_CONTENT_TYPE, "InputMode": "File"}
    if accepted:
        channel["DataSource"]["S3DataSource"]["ModelAccessConfig"] = {"AcceptEula": True}
    return channel


def _weights_uri(run: Run, spec: ModelSpec, place: Place) -> str | None:
    """Return the URI of the `model` channel; None when the environment names the weights, or none exist."""
    if run.model.artifact:
        return run.model.artifact
    # The condition is the SDK's `use_training_model_artifact`: older gated models get their weights another way.
    if not spec.training_artifact_key or spec.model_package_artifacts or any(_gated_artifacts(spec)):
        return None
    key = spec.artifact_key(run.instance.type)
    bucket = place.buckets.gated if spec.gated_bucket else place.buckets.content
    return key if key.startswith("s3://") else f"s3://{place.buckets.models or bucket}/{key}"


def _script_uri(spec: ModelSpec, place: Place) -> str:
    return f"s3://{place.buckets.scripts or place.buckets.content}/{spec.script_key}"


def _output(run: Run, spec: ModelSpec) -> dict[str, Any]:
    # A bare bucket is written with its slash, as the SDK writes it; a prefix stays as it was typed.
    bare = run.output.startswith("s3://") and "/" not in run.output[5:]
    output = {
        "S3OutputPath": run.output + "/" if bare else run.output,
        "KmsKeyId": run.kms.output,
        "CompressionType": "NONE" if spec.uncompressed_output else None,
    }
    return {key: value for key, value in output.items() if value}


def _tags(run: Run, spec: ModelSpec) -> list[dict[str, str]]:
    tags = {**run.tags, MODEL_ID_TAG: spec.model_id, MODEL_VERSION_TAG: spec.version}
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def _isolated(run: Run, spec: ModelSpec) -> bool:
    return _choose(run.network_isolation, spec.network_isolation)


def _choose(chosen: bool | None, declared: bool | None) -> bool:
    return bool(declared if chosen is None else chosen)
