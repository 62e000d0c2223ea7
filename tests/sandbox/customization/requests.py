"""Requests of customizations in the sandbox, and waiting for their jobs."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from botocore.validate import ParamValidator

from jsft_tui.sandbox.seed import SANDBOX_ROLE
from tests.common.effort import PATIENCE
from tests.sandbox.running import RunningSandbox

QWEN, LLAMA = "huggingface-reasoning-qwen3-06b", "meta-textgeneration-llama-3-2-1b-instruct"
BUCKET = "jsft-sandbox-us-west-2"
FACTS = f"s3://{BUCKET}/data/museum/train.jsonl"
PREFERENCES = f"s3://{BUCKET}/data/museum-preferences/train.jsonl"
PREFIX = "arn:aws:sagemaker:us-west-2:123456789012"
GROUP = f"{PREFIX}:model-package-group/team"
APP = f"{PREFIX}:mlflow-app/app-1"
HUB = "arn:aws:sagemaker:us-west-2:aws:hub-content/SageMakerPublicHub/Model"


def assert_shaped(client: Any, operation: str, answer: Mapping[str, Any]) -> None:
    """An answer has the members that the service model requires, of its types, and no others."""
    shape = client.meta.service_model.operation_model(operation).output_shape
    members = {name: value for name, value in answer.items() if name != "ResponseMetadata"}
    report = ParamValidator().validate(members, shape)
    assert not report.has_errors(), report.generate_report()


def channel(uri: str, name: str = "train") -> dict[str, Any]:
    """A channel as the trainers send it."""
    source = {"S3DataType": "S3Prefix", "S3Uri": uri, "S3DataDistributionType": "FullyReplicated"}
    return {"ChannelName": name, "DataSource": {"S3DataSource": source}}


def request(name: str, values: Mapping[str, str] | None = None, **changes: Any) -> dict[str, Any]:
    """A request of SFT with LoRA; `None` among the changes leaves a member out."""
    members = {
        "TrainingJobName": name,
        "RoleArn": SANDBOX_ROLE,
        "HyperParameters": {"max_epochs": "1", **(values or {})},
        "InputDataConfig": [channel(FACTS)],
        "OutputDataConfig": {"S3OutputPath": f"s3://{BUCKET}/out"},
        "ServerlessJobConfig": serverless(),
        **changes,
    }
    return {key: value for key, value in members.items() if value is not None}


def serverless(model: str = QWEN, **changes: Any) -> dict[str, Any]:
    """The ServerlessJobConfig of SFT with LoRA; `None` among the changes leaves a member out."""
    members = {
        "BaseModelArn": f"{HUB}/{model}/1.0.0",
        "JobType": "FineTuning",
        "CustomizationTechnique": "SFT",
        "Peft": "LORA",
        **changes,
    }
    return {key: value for key, value in members.items() if value is not None}


def described(
    sandbox: RunningSandbox, name: str, until: Callable[[dict[str, Any]], bool], seconds: float = PATIENCE
) -> dict[str, Any]:
    """Describe a job until something holds."""
    client, ends = sandbox.client("sagemaker"), time.monotonic() + seconds
    while True:
        answer: dict[str, Any] = client.describe_training_job(TrainingJobName=name)
        if until(answer):
            return answer
        assert time.monotonic() < ends, answer
        time.sleep(0.05)


def has_ended(answer: Mapping[str, Any]) -> bool:
    """Whether a job is over."""
    return answer["TrainingJobStatus"] in ("Completed", "Failed", "Stopped")


def trained(sandbox: RunningSandbox, name: str, values: Mapping[str, str] | None = None, **changes: Any) -> Any:
    """Run a job to its end and describe it."""
    sandbox.client("sagemaker").create_training_job(**request(name, values, **changes))
    return described(sandbox, name, has_ended)


def with_group(sandbox: RunningSandbox) -> dict[str, str]:
    """A ModelPackageConfig whose group exists."""
    client = sandbox.client("sagemaker")
    if not client.list_model_package_groups(NameContains="team")["ModelPackageGroupSummaryList"]:
        client.create_model_package_group(ModelPackageGroupName="team")
    return {"ModelPackageGroupArn": GROUP}
