"""Launching once, whatever the network does."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from jsft_tui.aws.account import Account
from jsft_tui.config import Config
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.fixes import FixKind
from jsft_tui.core.customization.method import Method
from jsft_tui.core.jobs.training_job import TrainingJob
from jsft_tui.core.preflight.base.check import Finding, Plan
from jsft_tui.core.preflight.checks import checks_of
from jsft_tui.core.run.confirmation import Confirmation
from jsft_tui.core.run.defaults import Defaults
from jsft_tui.core.run.file.run_file import parse_run
from jsft_tui.services.launch.journal import Journal, JournalEntry, Place, digest_of
from jsft_tui.services.launch.launch import Launch
from jsft_tui.services.launch.launched import Launched
from jsft_tui.services.session.services import Services
from tests.cli.runs import run_file, unique_name
from tests.common.home import Home
from tests.core.jobs.examples import answer
from tests.services.account import target_of

SANDBOX = Place("SANDBOX us-west-2", "us-west-2", "sandbox")


def journal_of(path: Path, place: Place = SANDBOX) -> Journal:
    """A journal as it is read at a place."""
    return Journal(path, lambda: place)


def launched_jobs(home: Home, name: str) -> int:
    """How many jobs the service has whose names contain this one."""
    answer = home.sandbox.client("sagemaker").list_training_jobs(NameContains=name, MaxResults=100)
    return len(answer["TrainingJobSummaries"])


@pytest.mark.parametrize("fault", ["lost", "reset", "throttle", "500"])
def test_one_bad_answer_still_makes_one_job(home: Home, folder: Path, fault: str) -> None:
    name = unique_name(f"once-{fault}")
    path = run_file(folder, name)
    home.sandbox.set_faults({"do": fault, "service": "sagemaker", "operation": "CreateTrainingJob", "times": 1})

    outcome = home.jsft("launch", path, "--yes", "--json")

    assert outcome.code == 0, outcome
    assert outcome.document["arn"].endswith(f":training-job/{name}")
    assert launched_jobs(home, name) == 1


def test_an_answer_that_never_comes_is_cleared_by_asking(home: Home, folder: Path) -> None:
    """Every attempt is carried out or refused, and every answer is lost: DescribeTrainingJob tells."""
    name = unique_name("asked")
    path = run_file(folder, name)
    home.sandbox.set_faults({"do": "lost", "service": "sagemaker", "operation": "CreateTrainingJob", "times": None})

    outcome = home.jsft("launch", path, "--yes", "--json")

    assert outcome.code == 0, outcome
    assert launched_jobs(home, name) == 1


def test_a_launch_that_did_not_get_through_can_be_repeated(home: Home, folder: Path) -> None:
    name = unique_name("refused")
    path = run_file(folder, name)
    home.sandbox.set_faults({"do": "denied", "service": "sagemaker", "operation": "CreateTrainingJob", "times": 1})

    refused = home.jsft("launch", path, "--yes", "--json")
    repeated = home.jsft("launch", path, "--yes", "--json")

    assert (refused.code, refused.error["code"]) == (4, "AccessDenied")
    assert repeated.code == 0
    assert launched_jobs(home, name) == 1


def test_the_journal_has_the_name_before_the_call(home: Home, folder: Path) -> None:
    name = unique_name("journal")
    home.sandbox.set_faults({"do": "denied", "service": "sagemaker", "operation": "CreateTrainingJob", "times": 1})

    home.jsft("launch", run_file(folder, name), "--yes")

    entries = [entry for entry in journal_of(home.paths.journal_file).entries() if entry.name == name]
    assert [entry.event for entry in entries] == ["launching", "refused"]
    assert home.paths.journal_file.stat().st_mode & 0o777 == 0o600


def test_a_journal_cut_off_by_a_crash_is_still_read(tmp_path: Path) -> None:
    journal = journal_of(tmp_path / "launches.jsonl")
    entry = JournalEntry(1.0, "launching", "name", "AWS us-west-2", digest_of({"a": 1}))
    journal.append(entry)
    with (tmp_path / "launches.jsonl").open("ab") as file:
        file.write(b'{"time": 2.0, "eve')

    assert journal.entries() == [entry]


def test_a_name_that_another_job_has_can_be_counted_on() -> None:
    class OneJob:
        @property
        def training(self) -> OneJob:
            return self

        def find(self, name: str) -> TrainingJob:
            return TrainingJob.parse(answer(), {})

    nothing: Any = None
    launch = Launch(cast(Account, OneJob()), nothing, nothing, nothing, nothing, 0.0)
    with pytest.raises(Problem) as caught:
        launch.existing({"TrainingJobName": "flowers-1", "HyperParameters": {"epochs": "6"}})
    assert [fix.kind for fix in caught.value.fixes] == [FixKind.NEW_NAME]


def test_a_digest_does_not_depend_on_the_order_of_keys() -> None:
    assert digest_of({"a": 1, "b": [1, 2]}) == digest_of({"b": [1, 2], "a": 1})
    assert digest_of({"a": 1}) != digest_of({"a": 2})


def test_a_launch_by_somebody_who_may_not_describe_jobs_gets_through(home: Home, folder: Path) -> None:
    name = unique_name("undescribed")
    path = run_file(folder, name)
    home.sandbox.set_faults({"do": "denied", "service": "sagemaker", "operation": "DescribeTrainingJob", "times": None})

    outcome = home.jsft("launch", path, "--yes", "--json")
    again = home.jsft("launch", path, "--yes", "--json")

    assert outcome.code == 0, outcome
    assert (again.code, again.error["code"]) == (4, "ResourceInUse")
    assert launched_jobs(home, name) == 1


# -- the way to a launch, which every face goes


def launching(home: Home, folder: Path, name: str, confirm_above: float = 50.0) -> tuple[Launch, Plan]:
    """Launching at a target, and a plan for it."""
    role = "arn:aws:iam::123456789012:role/JsftSandboxRole"
    services = Services(target_of(home), home.paths, Config(confirm_above_usd=confirm_above), Defaults(role=role))
    return services.launch, services.planning.plan(parse_run(run_file(folder, name).read_text()))


def test_a_cleared_run_says_what_it_costs_and_how_it_is_confirmed(home: Home, folder: Path) -> None:
    told: list[Finding] = []
    launch, plan = launching(home, folder, unique_name("launch"), confirm_above=0.1)

    asked = launch.check(plan, told.append)

    assert isinstance(asked, Confirmation)
    assert asked.bound == pytest.approx(0.3682)
    assert asked.whole_dollars == 0
    assert {finding.check for finding in told} == {check.name for check in checks_of(Method.SCRIPT)}
    assert launched_jobs(home, plan.run.name) == 0


def test_a_run_is_cleared_launched_and_then_found_again(home: Home, folder: Path) -> None:
    launch, plan = launching(home, folder, unique_name("launch"))
    asked = launch.check(plan, lambda _: None)
    assert isinstance(asked, Confirmation)
    assert not asked.is_typed

    launched = launch.send(plan)
    told: list[Finding] = []
    again = launch.check(plan, told.append)

    assert isinstance(again, Launched)
    assert again == replace(launched, existed=True, status=again.status)  # it may have ended meanwhile
    assert told == []
    assert launched_jobs(home, plan.run.name) == 1


def test_a_run_that_is_blocked_is_not_cleared_and_every_finding_is_reported(home: Home, folder: Path) -> None:
    launch, plan = launching(home, folder, unique_name("launch"))
    plan = replace(plan, run=replace(plan.run, max_cost_usd=0.01))
    told: list[Finding] = []

    with pytest.raises(Problem, match="the cap is"):
        launch.check(plan, told.append)

    assert {finding.check for finding in told} == {check.name for check in checks_of(Method.SCRIPT)}


def test_what_a_run_may_cost_is_remembered_for_its_job(home: Home, folder: Path) -> None:
    capped, free = unique_name("capped"), unique_name("free")
    assert home.jsft("launch", run_file(folder, capped, max_cost_usd=7.5), "--yes").code == 0
    assert home.jsft("launch", run_file(folder, free), "--yes").code == 0

    caps = journal_of(home.paths.journal_file, SANDBOX).caps()

    assert caps[capped] == 7.5
    assert free not in caps
    assert not journal_of(home.paths.journal_file, replace(SANDBOX, endpoint="https://elsewhere")).caps()
