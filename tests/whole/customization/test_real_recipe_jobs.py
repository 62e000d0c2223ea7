"""The SDK's own trainers with `compute`, and we, launch the same recipe job on instances, with the same recipe.

The SDK is sagemaker-train's, unmodified, in an environment of its own; see `test_real_trainers`.
`JSFT_RECORD_RECIPE_JOBS=1` writes what it sent to `tests/core/request/recorded/recipe_jobs.json`, which the quick tests
compare with.
"""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from jsft_tui.core.catalog.technique import Adapter, Technique
from jsft_tui.core.request.build import build_request
from jsft_tui.core.request.recipe_job import launch_files
from jsft_tui.core.run.run import InstanceChoice, KmsKeys, Run, Vpc
from tests.common.home import BUCKET, Home
from tests.common.shared_data import PLACE
from tests.core.customization.on_instances import TYPE, WEIGHTS, instance_run, on_instances
from tests.core.customization.specs import MODEL, RECIPES, ROLE
from tests.core.customization.templates import SCALED, template
from tests.core.request.test_recipe_job import CASES, RECORDED, Case, without_place
from tests.whole.sdk.test_real_trainers import PROGRAM, SANDBOX_PROGRAM, VERSION, hub_document, in_sdk, sdk_python

__all__ = ["sdk_python"]

pytestmark = pytest.mark.slow

CONTENT = f"s3://{PLACE.buckets.content}"
TAGS = [
    {"key": "sagemaker-sdk:jumpstart-model-id", "value": MODEL},
    {"key": "sagemaker-sdk:jumpstart-model-version", "value": "1.2.3"},
    {"key": "sagemaker-sdk:jumpstart-hub-name", "value": "SageMakerPublicHub"},
]


@dataclass(frozen=True)
class Sent:
    """What the SDK sent for a case."""

    request: dict[str, Any]
    recipe: str


@dataclass(frozen=True)
class Extra:
    """A run with choices that the SDK's trainers do not pass on, and the arguments of `ModelTrainer.from_recipe`."""

    run: Run
    arguments: dict[str, Any] = field(default_factory=dict)


EXTRAS = {
    "spot with a checkpoint and a key": Extra(
        instance_run(
            instance=InstanceChoice(TYPE, spot=True, max_runtime=3600, max_wait=7200),
            checkpoint="s3://my-output/checkpoints",
            kms=KmsKeys(output="1a2b"),
        ),
        {
            "compute": {"instance_type": TYPE, "instance_count": 1, "enable_managed_spot_training": True},
            "stopping_condition": {"max_runtime_in_seconds": 3600, "max_wait_time_in_seconds": 7200},
            "checkpoint_config": {"s3_uri": "s3://my-output/checkpoints"},
            "output_data_config": {
                "s3_output_path": "s3://my-output/models",
                "compression_type": "NONE",
                "kms_key_id": "1a2b",
            },
        },
    ),
    "isolated": Extra(
        instance_run(
            vpc=Vpc(("subnet-1",), ("sg-1",)), network_isolation=True, encrypt_traffic=True, environment={"A": "b"}
        ),
        {
            "networking": {
                "subnets": ["subnet-1"],
                "security_group_ids": ["sg-1"],
                "enable_network_isolation": True,
                "enable_inter_container_traffic_encryption": True,
            },
            "environment": {"A": "b"},
        },
    ),
}


def tags(technique: Technique, adapter: Adapter) -> list[dict[str, str]]:
    return [*TAGS, {"key": "jsft:customization", "value": f"{technique.value} {adapter.value} 4K"}]


def trainer_case(case: Case) -> dict[str, Any]:
    """A case as the program of the trainers reads it."""
    compute = {"instance_type": TYPE, "instance_count": 1, **case.compute}
    arguments = {
        "model": MODEL,
        "training_dataset": "s3://my-data/train.jsonl",
        "s3_output_path": "s3://my-output/models",
        "role": ROLE,
        "disable_output_compression": True,
        "tags": tags(case.technique, case.adapter),
        "stopping_condition": {"max_runtime_in_seconds": 3600},
        "training_type": "LORA" if case.adapter is Adapter.LORA else "FULL",
        **case.arguments,
        "compute": compute,
    }
    return {"trainer": case.technique.value, "arguments": arguments, "hyperparameters": case.hyperparameters}


def extra_case(extra: Extra) -> dict[str, Any]:
    """A case of ModelTrainer.from_recipe, with our recipe."""
    (recipe,) = launch_files(extra.run, on_instances()).values()
    sources = {"train": "s3://my-data/train.jsonl", "model": f"{CONTENT}/{WEIGHTS}"}
    source = {"s3_data_type": "S3Prefix", "s3_data_distribution_type": "FullyReplicated"}
    arguments = {
        "compute": {"instance_type": TYPE, "instance_count": 1},
        "stopping_condition": {"max_runtime_in_seconds": 3600},
        "output_data_config": {"s3_output_path": "s3://my-output/models", "compression_type": "NONE"},
        "training_image": "image:1",
        "role": ROLE,
        "tags": tags(Technique.SFT, Adapter.LORA),
        **extra.arguments,
    }
    channels = {name: {"s3_uri": uri, **source} for name, uri in sources.items()}
    return {"recipe": recipe, "channels": channels, "arguments": arguments}


@pytest.fixture(scope="session")
def sent(sdk_python: Path) -> dict[str, Sent]:
    """What the SDK sent, by case."""
    cases = [*map(trainer_case, CASES.values()), *map(extra_case, EXTRAS.values())]
    by_case = dict(zip([*CASES, *EXTRAS], send(sdk_python, cases), strict=True))
    if os.environ.get("JSFT_RECORD_RECIPE_JOBS"):
        _record({name: by_case[name] for name in CASES})
    return by_case


def send(python: Path, cases: list[dict[str, Any]], more: str = "") -> list[Sent]:
    """Let the SDK launch cases; `more` is at the end of every template."""
    document = {**hub_document(), "TrainingArtifactUri": f"{CONTENT}/{WEIGHTS}"}
    for entry in document["RecipeCollection"]:
        entry["SmtjImageUri"] = "image:1"
    parameters, templates = {}, {}
    for entry in RECIPES:
        adapter = Adapter.LORA if "peft" in entry else Adapter.FULL
        made = template(Technique(entry["customization_technique"]), adapter, more)
        parameters[Path(entry["smtj_override_params_s3_key"]).name] = dict(made.parameters)
        templates[Path(entry["smtj_recipe_template_s3_key"]).name] = made.text
    given = {
        "model": MODEL,
        "version": "1.2.3",
        "document": document,
        "parameters": parameters,
        "templates": templates,
        "cases": cases,
        "programs": [],
    }
    done = subprocess.run(
        [str(python), str(PROGRAM)], input=json.dumps(given), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    answered = json.loads(done.stdout)
    return [Sent(request, recipe) for request, recipe in zip(answered["requests"], answered["recipes"], strict=True)]


def _record(found: dict[str, Sent]) -> None:
    document = {
        "_source": f"sagemaker-train {VERSION}, SFTTrainer and DPOTrainer with TrainingJobCompute, run offline",
        **{name: {"request": without_place(each.request), "recipe": each.recipe} for name, each in found.items()},
    }
    RECORDED.parent.mkdir(exist_ok=True)
    RECORDED.write_text(json.dumps(document, indent=1) + "\n")


@pytest.mark.parametrize("name", CASES)
def test_the_trainers_send_what_we_send(sent: dict[str, Sent], name: str) -> None:
    case = CASES[name]
    assert without_place(sent[name].request) == without_place(build_request(case.run, case.spec, PLACE))
    assert list(launch_files(case.run, case.spec).values()) == [sent[name].recipe]


@pytest.mark.parametrize("name", EXTRAS)
def test_what_only_the_model_trainer_passes_on_is_where_it_has_it(sent: dict[str, Sent], name: str) -> None:
    extra = EXTRAS[name]
    assert without_place(sent[name].request) == without_place(build_request(extra.run, on_instances(), PLACE))
    assert list(launch_files(extra.run, on_instances()).values()) == [sent[name].recipe]


def test_where_a_recipe_has_values_of_larger_clusters_the_sdk_sends_theirs_and_we_send_the_run_s(
    sdk_python: Path,
) -> None:
    case = CASES["SFT LoRA with values"]
    (theirs,) = send(sdk_python, [trainer_case(case)], SCALED)
    (ours,) = launch_files(case.run, on_instances(more=SCALED)).values()
    assert "\n    learning_rate: 0.0004\n" in theirs.recipe, "the last learning_rate of the recipe"
    assert "\n    learning_rate: 5.0e-06\n" in ours
    assert ours.replace("5.0e-06", "0.0004", 1) == theirs.recipe


SAME = (
    "HyperParameters",
    "AlgorithmSpecification",
    "ResourceConfig",
    "OutputDataConfig",
    "StoppingCondition",
    "RoleArn",
)
"""Members of a described job that its request has, beside its channels."""


def described(home: Home, name: str) -> dict[str, Any]:
    """What the sandbox was asked for a completed job, and its recipe."""
    answer = home.sandbox.client("sagemaker").describe_training_job(TrainingJobName=name)
    assert answer["TrainingJobStatus"] == "Completed", answer.get("FailureReason")
    channels = {
        channel["ChannelName"]: channel["DataSource"]["S3DataSource"]["S3Uri"] for channel in answer["InputDataConfig"]
    }
    bucket, _, key = channels.pop("recipe").removeprefix("s3://").partition("/")
    recipe = home.sandbox.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read().decode()
    return {**{member: answer.get(member) for member in SAME}, "channels": channels, "recipe": recipe}


def test_the_sdk_s_own_trainer_trains_on_an_instance_of_the_sandbox_as_we_do(
    sdk_python: Path, home: Home, folder: Path
) -> None:
    model, type_ = "huggingface-reasoning-qwen3-06b", "ml.g5.12xlarge"
    data, output = f"s3://{BUCKET}/data/museum/train.jsonl", f"s3://{BUCKET}/sdk"
    run, program = folder / "run.yaml", folder / "program.py"
    planned = ("--technique", "SFT", "--instance", type_, "--data", data, "--name", "ours", "--set", "max_epochs=2")
    assert home.jsft("plan", model, *planned, "-o", run).code == 0
    document = yaml.safe_load(run.read_text()) | {"output": output}
    run.write_text(yaml.safe_dump(document))
    assert home.jsft("launch", run, "--follow", "--yes").code == 0
    ours = described(home, "ours")

    arguments = {
        "model": model,
        "compute": {"instance_type": type_, "instance_count": 1},
        "stopping_condition": {"max_runtime_in_seconds": ours["StoppingCondition"]["MaxRuntimeInSeconds"]},
        "disable_output_compression": True,
        "training_dataset": data,
        "s3_output_path": output,
        "role": document["role"],
    }
    given = json.dumps({"arguments": arguments, "hyperparameters": {"max_epochs": 2}, "bucket": BUCKET})
    assert described(home, json.loads(in_sdk(sdk_python, home, SANDBOX_PROGRAM, given=given))) == ours

    document["name"] = "exported"
    run.write_text(yaml.safe_dump(document))
    for form in ("sagemaker", "boto3"):
        program.write_text(home.jsft("export", run, "--as", form).out.replace('"exported"', f'"exported-{form}"'))
        in_sdk(sdk_python, home, program)
        home.jsft("logs", f"exported-{form}", "--follow")
        assert described(home, f"exported-{form}") == ours
