"""Trained model + deployment + spec -> CreateModel, CreateEndpointConfig and CreateEndpoint.

The result equals what the SageMaker Python SDK v2's `JumpStartEstimator.deploy` sends (2.257.7, recorded for the real
specs), but for names: the SDK gives the model another time stamp than its endpoint.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jsft_tui.core.catalog.job_tags import MODEL_ID_TAG, MODEL_VERSION_TAG
from jsft_tui.core.catalog.spec.hosting import Hosting
from jsft_tui.core.catalog.spec.spec import ModelSpec
from jsft_tui.core.common.errors import blocked
from jsft_tui.core.instances.types import instance_type
from jsft_tui.core.request.place import Place
from jsft_tui.core.serving.deploy.deployment import Deployment
from jsft_tui.core.serving.deploy.mode import VARIANT, Asynchronous, Serverless
from jsft_tui.core.serving.deploy.trained_model import TrainedModel
from jsft_tui.core.storage.uri import S3Uri

INFERENCE_CONFIG_TAG = "sagemaker-sdk:jumpstart-inference-config-name"
"""The inference configuration of the spec (SDK, JumpStartTag)."""

CARRIED_TAGS = (
    "aws-jumpstart-inference-model-uri",
    "aws-jumpstart-inference-script-uri",
    "aws-jumpstart-training-model-uri",
    "aws-jumpstart-training-script-uri",
    MODEL_ID_TAG,
    MODEL_VERSION_TAG,
    "sagemaker-sdk:jumpstart-model-type",
    INFERENCE_CONFIG_TAG,
    "sagemaker-sdk:jumpstart-training-config-name",
    "sagemaker-sdk:hub-content-arn",
)
"""Tags of a training job that its endpoint gets (SDK, `update_inference_tags_with_jumpstart_training_tags`)."""

ENTRY_POINT = "inference.py"
CODE_FOLDER = "/opt/ml/model/code"
_LOG_LEVEL = "20"

_VARIANT_MEMBERS = {
    "volume_size": "VolumeSizeInGB",
    "model_data_download_timeout": "ModelDataDownloadTimeoutInSeconds",
    "container_startup_health_check_timeout": "ContainerStartupHealthCheckTimeoutInSeconds",
    "inference_ami_version": "InferenceAmiVersion",
}
"""Names of `deploy_kwargs` -> members of ProductionVariant."""


@dataclass(frozen=True)
class Repack:
    """An archive to be made before the model is created: the trained model with the inference code in `code/`.

    Attributes:
        model: the archive of the training job.
        code: the archive of the code.
        target: where the new archive goes.
    """

    model: S3Uri
    code: S3Uri
    target: S3Uri


@dataclass(frozen=True)
class ServingRequests:
    """What is sent, in this order.

    Attributes:
        repack: what must be done before; None for most models.
    """

    model: Mapping[str, Any]
    config: Mapping[str, Any]
    endpoint: Mapping[str, Any]
    repack: Repack | None = None


def build_requests(deployment: Deployment, trained: TrainedModel, spec: ModelSpec, place: Place) -> ServingRequests:
    """Build the requests of a deployment.

    Args:
        deployment: what was chosen.
        trained: the model that a training job made.
        spec: the spec of the job's model and version.
        place: the region; its image is used where the spec names none.

    Raises:
        Problem: there is no image for the type there, or the model cannot be packed with its code (kind BLOCKED).
    """
    hosting, tags = spec.hosting, _tags(deployment, trained, spec)
    repack = _repack(deployment, trained, spec, place)
    container = {
        "Image": hosting_image(spec, deployment.instance_type, place),
        "Environment": container_environment(hosting, deployment.instance_type, place.region),
        **_model_data(trained, repack),
    }
    model = {
        "ModelName": deployment.name,
        "ExecutionRoleArn": deployment.role or trained.role,
        "PrimaryContainer": {name: value for name, value in container.items() if value},
        "Tags": tags,
        **_network(deployment, trained, hosting),
    }
    config: dict[str, Any] = {
        "EndpointConfigName": deployment.name,
        "ProductionVariants": [_variant(deployment, hosting)],
        "Tags": tags,
    }
    if isinstance(deployment.mode, Asynchronous):
        config["AsyncInferenceConfig"] = deployment.mode.config
    endpoint = {"EndpointName": deployment.name, "EndpointConfigName": deployment.name, "Tags": tags}
    return ServingRequests({name: value for name, value in model.items() if value}, config, endpoint, repack)


def hosting_image(spec: ModelSpec, instance_type: str, place: Place) -> str:
    """Return the image that serves a model on an instance type.

    Raises:
        Problem: the spec names none (code `NoHostingImage`).
    """
    image = spec.hosting.variants.image_uri(instance_type, place.region) or place.image_uri
    if image is None:
        why = f"{spec.model_id} names no hosting image for {instance_type} in {place.region}."
        raise blocked("NoHostingImage", why, "Choose another instance type, or another region.")
    return image


def container_environment(hosting: Hosting, instance_type: str, region: str) -> dict[str, str]:
    """Return the variables of the container: the model's, those of the instance type, those of packed code."""
    variables = {each.name: each.value for each in hosting.environment if each.is_for_model}
    variables |= hosting.variants.environment(instance_type)
    if hosting.is_repacked:  # SDK, `Model._script_mode_env_vars`
        variables |= {
            "SAGEMAKER_PROGRAM": ENTRY_POINT,
            "SAGEMAKER_SUBMIT_DIRECTORY": CODE_FOLDER,
            "SAGEMAKER_CONTAINER_LOG_LEVEL": _LOG_LEVEL,
            "SAGEMAKER_REGION": region,
        }
    return variables


def _repack(deployment: Deployment, trained: TrainedModel, spec: ModelSpec, place: Place) -> Repack | None:
    if not spec.hosting.is_repacked:
        return None
    if trained.is_uncompressed:
        why = f"the model of {trained.job} is not compressed, and {spec.model_id} is served with code packed into it."
        raise blocked("CannotRepack", why, "Train it again with compressed output.")
    code = S3Uri(place.buckets.scripts or place.buckets.content, spec.hosting.script_key)
    # The SDK puts it into the session's default bucket; jsft has none but the one that the job wrote to.
    return Repack(trained.artifact, code, S3Uri(trained.artifact.bucket, f"{deployment.name}/model.tar.gz"))


def _model_data(trained: TrainedModel, repack: Repack | None) -> dict[str, Any]:
    if repack is not None:
        return {"ModelDataUrl": str(repack.target)}
    if not trained.is_uncompressed:
        return {"ModelDataUrl": str(trained.artifact)}
    source = {"S3Uri": str(trained.artifact.as_prefix()), "S3DataType": "S3Prefix", "CompressionType": "None"}
    return {"ModelDataSource": {"S3DataSource": source}}


def _network(deployment: Deployment, trained: TrainedModel, hosting: Hosting) -> dict[str, Any]:
    """Return the members about the network; serverless endpoints refuse them (guide, "Feature exclusions")."""
    if isinstance(deployment.mode, Serverless):
        return {}
    return {"EnableNetworkIsolation": hosting.network_isolation, "VpcConfig": dict(trained.vpc)}


def _variant(deployment: Deployment, hosting: Hosting) -> dict[str, Any]:
    named = {"VariantName": VARIANT, "ModelName": deployment.name, "InitialVariantWeight": 1}
    if isinstance(deployment.mode, Serverless):
        return {**named, "ServerlessConfig": deployment.mode.config}
    return {
        **named,
        "InitialInstanceCount": deployment.count,
        "InstanceType": deployment.instance_type,
        **_variant_settings(deployment.instance_type, hosting),
    }


def _variant_settings(name: str, hosting: Hosting) -> dict[str, Any]:
    """Return the settings of the spec; a volume only for a type that takes one (SDK, `volume_size_supported`)."""
    hardware = instance_type(name)
    settings = dict(hosting.timeouts)
    if hosting.volume_gb is not None:
        settings["volume_size"] = hosting.volume_gb
    if hardware is not None and hardware.has_nvme:
        settings.pop("volume_size", None)
    return {member: settings[key] for key, member in _VARIANT_MEMBERS.items() if settings.get(key) is not None}


def _tags(deployment: Deployment, trained: TrainedModel, spec: ModelSpec) -> list[dict[str, str]]:
    tags = {**deployment.tags, MODEL_ID_TAG: spec.model_id, MODEL_VERSION_TAG: spec.version}
    if spec.hosting.config_name:
        tags[INFERENCE_CONFIG_TAG] = spec.hosting.config_name
    for name in CARRIED_TAGS:
        if name in trained.tags:
            tags.setdefault(name, trained.tags[name])
    return [{"Key": key, "Value": value} for key, value in tags.items()]
