"""What a batch transform sends: recorded from the SageMaker SDK v2, and (slow) compared with the SDK itself."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from jsft_tui.core.catalog.spec.spec import ModelSpec
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.serving.deploy.plan import DeployPlan
from jsft_tui.core.serving.deploy.trained_model import TrainedModel
from jsft_tui.core.serving.transform.request import (
    FAMILIES,
    TRANSFORM_TAG,
    Form,
    Split,
    Strategy,
    Transform,
    TransformPlan,
    check_transformable,
    default_form,
    default_name,
    deployment_of,
    form_of,
    is_transform_type,
)
from jsft_tui.core.storage.uri import S3Uri
from tests.common.sdk_v2.python import sent_by_sdk
from tests.common.shared_data import PLACE, needs_shared_data, spec

ARTIFACT = "s3://my-sm-bucket/job1/output/model.tar.gz"
TRAINED = TrainedModel("job1", "", "", S3Uri.parse(ARTIFACT), role="arn:aws:iam::123456789012:role/Train")
BARE = Transform(S3Uri("in-data", ""), S3Uri("out-data", ""), "ml.m5.large", name="mine")


@dataclass(frozen=True)
class Case:
    """A transform, and how a program with the SDK says it."""

    model: str
    version: str
    transform: Transform
    transformer: dict[str, Any] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)

    @property
    def plan(self) -> TransformPlan:
        known, trained = spec(self.model, self.version), replace(TRAINED, model_id=self.model, version=self.version)
        deployment = deployment_of(self.transform, trained, self.transform.instance_type)
        return TransformPlan(
            self.transform, form_of(self.transform, known), DeployPlan(deployment, trained, known, PLACE)
        )

    @property
    def program(self) -> dict[str, Any]:
        return {
            "model": self.model,
            "version": self.version,
            "type": self.transform.instance_type,
            "artifact": ARTIFACT,
            "transformer": {"output_path": "s3://out-data/", **self.transformer},
            "transform": {"data": "s3://in-data/", **self.data},
        }


VERBOSE = "application/json;verbose"
CASES = {
    "pictures": Case(
        "pytorch-ic-mobilenet-v2", "3.0.25", BARE, {"accept": VERBOSE}, {"content_type": "application/x-image"}
    ),
    "rows": Case(
        "lightgbm-classification-model",
        "2.1.6",
        replace(BARE, max_payload_mb=1),
        {"accept": VERBOSE, "assemble_with": "Line", "max_payload": 1},
        {"content_type": "text/csv", "split_type": "Line"},
    ),
    "one by one": Case(
        "lightgbm-classification-model",
        "2.1.6",
        replace(BARE, strategy=Strategy.SINGLE, max_concurrent=2, accept="application/json"),
        {"accept": "application/json", "assemble_with": "Line", "strategy": "SingleRecord"}
        | {"max_concurrent_transforms": 2},
        {"content_type": "text/csv", "split_type": "Line"},
    ),
}

RECORDED = {
    "TransformJobName": "mine",
    "ModelName": "mine",
    "TransformInput": {
        "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://in-data/"}},
        "ContentType": "application/x-image",
    },
    "TransformOutput": {"S3OutputPath": "s3://out-data/", "Accept": VERBOSE},
    "TransformResources": {"InstanceCount": 1, "InstanceType": "ml.m5.large"},
}
"""What `JumpStartModel(...).transformer(...).transform(...)` of sagemaker 2.257.7 sends for the case `pictures`."""


def without_tags(request: Any) -> dict[str, Any]:
    """A request but for its tags, which the SDK does not send with transforms."""
    return {name: value for name, value in request.items() if name != "Tags"}


@needs_shared_data
def test_a_transform_is_what_the_sdk_recorded() -> None:
    assert without_tags(CASES["pictures"].plan.request) == RECORDED


@needs_shared_data
def test_model_and_job_say_whose_they_are() -> None:
    plan = CASES["pictures"].plan

    assert {"Key": TRANSFORM_TAG, "Value": "mine"} in plan.model["Tags"]
    assert {"Key": TRANSFORM_TAG, "Value": "mine"} not in plan.request["Tags"]


@pytest.mark.slow
@needs_shared_data
def test_the_sdk_sends_the_same(sdk_v2_python: str) -> None:
    programs = {name: case.program for name, case in CASES.items()}

    sent = sent_by_sdk(sdk_v2_python, "tests.core.serving.sdk_transform", programs)

    for name, case in CASES.items():
        assert without_tags(case.plan.model) == without_tags(sent[name]["CreateModel"]), name
        assert without_tags(case.plan.request) == without_tags(sent[name]["CreateTransformJob"]), name
        # The estimator's own transformer would serve with this.
        assert "-training:" in sent[name]["estimator_image"]


def bare(model_id: str) -> ModelSpec:
    """A spec that says nothing about its endpoint."""
    return ModelSpec.parse({"model_id": model_id, "version": "1.0.0"})


@pytest.mark.parametrize(
    ("model", "form"),
    [
        ("pytorch-ic-a", Form("application/x-image", "application/json")),
        ("xgboost-classification-model", Form("text/csv", "application/json", Split.LINE)),
        ("huggingface-tc-a", Form("application/x-text", "application/json", Split.LINE, Strategy.SINGLE)),
        ("huggingface-llm-a", Form("application/json", "application/json", Split.LINE, Strategy.SINGLE)),
    ],
)
def test_the_form_is_that_of_the_task(model: str, form: Form) -> None:
    assert default_form(bare(model)) == form


def test_the_name_is_the_choices() -> None:
    unnamed = replace(BARE, name="")
    names = {
        default_name("job", each)
        for each in (
            unnamed,
            replace(unnamed),
            replace(unnamed, output=S3Uri("else", "")),
            replace(unnamed, count=2),
            replace(unnamed, split=Split.NONE),
            replace(unnamed, content_type="text/csv"),
        )
    }

    assert len(names) == 5
    assert len(default_name("a" * 63, unnamed)) <= 63
    assert "--" not in default_name(f"{'a' * 53}-b", unnamed)


def test_a_model_that_is_not_compressed_is_refused() -> None:
    check_transformable(TRAINED)
    with pytest.raises(Problem) as refused:
        check_transformable(replace(TRAINED, is_uncompressed=True))

    assert refused.value.code == "NotTransformable"


def test_the_types_are_those_of_botocore() -> None:
    from botocore.session import Session

    types = Session().get_service_model("sagemaker").shape_for("TransformInstanceType").enum

    assert {name.split(".")[1] for name in types} == FAMILIES
    assert all(map(is_transform_type, types))
    assert not is_transform_type("ml.p5.48xlarge")
