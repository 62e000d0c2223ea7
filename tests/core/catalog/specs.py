"""Small artificial model specs and runs for the tests of this folder."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jsft_tui.core.catalog.spec.spec import ModelSpec
from jsft_tui.core.run.run import InstanceChoice, ModelChoice, Run

CPU_IMAGE = "111122223333.dkr.ecr.us-west-2.amazonaws.com/tensorflow-training:2.9-cpu"
GPU_IMAGE = "111122223333.dkr.ecr.us-west-2.amazonaws.com/tensorflow-training:2.9-gpu"
ROLE = "arn:aws:iam::123456789012:role/Train"


def hyperparameter(name: str, default: Any, type_: str = "int", **bounds: Any) -> dict[str, Any]:
    """One entry of a spec's `hyperparameters`."""
    return {"name": name, "type": type_, "default": default, "scope": "algorithm", **bounds}


def model_spec(model_id: str = "tensorflow-ic-lite", **fields: Any) -> ModelSpec:
    """A fine-tunable image classifier, with some fields of its spec replaced."""
    families = ("m5", "g4dn", "g5", "p3", "trn1", "zz9")
    variants = {
        family: {"regional_properties": {"image_uri": "$cpu" if family == "m5" else "$gpu"}} for family in families
    }
    data: Mapping[str, Any] = {
        "model_id": model_id,
        "version": "1.0.0",
        "training_supported": True,
        "default_training_instance_type": "ml.g5.2xlarge",
        "supported_training_instance_types": ["ml.g5.2xlarge", "ml.g5.12xlarge", "ml.p3.2xlarge", "ml.m5.xlarge"],
        "hyperparameters": [
            hyperparameter("epochs", 3, min=1, max=1000),
            hyperparameter("learning_rate", 0.001, "float", min=0, max=1),
            hyperparameter("batch_size", 32, min=1, max=1024),
        ],
        "training_instance_type_variants": {
            "regional_aliases": {"us-west-2": {"cpu": CPU_IMAGE, "gpu": GPU_IMAGE}},
            "variants": variants,
        },
        "training_script_key": "code/sourcedir.tar.gz",
        "default_training_dataset_key": "training-datasets/flowers/",
        **fields,
    }
    return ModelSpec.parse(data)


def training_run(**fields: Any) -> Run:
    """A run of that model on one GPU, with some fields replaced."""
    values: dict[str, Any] = {
        "name": "flowers-1",
        "model": ModelChoice("tensorflow-ic-lite"),
        "instance": InstanceChoice("ml.g5.2xlarge"),
        "output": "s3://my-output",
        "data": {"training": "s3://my-data/flowers/"},
        "role": ROLE,
        **fields,
    }
    return Run(**values)
