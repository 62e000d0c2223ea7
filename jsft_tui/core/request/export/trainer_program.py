"""A customization as a Python program with the trainers of the SageMaker Python SDK v3 (sagemaker-train 1.27)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jsft_tui.core.customization.recipes.parameters import INFRASTRUCTURE
from jsft_tui.core.customization.recipes.values import JUDGE_MODEL
from jsft_tui.core.request.export.python_source import Node, broken, call, literal, text_literal

_PROGRAM = '''\
"""Launches one customization with the SageMaker SDK's {trainer} and prints its ARN. Written by jsft.

The trainer adds a time to the name. It creates the output bucket and, where none is named, an MLflow app, if missing.
"""

import boto3
from sagemaker.core.helper.session_helper import Session
{imports}

REGION = {region}


def main() -> None:
    session = Session(boto3.Session(region_name=REGION))
    trainer = {call}
{after}    print(trainer.train(wait=False).training_job_arn)


if __name__ == "__main__":
    main()
'''

_TRAINERS = {
    "SFT": ("sagemaker.train.sft_trainer", "SFTTrainer"),
    "DPO": ("sagemaker.train.dpo_trainer", "DPOTrainer"),
    "RLVR": ("sagemaker.train.rlvr_trainer", "RLVRTrainer"),
    "RLAIF": ("sagemaker.train.rlaif_trainer", "RLAIFTrainer"),
}
_CHANNELS = {"train": "training_dataset", "validation": "validation_dataset"}
_OWN_TAGS = "sagemaker-sdk:jumpstart-"


def is_customization(request: Mapping[str, Any]) -> bool:
    """Return whether a request is one that a trainer makes."""
    return str((request.get("ServerlessJobConfig") or {}).get("CustomizationTechnique")) in _TRAINERS


def trainer_program(request: Mapping[str, Any], region: str) -> str:
    """Write a program for Python 3 with sagemaker-train 1.27 or later."""
    job = request["ServerlessJobConfig"]
    module, trainer = _TRAINERS[job["CustomizationTechnique"]]
    return _PROGRAM.format(
        trainer=trainer,
        imports="\n".join(sorted([*_shape_imports(request), f"from {module} import {trainer}", _TYPE_IMPORT])),
        region=text_literal(region),
        call=broken(call(trainer, dict(_arguments(request))), indent=4),
        after="".join(f"    {line}\n" for line in _values(request)),
    )


_TYPE_IMPORT = "from sagemaker.train.common import TrainingType"


def _shape_imports(request: Mapping[str, Any]) -> Iterator[str]:
    if request.get("VpcConfig"):
        yield "from sagemaker.core.shapes import VpcConfig"
    if request.get("StoppingCondition"):
        yield "from sagemaker.core.training.configs import StoppingCondition"


def _arguments(request: Mapping[str, Any]) -> Iterator[tuple[str, Node]]:
    job, output = request["ServerlessJobConfig"], request.get("OutputDataConfig") or {}
    package, mlflow = request.get("ModelPackageConfig") or {}, request.get("MlflowConfig") or {}
    model = package.get("SourceModelPackageArn") or _model_id(job.get("BaseModelArn", ""))
    yield "sagemaker_session", "session"
    yield "role", text_literal(str(request.get("RoleArn", "")))
    yield "base_job_name", text_literal(str(request["TrainingJobName"]))
    yield "model", text_literal(model)
    yield "training_type", f"TrainingType.{'LORA' if job.get('Peft') else 'FULL'}"
    texts = {
        "model_package_group": package.get("ModelPackageGroupArn"),
        **_data(request),
        "s3_output_path": output.get("S3OutputPath"),
        "kms_key_id": output.get("KmsKeyId"),
        "sequence_length": job.get("SequenceLength"),
        "mlflow_resource_arn": mlflow.get("MlflowResourceArn"),
        "mlflow_experiment_name": mlflow.get("MlflowExperimentName"),
        "mlflow_run_name": mlflow.get("MlflowRunName"),
        **_reward(request),
    }
    yield from ((name, text_literal(str(text))) for name, text in texts.items() if text)
    if job.get("AcceptEula"):
        yield "accept_eula", "True"
    if job["CustomizationTechnique"] == "RLVR" and job.get("EvaluatorArn"):
        # Else the trainer first invokes the reward function with a few records, which this request does not.
        yield "skip_reward_validation", "True"
    if network := request.get("VpcConfig"):
        members = {"subnets": network["Subnets"], "security_group_ids": network["SecurityGroupIds"]}
        yield "networking", call("VpcConfig", {name: literal(value) for name, value in members.items()})
    if limit := (request.get("StoppingCondition") or {}).get("MaxRuntimeInSeconds"):
        yield "stopping_condition", call("StoppingCondition", {"max_runtime_in_seconds": literal(limit)})
    tags = [tag for tag in request.get("Tags") or () if not tag["Key"].startswith(_OWN_TAGS)]
    if tags:
        yield "tags", literal([{"key": tag["Key"], "value": tag["Value"]} for tag in tags])


def _model_id(arn: str) -> str:
    """Return the model in the ARN of a base model (`.../Model/ID/VERSION`)."""
    return arn.partition("/Model/")[2].partition("/")[0]


def _data(request: Mapping[str, Any]) -> dict[str, str]:
    found = {}
    for channel in request.get("InputDataConfig") or ():
        source = channel.get("DataSource") or {}
        place = (source.get("S3DataSource") or {}).get("S3Uri") or (source.get("DatasetSource") or {}).get("DatasetArn")
        if place and channel["ChannelName"] in _CHANNELS:
            found[_CHANNELS[channel["ChannelName"]]] = place
    return found


def _reward(request: Mapping[str, Any]) -> dict[str, str]:
    job = request["ServerlessJobConfig"]
    evaluator = str(job.get("EvaluatorArn") or "")
    if job["CustomizationTechnique"] == "RLVR":
        return {"custom_reward_function": evaluator}
    if job["CustomizationTechnique"] == "RLAIF":
        judge = str((request.get("HyperParameters") or {}).get(JUDGE_MODEL, ""))
        return {"reward_prompt": evaluator, "reward_model_id": judge.removeprefix("bedrock/")}
    return {}


def _values(request: Mapping[str, Any]) -> Iterator[str]:
    """Yield a line for each hyperparameter; the platform's own entries have their defaults already."""
    for name, value in (request.get("HyperParameters") or {}).items():
        if name not in INFRASTRUCTURE and name != JUDGE_MODEL and value != "" and name.isidentifier():
            yield f"trainer.hyperparameters.{name} = {_typed(value)}"


def _typed(value: str) -> str:
    """Return the source of a value in its type: a trainer takes numbers and truth values, not their texts."""
    if value in ("True", "False"):
        return value
    for kind in (int, float):
        try:
            return repr(kind(value)) if str(kind(value)) == value else text_literal(value)
        except ValueError:
            continue
    return text_literal(value)
