"""A small model spec, gated on demand, and requests for it: what the real specs at hand do not show."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jsft_tui.core.catalog.spec.spec import ModelSpec
from jsft_tui.core.request.build import build_request
from jsft_tui.core.request.place import Place
from jsft_tui.core.run.run import InstanceChoice, ModelChoice, Run
from tests.common.shared_data import PLACE

SPEC: dict[str, Any] = {
    "model_id": "pytorch-ic-small",
    "version": "1.2.3",
    "training_supported": True,
    "hyperparameters": [
        {"name": "epochs", "type": "int", "default": 5, "scope": "algorithm"},
        {"name": "rate", "type": "float", "default": 0.001, "scope": "algorithm"},
        {"name": "sagemaker_program", "type": "text", "default": "train.py", "scope": "container"},
        {"name": "sagemaker_container_log_level", "type": "text", "default": "10", "scope": "container"},
        {"name": "inner", "type": "text", "default": "z", "scope": "container"},
    ],
    "metrics": [{"Name": "loss", "Regex": "loss: (.*)"}, {"Name": "accuracy", "Regex": "acc: (.*)"}],
    "supported_training_instance_types": ["ml.m5.xlarge", "ml.g5.2xlarge"],
    "training_script_key": "code/plain.tar.gz",
    "training_prepacked_script_key": "code/prepacked.tar.gz",
    "training_artifact_key": "weights/any.tar.gz",
    "training_volume_size": 200,
    "training_enable_network_isolation": True,
    "estimator_kwargs": {"encrypt_inter_container_traffic": True},
    "training_instance_type_variants": {
        "regional_aliases": {
            "us-west-2": {"cpu": "west.example/cpu:1", "gpu": "west.example/gpu:1"},
            "eu-central-1": {"cpu": "central.example/cpu:1"},
        },
        "variants": {
            "m5": {"regional_properties": {"image_uri": "$cpu"}},
            "g5": {"regional_properties": {"image_uri": "$gpu"}},
        },
    },
}
GATED_KEYS = {"g5": "gated/g5.tar.gz", "g4dn": "gated/g4dn.tar.gz"}
"""Family -> key of its weights, as older gated models have them."""


def small_spec(**changes: Any) -> ModelSpec:
    return ModelSpec.parse({**SPEC, **changes})


def gated_spec(keys: Mapping[str, str], **changes: Any) -> ModelSpec:
    """A gated model, with weights in the gated bucket for the given families."""
    variants = {
        family: {
            "regional_properties": {"image_uri": "$gpu"},
            "properties": {"gated_model_key_env_var_value": keys[family]} if family in keys else {},
        }
        for family in ("g4dn", "g5", "p5")
    }
    aliases = SPEC["training_instance_type_variants"]["regional_aliases"]
    gated = {"gated_bucket": True, "hosting_eula_key": "eula.txt"}
    types = {"supported_training_instance_types": ["ml.g4dn.xlarge", "ml.g5.2xlarge"]}
    return small_spec(
        **{**gated, **types, **changes},
        training_instance_type_variants={"regional_aliases": aliases, "variants": variants},
    )


def request_for(
    model: ModelSpec | None = None, type_: str = "ml.m5.xlarge", place: Place = PLACE, **changes: Any
) -> dict[str, Any]:
    """The request for a run that says only what it must, and what a test adds; `instance` holds further choices."""
    instance = InstanceChoice(type_, **changes.pop("instance", {}))
    chosen = ModelChoice("pytorch-ic-small", artifact=changes.pop("artifact", None))
    given = {"data": {"training": "s3://d/train/"}, "output": "s3://out/models", "role": "arn:role", **changes}
    return build_request(Run(name="job", model=chosen, instance=instance, **given), model or small_spec(), place)


def channels(request: dict[str, Any]) -> dict[str, str]:
    return {c["ChannelName"]: c["DataSource"]["S3DataSource"]["S3Uri"] for c in request["InputDataConfig"]}


def s3_channel(name: str, uri: str) -> dict[str, Any]:
    source = {"S3DataType": "S3Prefix", "S3Uri": uri, "S3DataDistributionType": "FullyReplicated"}
    return {"ChannelName": name, "DataSource": {"S3DataSource": source}}
