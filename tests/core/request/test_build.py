"""The builder against what the SageMaker SDK really sent for real specs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from jsft_tui.core.catalog.content import ContentBuckets
from jsft_tui.core.catalog.job_tags import MODEL_ID_TAG, MODEL_VERSION_TAG
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.request.build import build_request
from jsft_tui.core.request.parse import run_from_request, tags_of
from jsft_tui.core.request.place import Place
from jsft_tui.core.run.file.run_file import dump_run, parse_run
from jsft_tui.core.run.run import KmsKeys, Run, Vpc
from tests.common.shared_data import PLACE, golden_files, needs_shared_data, spec
from tests.core.catalog.small_spec import SPEC, channels, request_for, s3_channel, small_spec

REFUSED = {"badhp", "badinstance", "llama31_70b_noeula", "hpo"}
BUILDABLE = [path for path in golden_files() if path.stem.removeprefix("v2_") not in REFUSED]


def without_debugger(request: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in request.items() if key not in ("DebugHookConfig", "ProfilerConfig")}


@needs_shared_data
@pytest.mark.parametrize("path", BUILDABLE, ids=lambda path: path.stem)
def test_the_request_equals_the_recorded_one(path: Path) -> None:
    recorded = json.loads(path.read_text())
    tags = tags_of(recorded)
    model = spec(tags[MODEL_ID_TAG], tags[MODEL_VERSION_TAG])
    run = run_from_request(recorded, model, PLACE.buckets)

    built = build_request(run, model, PLACE)

    assert built == without_debugger(recorded)


@needs_shared_data
@pytest.mark.parametrize("path", BUILDABLE, ids=lambda path: path.stem)
def test_a_minimal_run_gets_the_recorded_defaults(path: Path) -> None:
    """Only what the user must choose is given; hyperparameters, disk, encryption, isolation come from the spec."""
    recorded = json.loads(path.read_text())
    tags = tags_of(recorded)
    model = spec(tags[MODEL_ID_TAG], tags[MODEL_VERSION_TAG])
    full = run_from_request(recorded, model, PLACE.buckets)
    changed = {"epoch": "2", "instruction_tuned": "True"} if path.stem.endswith("llama31_70b") else {}
    minimal = Run(
        name=full.name,
        model=full.model,
        instance=full.instance,
        output=full.output.rstrip("/"),
        data=full.data,
        role=full.role,
        hyperparameters=changed,
        accept_eula=full.accept_eula,
        checkpoint=full.checkpoint,
        volume_gb=full.volume_gb if path.stem.endswith("spot") else None,
    )

    assert build_request(minimal, model, PLACE) == without_debugger(recorded)


@needs_shared_data
@pytest.mark.parametrize("path", BUILDABLE, ids=lambda path: path.stem)
def test_a_cloned_run_survives_the_run_file(path: Path) -> None:
    recorded = json.loads(path.read_text())
    tags = tags_of(recorded)
    run = run_from_request(recorded, spec(tags[MODEL_ID_TAG], tags[MODEL_VERSION_TAG]), PLACE.buckets)

    assert parse_run(dump_run(run)) == run


# -- what the recorded requests do not show. Every expectation was compared with what the SDK v2 (2.257.7) sends
# for the same choice; where ours differs on purpose, the test's name says so.


def test_the_least_that_a_run_says_makes_a_whole_request() -> None:
    assert request_for() == {
        "TrainingJobName": "job",
        "AlgorithmSpecification": {
            "TrainingInputMode": "File",
            "TrainingImage": "west.example/cpu:1",
            "MetricDefinitions": [
                {"Name": "loss", "Regex": "loss: (.*)"},
                {"Name": "accuracy", "Regex": "acc: (.*)"},
            ],
        },
        "RoleArn": "arn:role",
        "InputDataConfig": [
            s3_channel("training", "s3://d/train/"),
            {
                **s3_channel("model", "s3://jumpstart-cache-prod-us-west-2/weights/any.tar.gz"),
                "ContentType": "application/x-sagemaker-model",
                "InputMode": "File",
            },
            s3_channel("code", "s3://jumpstart-cache-prod-us-west-2/code/prepacked.tar.gz"),
        ],
        "OutputDataConfig": {"S3OutputPath": "s3://out/models"},
        "ResourceConfig": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 200},
        "StoppingCondition": {"MaxRuntimeInSeconds": 21_600},
        "HyperParameters": {
            "epochs": '"5"',
            "rate": '"0.001"',
            "sagemaker_submit_directory": '"/opt/ml/input/data/code/sourcedir.tar.gz"',
            "sagemaker_program": '"transfer_learning.py"',
            "sagemaker_container_log_level": "20",
            "sagemaker_job_name": '"job"',
            "sagemaker_region": '"us-west-2"',
        },
        "Tags": [
            {"Key": "sagemaker-sdk:jumpstart-model-id", "Value": "pytorch-ic-small"},
            {"Key": "sagemaker-sdk:jumpstart-model-version", "Value": "1.2.3"},
        ],
        "EnableInterContainerTrafficEncryption": True,
        "EnableNetworkIsolation": True,
    }


@pytest.mark.parametrize(
    ("changes", "key", "expected"),
    [
        (
            {"vpc": Vpc(("subnet-1", "subnet-2"), ("sg-1",))},
            "VpcConfig",
            {"Subnets": ["subnet-1", "subnet-2"], "SecurityGroupIds": ["sg-1"]},
        ),
        (
            {"kms": KmsKeys(output="alias/out")},
            "OutputDataConfig",
            {"S3OutputPath": "s3://out/models", "KmsKeyId": "alias/out"},
        ),
        ({"output": "s3://out/a/b/"}, "OutputDataConfig", {"S3OutputPath": "s3://out/a/b/"}),
        ({"output": "s3://out/"}, "OutputDataConfig", {"S3OutputPath": "s3://out/"}),
        ({"checkpoint": "s3://c/k"}, "CheckpointConfig", {"S3Uri": "s3://c/k"}),
        ({"environment": {"A": "1", "EMPTY": ""}}, "Environment", {"A": "1", "EMPTY": ""}),
        ({"instance": {"max_runtime": 60}}, "StoppingCondition", {"MaxRuntimeInSeconds": 60}),
        (
            {"instance": {"spot": True, "max_runtime": 60, "max_wait": 90}},
            "StoppingCondition",
            {"MaxRuntimeInSeconds": 60, "MaxWaitTimeInSeconds": 90},
        ),
        ({"instance": {"spot": True}}, "EnableManagedSpotTraining", True),
    ],
)
def test_a_choice_of_the_run_is_in_the_request(changes: dict[str, Any], key: str, expected: object) -> None:
    assert request_for(**changes)[key] == expected


def test_spot_without_a_waiting_time_waits_as_long_as_it_may_run_though_the_sdk_sends_what_aws_refuses() -> None:
    stopping = request_for(instance={"spot": True, "max_runtime": 60})["StoppingCondition"]

    assert stopping == {"MaxRuntimeInSeconds": 60, "MaxWaitTimeInSeconds": 60}


def test_a_waiting_time_without_spot_is_left_out_though_the_sdk_sends_it() -> None:
    assert request_for(instance={"max_runtime": 60, "max_wait": 90})["StoppingCondition"] == {"MaxRuntimeInSeconds": 60}


def test_a_bare_bucket_gets_its_slash_as_the_sdks_default_bucket_does() -> None:
    assert request_for(output="s3://out")["OutputDataConfig"] == {"S3OutputPath": "s3://out/"}


@pytest.mark.parametrize(
    ("type_", "changes", "expected"),
    [
        ("ml.m5.xlarge", {"volume_gb": 77}, {"VolumeSizeInGB": 77}),
        ("ml.m5.xlarge", {"kms": KmsKeys(volume="alias/v")}, {"VolumeSizeInGB": 200, "VolumeKmsKeyId": "alias/v"}),
        ("ml.m5.xlarge", {"instance": {"keep_alive": 60}}, {"VolumeSizeInGB": 200, "KeepAlivePeriodInSeconds": 60}),
        ("ml.g5.2xlarge", {}, {"VolumeSizeInGB": 30}),  # local NVMe: the spec's size does not apply
        ("ml.g5.2xlarge", {"volume_gb": 77}, {"VolumeSizeInGB": 77}),
        ("ml.g5.2xlarge", {"kms": KmsKeys(volume="alias/v")}, {"VolumeSizeInGB": 30}),
    ],
)
def test_the_disk_follows_the_run_then_the_spec_unless_it_is_fixed(
    type_: str, changes: dict[str, Any], expected: dict[str, Any]
) -> None:
    assert request_for(type_=type_, **changes)["ResourceConfig"] == {
        "InstanceType": type_,
        "InstanceCount": 1,
        **expected,
    }


def test_several_instances_are_asked_for() -> None:
    assert request_for(instance={"count": 2})["ResourceConfig"]["InstanceCount"] == 2


def test_own_tags_come_before_those_that_name_the_model() -> None:
    tags = request_for(tags={"team": "a", "empty": ""})["Tags"]

    assert [tag["Key"] for tag in tags[:2]] == ["team", "empty"]
    assert tags[1] == {"Key": "empty", "Value": ""}
    assert len(tags) == 4


def test_what_is_switched_off_is_left_out() -> None:
    request = request_for(encrypt_traffic=False, network_isolation=False)

    assert "EnableInterContainerTrafficEncryption" not in request
    assert "EnableNetworkIsolation" not in request


def test_without_isolation_the_code_is_fetched_from_s3_instead_of_a_channel() -> None:
    request = request_for(network_isolation=False)

    script = "s3://jumpstart-cache-prod-us-west-2/code/prepacked.tar.gz"
    assert request["HyperParameters"]["sagemaker_submit_directory"] == f'"{script}"'
    assert "code" not in channels(request)


def test_isolation_can_be_asked_for_where_the_spec_says_nothing() -> None:
    request = request_for(small_spec(training_enable_network_isolation=None), network_isolation=True)

    assert request["EnableNetworkIsolation"] is True
    assert list(channels(request)) == ["training", "model", "code"]


def test_all_data_channels_come_first_and_in_order() -> None:
    request = request_for(data={"training": "s3://d/t", "validation": "s3://d/v/"})

    assert list(channels(request).items())[:2] == [("training", "s3://d/t"), ("validation", "s3://d/v/")]


def test_no_data_means_the_default_dataset() -> None:
    request = request_for(small_spec(default_training_dataset_key="sets/flowers/"), data={})

    assert channels(request)["training"] == "s3://jumpstart-cache-prod-us-west-2/sets/flowers/"


def test_no_data_and_no_default_dataset_is_refused() -> None:
    with pytest.raises(Problem, match="no default dataset"):
        request_for(data={})


@pytest.mark.parametrize("artifact", ["s3://d/job/output/model.tar.gz", "s3://d/job/output/model/"])
def test_incremental_training_goes_on_from_the_former_artifact(artifact: str) -> None:
    model = request_for(artifact=artifact)["InputDataConfig"][1]

    assert model == {
        **s3_channel("model", artifact),
        "ContentType": "application/x-sagemaker-model",
        "InputMode": "File",
    }


def test_another_region_has_its_own_image_and_buckets() -> None:
    place = Place("eu-central-1", ContentBuckets("content-eu", "gated-eu"))
    request = request_for(place=place)

    assert request["AlgorithmSpecification"]["TrainingImage"] == "central.example/cpu:1"
    assert channels(request)["code"] == "s3://content-eu/code/prepacked.tar.gz"
    assert request["HyperParameters"]["sagemaker_region"] == '"eu-central-1"'


def test_an_image_that_the_spec_does_not_name_comes_with_the_place_or_not_at_all() -> None:
    known = Place("eu-central-1", PLACE.buckets, image_uri="known.example/gpu:2")
    request = request_for(type_="ml.g5.2xlarge", place=known)

    assert request["AlgorithmSpecification"]["TrainingImage"] == "known.example/gpu:2"
    with pytest.raises(Problem, match="names no training image"):
        request_for(type_="ml.g5.2xlarge", place=Place("eu-central-1", PLACE.buckets))


def test_buckets_for_weights_and_scripts_can_be_overridden() -> None:
    found = channels(request_for(place=Place("us-west-2", ContentBuckets("content", "gated", "models", "scripts"))))

    assert found["model"] == "s3://models/weights/any.tar.gz"
    assert found["code"] == "s3://scripts/code/prepacked.tar.gz"


# -- hyperparameters


def test_values_are_json_text_whatever_they_hold_and_unknown_names_pass() -> None:
    encoded = request_for(hyperparameters={"epochs": 'q"\\ é ☃ \n', "unknown": "1"})["HyperParameters"]

    assert encoded["epochs"] == '"q\\"\\\\ \\u00e9 \\u2603 \\n"'
    assert encoded["unknown"] == '"1"'


def test_the_specs_container_hyperparameters_are_not_sent() -> None:
    encoded = request_for()["HyperParameters"]

    assert "inner" not in encoded
    assert encoded["sagemaker_program"] == '"transfer_learning.py"'
    assert encoded["sagemaker_container_log_level"] == "20"


def test_a_container_hyperparameter_of_the_run_is_kept_though_the_sdk_overwrites_it() -> None:
    own = {"sagemaker_program": "other.py", "sagemaker_container_log_level": "10", "inner": "y"}
    encoded = request_for(hyperparameters=own)["HyperParameters"]

    assert encoded["sagemaker_program"] == '"other.py"'
    assert encoded["sagemaker_container_log_level"] == "10"
    assert encoded["inner"] == '"y"'


def test_a_log_level_that_is_no_number_is_sent_as_text() -> None:
    encoded = request_for(hyperparameters={"sagemaker_container_log_level": "debug"})["HyperParameters"]

    assert encoded["sagemaker_container_log_level"] == '"debug"'


# -- what depends on the instance type


def test_the_exact_type_wins_over_its_family_and_both_over_the_spec() -> None:
    variants = {
        "m5": {
            "regional_properties": {"image_uri": "$cpu"},
            "properties": {
                "environment_variables": {"A": "family", "B": "family"},
                "hyperparameters": [
                    {"name": "epochs", "type": "int", "default": 7, "scope": "algorithm"},
                    {"name": "rate", "type": "float", "default": 0.5, "scope": "algorithm"},
                    {"name": "inner", "type": "text", "default": "x", "scope": "container"},
                ],
                "metrics": [{"Name": "loss", "Regex": "family"}, {"Name": "new", "Regex": "family"}],
                "training_artifact_key": "weights/family.tar.gz",
            },
        },
        "ml.m5.xlarge": {
            "regional_properties": {"image_uri": "$gpu"},
            "properties": {
                "environment_variables": {"A": "type"},
                "hyperparameters": [{"name": "epochs", "type": "int", "default": 8, "scope": "algorithm"}],
                "metrics": [{"Name": "new", "Regex": "type"}],
                "training_artifact_key": "weights/type.tar.gz",
            },
        },
    }
    aliases = SPEC["training_instance_type_variants"]["regional_aliases"]
    model = small_spec(training_instance_type_variants={"regional_aliases": aliases, "variants": variants})
    request = request_for(model, environment={"B": "own"})

    assert request["AlgorithmSpecification"]["TrainingImage"] == "west.example/gpu:1"
    assert request["Environment"] == {"A": "type", "B": "own"}
    assert channels(request)["model"].endswith("/weights/type.tar.gz")
    assert request["AlgorithmSpecification"]["MetricDefinitions"] == [
        {"Name": "accuracy", "Regex": "acc: (.*)"},
        {"Name": "new", "Regex": "type"},
        {"Name": "loss", "Regex": "family"},
    ]
    encoded = request["HyperParameters"]
    assert (encoded["epochs"], encoded["rate"], encoded["inner"]) == ('"8"', '"0.5"', '"x"')
