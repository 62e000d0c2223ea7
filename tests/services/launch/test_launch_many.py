"""Launching once, many times, through a network that resets connections and lets calls time out."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from jsft_tui.aws.client import session
from jsft_tui.core.common.errors import Problem
from jsft_tui.services.launch import sending, settling
from jsft_tui.services.launch.journal import Journal, Place
from jsft_tui.services.launch.sending import Sending
from jsft_tui.services.launch.settling import Settling
from tests.cli.runs import run_file, unique_name
from tests.common.home import Home
from tests.services.account import account_of

READ_TIMEOUT = 0.5
"""Seconds that a call may take here, so that a time-out does not take the real 25."""
CALLS = "CreateTrainingJob|DescribeTrainingJob"


@pytest.fixture
def bad_network(home: Home, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """One call in five goes wrong: reset before it is carried out, or after, or not answered in time (but done)."""
    monkeypatch.setattr(session, "READ_TIMEOUT", READ_TIMEOUT)
    pauses = tuple(pause / 5 for pause in settling.ASK_AGAIN)
    monkeypatch.setattr(settling, "ASK_AGAIN", pauses)
    monkeypatch.setattr(sending, "ASK_AGAIN", pauses)
    third = 0.2 / 3
    rules = [
        ("reset", third),
        ("lost", third / (1 - third)),
        ("slow", third / (1 - 2 * third)),
    ]  # the first one decides
    home.sandbox.set_faults(
        *(
            {"do": do, "service": "sagemaker", "operation": CALLS, "probability": chance, "times": None, "seconds": 1.0}
            for do, chance in rules
        )
    )
    yield
    home.sandbox.set_faults()


def launch_many(home: Home, folder: Path, count: int) -> str:
    """Launch that many jobs, each until it is said to be launched; the stem of their names."""
    stem = unique_name("many")
    request = home.json("launch", run_file(folder, stem, hyperparameters={"epochs": 1}), "--dry-run")
    request["ResourceConfig"]["InstanceType"] = "ml.m5.xlarge"
    account = account_of(home)
    journal = Journal(folder / "journal.jsonl", lambda: Place("test", "us-west-2", "sandbox"))
    launching = account.launching
    sender = Sending(launching, journal, Settling(launching, journal, lambda: account.iam.identity().account))
    client = home.sandbox.client("sagemaker")
    for number in range(count):
        name = f"{stem}-{number}"
        while True:
            try:
                assert sender.send({**request, "TrainingJobName": name}).name == name
                break
            except Problem as problem:
                assert problem.retryable or problem.code == "ResourceLimitExceeded", problem
                time.sleep(0.05)
        with contextlib.suppress(client.exceptions.ClientError):  # it has ended by itself
            client.stop_training_job(TrainingJobName=name)  # its quota is for the next
    return stem


def jobs_of(home: Home, stem: str) -> list[str]:
    """The names of the jobs that the service has."""
    pages = home.sandbox.client("sagemaker").get_paginator("list_training_jobs").paginate(NameContains=f"{stem}-")
    return [row["TrainingJobName"] for page in pages for row in page["TrainingJobSummaries"]]


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.usefixtures("bad_network")
def test_two_hundred_launches_through_resets_and_time_outs_make_two_hundred_jobs(home: Home, folder: Path) -> None:
    home.sandbox.forget_calls()
    stem = launch_many(home, folder, 200)
    creating = [call for call in home.sandbox.calls() if call[1] == "CreateTrainingJob"]
    assert len(creating) > 215  # one in five of them went wrong
    assert sorted(jobs_of(home, stem)) == sorted(f"{stem}-{number}" for number in range(200))


@pytest.mark.usefixtures("bad_network")
def test_twenty_launches_through_resets_and_time_outs_make_twenty_jobs(home: Home, folder: Path) -> None:
    stem = launch_many(home, folder, 20)
    assert sorted(jobs_of(home, stem)) == sorted(f"{stem}-{number}" for number in range(20))
