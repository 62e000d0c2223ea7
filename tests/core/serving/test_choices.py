"""What a deployment is suggested: a living instance type, a lifetime, a cost."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsft_tui.core.catalog.spec.hosting import inference_config
from jsft_tui.core.catalog.spec.spec import ModelSpec
from jsft_tui.core.request.place import Place
from jsft_tui.core.serving.cost import endpoint_cost
from jsft_tui.core.serving.deploy.build import build_requests
from jsft_tui.core.serving.deploy.deployment import Deployment
from jsft_tui.core.serving.deploy.trained_model import TrainedModel
from jsft_tui.core.serving.deploy.types import SuggestedType, is_retired, suggested_type
from jsft_tui.core.serving.life.lifetime import EXPIRES_TAG, expiry, lifetime_tags
from jsft_tui.core.sizing.pricing import Price
from jsft_tui.core.storage.uri import S3Uri
from tests.common.shared_data import PLACE, needs_shared_data, spec, spec_files


@needs_shared_data
@pytest.mark.parametrize(
    ("model", "suggested"),
    [
        ("tensorflow-ic-bit-m-r101x1-ilsvrc2012-classification-1", SuggestedType("ml.g4dn.xlarge", "ml.p3.2xlarge")),
        ("autogluon-classification-ensemble", SuggestedType("ml.g4dn.xlarge", "ml.p2.xlarge")),
        ("pytorch-ic-mobilenet-v2", SuggestedType("ml.m5.large")),
        ("meta-textgeneration-llama-3-1-70b", SuggestedType("ml.p4d.24xlarge")),
    ],
    ids=["p3", "p2", "alive", "of a configuration"],
)
def test_a_retired_default_is_replaced_by_a_type_like_it(model: str, suggested: SuggestedType) -> None:
    assert suggested_type(spec(model)) == suggested


@needs_shared_data
def test_a_type_that_the_region_lacks_is_not_suggested() -> None:
    found = suggested_type(spec("pytorch-ic-mobilenet-v2"), offered={"ml.c5.xlarge", "ml.g5.xlarge"})

    assert found == SuggestedType("ml.c5.xlarge", "ml.m5.large")
    assert suggested_type(spec("pytorch-ic-mobilenet-v2"), offered={"ml.g5.xlarge"}) is None


@needs_shared_data
def test_every_real_spec_is_deployed_to_each_living_type_it_names() -> None:
    uncompressed = S3Uri("b", "job/output/model/"), S3Uri("b", "job/output/model.tar.gz")
    for path in spec_files():
        model = ModelSpec.parse(json.loads(path.read_text(encoding="utf-8")))
        artifact = uncompressed[0] if model.uncompressed_output else uncompressed[1]
        trained = TrainedModel("j", model.model_id, model.version, artifact, model.uncompressed_output, role="arn:r")
        for name in model.hosting.types:
            if is_retired(name):
                continue
            requests = build_requests(Deployment("e", name), trained, model, PLACE)
            assert ".dkr.ecr.us-west-2." in requests.model["PrimaryContainer"]["Image"] or "gemma-7b" in model.model_id


def test_an_old_type_has_a_volume_and_one_with_nvme_has_none() -> None:
    model = ModelSpec.parse(
        {
            "model_id": "huggingface-text2text-a",
            "version": "1.0.0",
            "inference_volume_size": 256,
            "hosting_prepacked_artifact_key": "x",
            "deploy_kwargs": {"model_data_download_timeout": 3600},
        }
    )
    trained = TrainedModel("j", model.model_id, model.version, S3Uri("b", "k/model.tar.gz"))
    place = Place("us-west-2", PLACE.buckets, "image")

    def variant(name: str) -> dict[str, object]:
        variants = build_requests(Deployment("e", name), trained, model, place).config["ProductionVariants"]
        return {key: value for key, value in variants[0].items() if key.endswith(("InGB", "InSeconds"))}

    assert variant("ml.p3.8xlarge") == {"VolumeSizeInGB": 256, "ModelDataDownloadTimeoutInSeconds": 3600}
    assert variant("ml.g5.12xlarge") == {"ModelDataDownloadTimeoutInSeconds": 3600}


def test_the_training_network_and_configuration_go_with_the_model() -> None:
    tag = "sagemaker-sdk:jumpstart-training-config-name"
    model = ModelSpec.parse({"model_id": "a-ic-b", "version": "1", "hosting_use_script_uri": False})
    vpc = {"Subnets": ["subnet-1"], "SecurityGroupIds": ["sg-1"]}
    trained = TrainedModel("j", "a-ic-b", "1", S3Uri("b", "k"), role="arn:r", vpc=vpc, tags={tag: "lora", "mine": "no"})

    request = build_requests(Deployment("e", "ml.m5.large"), trained, model, Place("r", PLACE.buckets, "image")).model

    assert request["VpcConfig"] == vpc
    assert [each["Value"] for each in request["Tags"]] == ["a-ic-b", "1", "lora"]


def test_a_training_configuration_names_the_inference_configuration() -> None:
    configs: dict[str, Any] = {"fast": {"component_names": []}, "plain": {"component_names": []}}
    ranked = {"inference_configs": configs, "inference_config_rankings": {"overall": {"rankings": ["plain", "fast"]}}}

    assert inference_config({"inference_configs": configs}) == "fast"
    assert inference_config(ranked) == "plain"
    assert inference_config({**ranked, "training_configs": {"t": {"default_inference_config": "fast"}}}) == "fast"
    assert inference_config({}) == ""


@given(st.integers(0, 4_000_000_000), st.integers(60, 10_000_000))
def test_a_lifetime_is_read_back(now: int, seconds: int) -> None:
    tags = lifetime_tags("job", seconds, now)

    assert expiry(tags) == now + seconds


@given(st.text())
def test_a_tag_of_others_is_no_lifetime(text: str) -> None:
    found = expiry({EXPIRES_TAG: text})

    assert found is None or isinstance(found, float)


def test_an_endpoint_costs_all_its_instances_all_the_time() -> None:
    cost = endpoint_cost("ml.m5.large", 2, {"ml.m5.large": Price(0.115, "price list")})

    assert (cost.per_hour, cost.over(1800)) == (0.23, 0.115)
    assert cost.per_month == pytest.approx(167.9)
    assert endpoint_cost("ml.x.large", 1, {}).per_month is None
