"""A customization by command line in the sandbox, from the plan to a model that answers differently than before."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.common.home import BUCKET, Home

pytestmark = [pytest.mark.sandbox, pytest.mark.training]

MODEL = "huggingface-reasoning-qwen3-06b"
FACTS = f"s3://{BUCKET}/data/museum/train.jsonl"
PREFERENCES = f"s3://{BUCKET}/data/museum-preferences/train.jsonl"
QUESTIONS = ("When does the Clock Room open?", "Who keeps the Bell Tower?", "What does the Boat Shed show?")
TAUGHT = ("The Clock Room opens at eight.", "Eva keeps the Bell Tower.", "The Boat Shed shows boats.")


def planned(home: Home, path: Path, technique: str, data: str, name: str, *options: str, **values: Any) -> Path:
    """A run file as `plan` writes it, with some hyperparameters changed by hand."""
    arguments = ("--technique", technique, "--data", data, "--group", "museum", "--name", name, *options)
    assert home.jsft("plan", MODEL, *arguments, "-o", path).code == 0
    document = yaml.safe_load(path.read_text())
    document["hyperparameters"].update(values)
    path.write_text(yaml.safe_dump(document))
    return path


def launched(home: Home, path: Path) -> str:
    """Launch a run and follow it to its end; what was printed."""
    done = home.jsft("launch", path, "--follow", "--yes")
    assert done.code == 0, done
    return done.out


def answers(home: Home, job: str) -> list[str]:
    """What a job's model answers."""
    return [home.json("try", job, question)[0]["label"] for question in QUESTIONS]


def test_a_model_answers_what_it_was_taught_and_before_it_did_not(home: Home, folder: Path) -> None:
    run = planned(home, folder / "run.yaml", "SFT", FACTS, "taught", max_epochs=20)
    blocked = home.jsft("check", run)
    assert (blocked.code, "groups --create museum" in blocked.out) == (3, True)
    assert home.jsft("groups", "--create", "museum", "--yes").code == 0
    assert home.jsft("check", run).code == 0
    # As little as a recipe allows: the base model, for comparison.
    before = planned(home, folder / "base.yaml", "SFT", FACTS, "base", max_epochs=1, learning_rate=5e-7)
    launched(home, before)
    told = launched(home, run)
    assert "Epoch 20/20" in told
    assert "Tokens billed" in told
    assert "epoch 20 of 20, step 11 of 11" in told
    assert answers(home, "taught") == list(TAUGHT)
    assert not set(answers(home, "base")) & set(TAUGHT)

    document = home.json("job", "taught")
    customization = document["customization"]
    assert customization["tokens_billed"] == 20 * home.json("job", "base")["customization"]["tokens_billed"]
    assert document["cost_usd"] == pytest.approx(customization["tokens_billed"] * 0.4 / 1e6)
    assert document["metrics"]["eval_loss"], "a curve from the log"
    assert {row["name"] for row in home.json("jobs")} >= {"taught", "base"}
    assert "After training" in home.jsft("logs", "taught").out
    compared = home.jsft("compare", "base", "taught").out
    assert all(row in compared for row in ("max_epochs", "tokens billed", "eval_loss"))


def test_a_customized_model_is_cloned_continued_and_exported(home: Home, folder: Path) -> None:
    home.jsft("groups", "--create", "museum", "--yes")
    launched(home, planned(home, folder / "first.yaml", "SFT", FACTS, "first", max_epochs=10))
    again, further = folder / "again.yaml", folder / "further.yaml"
    assert home.jsft("clone", "first", "-o", again).code == 0
    assert home.jsft("clone", "first", "--continue", "-o", further).code == 0
    package = home.json("job", "first")["customization"]["model_package"]
    assert yaml.safe_load(further.read_text())["customization"]["source_model_package"] == package
    for path, name in ((again, "again"), (further, "further")):
        document = yaml.safe_load(path.read_text())
        path.write_text(yaml.safe_dump({**document, "name": name}))
        launched(home, path)
    losses = [home.json("job", name)["metrics"]["train_loss"][0][1] for name in ("first", "again", "further")]
    assert losses[0] == losses[1], "a clone trains the same"
    assert losses[2] < losses[0], "a continuation begins where the first one ended"
    for form, word in (("boto3", "create_training_job"), ("sagemaker", "SFTTrainer"), ("json", "ServerlessJobConfig")):
        exported = home.jsft("export", "--job", "further", "--as", form)
        assert (exported.code, word in exported.out, package in exported.out) == (0, True, True)


def test_preferences_change_the_answers(home: Home, folder: Path) -> None:
    home.jsft("groups", "--create", "museum", "--yes")
    launched(home, planned(home, folder / "run.yaml", "DPO", PREFERENCES, "welcoming"))
    assert all(answer.startswith("Welcome!") for answer in answers(home, "welcoming"))


def test_an_adapter_alone_cannot_be_asked_and_says_so(home: Home, folder: Path) -> None:
    home.jsft("groups", "--create", "museum", "--yes")
    launched(home, planned(home, folder / "run.yaml", "SFT", FACTS, "alone", max_epochs=1, merge_weights=False))
    asked = home.jsft("try", "alone", QUESTIONS[0], "--json")
    assert (asked.code, asked.error["code"]) == (5, "CannotPredict")


@pytest.mark.parametrize("technique", ["RLVR", "RLAIF"])
def test_what_the_sandbox_does_not_train_is_blocked_before_the_launch(home: Home, folder: Path, technique: str) -> None:
    home.jsft("groups", "--create", "museum", "--yes")
    run = planned(home, folder / "run.yaml", technique, FACTS, "rewarded")
    found = home.jsft("check", run, "--json").document["findings"]
    assert "sandbox" in [row["check"] for row in found if row["level"] == "block"]
