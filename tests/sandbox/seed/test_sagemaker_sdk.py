"""Test the seeded catalog with the SageMaker SDK's loader and validator, in a separate process: it loads slowly."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.sandbox.seed.seeded import REGION, content

pytestmark = pytest.mark.sandbox

PROGRAM = """
import json, sys
from sagemaker.core import hyperparameters, image_uris, instance_types
from sagemaker.core.jumpstart.accessors import JumpStartModelsAccessor, SageMakerSettings
from sagemaker.core.jumpstart.enums import HyperparameterValidationMode

SageMakerSettings.set_sagemaker_version("3.27.0")
region, problems, count = sys.argv[1], [], 0
tolerant = dict(region=region, tolerate_deprecated_model=True, tolerate_vulnerable_model=True)
for entry in json.load(sys.stdin):
    version = dict(model_id=entry["model_id"], model_version=entry["version"])
    try:
        spec = JumpStartModelsAccessor.get_model_specs(
            region=region, model_id=entry["model_id"], version=entry["version"]
        )
        if not spec.training_supported:
            continue
        values = hyperparameters.retrieve_default(**version, **tolerant)
        hyperparameters.validate(
            **version, **tolerant, hyperparameters=values,
            validation_mode=HyperparameterValidationMode.VALIDATE_ALGORITHM,
        )
        default = instance_types.retrieve_default(**version, **tolerant, scope="training")
        image = image_uris.retrieve(
            framework=None, image_scope="training", instance_type=default, **version, **tolerant
        )
        assert region in image, image
        count += 1
    except Exception as error:
        problems.append(f"{entry['model_id']} {entry['version']}: {type(error).__name__}: {error}")
print(json.dumps({"count": count, "problems": problems}))
"""


@pytest.mark.skipif(importlib.util.find_spec("sagemaker") is None, reason="the SageMaker SDK is not installed")
def test_the_sagemaker_sdk_loads_every_spec_and_accepts_every_default(tmp_path: Path) -> None:
    for key, body in content().items():
        if key.endswith(".json") and not key.startswith("training-datasets/"):
            (tmp_path / key).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / key).write_bytes(body)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, REGION],
        input=content()["models_manifest.json"],
        capture_output=True,
        check=False,
        env={
            **os.environ,
            "AWS_JUMPSTART_MANIFEST_LOCAL_ROOT_DIR_OVERRIDE": str(tmp_path),
            "AWS_JUMPSTART_SPECS_LOCAL_ROOT_DIR_OVERRIDE": str(tmp_path),
            "AWS_DEFAULT_REGION": REGION,
            "DISABLE_JUMPSTART_LOGGING": "1",
        },
    )
    assert done.returncode == 0, done.stderr.decode()
    report = json.loads(done.stdout.splitlines()[-1])
    assert report["problems"] == []
    assert report["count"] >= 70
