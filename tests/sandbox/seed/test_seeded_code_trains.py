"""Test the seeded scripts as training jobs on the seeded data."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

import pytest

from jsft_tui.sandbox.seed import RUNNABLE_MODEL_IDS
from tests.sandbox.seed.seeded import REGION, content, folder, seeded_store

pytestmark = pytest.mark.training

REPOSITORY = Path(__file__).resolve().parents[3]


def spec_of(model_id: str) -> dict[str, Any]:
    key = next(key for key in content() if key.startswith(f"community_models/{model_id}/"))
    spec: dict[str, Any] = json.loads(content()[key])
    return spec


def container(base: Path, spec: dict[str, Any], data: dict[str, bytes]) -> None:
    """Lay out a job's folder as SageMaker lays out `/opt/ml`."""
    for name, body in data.items():
        file = base / "input/data/training" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(body)
    for name in ("input/config", "model", "output", "code"):
        (base / name).mkdir(parents=True, exist_ok=True)
    values = {entry["name"]: json.dumps(str(entry["default"])) for entry in spec["hyperparameters"]}
    (base / "input/config/hyperparameters.json").write_text(json.dumps(values))
    (base / "input/config/inputdataconfig.json").write_text(json.dumps({"training": {}}))
    source = io.BytesIO(content()[spec["training_prepacked_script_key"]])
    with tarfile.open(fileobj=source, mode="r:gz") as tar:
        tar.extractall(base / "code", filter="data")


@pytest.mark.parametrize(
    ("model_id", "prefix"),
    list(zip(RUNNABLE_MODEL_IDS, ("data/tiny-shapes/", "data/tiny-services/", "data/points/"), strict=True)),
)
def test_a_runnable_model_trains_with_the_defaults_of_its_spec(model_id: str, prefix: str, tmp_path: Path) -> None:
    spec = spec_of(model_id)
    container(tmp_path, spec, folder(seeded_store().buckets[f"jsft-sandbox-{REGION}"], prefix))
    done = subprocess.run(
        [sys.executable, str(tmp_path / "code/transfer_learning.py")],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "SAGEMAKER_BASE_DIR": str(tmp_path), "PYTHONPATH": str(REPOSITORY)},
    )
    assert done.returncode == 0, done.stderr
    assert any((tmp_path / "model").iterdir())
    for metric in spec["metrics"]:
        values = [float(value) for value in re.findall(metric["Regex"], done.stdout)]
        assert values, metric["Name"]
    assert float(re.findall(r"val_accuracy: ([0-9\.]+)", done.stdout)[-1]) > 0.5
