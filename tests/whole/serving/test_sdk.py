"""The SageMaker Python SDK v2, unmodified, deploys and asks models of the sandbox: estimator.deploy(), predict()."""

from __future__ import annotations

import base64
import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from jsft_tui.sandbox.seed import SANDBOX_ROLE
from jsft_tui.sandbox.seed.base.locations import POINTS
from tests.cli.runs import run_file, unique_name
from tests.common.home import BUCKET, IMAGE_MODEL, TINY_SHAPES, Home

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

PROGRAM = Path(__file__).parent / "sdk_program.py"
VERBOSE = "application/json;verbose"
CONTENT = "jumpstart-cache-prod-us-west-2"


def sdk(python: str, home: Home, **given: Any) -> dict[str, Any]:
    """Run the program; what it prints."""
    done = subprocess.run(
        [python, str(PROGRAM)],
        input=json.dumps({"bucket": BUCKET, **given}),
        capture_output=True,
        text=True,
        check=False,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(home.root),
            "SAGEMAKER_SUPPRESS_V2_WARNING": "1",
            **home.sandbox.environment,
        },
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def asked(body: bytes, accept: str = VERBOSE) -> dict[str, str]:
    return {"body": base64.b64encode(body).decode(), "accept": accept}


def test_the_sdk_trains_deploys_and_asks_about_pictures(sdk_v2_python: str, home: Home) -> None:
    store = home.sandbox.client("s3")
    pictures = [
        store.get_object(Bucket=BUCKET, Key=f"data/shapes/{shape}/{shape}-007.jpg")["Body"].read()
        for shape in ("circles", "squares", "triangles")
    ]
    found = sdk(
        sdk_v2_python,
        home,
        model=IMAGE_MODEL,
        version="4.0.17",
        role=SANDBOX_ROLE,
        training=TINY_SHAPES,
        hyperparameters={"epochs": "3"},
        instance="ml.m5.xlarge",
        asked=[*map(asked, pictures), asked(pictures[0], "application/json")],
    )
    assert found["content_type"] == "application/x-image"
    *verbose, plain = found["answers"]
    assert sum(each["predicted_label"] == shape for each, shape in zip(verbose, SHAPES, strict=True)) >= 2
    assert plain == {"probabilities": verbose[0]["probabilities"]}
    assert found["endpoint"] not in found["models"] + found["configs"]


SHAPES = ("circles", "squares", "triangles")


def test_the_sdk_packs_the_code_into_a_table_model_that_jsft_trained(
    sdk_v2_python: str, home: Home, folder: Path
) -> None:
    name, model = unique_name("sdk-xgb"), "xgboost-classification-model"
    changes: dict[str, Any] = {"data": {"training": f"s3://{CONTENT}/{POINTS}"}, "instance": {"type": "ml.m5.xlarge"}}
    path = run_file(folder, name, model={"id": model}, hyperparameters=None, **changes)
    assert home.jsft("launch", path, "--yes", "--follow").code == 0
    body = home.sandbox.client("s3").get_object(Bucket=CONTENT, Key=f"{POINTS}validation/data.csv")["Body"].read()
    rows = [line.partition(",") for line in body.decode().splitlines()[:40]]
    found = sdk(
        sdk_v2_python,
        home,
        model=model,
        version="2.1.12",
        job=name,
        instance="ml.m5.xlarge",
        asked=[asked("\n".join(features for _, _, features in rows).encode())],
    )
    assert found["content_type"] == "text/csv"
    labels = found["answers"][0]["predicted_label"]
    assert sum(label == right for label, (right, _, _) in zip(labels, rows, strict=True)) >= 35
