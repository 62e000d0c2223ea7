"""The long profile of launching once: many launches through a bad network."""

from __future__ import annotations

from pathlib import Path

import pytest

from jsft_tui.aws.account import Account
from jsft_tui.core.errors import Problem
from jsft_tui.core.target import StaticCredentials, Target
from jsft_tui.services.journal import Journal
from jsft_tui.services.launch import Launcher
from tests.cli.runs import run_file, unique_name
from tests.home import Home

LAUNCHES = 200


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_two_hundred_launches_through_resets_and_lost_answers_make_two_hundred_jobs(home: Home, folder: Path) -> None:
    stem = unique_name("many")
    request = home.json("launch", run_file(folder, stem, hyperparameters={"epochs": 1}), "--dry-run")
    request["ResourceConfig"]["InstanceType"] = "ml.m5.xlarge"  # quota 4: the jobs wait for each other
    info = home.sandbox.info
    keys = StaticCredentials(info["access_key_id"], info["secret_access_key"])
    account = Account(Target(info["region"], endpoint=info["endpoint"], credentials=keys, sandbox=True))
    launcher = Launcher(account.training, Journal(folder / "journal.jsonl"), "test")
    home.sandbox.set_faults(
        {"do": "reset", "service": "sagemaker", "probability": 0.1, "times": None},
        {"do": "lost", "service": "sagemaker", "probability": 0.1, "times": None},
    )

    for number in range(LAUNCHES):
        name = f"{stem}-{number}"
        while True:
            try:
                launcher.launch({**request, "TrainingJobName": name})
                break
            except Problem as problem:
                assert problem.retryable or problem.code == "ResourceLimitExceeded", problem

    home.sandbox.set_faults()
    pages = home.sandbox.client("sagemaker").get_paginator("list_training_jobs").paginate(NameContains=f"{stem}-")
    assert sum(len(page["TrainingJobSummaries"]) for page in pages) == LAUNCHES
