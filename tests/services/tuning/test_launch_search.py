"""A search is launched exactly once: the same journal, names, and looks as for a training job."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from jsft_tui.core.common.errors import Problem
from jsft_tui.services.launch import sending, settling
from jsft_tui.services.launch.journal import Event, Journal, JournalEntry, Place
from jsft_tui.services.launch.launched import Launched, NotLaunched
from jsft_tui.services.launch.sending import Sending
from jsft_tui.services.launch.settling import Settling
from tests.cli.runs import run_file, unique_name
from tests.common.home import Home
from tests.services.account import account_of
from tests.services.launch.test_lost_answers import LOST, is_uncertain

CREATE = {"service": "sagemaker", "operation": "CreateHyperParameterTuningJob"}
DESCRIBE = {"service": "sagemaker", "operation": "DescribeHyperParameterTuningJob", "times": None}
SEARCH = {"max_jobs": 1, "ranges": {"learning_rate": {"min": 0.001, "max": 0.01, "scale": "log"}}}


class Bench:
    """Launching a search with a journal of its own, and without pauses."""

    def __init__(self, home: Home, folder: Path) -> None:
        self.home = home
        name = unique_name("once")
        self.request: dict[str, Any] = home.json("launch", run_file(folder, name, tuning=SEARCH), "--dry-run")
        self.name = name
        self.journal = Journal(folder / "journal.jsonl", lambda: Place("SANDBOX us-west-2", "us-west-2", "sandbox"))
        launching = account_of(home).launching
        self.settling = Settling(launching, self.journal, lambda: "123456789012")
        self.sending = Sending(launching, self.journal, self.settling)

    def launched(self) -> int:
        """How many searches of the name there are."""
        client = self.home.sandbox.client("sagemaker")
        rows = client.list_hyper_parameter_tuning_jobs(NameContains=self.name)["HyperParameterTuningJobSummaries"]
        return len(rows)


@pytest.fixture
def bench(home: Home, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    for module in (sending, settling):
        monkeypatch.setattr(module, "ASK_AGAIN", (0.0, 0.0))
    monkeypatch.setattr(sending, "SEND_AGAIN", (0.0, 0.0))
    found = Bench(home, folder)
    yield found
    home.sandbox.set_faults()
    client = home.sandbox.client("sagemaker")
    if found.launched():
        stop_search(client, found.name)


def stop_search(client: Any, name: str) -> None:
    described = client.describe_hyper_parameter_tuning_job(HyperParameterTuningJobName=name)
    if described["HyperParameterTuningJobStatus"] == "InProgress":
        client.stop_hyper_parameter_tuning_job(HyperParameterTuningJobName=name)


@pytest.mark.parametrize("first", LOST)
def test_a_lost_answer_leads_to_one_search(bench: Bench, first: str) -> None:
    bench.home.sandbox.set_faults({**LOST[first], **CREATE, "times": 1})

    launched = bench.sending.send(bench.request)

    assert (launched.name, launched.existed) == (bench.name, False)
    assert bench.launched() == 1
    assert bench.journal.unsettled() == []


def test_an_unknown_launch_is_settled_later_and_not_repeated_meanwhile(bench: Bench) -> None:
    bench.home.sandbox.set_faults({"do": "lost", **CREATE, "times": 1}, {"do": "denied", **DESCRIBE})

    with pytest.raises(Problem) as caught:
        bench.sending.send(bench.request)

    is_uncertain(caught.value, bench.name)
    assert f"jsft tuning {bench.name}" in caught.value.remedy
    again = json.loads(json.dumps(bench.request).replace(bench.name, unique_name("other")))
    with pytest.raises(Problem) as refused:
        bench.sending.send(again)
    assert refused.value.code == "LaunchUnknown"
    bench.home.sandbox.set_faults()
    [verdict] = bench.settling.settle_all()
    assert isinstance(verdict, Launched)
    assert bench.launched() == 1


def test_launching_again_finds_the_search_and_another_of_the_name_is_refused(bench: Bench) -> None:
    bench.sending.send(bench.request)

    assert bench.sending.send(bench.request).existed
    other = json.loads(json.dumps(bench.request))
    other["HyperParameterTuningJobConfig"]["ResourceLimits"]["MaxNumberOfTrainingJobs"] = 2
    with pytest.raises(Problem) as refused:
        bench.sending.send(other)
    assert refused.value.code == "NameTaken"


def test_a_request_that_never_arrived_is_no_search(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.home.sandbox.set_faults({"do": "500", **CREATE, "times": None})
    with pytest.raises(Problem):
        bench.sending.send(bench.request)
    bench.home.sandbox.set_faults()

    assert bench.launched() == 0
    assert all(isinstance(verdict, NotLaunched) for verdict in bench.settling.settle_all())


def test_a_search_and_a_job_of_the_same_name_are_two_launches(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.jsonl", lambda: Place("AWS", "us-west-2"))
    journal.note(Event.LAUNCHING, {"TrainingJobName": "same", "RoleArn": "arn:aws:iam::123456789012:role/R"})
    journal.note(
        Event.LAUNCHING,
        {
            "HyperParameterTuningJobName": "same",
            "TrainingJobDefinition": {
                "RoleArn": "arn:aws:iam::123456789012:role/R",
                "Environment": {"TOKEN": "secret"},
            },
        },
    )

    kinds = [(entry.name, entry.job_kind.value, entry.account) for entry in journal.unsettled()]

    assert kinds == [("same", "training job", "123456789012"), ("same", "tuning job", "123456789012")]
    lines = (tmp_path / "journal.jsonl").read_text().splitlines()
    assert "secret" not in lines[1]
    assert "kind" not in json.loads(lines[0]), "an earlier version reads the line of a training job"
    assert set(json.loads(lines[1])) == set(JournalEntry.__dataclass_fields__)
