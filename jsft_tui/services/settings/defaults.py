"""Defaults for runs: from SageMaker's `config.yaml` files (admin, then user), overridden by jsft's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from jsft_tui.aws.account import Account
from jsft_tui.aws.client.sagemaker_sdk import DefaultsFile
from jsft_tui.config import Config
from jsft_tui.core.run.defaults import Defaults, Layer
from jsft_tui.core.run.run import Vpc

SAGEMAKER_CONFIG = "SageMaker config.yaml"
JSFT_CONFIG = "jsft config"


def load_defaults(config: Config, account: Account) -> Defaults:
    """Return the defaults of the configuration files; jsft's own file takes precedence over SageMaker's.

    Raises:
        Problem: a SageMaker file cannot be read.
    """
    return _from_config(config).over(_from_files(account.sagemaker_defaults()))


def _from_config(config: Config) -> Defaults:
    return Defaults(
        role=config.role,
        output=config.output,
        vpc=Vpc(config.subnets, config.security_group_ids) if config.subnets else None,
        volume_key=config.volume_kms_key,
        output_key=config.output_kms_key,
        tags=config.tags,
        environment=config.environment,
        encrypt_traffic=config.encrypt_traffic,
        network_isolation=config.network_isolation,
        max_cost_usd=config.max_cost_usd,
        model_package_group=config.model_package_group,
        mlflow_app=config.mlflow_app,
    ).from_origin(JSFT_CONFIG)


def _from_files(files: Sequence[DefaultsFile]) -> Defaults:
    """Merge SageMaker's files as the SDK does, and note the file that each value comes from.

    The SDK merges the documents, not the settings: mappings key by key, while lists (tags, subnets) are replaced.
    """
    merged: dict[str, Any] = {}
    origins: dict[str, str] = {}
    layers: list[Layer] = []
    for file in files:
        merged = merged_documents(merged, file.data)
        own = _from_sagemaker(file.data).from_origin(f"{SAGEMAKER_CONFIG} ({file.owner})")
        origins |= own.origins
        layers += own.layers
    found = _from_sagemaker(merged)
    defined = found.from_origin(SAGEMAKER_CONFIG).origins
    said = {name: origins.get(name, origin) for name, origin in defined.items()}
    return replace(found, origins=said, layers=tuple(reversed(layers)))


def merged_documents(lower: Mapping[str, Any], higher: Mapping[str, Any]) -> dict[str, Any]:
    """Merge two documents like `botocore.utils.merge_dicts`, which the SDK uses."""
    merged = dict(lower)
    for key, value in higher.items():
        existing = merged.get(key)
        if isinstance(value, Mapping) and isinstance(existing, Mapping):
            merged[key] = merged_documents(existing, value)
        else:
            merged[key] = value
    return merged


def _from_sagemaker(data: Mapping[str, Any]) -> Defaults:
    """Read the keys of `SageMaker.TrainingJob` and of the session (SDK, `config/config_schema.py`)."""
    sagemaker = data.get("SageMaker") or {}
    job = sagemaker.get("TrainingJob") or {}
    session = (((sagemaker.get("PythonSDK") or {}).get("Modules") or {}).get("Session")) or {}
    return Defaults(
        role=job.get("RoleArn"),
        output=_default_output(session),
        vpc=_vpc(job.get("VpcConfig")),
        volume_key=(job.get("ResourceConfig") or {}).get("VolumeKmsKeyId"),
        output_key=(job.get("OutputDataConfig") or {}).get("KmsKeyId"),
        tags={tag["Key"]: str(tag["Value"]) for tag in job.get("Tags") or ()},
        environment={str(name): str(value) for name, value in (job.get("Environment") or {}).items()},
        encrypt_traffic=job.get("EnableInterContainerTrafficEncryption"),
        network_isolation=job.get("EnableNetworkIsolation"),
    )


def _vpc(data: Mapping[str, Any] | None) -> Vpc | None:
    if not data or not data.get("Subnets"):
        return None
    return Vpc(tuple(data["Subnets"]), tuple(data.get("SecurityGroupIds") or ()))


def _default_output(session: Mapping[str, Any]) -> str | None:
    bucket = session.get("DefaultS3Bucket")
    prefix = session.get("DefaultS3ObjectKeyPrefix")
    if not bucket:
        return None
    return f"s3://{bucket}/{prefix}" if prefix else f"s3://{bucket}"
