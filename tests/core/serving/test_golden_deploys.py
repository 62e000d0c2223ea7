"""The builder of deploys against what the SageMaker SDK really sent for real specs (whole requests)."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from jsft_tui.core.catalog.job_tags import MODEL_ID_TAG, MODEL_VERSION_TAG
from jsft_tui.core.jobs.training_job import TrainingJob
from jsft_tui.core.request.parse import tags_of
from jsft_tui.core.serving.deploy.build import ServingRequests, build_requests
from jsft_tui.core.serving.deploy.deployment import Deployment
from jsft_tui.core.serving.deploy.trained_model import trained_model
from tests.common.shared_data import PLACE, SHARED, load, needs_shared_data, spec

pytestmark = needs_shared_data

Calls = dict[str, dict[str, Any]]


def recorded_deploys() -> Iterator[Any]:
    """The recorded deploys by their model: operation -> request."""
    if not SHARED.is_dir():
        return
    for title, calls in load("golden/deploy.json").items():
        if isinstance(calls, list):
            yield pytest.param({name: request for name, request in calls if isinstance(request, dict)}, id=title)


def recorded_job(calls: Calls) -> TrainingJob:
    """The training job that was deployed, as the recording's DescribeTrainingJob answered."""
    model = calls["CreateModel"]
    version = spec(tags_of(model)[MODEL_ID_TAG], tags_of(model)[MODEL_VERSION_TAG])
    output = "model" if version.uncompressed_output else "model.tar.gz"
    answer = {
        "TrainingJobName": calls["DescribeTrainingJob"]["TrainingJobName"],
        "TrainingJobStatus": "Completed",
        "ModelArtifacts": {"S3ModelArtifacts": f"s3://my-sm-bucket/job1/output/{output}"},
        "OutputDataConfig": {"CompressionType": "NONE" if version.uncompressed_output else "GZIP"},
        "RoleArn": model["ExecutionRoleArn"],
        "ResourceConfig": {"InstanceType": version.default_instance_type},
    }
    return TrainingJob.parse(answer, {MODEL_ID_TAG: version.model_id, MODEL_VERSION_TAG: version.version})


def with_one_name(calls: Calls, name: str) -> Calls:
    """A recorded deploy in which all that it creates has the same name."""
    changed = copy.deepcopy(calls)
    old = changed["CreateModel"]["ModelName"]
    changed["CreateModel"]["ModelName"] = name
    container = changed["CreateModel"]["PrimaryContainer"]
    if "ModelDataUrl" in container:
        container["ModelDataUrl"] = container["ModelDataUrl"].replace(old, name)
    changed["CreateEndpointConfig"] |= {"EndpointConfigName": name}
    changed["CreateEndpointConfig"]["ProductionVariants"][0]["ModelName"] = name
    changed["CreateEndpoint"] |= {"EndpointName": name, "EndpointConfigName": name}
    return changed


def built(calls: Calls, name: str) -> ServingRequests:
    tags = tags_of(calls["CreateModel"])
    model = spec(tags[MODEL_ID_TAG], tags[MODEL_VERSION_TAG])
    chosen = calls["CreateEndpointConfig"]["ProductionVariants"][0]
    deployment = Deployment(name, chosen["InstanceType"], chosen["InitialInstanceCount"])
    return build_requests(deployment, trained_model(recorded_job(calls)), model, PLACE)


@pytest.mark.parametrize("calls", list(recorded_deploys()))
def test_a_recorded_deploy_comes_out_of_its_training_job(calls: Calls) -> None:
    requests = built(calls, "mine")

    expected = with_one_name(calls, "mine")
    assert requests.model == expected["CreateModel"]
    assert requests.config == expected["CreateEndpointConfig"]
    assert requests.endpoint == expected["CreateEndpoint"]


@pytest.mark.parametrize("calls", list(recorded_deploys()))
def test_the_instance_type_of_the_recording_is_the_specs(calls: Calls) -> None:
    tags = tags_of(calls["CreateModel"])
    hosting = spec(tags[MODEL_ID_TAG], tags[MODEL_VERSION_TAG]).hosting

    assert hosting.default_type == calls["CreateEndpointConfig"]["ProductionVariants"][0]["InstanceType"]


def test_code_is_packed_into_the_models_that_the_sdk_packs() -> None:
    title = "sklearn-classification-linear#deploy"
    recorded = dict(load("golden/deploy.json")[title][6:])
    recorded["DescribeTrainingJob"] = {"TrainingJobName": "job"}

    repack = built(recorded, "mine").repack

    fetched = [url for method, url in load("golden/deploy.json")[title] if method == "GET"]
    assert repack is not None
    host = "s3.us-west-2.amazonaws.com"
    assert [f"https://{each.bucket}.{host}/{each.key}" for each in (repack.model, repack.code)] == fetched
    assert str(repack.target) == "s3://my-sm-bucket/mine/model.tar.gz"
