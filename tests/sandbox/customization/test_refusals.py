"""CreateTrainingJob refuses customizations that cannot run, before there is a job."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.customization.requests import (
    BUCKET,
    FACTS,
    GROUP,
    LLAMA,
    PREFIX,
    QWEN,
    channel,
    request,
    serverless,
)
from tests.sandbox.running import RunningSandbox

pytestmark = pytest.mark.sandbox

ABSENT = f"{PREFIX}:model-package-group/absent"
RESOURCES = {"InstanceType": "ml.g5.12xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30}
REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "instances": ({"ResourceConfig": RESOURCES}, "ResourceConfig"),
    "spot": ({"EnableManagedSpotTraining": True}, "EnableManagedSpotTraining"),
    "an evaluation": ({"ServerlessJobConfig": serverless(JobType="Evaluation")}, "FineTuning"),
    "no technique": ({"ServerlessJobConfig": serverless(CustomizationTechnique=None)}, "CustomizationTechnique"),
    "an unknown model": ({"ServerlessJobConfig": serverless("absent")}, "does not exist"),
    "a model without recipes": (
        {"ServerlessJobConfig": serverless("sklearn-classification-linear")},
        "no recipe for SFT LORA",
    ),
    "another length": ({"ServerlessJobConfig": serverless(SequenceLength="8K")}, "no recipe for SFT LORA 8K"),
    "rewards": ({"ServerlessJobConfig": serverless(CustomizationTechnique="RLVR")}, "does not run RLVR"),
    "judges": ({"ServerlessJobConfig": serverless(CustomizationTechnique="RLAIF")}, "Bedrock"),
    "a license": ({"ServerlessJobConfig": serverless(LLAMA)}, "license"),
    "no data": ({"InputDataConfig": None}, "channels train and validation"),
    "another channel": ({"InputDataConfig": [channel(FACTS), channel(FACTS, "extra")]}, "extra"),
    "data that is not there": ({"InputDataConfig": [channel(f"s3://{BUCKET}/absent")]}, "No S3 objects found"),
    "a role": ({"RoleArn": "arn:aws:iam::123456789012:role/absent"}, "Could not assume role"),
    "a group": ({"ModelPackageConfig": {"ModelPackageGroupArn": ABSENT}}, f"ModelPackageGroup {ABSENT} does not exist"),
    "a rate above its maximum": ({"HyperParameters": {"learning_rate": "0.01"}}, "learning_rate"),
    "a rate that is no number": ({"HyperParameters": {"learning_rate": "fast"}}, "not a number"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_with_the_reason(sandbox: RunningSandbox, name: str) -> None:
    changes, reason = REFUSED[name]
    client = sandbox.client("sagemaker")
    with pytest.raises(ClientError) as refused:
        client.create_training_job(**request("refused", **changes))
    error = refused.value.response["Error"]
    assert error["Code"] == "ValidationException"
    assert reason in error["Message"]
    assert not client.list_training_jobs(NameContains="refused")["TrainingJobSummaries"]


def test_a_source_of_another_model_is_refused(sandbox: RunningSandbox) -> None:
    client = sandbox.client("sagemaker")
    if not client.list_model_package_groups(NameContains="team")["ModelPackageGroupSummaryList"]:
        client.create_model_package_group(ModelPackageGroupName="team")
    config = {"ModelPackageGroupArn": GROUP, "SourceModelPackageArn": f"{PREFIX}:model-package/team/999"}
    with pytest.raises(ClientError, match="model-package/team/999 does not exist"):
        client.create_training_job(**request("refused", ModelPackageConfig=config))
    assert QWEN in request("x")["ServerlessJobConfig"]["BaseModelArn"]
