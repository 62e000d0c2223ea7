"""The SDK's own trainers and we, given the same choices, send the same CreateTrainingJob.

The trainers are sagemaker-train's, unmodified, in an environment of their own; skipped where it cannot be installed.
`JSFT_TRAINERS_PYTHON` names the Python of one that exists already.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from jsft_tui.core.catalog.technique import Adapter, Technique
from jsft_tui.core.request.build import build_request
from jsft_tui.core.request.export import export_formats
from jsft_tui.core.run.run import InstanceChoice, KmsKeys, Run, Vpc
from tests.common.home import BUCKET as SANDBOX_BUCKET
from tests.common.home import Home
from tests.common.shared_data import PLACE, REGION
from tests.core.customization.specs import (
    EVALUATOR,
    MODEL,
    PARAMETERS,
    RECIPES,
    REWARD_PARAMETERS,
    ROLE,
    customization_run,
    customized,
)

pytestmark = pytest.mark.slow

VERSION = "1.27.0"
PROGRAM = Path(__file__).parent / "trainers" / "program.py"
SANDBOX_PROGRAM = Path(__file__).parent / "trainers" / "sandbox_program.py"
BUCKET = "s3://jumpstart-cache-prod-us-west-2"
DATA, MORE, OUTPUT = "s3://my-data/train.jsonl", "s3://my-data/validation.jsonl", "s3://my-output/models"
APP = "arn:aws:sagemaker:us-west-2:123456789012:mlflow-app/app-1"
PACKAGE = "arn:aws:sagemaker:us-west-2:123456789012:model-package/my-models/3"
COMMON = {
    "model_package_group": "my-models",
    "training_dataset": DATA,
    "s3_output_path": OUTPUT,
    "role": ROLE,
    "mlflow_resource_arn": APP,
}


@pytest.fixture(scope="session")
def sdk_python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment with the SDK's trainers."""
    if named := os.environ.get("JSFT_TRAINERS_PYTHON"):
        return Path(named)
    folder = tmp_path_factory.mktemp("sdk")
    python = folder / "bin" / "python"
    for command in (
        [sys.executable, "-m", "venv", str(folder)],
        [str(python), "-m", "pip", "install", "--quiet", f"sagemaker-train=={VERSION}"],
    ):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip(f"sagemaker-train cannot be installed here: {done.stderr[-300:]}")
    return python


def hub_document() -> dict[str, Any]:
    """The hub document of the model: the fields of its spec in the hub's spelling."""
    uris = {
        "smtj_override_params_s3_key": "SmtjOverrideParamsS3Uri",
        "smtj_recipe_template_s3_key": "SmtjRecipeTemplateS3Uri",
    }
    left_out = {"regional_parameters", *uris}
    return {
        "GatedBucket": False,
        "RecipeCollection": [
            {
                **{_pascal(name): value for name, value in entry.items() if name not in left_out},
                **{theirs: f"{BUCKET}/{entry[ours]}" for ours, theirs in uris.items()},
            }
            for entry in RECIPES
        ],
    }


def _pascal(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))


CASES: dict[str, tuple[dict[str, Any], Run]] = {
    "SFT LoRA": (
        {
            "trainer": "SFT",
            "arguments": {"training_type": "LORA", "validation_dataset": MORE, "accept_eula": True},
            "hyperparameters": {"learning_rate": 0.00005, "merge_weights": False},
        },
        customization_run(
            Technique.SFT,
            choices={"mlflow_app": APP},
            data={"training": DATA, "validation": MORE},
            hyperparameters={"learning_rate": "5e-05", "merge_weights": "false"},
            accept_eula=True,
        ),
    ),
    "DPO full with everything": (
        {
            "trainer": "DPO",
            "arguments": {
                "training_type": "FULL",
                "sequence_length": "4K",
                "kms_key_id": "1a2b",
                "networking": {"subnets": ["subnet-1"], "security_group_ids": ["sg-1"]},
                "stopping_condition": {"max_runtime_in_seconds": 7200},
                "mlflow_experiment_name": "tones",
                "mlflow_run_name": "first",
                "tags": [{"key": "team", "value": "a"}],
            },
            "hyperparameters": {"global_batch_size": 32},
        },
        customization_run(
            Technique.DPO,
            choices={
                "adapter": Adapter.FULL,
                "sequence_length": "4K",
                "mlflow_app": APP,
                "mlflow_experiment": "tones",
                "mlflow_run": "first",
            },
            kms=KmsKeys(output="1a2b"),
            vpc=Vpc(("subnet-1",), ("sg-1",)),
            instance=InstanceChoice("serverless", max_runtime=7200),
            tags={"team": "a"},
            hyperparameters={"global_batch_size": "32"},
        ),
    ),
    "RLVR with an evaluator": (
        {
            "trainer": "RLVR",
            "arguments": {
                "training_type": "LORA",
                "custom_reward_function": EVALUATOR,
                "skip_reward_validation": True,
            },
            "hyperparameters": {},
        },
        customization_run(Technique.RLVR, choices={"evaluator": EVALUATOR, "mlflow_app": APP}),
    ),
    "RLVR with a preset": (
        {
            "trainer": "RLVR",
            "arguments": {"training_type": "FULL"},
            "hyperparameters": {"preset_reward_function": "gsm8k"},
        },
        customization_run(
            Technique.RLVR,
            choices={"adapter": Adapter.FULL, "mlflow_app": APP},
            hyperparameters={"preset_reward_function": "gsm8k"},
        ),
    ),
    "RLAIF with a judge and a prompt": (
        {
            "trainer": "RLAIF",
            "arguments": {
                "training_type": "LORA",
                "reward_model_id": "openai.gpt-oss-20b-1:0",
                "reward_prompt": EVALUATOR,
            },
            "hyperparameters": {},
        },
        customization_run(
            Technique.RLAIF,
            choices={"evaluator": EVALUATOR, "judge_model": "openai.gpt-oss-20b-1:0", "mlflow_app": APP},
        ),
    ),
    "DPO going on from a customized model": (
        {"trainer": "DPO", "arguments": {"model": PACKAGE, "training_type": "LORA"}, "hyperparameters": {}},
        customization_run(Technique.DPO, choices={"source_model_package": PACKAGE, "mlflow_app": APP}),
    ),
}


@pytest.fixture(scope="session")
def sent(sdk_python: Path) -> dict[str, Any]:
    """The requests of the SDK by case, and those of our exported programs by `program CASE`."""
    cases = [{**case, "arguments": {"model": MODEL, **COMMON, **case["arguments"]}} for case, _ in CASES.values()]
    parameters = {
        Path(entry["smtj_override_params_s3_key"]).name: (
            REWARD_PARAMETERS if str(entry["customization_technique"]).startswith("RL") else PARAMETERS
        )
        for entry in RECIPES
    }
    given = {
        "model": MODEL,
        "version": "1.2.3",
        "document": hub_document(),
        "parameters": parameters,
        "templates": {},
        "cases": cases,
        "programs": [export_formats()["sagemaker"].write(requested(run), REGION) for _, run in CASES.values()],
    }
    done = subprocess.run(
        [str(sdk_python), str(PROGRAM)], input=json.dumps(given), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    names = [*CASES, *(f"program {name}" for name in CASES)]
    return dict(zip(names, json.loads(done.stdout)["requests"], strict=True))


def requested(run: Run) -> dict[str, Any]:
    """Our request for a run."""
    assert run.customization is not None
    return build_request(run, customized(run.customization.technique, run.customization.adapter), PLACE)


def without_empty_preset(request: dict[str, Any]) -> dict[str, Any]:
    """A request without the empty preset that 1.27 sends and the service refuses (sagemaker-python-sdk PR 5889)."""
    values = {
        name: value
        for name, value in request["HyperParameters"].items()
        if (name, value) != ("preset_reward_function", "")
    }
    return {**request, "HyperParameters": values}


@pytest.mark.parametrize("name", CASES)
def test_the_sdk_sends_what_we_send(sent: dict[str, Any], name: str) -> None:
    ours = requested(CASES[name][1])
    theirs = without_empty_preset(sent[name])
    assert ours == {**theirs, "TrainingJobName": ours["TrainingJobName"]}


@pytest.mark.parametrize("name", CASES)
def test_the_exported_program_sends_what_we_send(sent: dict[str, Any], name: str) -> None:
    ours = requested(CASES[name][1])
    theirs = without_empty_preset(sent[f"program {name}"])
    assert theirs["TrainingJobName"].startswith(ours["TrainingJobName"])
    assert ours == {**theirs, "TrainingJobName": ours["TrainingJobName"]}


SAME = ("HyperParameters", "InputDataConfig", "OutputDataConfig", "ServerlessJobConfig", "ModelPackageConfig")
"""Members of a described job that its request has."""


def request_of(home: Home, name: str) -> dict[str, Any]:
    """What the sandbox was asked for a job, as far as DescribeTrainingJob and ListTags tell."""
    client = home.sandbox.client("sagemaker")
    described = client.describe_training_job(TrainingJobName=name)
    assert described["TrainingJobStatus"] == "Completed", described.get("FailureReason")
    tags = client.list_tags(ResourceArn=described["TrainingJobArn"])["Tags"]
    members = {member: described.get(member) for member in (*SAME, "MlflowConfig", "RoleArn", "StoppingCondition")}
    return {**members, "Tags": tags}


def in_sdk(python: Path, home: Home, *arguments: object, given: str = "") -> str:
    """Run a program with the SDK, which finds the sandbox in its environment; what it prints."""
    environment = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    done = subprocess.run(
        [str(python), "-W", "ignore", *map(str, arguments)],
        input=given,
        env={**environment, **home.sandbox.environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def test_the_sdk_s_own_trainer_trains_in_the_sandbox_and_asks_what_we_ask(
    sdk_python: Path, home: Home, folder: Path
) -> None:
    model, group = "huggingface-reasoning-qwen3-06b", "sdk"
    data, output = f"s3://{SANDBOX_BUCKET}/data/museum/train.jsonl", f"s3://{SANDBOX_BUCKET}/sdk"
    assert home.jsft("groups", "--create", group, "--yes").code == 0
    run, program = folder / "run.yaml", folder / "program.py"
    planned = ("--technique", "SFT", "--data", data, "--group", group, "--name", "ours")
    assert home.jsft("plan", model, *planned, "-o", run).code == 0
    document = yaml.safe_load(run.read_text()) | {"output": output}
    document["hyperparameters"]["max_epochs"] = 2
    run.write_text(yaml.safe_dump(document))
    assert home.jsft("launch", run, "--follow", "--yes").code == 0
    ours = request_of(home, "ours")

    arguments = {
        "model": model,
        "model_package_group": group,
        "training_dataset": data,
        "s3_output_path": output,
        "role": document["role"],
    }
    given = json.dumps({"arguments": arguments, "hyperparameters": {"max_epochs": 2}})
    assert request_of(home, json.loads(in_sdk(sdk_python, home, SANDBOX_PROGRAM, given=given))) == ours

    program.write_text(home.jsft("export", run, "--as", "sagemaker").out)
    exported = in_sdk(sdk_python, home, program).strip().rpartition("/")[2]
    home.jsft("logs", exported, "--follow")
    assert request_of(home, exported) == ours
