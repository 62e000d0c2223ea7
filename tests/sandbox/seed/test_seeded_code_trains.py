"""Test the seeded scripts as training jobs on the seeded data."""

from __future__ import annotations

import io
import json
import math
import os
import re
import statistics
import subprocess
import sys
import tarfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from jsft_tui.sandbox.seed import RUNNABLE_MODEL_IDS
from jsft_tui.sandbox.trainers.language.texts.tokenizer import Tokenizer
from jsft_tui.sandbox.trainers.language.training import VOCABULARY
from tests.sandbox.seed.seeded import content, folder

pytestmark = pytest.mark.training

REPOSITORY = Path(__file__).resolve().parents[3]


def spec_of(model_id: str) -> dict[str, Any]:
    key = next(key for key in content() if key.startswith(f"community_models/{model_id}/"))
    spec: dict[str, Any] = json.loads(content()[key])
    return spec


def container(base: Path, spec: dict[str, Any], data: dict[str, bytes], asked: Mapping[str, str]) -> None:
    """Lay out a job's folder as SageMaker lays out `/opt/ml`."""
    for name, body in data.items():
        file = base / "input/data/training" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(body)
    for name in ("input/config", "model", "output", "code"):
        (base / name).mkdir(parents=True, exist_ok=True)
    defaults = {entry["name"]: str(entry["default"]) for entry in spec["hyperparameters"]}
    values = {name: json.dumps(value) for name, value in {**defaults, **asked}.items()}
    (base / "input/config/hyperparameters.json").write_text(json.dumps(values))
    (base / "input/config/inputdataconfig.json").write_text(json.dumps({"training": {}}))
    source = io.BytesIO(content()[spec["training_prepacked_script_key"]])
    with tarfile.open(fileobj=source, mode="r:gz") as tar:
        tar.extractall(base / "code", filter="data")


@dataclass(frozen=True)
class Baseline:
    """What a model that has learned nothing would reach, and what the trained one must reach.

    Attributes:
        metric: the regex of the metric.
        trivial: its value for the trivial answer that is named beside it.
        least: how much better the trained model must be: a difference, in the direction that is better.
        lower_is_better: whether a smaller value is better.
        asked: hyperparameters other than the defaults, to save time.
    """

    metric: str
    trivial: Callable[[dict[str, bytes]], float]
    least: float
    lower_is_better: bool = False
    asked: Mapping[str, str] = field(default_factory=dict)


def _share(value: float) -> Callable[[dict[str, bytes]], float]:
    return lambda _data: value


def _deviation(data: dict[str, bytes]) -> float:
    """Return the rmse of always predicting the mean target."""
    return statistics.pstdev(float(line.split(",")[0]) for line in data["train/data.csv"].decode().splitlines())


def _word_entropy(data: dict[str, bytes]) -> float:
    """Return the cross entropy, per token, of predicting each token by its frequency alone."""
    text = b"".join(body for name, body in data.items() if not name.endswith(".json")).decode()
    tokenizer = Tokenizer.learn([text], VOCABULARY)
    counts = np.unique(tokenizer.encode(text), return_counts=True)[1]
    shares = counts / counts.sum()
    return float(-(shares * np.log(shares)).sum())


FEW_EPOCHS = {"epoch": "2"}
BASELINES = {
    # guessing one of five classes, one of six, one of three
    "tensorflow-ic-efficientnet-lite0-classification-2": Baseline("val_accuracy: ([0-9.]+)", _share(1 / 5), 0.4),
    "tensorflow-tc-small-bert-bert-en-uncased-L-2-H-128-A-2": Baseline("val_accuracy: ([0-9.]+)", _share(1 / 6), 0.4),
    "sklearn-classification-linear": Baseline("val_accuracy: ([0-9.]+)", _share(1 / 3), 0.4),
    # the same probability for each of three classes
    "xgboost-classification-model": Baseline("validation-mlogloss:([0-9.]+)", _share(math.log(3)), 0.5, True),
    # always the mean target
    "sklearn-regression-linear": Baseline("val_rmse: ([0-9.]+)", _deviation, 1.5, True),
    "xgboost-regression-model": Baseline("validation-rmse:([0-9.]+)", _deviation, 1.0, True),
    # always the same label; any one of the four sentences; any one of the 600 texts
    "huggingface-spc-distilroberta-base": Baseline("'eval_accuracy': ([0-9.]+)", _share(1 / 2), 0.25),
    "huggingface-eqa-distilbert-base-uncased": Baseline(
        "'eval_exact_match': ([0-9.]+)", _share(1 / 4), 0.2, asked={"epochs": "1"}
    ),
    "huggingface-sentencesimilarity-all-MiniLM-L6-v2": Baseline("val_recall: ([0-9.]+)", _share(1 / 600), 0.5),
    # the frequency of each token
    "huggingface-textgeneration1-gpt-neo-125m": Baseline(
        "'eval_loss': ([0-9.]+)", _word_entropy, 0.5, True, asked=FEW_EPOCHS
    ),
    "meta-textgeneration-llama-3-2-1b-instruct": Baseline(
        r"eval_epoch_loss=tensor\(([0-9.]+)", _word_entropy, 0.5, True, asked=FEW_EPOCHS
    ),
}


def test_every_runnable_model_has_a_baseline() -> None:
    assert BASELINES.keys() == set(RUNNABLE_MODEL_IDS)


@pytest.mark.parametrize("model_id", RUNNABLE_MODEL_IDS)
def test_a_runnable_model_trains_on_its_default_dataset_and_beats_the_baseline(model_id: str, tmp_path: Path) -> None:
    spec, baseline = spec_of(model_id), BASELINES[model_id]
    data = folder(content(), spec["default_training_dataset_key"])
    container(tmp_path, spec, data, baseline.asked)
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
        assert re.findall(metric["Regex"], done.stdout), metric["Name"]
    reached = float(re.findall(baseline.metric, done.stdout)[-1])
    trivial = baseline.trivial(data)
    gain = trivial - reached if baseline.lower_is_better else reached - trivial
    assert gain > baseline.least, (reached, trivial)
