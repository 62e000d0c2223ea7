"""Customization jobs, whoever launched them: facts, places, clone and export."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from jsft_tui.core.catalog.technique import Adapter, Technique
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.jobs.columns import instances_text
from jsft_tui.core.jobs.customization.customization_job import CustomizationJob, customization_job
from jsft_tui.core.jobs.output import training_output
from jsft_tui.core.jobs.training_job import TrainingJob
from jsft_tui.core.request.build import build_request
from jsft_tui.core.request.export import export_formats
from jsft_tui.core.request.export.past_job import past_request
from jsft_tui.core.request.rerun.customization import cloned_customization, customization_of
from jsft_tui.core.request.rerun.resume import continued_run
from jsft_tui.core.run.run import InstanceChoice, KmsKeys, Run, Vpc
from tests.common.shared_data import PLACE
from tests.core.customization.specs import EVALUATOR, MODEL, customization_run, customized

APP = "arn:aws:sagemaker:us-west-2:123456789012:mlflow-app/app-1"
PACKAGE = "arn:aws:sagemaker:us-west-2:123456789012:model-package/my-models/4"
OUTPUT = "s3://my-output/models/tiny-sft-1/output/model/"


def everything(technique: Technique = Technique.SFT, **choices: Any) -> Run:
    """A run that says all that a customization can."""
    return customization_run(
        technique,
        choices={
            "model_package_group": "arn:aws:sagemaker:us-west-2:123456789012:model-package-group/my-models",
            "sequence_length": "4K",
            "mlflow_app": APP,
            "mlflow_experiment": "tones",
            **choices,
        },
        data={"training": "s3://my-data/train.jsonl", "validation": "s3://my-data/validation.jsonl"},
        hyperparameters={"max_epochs": "3", "merge_weights": "False"},
        vpc=Vpc(("subnet-1",), ("sg-1",)),
        kms=KmsKeys(output="1a2b"),
        tags={"team": "a"},
        instance=InstanceChoice("serverless", max_runtime=7200),
        accept_eula=True,
    )


def described(run: Run, **answer: Any) -> TrainingJob:
    """The job of a run as the service describes it."""
    assert run.customization is not None
    spec = customized(run.customization.technique, run.customization.adapter)
    request = build_request(run, spec, PLACE)
    tags = {tag["Key"]: tag["Value"] for tag in request.pop("Tags")}
    return TrainingJob.parse({**request, "TrainingJobStatus": "InProgress", "CreationTime": 1.7e9, **answer}, tags)


def facts(job: TrainingJob) -> CustomizationJob:
    found = customization_job(job)
    assert found is not None
    return found


def test_a_running_job_tells_its_progress() -> None:
    progress = {"TotalStepCountPerEpoch": 40, "CurrentStep": 10, "CurrentEpoch": 2, "MaxEpoch": 3}
    job = described(everything(), ProgressInfo=progress)
    found = facts(job)
    assert (found.title, found.progress) == ("SFT LoRA 4K", "epoch 2 of 3, step 10 of 40")
    assert found.fraction == pytest.approx(50 / 120)
    assert instances_text(job) == "serverless"
    assert (job.model_id, job.model_version) == (MODEL, "1.2.3")


def test_a_job_without_progress_has_none() -> None:
    found = facts(described(everything()))
    assert (found.progress, found.fraction, found.tokens, found.merged) == ("", None, None, "")


@pytest.mark.parametrize(
    ("adapter", "merges", "merged", "matrices"),
    [
        (Adapter.LORA, "True", f"{OUTPUT}checkpoints/hf_merged/", f"{OUTPUT}checkpoints/hf/"),
        (Adapter.LORA, "False", "", f"{OUTPUT}checkpoints/hf/"),
        (Adapter.FULL, "True", f"{OUTPUT}checkpoints/hf_merged/", ""),
    ],
    ids=["merged", "adapter only", "full"],
)
def test_a_finished_job_tells_where_its_weights_are(adapter: Adapter, merges: str, merged: str, matrices: str) -> None:
    run = replace(everything(adapter=adapter), hyperparameters={"merge_weights": merges})
    answer = {
        "TrainingJobStatus": "Completed",
        "BillableTokenCount": 27_000,
        "OutputModelPackageArn": PACKAGE,
        "MlflowDetails": {"MlflowExperimentId": "7", "MlflowRunId": "abc"},
        "ModelArtifacts": {"S3ModelArtifacts": OUTPUT.rstrip("/")},
    }
    found = facts(described(run, **answer))
    assert (found.merged, found.adapter_uri) == (merged, matrices)
    assert (found.tokens, found.package, found.mlflow_run) == (27_000, PACKAGE, "abc")


def test_a_job_of_others_needs_no_tags() -> None:
    job = described(everything())
    foreign = TrainingJob.parse(job.request, {})
    assert (foreign.model_id, foreign.parent_model) == (MODEL, f"{MODEL} 1.2.3")
    hub = {"sagemaker-sdk:jumpstart-model-id": "m"}
    assert TrainingJob.parse({"TrainingJobName": "x"}, hub).parent_model == "m"


def test_the_selected_instance_of_preferences_is_the_billed_one() -> None:
    resources = {"SelectedInstanceType": "ml.g6.xlarge", "SelectedInstanceCount": 2, "InstancePreferences": []}
    job = TrainingJob.parse({"TrainingJobName": "x", "ResourceConfig": resources}, {})
    assert job.instances == {"ml.g6.xlarge": 2}
    assert customization_job(job) is None


@pytest.mark.parametrize(
    "run",
    [
        everything(),
        everything(adapter=Adapter.FULL),
        everything(source_model_package=PACKAGE),
        everything(Technique.RLVR, evaluator=EVALUATOR),
        everything(Technique.RLAIF, evaluator=EVALUATOR),
    ],
    ids=["LoRA", "full", "continued", "RLVR", "RLAIF"],
)
def test_a_clone_launches_the_same_job(run: Run) -> None:
    job = described(run)
    request = {**job.request, "Tags": [{"Key": key, "Value": value} for key, value in job.tags.items()]}
    wanted = customization_of(request)
    assert wanted is not None
    spec = customized(wanted.technique, wanted.adapter)
    cloned = cloned_customization(request, wanted, spec)
    assert cloned.left_out == ()
    assert build_request(cloned.run, spec, PLACE) == {
        **{name: request[name] for name in build_request(run, spec, PLACE)},
    }


def test_what_a_clone_cannot_take_is_told_or_refused() -> None:
    request = {**described(everything()).request, "Tags": []}
    wanted = customization_of(request)
    assert wanted is not None
    more = {**request, "HyperParameters": {**request["HyperParameters"], "new_option": "1"}}
    assert "new_option" in cloned_customization(more, wanted, customized()).left_out[0]
    with pytest.raises(Problem) as refused:
        cloned_customization({**request, "InputDataConfig": []}, wanted, customized())
    assert refused.value.code == "CannotClone"
    evaluation = {"TrainingJobName": "x", "ServerlessJobConfig": {"JobType": "Evaluation"}}
    with pytest.raises(Problem) as refused:
        customization_of(evaluation)
    assert refused.value.code == "CannotClone"
    assert customization_of({"TrainingJobName": "x"}) is None


@pytest.mark.parametrize("form", list(export_formats()))
def test_every_export_has_the_customization(form: str) -> None:
    text = export_formats()[form].write(past_request(described(everything())), "us-west-2")
    assert "my-models" in text
    assert MODEL in text
    if form == "sagemaker":
        compile(text, "program.py", "exec")
        assert "SFTTrainer(" in text


def test_a_finished_customization_is_continued_from_its_registered_model() -> None:
    job = described(everything(), OutputModelPackageArn=PACKAGE)
    continued = continued_run(everything(), job, customized())
    assert continued.customization is not None
    assert continued.customization.source_model_package == PACKAGE
    for run, answer, code in (
        (everything(), {}, "NoModel"),
        (everything(adapter=Adapter.FULL), {"OutputModelPackageArn": PACKAGE}, "NotIncremental"),
    ):
        with pytest.raises(Problem) as refused:
            continued_run(run, described(run, **answer), customized())
        assert refused.value.code == code


def test_a_job_with_no_billable_seconds_says_nothing_of_them_and_its_output_is_a_prefix() -> None:
    answer = {
        "TrainingJobStatus": "Completed",
        "TrainingTimeInSeconds": 668,
        "BillableTimeInSeconds": 0,
        "ModelArtifacts": {"S3ModelArtifacts": OUTPUT},
    }
    job = described(everything(), **answer)
    output = dict(training_output(job))
    assert output["Training time"] == "11:08"
    assert job.uncompressed
    assert output["Output path"].startswith(OUTPUT)


def test_the_metrics_of_a_log_like_hugging_face_s_are_found() -> None:
    found = dict(described(everything()).metric_definitions)
    line = "{'eval_loss': 0.359842, 'eval_perplexity': 1.433103, 'epoch': 1.0}"
    assert re.findall(found["eval_loss"], line) == ["0.359842"]
    assert not re.findall(found["train_loss"], line)
