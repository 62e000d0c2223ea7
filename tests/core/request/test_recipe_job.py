"""Recipe jobs on instances: the request and the recipe equal what the SDK's trainers really sent."""

from __future__ import annotations

import ast
import json
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from jsft_tui.core.catalog.spec.spec import ModelSpec
from jsft_tui.core.catalog.technique import Adapter, Technique
from jsft_tui.core.request.build import build_request
from jsft_tui.core.request.export import export_formats
from jsft_tui.core.request.recipe_job import launch_files
from jsft_tui.core.run.run import InstanceChoice, Run, Vpc
from tests.common.shared_data import PLACE, REGION
from tests.core.customization.on_instances import TYPE, instance_run, on_instances

RECORDED = Path(__file__).parent / "recorded" / "recipe_jobs.json"
"""What sagemaker-train 1.27.0 sent; written by `tests/whole/customization/test_real_recipe_jobs.py`."""
APP = "arn:aws:sagemaker:us-west-2:123456789012:mlflow-app/app-1"


@dataclass(frozen=True)
class Case:
    """A run, and what the SDK's trainer is given for the same.

    Attributes:
        technique, adapter: the recipe.
        fields: of the run.
        choices: of its customization.
        arguments, hyperparameters, compute: of the trainer.
    """

    technique: Technique = Technique.SFT
    adapter: Adapter = Adapter.LORA
    fields: dict[str, Any] = field(default_factory=dict)
    choices: dict[str, Any] = field(default_factory=dict)
    arguments: dict[str, Any] = field(default_factory=dict)
    hyperparameters: dict[str, Any] = field(default_factory=dict)
    compute: dict[str, Any] = field(default_factory=dict)

    @property
    def run(self) -> Run:
        """The run."""
        return instance_run(self.technique, choices={"adapter": self.adapter, **self.choices}, **self.fields)

    @property
    def spec(self) -> ModelSpec:
        """The model as the recipe trains it."""
        return on_instances(self.technique, self.adapter)


CASES = {
    "SFT LoRA as it is": Case(),
    "SFT LoRA with values": Case(
        fields={
            "hyperparameters": {
                "learning_rate": "5e-06",
                "merge_weights": "false",
                "max_epochs": "2",
                "lr_scheduler": "constant",
                "lora_dropout": "0.1",
            },
            "data": {"training": "s3://my-data/train.jsonl", "validation": "s3://my-data/held-out/"},
        },
        arguments={"validation_dataset": "s3://my-data/held-out/"},
        hyperparameters={
            "learning_rate": 0.000005,
            "merge_weights": False,
            "max_epochs": 2,
            "lr_scheduler": "constant",
            "lora_dropout": 0.1,
        },
    ),
    "SFT full in a VPC with MLflow": Case(
        adapter=Adapter.FULL,
        fields={
            "vpc": Vpc(("subnet-1",), ("sg-1",)),
            "volume_gb": 500,
            "instance": InstanceChoice(TYPE, count=2, max_runtime=7200, keep_alive=600),
            "hyperparameters": {"global_batch_size": "32"},
        },
        choices={"mlflow_app": APP, "mlflow_run": "first"},
        arguments={
            "networking": {"subnets": ["subnet-1"], "security_group_ids": ["sg-1"]},
            "stopping_condition": {"max_runtime_in_seconds": 7200},
            "mlflow_resource_arn": APP,
            "mlflow_run_name": "first",
        },
        hyperparameters={"global_batch_size": 32},
        compute={"instance_count": 2, "volume_size_in_gb": 500, "keep_alive_period_in_seconds": 600},
    ),
    "DPO LoRA": Case(
        Technique.DPO,
        fields={"hyperparameters": {"adam_beta": "0.05"}, "data": {"training": "s3://my-data/pairs/"}},
        arguments={"training_dataset": "s3://my-data/pairs/"},
        hyperparameters={"adam_beta": 0.05},
    ),
    "DPO full": Case(Technique.DPO, Adapter.FULL),
}


def without_place(request: dict[str, Any]) -> dict[str, Any]:
    """A request without its name, and without the folder of its recipe, which the SDK names after the job's time."""
    channels = [
        {**channel, "DataSource": "recipe.yaml"} if channel["ChannelName"] == "recipe" else channel
        for channel in request["InputDataConfig"]
    ]
    return {**request, "TrainingJobName": "", "InputDataConfig": channels}


def recorded(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(RECORDED.read_text())[name]
    return found


@pytest.mark.parametrize("name", CASES)
def test_the_request_is_the_one_that_the_sdk_sent(name: str) -> None:
    case = CASES[name]
    assert without_place(build_request(case.run, case.spec, PLACE)) == recorded(name)["request"]


@pytest.mark.parametrize("name", CASES)
def test_the_recipe_is_the_one_that_the_sdk_uploaded(name: str) -> None:
    case = CASES[name]
    assert list(launch_files(case.run, case.spec).values()) == [recorded(name)["recipe"]]


@pytest.mark.parametrize("form", ["boto3", "sagemaker"])
def test_an_exported_program_writes_the_recipe_first(form: str) -> None:
    run, spec = instance_run(), on_instances()
    files = launch_files(run, spec)
    program = export_formats()[form].write(build_request(run, spec, PLACE), REGION, files)
    names: dict[str, Any] = {}
    found = next(node for node in ast.parse(program).body if isinstance(node, ast.Assign) and "FILES" in ast.dump(node))
    exec(compile(ast.Module([found], []), form, "exec"), names)
    assert names["FILES"] == files
    assert program.index("s3.put_object") < program.index("(**REQUEST)" if form == "boto3" else "TrainingJob.create")


def test_an_exported_script_writes_the_recipe_first(tmp_path: Path) -> None:
    run, spec = instance_run(), on_instances()
    ((uri, recipe),) = launch_files(run, spec).items()
    script = export_formats()["awscli"].write(build_request(run, spec, PLACE), REGION, {uri: recipe})
    client, wrote = tmp_path / "aws", tmp_path / "wrote"
    client.write_text(f'#!/bin/sh\n[ "$1" = s3 ] && cat > {wrote}\necho "$@" >> {tmp_path}/called\n')
    client.chmod(0o755)
    subprocess.run(["bash", "-c", script], env={"PATH": f"{tmp_path}:/usr/bin:/bin"}, check=True, capture_output=True)
    assert wrote.read_text() == recipe
    first, second, *_ = (tmp_path / "called").read_text().splitlines()
    assert first.startswith(f"s3 cp - {uri}")
    assert second.startswith("sagemaker create-training-job")
