"""Customizations in the sandbox train, tell their progress, register their model, and end as other jobs do."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from jsft_tui.sandbox.sagemaker.job_store import SHUT_DOWN_REASON
from tests.sandbox.customization.requests import (
    APP,
    BUCKET,
    LLAMA,
    PREFERENCES,
    assert_shaped,
    channel,
    described,
    has_ended,
    request,
    serverless,
    trained,
    with_group,
)
from tests.sandbox.running import RunningSandbox

pytestmark = [pytest.mark.sandbox, pytest.mark.training]


def log_of(sandbox: RunningSandbox, name: str) -> str:
    """The log of a job."""
    logs = sandbox.client("logs")
    answer = logs.filter_log_events(
        logGroupName="/aws/sagemaker/TrainingJobs", logStreamNamePrefix=f"{name}/", limit=10_000
    )
    return "\n".join(event["message"] for event in answer["events"])


def files_of(sandbox: RunningSandbox, answer: dict[str, Any]) -> set[str]:
    """What a job left, below its artifacts."""
    prefix = answer["ModelArtifacts"]["S3ModelArtifacts"].removeprefix(f"s3://{BUCKET}/")
    listed = sandbox.client("s3").list_objects_v2(Bucket=BUCKET, Prefix=prefix)
    return {row["Key"].removeprefix(prefix) for row in listed.get("Contents", [])}


MERGED = {"checkpoints/hf_merged/model.npz", "checkpoints/hf_merged/training_info.json"}
ADAPTER = {"checkpoints/hf/adapter_model.npz", "checkpoints/hf/adapter_config.json"}


def test_sft_tells_its_progress_and_registers_what_it_trained(sandbox: RunningSandbox) -> None:
    config = with_group(sandbox)
    mlflow = {"MlflowResourceArn": APP, "MlflowExperimentName": "tones"}
    answer = trained(sandbox, "sft", {"max_epochs": "2"}, ModelPackageConfig=config, MlflowConfig=mlflow)
    assert answer["TrainingJobStatus"] == "Completed", answer.get("FailureReason")
    assert answer["ProgressInfo"] == {
        "TotalStepCountPerEpoch": 11,
        "CurrentStep": 11,
        "CurrentEpoch": 2,
        "MaxEpoch": 2,
    }
    assert (answer["MlflowConfig"], len(answer["MlflowDetails"]["MlflowRunId"])) == (mlflow, 32)
    assert {row["MetricName"] for row in answer["FinalMetricDataList"]} == {"train_loss", "eval_loss"}
    assert files_of(sandbox, answer) >= MERGED | ADAPTER
    client = sandbox.client("sagemaker")
    package = client.describe_model_package(ModelPackageName=answer["OutputModelPackageArn"])
    container = package["InferenceSpecification"]["Containers"][0]
    assert container["BaseModel"]["HubContentName"] in answer["ServerlessJobConfig"]["BaseModelArn"]
    # The model has a minimum of 1, but jobs billed by tokens were seen to say 0.
    assert_shaped(client, "DescribeTrainingJob", {**answer, "BillableTimeInSeconds": 1})
    assert_shaped(client, "DescribeModelPackage", package)
    artifacts = answer["ModelArtifacts"]["S3ModelArtifacts"]
    assert container["ModelDataSource"]["S3DataSource"]["S3Uri"] == f"{artifacts}checkpoints/hf_merged/"
    listed = client.list_model_packages(ModelPackageGroupName="team", SortOrder="Descending")
    assert_shaped(client, "ListModelPackages", listed)
    assert package["ModelPackageArn"] in [row["ModelPackageArn"] for row in listed["ModelPackageSummaryList"]]


def test_tokens_are_those_of_the_records_times_epochs_and_no_seconds_are_billed(sandbox: RunningSandbox) -> None:
    once, thrice = (trained(sandbox, f"tokens-{epochs}", {"max_epochs": str(epochs)}) for epochs in (1, 3))
    assert once["BillableTokenCount"] > 1000
    assert thrice["BillableTokenCount"] == 3 * once["BillableTokenCount"]
    assert thrice["BillableTimeInSeconds"] == 0
    assert "OutputModelPackageArn" not in once


def test_a_value_off_its_list_is_replaced_as_on_aws_and_the_log_says_so(sandbox: RunningSandbox) -> None:
    answer = trained(sandbox, "off-list", {"global_batch_size": "10", "unheard_of": "1"})
    assert answer["HyperParameters"]["global_batch_size"] == "10"
    assert answer["ProgressInfo"]["TotalStepCountPerEpoch"] == 11, "86 records in batches of 8"
    assert "global_batch_size 10 is not on the recipe's list" in log_of(sandbox, "off-list")


def test_an_adapter_alone_can_be_continued_and_so_can_its_continuation(sandbox: RunningSandbox) -> None:
    group = with_group(sandbox)
    first = trained(sandbox, "alone", {"merge_weights": "False", "max_epochs": "8"}, ModelPackageConfig=group)
    assert files_of(sandbox, first) >= ADAPTER
    assert not MERGED & files_of(sandbox, first)
    source = {**group, "SourceModelPackageArn": first["OutputModelPackageArn"]}
    second = trained(sandbox, "continued", ModelPackageConfig=source)
    assert loss(second) < loss(trained(sandbox, "anew")) - 0.05, "it knows what the first one learned"
    source = {**group, "SourceModelPackageArn": second["OutputModelPackageArn"]}
    third = trained(sandbox, "continued-again", {"learning_rate": "5e-07"}, ModelPackageConfig=source)
    assert loss(third) == pytest.approx(loss(second), abs=0.03)
    everything = {"ServerlessJobConfig": serverless(Peft=None), "ModelPackageConfig": source}
    with pytest.raises(ClientError, match="LoRA only"):
        sandbox.client("sagemaker").create_training_job(**request("refused", **everything))
    other = {"ServerlessJobConfig": serverless(LLAMA, AcceptEula=True), "ModelPackageConfig": source}
    with pytest.raises(ClientError, match="not of"):
        sandbox.client("sagemaker").create_training_job(**request("refused", **other))


def loss(answer: dict[str, Any]) -> float:
    """The last training loss."""
    return next(float(row["Value"]) for row in answer["FinalMetricDataList"] if row["MetricName"] == "train_loss")


def test_dpo_comes_to_prefer_the_chosen_answers(sandbox: RunningSandbox) -> None:
    config = serverless(LLAMA, CustomizationTechnique="DPO", AcceptEula=True)
    data = {"InputDataConfig": [channel(PREFERENCES)]}
    answer = trained(sandbox, "dpo", {"max_epochs": "3"}, ServerlessJobConfig=config, **data)
    final = {row["MetricName"]: row["Value"] for row in answer["FinalMetricDataList"]}
    assert final["eval_accuracy"] == 1.0
    assert final["eval_loss"] < 0.5, "log 2 is the loss of a model that prefers neither"


def test_full_fine_tuning_leaves_no_adapter(sandbox: RunningSandbox) -> None:
    answer = trained(sandbox, "full", ServerlessJobConfig=serverless(Peft=None))
    assert not ADAPTER & files_of(sandbox, answer)
    assert files_of(sandbox, answer) >= MERGED


BROKEN = {
    "too few records": ('{"prompt": "a", "completion": "b"}\n' * 5, "Train dataloader is empty"),
    "another form": ('{"dialog": []}\n' * 20, "neither messages nor prompt and completion"),
    "no JSON": ("prompt,completion\n" * 20, "it is not JSON"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_job_with_bad_data_fails_with_the_reason(sandbox: RunningSandbox, bucket: str, name: str) -> None:
    text, reason = BROKEN[name]
    sandbox.client("s3").put_object(Bucket=bucket, Key="train.jsonl", Body=text.encode())
    job = f"bad-{abs(hash(name)):x}"
    answer = trained(sandbox, job, InputDataConfig=[channel(f"s3://{bucket}/train.jsonl")])
    assert answer["TrainingJobStatus"] == "Failed"
    assert reason in answer["FailureReason"]


def test_a_stopped_job_keeps_what_it_has_learned_but_registers_nothing(sandbox: RunningSandbox) -> None:
    client = sandbox.client("sagemaker")
    client.create_training_job(**request("stopped", {"max_epochs": "100"}, ModelPackageConfig=with_group(sandbox)))
    described(sandbox, "stopped", lambda answer: answer.get("ProgressInfo", {}).get("CurrentEpoch", 0) > 1)
    client.stop_training_job(TrainingJobName="stopped")
    answer = described(sandbox, "stopped", has_ended)
    assert answer["TrainingJobStatus"] == "Stopped"
    assert 1 < answer["ProgressInfo"]["CurrentEpoch"] < 100
    assert files_of(sandbox, answer) >= MERGED | ADAPTER
    assert "OutputModelPackageArn" not in answer


def test_kill_9_fails_the_job_and_the_base_model_is_kept(own_sandbox: RunningSandbox) -> None:
    assert trained(own_sandbox, "first")["TrainingJobStatus"] == "Completed"
    own_sandbox.client("sagemaker").create_training_job(**request("killed", {"max_epochs": "100"}))
    described(own_sandbox, "killed", lambda answer: answer.get("ProgressInfo", {}).get("CurrentStep", 0) > 0)
    own_sandbox.kill()
    own_sandbox.start()
    answer = described(own_sandbox, "killed", has_ended)
    assert (answer["TrainingJobStatus"], answer["FailureReason"]) == ("Failed", SHUT_DOWN_REASON)
    assert answer["ProgressInfo"]["MaxEpoch"] == 100
    assert trained(own_sandbox, "again")["TrainingJobStatus"] == "Completed"
    assert "Pretraining" in log_of(own_sandbox, "first")
    assert "Pretraining" not in log_of(own_sandbox, "again")


def test_the_answers_of_describe_are_shaped_as_the_service_model_says(sandbox: RunningSandbox) -> None:
    answer = trained(sandbox, "shaped")
    assert not {"platform_channels", "ResourceConfig", "AlgorithmSpecification"} & answer.keys()
    assert json.dumps(answer["ServerlessJobConfig"], sort_keys=True) == json.dumps(serverless(), sort_keys=True)
