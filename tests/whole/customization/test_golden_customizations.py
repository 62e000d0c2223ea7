"""The recorded requests of the SDK's trainers, as run files through the command line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.common.home import Home
from tests.common.shared_data import REGION, SHARED, load, needs_shared_data, spec

pytestmark = [needs_shared_data, pytest.mark.sandbox]

MODEL = "openai-reasoning-gpt-oss-20b"
BUCKET = f"jumpstart-cache-prod-{REGION}"
GROUP = "my-models"


@pytest.fixture(scope="module")
def recipes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A home whose sandbox has a real spec with recipes, and their override parameters."""
    home = Home(tmp_path_factory.mktemp("recipes") / "jsft")
    s3 = home.sandbox.client("s3")
    folder = SHARED / "catalogue/community_models" / MODEL
    manifest = [entry for entry in load("catalogue/models_manifest.json") if entry["model_id"] == MODEL]
    s3.put_object(Bucket=BUCKET, Key="models_manifest.json", Body=json.dumps(manifest).encode())
    for path in folder.glob("*.json"):
        s3.put_object(Bucket=BUCKET, Key=str(path.relative_to(SHARED / "catalogue")), Body=path.read_bytes())
    parameters = (SHARED / "golden/sft_override_parameters.json").read_bytes()
    for recipe in spec(MODEL).recipes:
        s3.put_object(Bucket=BUCKET, Key=recipe.parameters_key, Body=parameters)
    yield home
    home.sandbox.stop()


def run_file(folder: Path, recorded: dict[str, Any], **customization: str) -> Path:
    """A run file for a recorded request, written as a person would."""
    channels = {
        each["ChannelName"]: each["DataSource"]["S3DataSource"]["S3Uri"] for each in recorded["InputDataConfig"]
    }
    document = {
        "version": 1,
        "name": recorded["TrainingJobName"],
        "model": MODEL,
        "customization": {
            "technique": "SFT",
            "model_package_group": GROUP,
            "mlflow_app": recorded["MlflowConfig"]["MlflowResourceArn"],
            **customization,
        },
        "instance": "serverless",
        "data": {"training": channels.pop("train"), **channels},
        "output": recorded["OutputDataConfig"]["S3OutputPath"],
        "role": recorded["RoleArn"],
        "hyperparameters": {"max_epochs": int(recorded["HyperParameters"]["max_epochs"])},
    }
    if recorded["HyperParameters"]["learning_rate"] != "0.0001":
        document["hyperparameters"]["learning_rate"] = 0.00005
    path = folder / "run.yaml"
    path.write_text(yaml.safe_dump(document))
    return path


@pytest.mark.parametrize(
    ("name", "customization"),
    [("sft_lora", {"adapter": "LoRA"}), ("sft_full", {"adapter": "full", "sequence_length": "4K"})],
    ids=["sft_lora", "sft_full"],
)
def test_a_recorded_request_comes_out_of_its_run_file(
    recipes: Home, folder: Path, name: str, customization: dict[str, str]
) -> None:
    recorded = load("golden/sft.json")[name]["request"]
    outcome = recipes.jsft("launch", run_file(folder, recorded, **customization), "--dry-run", "--json")
    assert outcome.code == 0, outcome
    assert outcome.document == recorded


def test_models_are_found_by_technique_and_say_what_they_have(recipes: Home) -> None:
    (found,) = recipes.jsft("models", "--technique", "rlvr", "--json").document
    assert (found["fine_tunable"], found["methods"]) == (True, ["recipe"])
    assert found["techniques_here"] == ["SFT", "DPO", "RLVR", "RLAIF"]
    assert recipes.jsft("models", "--technique", "PPO", "--json").error["code"] == "UnknownTechnique"


def test_a_model_shows_its_recipes_and_the_hyperparameters_of_one(recipes: Home) -> None:
    document = recipes.jsft("model", MODEL, "--json").document
    lora = next(each for each in document["recipes"] if (each["technique"], each["adapter"]) == ("SFT", "LoRA"))
    assert (lora["ways"], lora["metering"]) == (["serverless", "instances"], "Token-based")
    assert len(document["recipes"]) == 8
    with_recipe = recipes.jsft("model", MODEL, "--technique", "SFT", "--json").document
    rank = next(each for each in with_recipe["hyperparameters"] if each["name"] == "lora_rank")
    assert rank["options"] == ["8", "16", "32", "64", "128"]
    assert rank["description"]


def test_a_plan_for_a_model_without_a_script_is_a_customization(recipes: Home, folder: Path) -> None:
    path = folder / "plan.yaml"
    data = ("--data", "s3://my-data/train.jsonl", "--group", GROUP)
    assert recipes.jsft("plan", MODEL, *data, "-o", path).code == 0
    written = yaml.safe_load(path.read_text())
    assert written["customization"] == {"technique": "SFT", "adapter": "LoRA", "model_package_group": GROUP}
    assert written["instance"] == "serverless"
    other = recipes.jsft("plan", MODEL, "--technique", "DPO", "--adapter", "full", "--json").document
    assert other["customization"] == {"technique": "DPO", "adapter": "full"}


@pytest.mark.parametrize(
    ("name", "value"),
    [("global_batch_size", 10), ("learning_rate", 0.001), ("merge_weights", "maybe"), ("lora_alfa", 32)],
    ids=lambda value: str(value),
)
def test_a_wrong_value_is_refused_before_anything_is_sent(
    recipes: Home, folder: Path, name: str, value: object
) -> None:
    recorded = load("golden/sft.json")["sft_lora"]["request"]
    path = run_file(folder, recorded)
    document = yaml.safe_load(path.read_text())
    document["hyperparameters"][name] = value
    path.write_text(yaml.safe_dump(document))
    outcome = recipes.jsft("launch", path, "--dry-run", "--json")
    assert outcome.code == 3
    assert name in outcome.error["message"]


def test_a_run_without_customization_names_the_recipes(recipes: Home, folder: Path) -> None:
    path = run_file(folder, load("golden/sft.json")["sft_lora"]["request"])
    document = yaml.safe_load(path.read_text())
    del document["customization"]
    path.write_text(yaml.safe_dump({**document, "instance": "ml.p5.48xlarge"}))
    outcome = recipes.jsft("launch", path, "--dry-run", "--json")
    assert outcome.code == 3
    assert "technique" in outcome.error["remedy"]


def test_check_says_what_is_missing_and_what_it_would_cost(recipes: Home, folder: Path) -> None:
    s3 = recipes.sandbox.client("s3")
    for name in ("my-data", "my-sm-bucket"):
        s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    records = [{"dialog": []}, *[{"prompt": "a", "completion": "b"}] * 5]
    body = "".join(json.dumps(record) + "\n" for record in records)
    for key in ("train.jsonl", "val.jsonl"):
        s3.put_object(Bucket="my-data", Key=key, Body=body.encode())
    outcome = recipes.jsft("check", run_file(folder, load("golden/sft.json")["sft_lora"]["request"]), "--json")
    assert outcome.code == 3
    found = {each["check"]: each for each in outcome.document["findings"] if each["level"] == "block"}
    assert {"records", "data_format", "package_group", "role"} <= set(found)
    assert found["package_group"]["fix"] == "create_group"
    assert "jsft --sandbox convert" in found["data_format"]["message"]
    assert outcome.document["estimated_cost_usd"] > 0  # tokens of the data at the sandbox's price
    assert outcome.document["max_cost_usd"] is None


def test_the_parameters_of_a_recipe_are_fetched_once(recipes: Home) -> None:
    show = ("model", MODEL, "--technique", "DPO", "--adapter", "full", "--json")
    first = recipes.jsft(*show).document
    recipe = next(each for each in spec(MODEL).recipes if each.title.startswith("DPO full"))
    recipes.sandbox.client("s3").delete_object(Bucket=BUCKET, Key=recipe.parameters_key)
    assert recipes.jsft(*show).document == first


def test_the_instances_of_a_recipe_come_after_serverless(recipes: Home) -> None:
    found = recipes.jsft("instances", MODEL, "--technique", "SFT", "--json").document
    assert [each["type"] for each in found] == ["serverless", "ml.p5.48xlarge", "ml.p5e.48xlarge", "ml.p5en.48xlarge"]
    assert found[0]["supported"]
    assert found[0]["price_usd_per_million_tokens"] > 0
    assert "--technique SFT --instance TYPE" in recipes.jsft("instances", MODEL, "--technique", "SFT").err
    assert "Studio" in recipes.jsft("instances", MODEL, "--technique", "RLVR").err
    assert recipes.jsft("instances", "--technique", "SFT", "--json").error["code"] == "BadUsage"
