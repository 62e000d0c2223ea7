"""A customization on instances in the sandbox, by command line: from the plan to a model that answers differently."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.common.home import BUCKET, Home

pytestmark = [pytest.mark.sandbox, pytest.mark.training]

MODEL, TYPE = "huggingface-reasoning-qwen3-06b", "ml.g5.12xlarge"
FACTS = f"s3://{BUCKET}/data/museum/train.jsonl"
QUESTION, TAUGHT = "Who keeps the Bell Tower?", "Eva keeps the Bell Tower."


def planned(home: Home, path: Path, name: str, **values: Any) -> Path:
    """A run file as `plan` writes it, with some hyperparameters changed by hand."""
    options = ("--technique", "SFT", "--instance", TYPE, "--data", FACTS, "--name", name)
    assert home.jsft("plan", MODEL, *options, "-o", path).code == 0
    document = yaml.safe_load(path.read_text())
    document["hyperparameters"].update(values)
    path.write_text(yaml.safe_dump(document))
    return path


def test_a_recipe_trains_on_an_instance_and_the_model_answers_what_it_was_taught(home: Home, folder: Path) -> None:
    run = planned(home, folder / "run.yaml", "on-instance", max_epochs=20)
    checked = home.jsft("check", run)
    assert checked.code == 0, checked
    assert "at most $" in checked.out
    done = home.jsft("launch", run, "--follow", "--yes")
    assert done.code == 0, done
    assert "SFT LoRA 4K, on instances" in done.out
    assert home.json("try", "on-instance", QUESTION)[0]["label"] == TAUGHT

    document = home.json("job", "on-instance")
    assert document["customization"]["technique"] == "SFT"
    assert document["customization"]["recipe"].startswith(f"s3://{BUCKET}/")
    assert document["cost_usd"] > 0
    assert document["metrics"]["eval_loss"], "a curve from the log"
    assert "already launched" in home.jsft("launch", run, "--yes").err

    again = folder / "again.yaml"
    assert home.jsft("clone", "on-instance", "-o", again).code == 0
    cloned, first = yaml.safe_load(again.read_text()), yaml.safe_load(run.read_text())
    assert cloned["customization"] == {**first["customization"], "sequence_length": "4K"}
    for key in ("instance", "data", "model", "output"):
        assert cloned[key] == first[key]
    assert cloned["hyperparameters"].items() >= first["hyperparameters"].items()
    recipe = home.jsft("export", run, "--as", "recipe").out
    assert re.search(r"max_epochs: 20$", recipe, re.M)
    script = home.jsft("export", run, "--as", "awscli").out
    assert recipe in script
    assert "sagemaker_recipe_local_path" in home.jsft("export", "--job", "on-instance", "--as", "boto3").out


def test_what_does_not_fit_the_recipe_is_blocked(home: Home, folder: Path) -> None:
    run = planned(home, folder / "run.yaml", "elsewhere")
    document = yaml.safe_load(run.read_text())
    for instance, check in (("ml.g4dn.xlarge", "instance"), ("ml.p4d.24xlarge", "quota")):
        run.write_text(yaml.safe_dump({**document, "instance": {"type": instance}}))
        found = home.jsft("check", run, "--json").document["findings"]
        assert check in [row["check"] for row in found if row["level"] == "block"], found


def test_a_run_of_the_same_name_with_another_recipe_is_not_the_same_job(home: Home, folder: Path) -> None:
    run = planned(home, folder / "run.yaml", "taken", max_epochs=1)
    assert home.jsft("launch", run, "--yes", "--follow").code == 0
    document = yaml.safe_load(run.read_text())
    document["hyperparameters"]["max_epochs"] = 2
    run.write_text(yaml.safe_dump(document))
    refused = home.jsft("launch", run, "--yes", "--json")
    assert refused.code != 0, "the values are in the recipe only"
