"""More searches against the real SageMaker SDK v2 (in a Python of its own, offline): whole requests."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from jsft_tui.core.run.file.run_file import parse_run
from jsft_tui.core.tuning.build import request_of
from tests.common.sdk_v2.python import sent_by_sdk
from tests.common.shared_data import PLACE, needs_shared_data, spec

pytestmark = [needs_shared_data, pytest.mark.slow]

ROLE = "arn:aws:iam::123456789012:role/Train"


@dataclass(frozen=True)
class Case:
    """A search as a run file says it, and as a program with the SDK does."""

    model: str
    version: str
    type: str
    run: str
    tuner: dict[str, Any]
    instance: str = "max_runtime: 100h"
    more: str = ""
    estimator: dict[str, Any] = field(default_factory=dict)

    @property
    def run_file(self) -> str:
        return (
            f"name: search\nmodel: {{id: {self.model}, version: {self.version}}}\ndata: s3://my-data/train/\n"
            f"output: s3://my-sm-bucket\ninstance: {{type: {self.type}, {self.instance}}}\nrole: {ROLE}\n"
            f"{self.more}tuning: {self.run}\n"
        )

    @property
    def program(self) -> dict[str, Any]:
        estimator = {"role": ROLE, "instance_type": self.type, "max_run": 360_000, **self.estimator}
        fit = {"training": "s3://my-data/train/"}
        return {
            "model": self.model,
            "version": self.version,
            "estimator": estimator,
            "fit": fit,
            "tuner": self.tuner,
        }


MULTI_LOSS = {"objective_metric_name": "lightgbm-classification:multi-log-loss", "objective_type": "Minimize"}
EVAL_LOSS = {"objective_metric_name": "huggingface-textgeneration:eval-loss", "objective_type": "Minimize"}
ACCURACY = {"objective_metric_name": "pytorch-ic:val-accuracy", "objective_type": "Maximize"}

CASES = {
    "tabular, spot, warm start, criteria": Case(
        "lightgbm-classification-model",
        "2.1.6",
        "ml.m5.4xlarge",
        "{max_jobs: 20, parallel: 4, ranges: {learning_rate: 0.001..0.01, num_leaves: 10..100}, "
        "warm_start: former, completion: {target: 0.1, not_improving: 5, converged: true}}",
        {
            **MULTI_LOSS,
            "ranges": {"learning_rate": {"min": 0.001, "max": 0.01}, "num_leaves": {"min": 10, "max": 100}},
            "max_jobs": 20,
            "max_parallel_jobs": 4,
            "warm_start": {"type": "TRANSFER_LEARNING", "from": ["former"]},
            "completion": {
                "target_objective_metric_value": 0.1,
                "max_number_of_training_jobs_not_improving": 5,
                "complete_on_convergence": True,
            },
        },
        instance="max_runtime: 100h, spot: true, max_wait: 400000",
        estimator={"use_spot_instances": True, "max_wait": 400_000},
    ),
    "gated LLM, identical warm start": Case(
        "meta-textgeneration-llama-2-7b",
        "3.0.0",
        "ml.g5.12xlarge",
        "{objective: eval-loss, max_jobs: 6, max_runtime: 24h, early_stopping: true, "
        "ranges: {learning_rate: 1e-5..1e-3:log, lora_r: [8, 16, 32]}, warm_start: {from: former, type: identical}}",
        {
            **EVAL_LOSS,
            "ranges": {
                "learning_rate": {"min": 1e-5, "max": 1e-3, "scale": "Logarithmic"},
                "lora_r": [8, 16, 32],
            },
            "max_jobs": 6,
            "max_runtime_in_seconds": 86_400,
            "early_stopping_type": "Auto",
            "warm_start": {"type": "IDENTICAL_DATA_AND_ALGORITHM", "from": ["former"]},
        },
        more="accept_eula: true\n",
        estimator={"environment": {"accept_eula": "true"}},
    ),
    "Hyperband": Case(
        "pytorch-ic-mobilenet-v2",
        "3.0.25",
        "ml.g5.2xlarge",
        "{strategy: hyperband, max_jobs: 30, parallel: 3, hyperband: {min_resource: 1, max_resource: 20}, "
        "ranges: {learning_rate: 0.9..0.999:reverse_log}}",
        {
            **ACCURACY,
            "strategy": "Hyperband",
            "hyperband": {"min_resource": 1, "max_resource": 20},
            "ranges": {"learning_rate": {"min": 0.9, "max": 0.999, "scale": "ReverseLogarithmic"}},
            "max_jobs": 30,
            "max_parallel_jobs": 3,
        },
    ),
    "grid with its number of jobs, network, keys, checkpoints": Case(
        "pytorch-ic-mobilenet-v2",
        "3.0.25",
        "ml.m5.xlarge",
        "{strategy: grid, max_jobs: 4, ranges: {batch_size: [4, 8], train_only_top_layer: [true, false]}}",
        {
            **ACCURACY,
            "strategy": "Grid",
            "max_jobs": 4,
            "ranges": {"batch_size": [4, 8], "train_only_top_layer": ["True", "False"]},
        },
        more=(
            "vpc: {subnets: [subnet-1], security_group_ids: [sg-1]}\nkms: {volume: key-1, output: key-2}\n"
            "checkpoint: s3://my-sm-bucket/checkpoints\ntags: {team: flowers}\nvolume_gb: 50\n"
        ),
        estimator={
            "subnets": ["subnet-1"],
            "security_group_ids": ["sg-1"],
            "volume_kms_key": "key-1",
            "output_kms_key": "key-2",
            "checkpoint_s3_uri": "s3://my-sm-bucket/checkpoints",
            "tags": [{"Key": "team", "Value": "flowers"}],
            "volume_size": 50,
        },
    ),
    "a regular expression of one's own": Case(
        "xgboost-classification-model",
        "2.1.1",
        "ml.m5.xlarge",
        "{objective: {metric: 'logloss', regex: 'logloss:([0-9.]+)'}, max_jobs: 3, ranges: {max_depth: 3..10:linear}}",
        {
            "objective_metric_name": "logloss",
            "objective_type": "Minimize",
            "metric_definitions": [{"Name": "logloss", "Regex": "logloss:([0-9.]+)"}],
            "ranges": {"max_depth": {"min": 3, "max": 10, "scale": "Linear"}},
            "max_jobs": 3,
        },
    ),
}


@pytest.fixture(scope="module")
def sent(sdk_v2_python: str) -> dict[str, Any]:
    """What the SDK sends for each case."""
    programs = {name: case.program for name, case in CASES.items()}
    return sent_by_sdk(sdk_v2_python, "tests.core.tuning.sdk_search", programs)


@pytest.mark.parametrize("name", CASES)
def test_the_sdk_sends_the_same_search(sent: dict[str, Any], name: str) -> None:
    case = CASES[name]
    run = parse_run(case.run_file)

    assert request_of(run, spec(case.model, case.version), PLACE) == sent[name]
