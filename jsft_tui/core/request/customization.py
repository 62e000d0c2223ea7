"""Run + recipe -> CreateTrainingJob of a serverless customization.

The result equals what the trainers of the SageMaker SDK v3 send (sagemaker-train 1.27: SFTTrainer, DPOTrainer,
RLVRTrainer, RLAIFTrainer without `compute`): no image, no instances, no metrics, a time limit only where the run
names one, tags in the SDK's order.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from jsft_tui.core.catalog.job_tags import HUB_NAME_TAG, MODEL_ID_TAG
from jsft_tui.core.catalog.spec.spec import ModelSpec
from jsft_tui.core.common.errors import blocked
from jsft_tui.core.customization.customization import SERVERLESS_RUNTIME, Customization
from jsft_tui.core.customization.recipes.values import sent_values
from jsft_tui.core.request.channels import s3_channel
from jsft_tui.core.request.machines import vpc
from jsft_tui.core.run.run import Run

PUBLIC_HUB = "SageMakerPublicHub"
"""The hub of JumpStart's models; its documents name the base models of customizations."""

_CHANNELS = {"training": "train"}
"""Names of data in a run -> the trainers' channels; others keep their names."""
_ACCOUNT = re.compile(r"arn:[^:]*:[^:]*:[^:]*:(\d{12}):.*")


def customization_request(run: Run, wanted: Customization, spec: ModelSpec, region: str) -> dict[str, Any]:
    """Build the request.

    Raises:
        Problem: the run has no data (kind BLOCKED).
    """
    request: dict[str, Any] = {
        "TrainingJobName": run.name,
        "HyperParameters": sent_values(spec, run.hyperparameters, wanted),
        "RoleArn": run.role or "",
        "InputDataConfig": [s3_channel(name, uri) for name, uri in channels(run, spec).items()],
        "OutputDataConfig": _without_nothing({"S3OutputPath": run.output, "KmsKeyId": run.kms.output}),
        "Tags": _tags(run, spec),
        "ServerlessJobConfig": _serverless(run, wanted, spec, region),
        "MlflowConfig": _mlflow(wanted),
        "ModelPackageConfig": _model_package(run, wanted, region),
        "VpcConfig": vpc(run),
        "StoppingCondition": _stopping(run),
    }
    return {name: value for name, value in request.items() if value or name == "RoleArn"}


def channels(run: Run, spec: ModelSpec) -> dict[str, str]:
    """Return the data channels under the trainers' names.

    Raises:
        Problem: the run has no data; recipes have no default dataset.
    """
    if run.uses_default_data:
        remedy = "Name your own: data: {training: s3://bucket/train.jsonl}"
        raise blocked("NoDefaultDataset", f"the recipes of {spec.model_id} have no default dataset.", remedy)
    return {_CHANNELS.get(name, name): uri for name, uri in run.data.items()}


def base_model_arn(spec: ModelSpec, region: str) -> str:
    """Return the ARN of the base model in JumpStart's hub; SageMaker trains its latest version."""
    hub = f"arn:{partition_of(region)}:sagemaker:{region}:aws:hub-content/{PUBLIC_HUB}"
    return f"{hub}/Model/{spec.model_id}/{spec.version}"


def partition_of(region: str) -> str:
    """Return the partition of a region, the second part of its ARNs."""
    return "aws-cn" if region.startswith("cn-") else "aws-us-gov" if region.startswith("us-gov-") else "aws"


def account_of(arn: str | None) -> str:
    """Return the account in an ARN; empty without one."""
    found = _ACCOUNT.fullmatch(arn or "")
    return found[1] if found else ""


def group_name(wanted: Customization) -> str:
    """Return the name of the model package group, also if the run gives its ARN."""
    return wanted.model_package_group.rpartition("/")[2]


def group_arn(wanted: Customization, role: str | None, region: str) -> str:
    """Return the ARN of the model package group; a name is completed with the account of the execution role.

    Empty where no group is named, or the account is unknown.
    """
    group = wanted.model_package_group
    if group.startswith("arn:"):
        return group
    account = account_of(role)
    if not group or not account:
        return ""
    return f"arn:{partition_of(region)}:sagemaker:{region}:{account}:model-package-group/{group}"


def _serverless(run: Run, wanted: Customization, spec: ModelSpec, region: str) -> dict[str, Any]:
    # The SDK takes a license as accepted where a customized model is continued (`_validate_eula_for_gated_model`).
    accepted = run.accept_eula or bool(wanted.source_model_package)
    return _without_nothing(
        {
            "BaseModelArn": base_model_arn(spec, region),
            "AcceptEula": accepted,
            "JobType": "FineTuning",
            "CustomizationTechnique": wanted.technique.value,
            "Peft": wanted.adapter.peft,
            "EvaluatorArn": wanted.evaluator,
            "SequenceLength": wanted.sequence_length,
        }
    )


def _mlflow(wanted: Customization) -> dict[str, str]:
    if not wanted.mlflow_app:
        return {}
    return _without_nothing(
        {
            "MlflowResourceArn": wanted.mlflow_app,
            "MlflowExperimentName": wanted.mlflow_experiment,
            "MlflowRunName": wanted.mlflow_run,
        }
    )


def _model_package(run: Run, wanted: Customization, region: str) -> dict[str, str]:
    group = group_arn(wanted, run.role, region)
    return _without_nothing({"ModelPackageGroupArn": group, "SourceModelPackageArn": wanted.source_model_package})


def _stopping(run: Run) -> dict[str, int]:
    """Return the time limit; nothing for the service's own."""
    limit = run.instance.max_runtime
    return {} if limit == SERVERLESS_RUNTIME else {"MaxRuntimeInSeconds": limit}


def _tags(run: Run, spec: ModelSpec) -> list[dict[str, str]]:
    tags = {MODEL_ID_TAG: spec.model_id, HUB_NAME_TAG: PUBLIC_HUB}
    own = {key: value for key, value in run.tags.items() if key not in tags}
    return [{"Key": key, "Value": value} for key, value in {**tags, **own}.items()]


def _without_nothing(members: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value}
