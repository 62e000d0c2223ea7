"""Searches on the command line, against the sandbox."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from jsft_tui.core.tuning.same import matches_tuning_request
from tests.cli.runs import run_file, unique_name
from tests.cli.test_json_documents import DOCUMENTED, keys_of
from tests.common.home import IMAGE_MODEL, TINY_SHAPES, Home
from tests.sandbox.sagemaker.training_bench import until
from tests.whole.sdk.test_exported_programs import run_program

pytestmark = pytest.mark.sandbox

RANGES = {"learning_rate": {"min": 0.001, "max": 0.01, "scale": "log"}, "optimizer": {"values": ["adam", "sgd"]}}


def search_file(folder: Path, stem: str, **tuning: Any) -> tuple[str, Path]:
    name = unique_name(stem)
    return name, run_file(
        folder, name, tuning={"max_jobs": 2, "ranges": RANGES, **tuning}, hyperparameters={"epochs": 1}
    )


@pytest.fixture
def stopping(home: Home) -> Iterator[list[str]]:
    """Searches to stop at the end of a test, by name."""
    names: list[str] = []
    yield names
    client = home.sandbox.client("sagemaker")
    for name in names:
        with suppress(client.exceptions.ClientError):  # it was never made, or has ended
            client.stop_hyper_parameter_tuning_job(HyperParameterTuningJobName=name)
    asked_for = {"StatusEquals": "Stopping"}
    until(lambda: not client.list_hyper_parameter_tuning_jobs(**asked_for)["HyperParameterTuningJobSummaries"])


def test_plan_makes_a_search(home: Home, folder: Path) -> None:
    document = home.json(
        *("plan", IMAGE_MODEL, "--data", TINY_SHAPES, "--tune", "learning_rate=1e-5..1e-2:log"),
        *("--tune", "batch_size=16,32,64", "--objective", "val-loss:minimize", "--max-jobs", 8),
        *("--parallel", 2, "--strategy", "random", "--early-stopping"),
    )

    assert len(document["name"]) <= 32
    assert "batch_size" not in document["hyperparameters"]
    assert document["tuning"] == {
        "objective": {"metric": "val-loss", "direction": "minimize"},
        "strategy": "random",
        "max_jobs": 8,
        "parallel": 2,
        "early_stopping": True,
        "ranges": {
            "learning_rate": {"min": "1e-05", "max": 0.01, "scale": "log"},
            "batch_size": {"values": [16, 32, 64]},
        },
    }


def test_plan_suggests_the_documented_range(home: Home) -> None:
    document = home.json("plan", IMAGE_MODEL, "--tune", "optimizer", "--tune", "learning_rate")

    assert document["tuning"]["ranges"]["learning_rate"] == {"min": "1e-06", "max": 0.5, "scale": "log"}
    assert "adam" in document["tuning"]["ranges"]["optimizer"]["values"]


WRONG = {
    "unknown": (("--tune", "lr=1..2"), "BadRange"),
    "unknown alone": (("--tune", "learning_rat"), "BadUsage"),
    "outside": (("--tune", "learning_rate=0.1..2"), "BadRange"),
    "no range": (("--tune", "learning_rate=fast..slow"), "BadUsage"),
    "nothing": (("--max-jobs", 3), "BadUsage"),
    "strategy": (("--tune", "epochs=1,2", "--strategy", "baysian"), "BadUsage"),
    "objective": (("--tune", "epochs=1,2", "--objective", "val-acuracy"), "UnknownMetric"),
    "name": (("--tune", "epochs=1,2", "--name", "n" * 33), "BadName"),
}


@pytest.mark.parametrize("name", WRONG)
def test_plan_refuses_a_search_that_cannot_be(home: Home, name: str) -> None:
    words, code = WRONG[name]
    assert home.jsft("plan", IMAGE_MODEL, *words, "--json").error["code"] == code


def test_check_tells_the_bound_of_the_whole_search(home: Home, folder: Path) -> None:
    _, path = search_file(folder, "bound", max_jobs=4)

    document = home.json("check", path)

    assert document["verdict"] == "pass"
    assert document["max_cost_usd"] == pytest.approx(4 * 0.7364 / 2, rel=0.01)
    assert {"ranges", "objective", "search_limits", "warm_start", "likely_cost"} <= {
        finding["check"] for finding in document["findings"]
    }


def test_a_search_is_launched_looked_at_and_stopped(home: Home, folder: Path, stopping: list[str]) -> None:
    slow = {"JSFT_SANDBOX_CAPACITY_WAIT": "600"}
    name = unique_name("stopme")
    path = run_file(folder, name, tuning={"max_jobs": 2, "ranges": RANGES}, environment=slow)
    launched = home.json("launch", path, "--yes")
    stopping.append(name)

    again = home.json("launch", path, "--yes")
    listed = home.json("tunings", "--limit", 50)
    shown = home.json("tuning", name)
    stopped = home.json("stop", name)

    assert launched["arn"].endswith(f":hyper-parameter-tuning-job/{name}")
    assert (launched["existed"], again["existed"]) == (False, True)
    assert [row["status"] for row in listed if row["name"] == name] == ["InProgress"]
    assert (shown["max_jobs"], shown["objective"]["direction"]) == (2, "maximize")
    assert stopped == {"name": name, "status": "Stopping"}
    assert home.jsft("clone", name, "--best", "--json").error["code"] == "NoTrial"


def test_the_whole_search_has_to_be_confirmed(home: Home, folder: Path) -> None:
    _, path = search_file(folder, "confirm", max_jobs=50)

    refused = home.jsft("launch", path)

    assert refused.code == 2
    assert "--yes" in refused.err


def test_nothing_of_a_name_is_one_line(home: Home) -> None:
    outcome = home.jsft("tuning", "no-such-search")

    assert (outcome.code, outcome.out) == (4, "")
    assert "there is no tuning job 'no-such-search'" in outcome.err
    assert home.jsft("stop", "no-such-search", "--json").error["code"] == "NoSuchJob"


@pytest.mark.parametrize("form", ["boto3", "awscli", "sagemaker"])
def test_every_exported_program_makes_our_search(home: Home, folder: Path, stopping: list[str], form: str) -> None:
    name = unique_name(form)
    tuning = {
        "max_jobs": 3,
        "parallel": 1,
        "ranges": RANGES,
        "completion": {"target": 0.99, "not_improving": 3, "converged": True},
        "early_stopping": True,
        "random_seed": 7,
    }
    path = run_file(folder, name, tuning=tuning, environment={"JSFT_SANDBOX_CAPACITY_WAIT": "600"})
    request = home.json("launch", path, "--dry-run")
    program = folder / f"program-{form}"
    program.write_text(home.jsft("export", path, "--as", form).out, encoding="utf-8")
    stopping.append(name)

    printed = run_program(home, folder, "bash" if form == "awscli" else sys.executable, program)

    client = home.sandbox.client("sagemaker")
    described = client.describe_hyper_parameter_tuning_job(HyperParameterTuningJobName=name)
    assert printed.split()[0] == described["HyperParameterTuningJobArn"]
    assert matches_tuning_request(described, request)
    past = json.loads(home.json("export", "--job", name)["text"])
    if form != "sagemaker":  # sagemaker-core sends no empty lists of ranges
        assert past == request


def test_the_documents_of_searches_are_documented(home: Home, folder: Path, stopping: list[str]) -> None:
    name, path = search_file(folder, "documented")
    home.json("launch", path, "--yes")
    stopping.append(name)
    until(lambda: home.json("tuning", name)["trials"])

    for document in (home.json("tuning", name), home.json("tunings", "--limit", 1)):
        assert not keys_of(document) - DOCUMENTED
