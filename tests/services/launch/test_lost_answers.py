"""A launch whose answer is lost: only a look at the job decides, whatever the service says to later attempts."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from jsft_tui.aws.jobs.launching import Launching
from jsft_tui.core.common.errors import Problem, ProblemKind
from jsft_tui.services.launch import sending, settling
from jsft_tui.services.launch.journal import Journal, Place, digest_of
from jsft_tui.services.launch.launched import UNKNOWN, Launched, NotLaunched, StillUnknown
from jsft_tui.services.launch.sending import Sending
from jsft_tui.services.launch.settling import Settling
from tests.cli.runs import created_jobs, run_file, unique_name
from tests.common.home import Home
from tests.services.account import account_of
from tests.services.launch.test_launch import launched_jobs

CREATE = {"service": "sagemaker", "operation": "CreateTrainingJob"}
DESCRIBE = {"service": "sagemaker", "operation": "DescribeTrainingJob", "times": None}
LOST: dict[str, dict[str, Any]] = {
    "lost": {"do": "lost"},
    "half": {"do": "truncate"},
    "page": {"do": "html-200", "carry_out": True},
    "500": {"do": "500", "carry_out": True},
    "empty": {"do": "empty"},
    "types": {"do": "wrong-type"},
    "cut": {"do": "malformed"},
    "portal": {"do": "portal", "carry_out": True},
}
"""The first attempt is carried out, and this comes back."""
THEN = ("throttle", "quota", "denied", "expired", "skew", "html-403", "503")
"""What every later attempt gets."""
LOOK = ("ok", "denied", "reset", "html-200", "wrong-type", "empty")
"""What a look at the job gets."""


@dataclass(frozen=True)
class Bench:
    """Launching with a journal of its own, and without pauses."""

    home: Home
    folder: Path
    request: dict[str, Any]
    launching: Launching
    journal: Journal
    settling: Settling

    @property
    def sending(self) -> Sending:
        return Sending(self.launching, self.journal, self.settling)

    @property
    def name(self) -> str:
        return str(self.request["TrainingJobName"])

    def send_problem(self, request: dict[str, Any]) -> Problem:
        """What a launch ends with that does not say that it took place."""
        with pytest.raises(Problem) as caught:
            self.sending.send(request)
        return caught.value


def bench_at(home: Home, folder: Path, account: str = "123456789012") -> Bench:
    name = unique_name("doubt")
    request = home.json("launch", run_file(folder, name), "--dry-run")
    journal = Journal(folder / "journal.jsonl", lambda: Place("SANDBOX us-west-2", "us-west-2", "sandbox"))
    launching = account_of(home).launching
    return Bench(home, folder, request, launching, journal, Settling(launching, journal, lambda: account))


@pytest.fixture
def bench(home: Home, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    for module in (sending, settling):
        monkeypatch.setattr(module, "ASK_AGAIN", (0.0, 0.0))
    monkeypatch.setattr(sending, "SEND_AGAIN", (0.0, 0.0))
    yield bench_at(home, folder)
    home.sandbox.set_faults()


def renamed(request: dict[str, Any], name: str) -> dict[str, Any]:
    """The same run under another name, which some models are told in a hyperparameter as well."""
    changed: dict[str, Any] = json.loads(json.dumps(request).replace(str(request["TrainingJobName"]), name))
    return changed


def is_uncertain(problem: Problem, name: str) -> None:
    """The problem says that it is not known, and gives no advice that could pay twice."""
    assert (problem.code, problem.kind) == (UNKNOWN, ProblemKind.UNKNOWN)
    assert problem.message.startswith(f"it is not known whether {name} was launched")
    assert "could not launch" not in str(problem)
    assert "not launch it under another name" in problem.remedy


def carry_out_and_lose(bench: Bench, first: str, then: str, look: str) -> None:
    bench.home.sandbox.set_faults(
        {**LOST[first], **CREATE, "times": 1},
        {"do": then, **CREATE, "times": None},
        *([] if look == "ok" else [{"do": look, **DESCRIBE}]),
    )
    if look == "ok":
        launched = bench.sending.send(bench.request)
        assert (launched.name, launched.existed) == (bench.name, False)
    else:
        is_uncertain(bench.send_problem(bench.request), bench.name)
        assert [entry.name for entry in bench.journal.unsettled()] == [bench.name]
        bench.home.sandbox.set_faults()
        [verdict] = bench.settling.settle_all()
        assert isinstance(verdict, Launched), verdict
    assert bench.journal.unsettled() == []
    assert launched_jobs(bench.home, bench.name) == 1


FEW = [
    *((first, "denied", "ok") for first in LOST),
    *(("lost", then, "denied") for then in THEN),
    *(("lost", "throttle", look) for look in LOOK[2:]),
]


@pytest.mark.parametrize(("first", "then", "look"), FEW)
def test_only_a_look_decides(bench: Bench, first: str, then: str, look: str) -> None:
    carry_out_and_lose(bench, first, then, look)


@pytest.mark.slow
@pytest.mark.parametrize(("first", "then", "look"), itertools.product(LOST, THEN, LOOK))
def test_only_a_look_decides_in_every_case(bench: Bench, first: str, then: str, look: str) -> None:
    carry_out_and_lose(bench, first, then, look)


@pytest.mark.parametrize("then", ["throttle", "quota", "denied"])
def test_a_request_that_never_arrived_is_said_to_be_not_launched_after_a_while(bench: Bench, then: str) -> None:
    bench.home.sandbox.set_faults({"do": "reset", **CREATE, "times": 1}, {"do": then, **CREATE, "times": None})

    problem = bench.send_problem(bench.request)

    assert problem.message.startswith(f"{bench.name} was not launched")
    assert bench.journal.unsettled() == []
    assert launched_jobs(bench.home, bench.name) == 0


def test_no_job_of_the_name_is_no_answer_while_the_request_may_be_under_way(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.home.sandbox.set_faults({"do": "reset", **CREATE, "times": None}, {"do": "denied", **DESCRIBE})
    is_uncertain(bench.send_problem(bench.request), bench.name)
    bench.home.sandbox.set_faults()

    monkeypatch.setattr(settling, "ASK_AGAIN", (3600.0,))
    assert isinstance(bench.settling.settle_all()[0], StillUnknown)
    monkeypatch.setattr(settling, "ASK_AGAIN", (0.0,))
    assert bench.settling.settle_all() == [NotLaunched(bench.name)]
    assert bench.settling.settle_all() == []


@pytest.mark.parametrize("fault", ["quota", "denied", "expired", "skew"])
def test_the_first_attempt_refused_is_refused(bench: Bench, fault: str) -> None:
    bench.home.sandbox.set_faults({"do": fault, **CREATE, "times": None})
    bench.home.sandbox.forget_calls()

    problem = bench.send_problem(bench.request)

    assert problem.message.startswith(f"could not launch {bench.name}: ")
    assert created_jobs(bench.home) == 1
    assert bench.journal.unsettled() == []


def test_the_same_run_is_not_launched_again_while_it_is_not_known(bench: Bench) -> None:
    bench.home.sandbox.set_faults({"do": "lost", **CREATE, "times": None}, {"do": "denied", **DESCRIBE})
    is_uncertain(bench.send_problem(bench.request), bench.name)
    bench.home.sandbox.forget_calls()

    for name in (bench.name, f"{bench.name}-again"):
        problem = bench.send_problem(renamed(bench.request, name))
        is_uncertain(problem, bench.name)
        assert "Nothing was launched now" in problem.message
    assert created_jobs(bench.home) == 0

    bench.home.sandbox.set_faults()
    again = bench.sending.send(renamed(bench.request, f"{bench.name}-again"))
    assert again.existed is False  # it is known now that the first one runs
    assert bench.journal.unsettled() == []


def test_another_process_that_launches_the_run_at_the_moment_is_waited_for(bench: Bench) -> None:
    with bench.journal.launching(digest_of(bench.request)) as is_ours:
        assert is_ours
        is_uncertain(bench.send_problem(bench.request), bench.name)
    assert bench.sending.send(bench.request).name == bench.name


def test_a_job_of_another_account_is_not_looked_for_in_this_one(home: Home, bench: Bench) -> None:
    home.sandbox.set_faults({"do": "lost", **CREATE, "times": None}, {"do": "denied", **DESCRIBE})
    bench.send_problem(bench.request)
    home.sandbox.set_faults()

    elsewhere = Settling(bench.launching, bench.journal, lambda: "999999999999")

    [verdict] = elsewhere.settle_all()
    assert isinstance(verdict, StillUnknown)
    assert "account 123456789012" in verdict.why
    assert isinstance(bench.settling.settle_all()[0], Launched)


def test_a_job_of_somebody_else_under_the_name_is_not_ours(home: Home, bench: Bench) -> None:
    other = {**bench.request, "HyperParameters": {**bench.request["HyperParameters"], "epochs": "1"}}
    home.sandbox.client("sagemaker").create_training_job(**other)
    home.sandbox.set_faults({"do": "reset", **CREATE, "times": 1})

    assert bench.send_problem(bench.request).code == "NameTaken"
    assert bench.journal.unsettled() == []


def test_the_command_line_has_an_exit_code_for_it(home: Home, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (sending, settling):
        monkeypatch.setattr(module, "ASK_AGAIN", (0.0,))
    monkeypatch.setattr(sending, "SEND_AGAIN", (0.0,))
    name = unique_name("exit")
    path = run_file(folder, name)
    # The checks before a launch look for the name once.
    home.sandbox.set_faults({"do": "lost", **CREATE, "times": None}, {"do": "reset", **DESCRIBE, "skip": 1})

    lost = home.jsft("launch", path, "--yes", "--json")
    home.sandbox.set_faults({"do": "denied", **DESCRIBE})
    again = home.jsft("launch", path, "--yes", "--json")
    home.sandbox.set_faults()
    found = home.jsft("launch", path, "--yes", "--json")

    assert (lost.code, lost.error["code"]) == (6, UNKNOWN)
    assert (again.code, again.error["code"]) == (6, UNKNOWN)
    assert (found.code, found.document["existed"]) == (0, True)
    assert launched_jobs(home, name) == 1


def test_the_next_list_of_jobs_settles_it(home: Home, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (sending, settling):
        monkeypatch.setattr(module, "ASK_AGAIN", (0.0,))
    monkeypatch.setattr(sending, "SEND_AGAIN", (0.0,))
    name = unique_name("listed")
    home.sandbox.set_faults({"do": "lost", **CREATE, "times": None}, {"do": "reset", **DESCRIBE, "skip": 1})
    assert home.jsft("launch", run_file(folder, name), "--yes").code == 6

    unanswered = home.jsft("jobs")
    home.sandbox.set_faults()
    settled = home.jsft("jobs")

    assert f"It is not known whether {name} was launched" in unanswered.err
    assert f"{name}, whose launch was not answered, was launched" in settled.err
    assert name not in home.jsft("jobs").err


def test_an_interrupted_launch_is_not_known(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    attempt = Launching.attempt

    def interrupted(self: Launching, request: dict[str, Any]) -> None:
        attempt(self, request)
        raise KeyboardInterrupt

    monkeypatch.setattr(Launching, "attempt", interrupted)
    is_uncertain(bench.send_problem(bench.request), bench.name)
    assert isinstance(bench.settling.settle_all()[0], Launched)
