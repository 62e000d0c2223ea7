"""Whether a job that exists is the one that was asked for."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from jsft_tui.core.request.build import build_request
from jsft_tui.core.request.place import Place
from jsft_tui.core.request.same import matches_request
from tests.common.shared_data import PLACE, golden_files, needs_shared_data
from tests.core.catalog.specs import model_spec, training_run

SERVICE_ADDS = {
    "TrainingJobArn": "arn:aws:sagemaker:us-west-2:123456789012:training-job/flowers-1",
    "TrainingJobStatus": "InProgress",
    "SecondaryStatus": "Starting",
    "EnableManagedSpotTraining": False,
    "EnableNetworkIsolation": False,
    "EnableInterContainerTrafficEncryption": False,
    "ProfilingStatus": "Disabled",
    "ResponseMetadata": {"HTTPStatusCode": 200},
}


def requested(**fields: Any) -> dict[str, Any]:
    place: Place = PLACE
    return build_request(training_run(**fields), model_spec(), place)


def described(request: dict[str, Any]) -> dict[str, Any]:
    """The request as DescribeTrainingJob gives it back: more fields, no tags."""
    found = {**SERVICE_ADDS, **copy.deepcopy(request)}
    found.pop("Tags", None)
    found["OutputDataConfig"] = {"KmsKeyId": "", "CompressionType": "GZIP", **found["OutputDataConfig"]}
    for channel in found["InputDataConfig"]:
        channel.update({"CompressionType": "None", "RecordWrapperType": "None"})
    return found


def test_a_job_is_its_own_request() -> None:
    request = requested()
    assert matches_request(described(request), request)


@needs_shared_data
@pytest.mark.parametrize("path", [p for p in golden_files() if p.stem != "hpo"], ids=lambda path: path.stem)
def test_every_recorded_request_is_answered_by_its_own_job(path: Path) -> None:
    request = json.loads(path.read_text())
    assert matches_request(described(request), request)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("TrainingJobName",), "flowers-2"),
        (("RoleArn",), "arn:aws:iam::123456789012:role/Other"),
        (("ResourceConfig", "InstanceType"), "ml.g5.12xlarge"),
        (("ResourceConfig", "InstanceCount"), 2),
        (("OutputDataConfig", "S3OutputPath"), "s3://other/"),
        (("StoppingCondition", "MaxRuntimeInSeconds"), 1),
        (("HyperParameters", "epochs"), '"4"'),
        (("HyperParameters", "more"), '"1"'),
        (("Environment",), {"MORE": "1"}),
        (("EnableManagedSpotTraining",), True),
        (("EnableNetworkIsolation",), True),
        (("EnableInterContainerTrafficEncryption",), True),
        (("VpcConfig",), {"Subnets": ["subnet-1"], "SecurityGroupIds": ["sg-1"]}),
        (("CheckpointConfig",), {"S3Uri": "s3://other/checkpoints/"}),
        (("InputDataConfig", 0, "DataSource", "S3DataSource", "S3Uri"), "s3://other/"),
        (("InputDataConfig",), []),
    ],
)
def test_a_job_that_differs_in_anything_that_was_asked_for_is_another(path: tuple[Any, ...], value: Any) -> None:
    request = requested()
    other = described(request)
    holder: Any = other
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = value
    assert not matches_request(other, request)


@pytest.mark.parametrize("section", ["HyperParameters", "ResourceConfig", "InputDataConfig", "StoppingCondition"])
def test_a_job_that_lacks_a_section_is_another(section: str) -> None:
    request = requested()
    other = described(request)
    del other[section]
    assert not matches_request(other, request)


def test_what_the_service_fills_in_by_itself_does_not_make_another_job() -> None:
    request = requested(checkpoint="s3://my-output/checkpoints/")
    found = described(request)
    found["CheckpointConfig"]["LocalPath"] = "/opt/ml/checkpoints"
    assert matches_request(found, request)


def test_a_variable_that_is_missing_makes_another_job() -> None:
    request = requested(environment={"A": "1"})
    other = described(request)
    other["Environment"] = {}
    assert not matches_request(other, request)


def test_tags_are_not_compared_but_a_hyperparameter_called_so_is() -> None:
    request = {"Tags": [{"Key": "a", "Value": "b"}], "HyperParameters": {"Tags": '"x"'}}
    assert matches_request({"HyperParameters": {"Tags": '"x"'}}, request)
    assert not matches_request({"HyperParameters": {"Tags": '"y"'}}, request)


def test_false_and_nothing_are_the_same() -> None:
    assert matches_request({}, {"EnableManagedSpotTraining": False, "VpcConfig": None})
    assert matches_request({"Environment": {}}, {})
    assert not matches_request({}, {"EnableManagedSpotTraining": True})
