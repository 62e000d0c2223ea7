"""The running jobs are asked for once a minute, by whichever process needs them first."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from jsft_tui.core.common.errors import Problem
from jsft_tui.core.jobs.metrics.log_metrics import Progress
from jsft_tui.core.jobs.reports.running import RunningJob, RunningReport
from jsft_tui.core.sizing.pricing import Price
from jsft_tui.paths import try_lock
from jsft_tui.sandbox.sagemaker.capacity import VARIABLE
from jsft_tui.services.jobs.listed.job_list import JobListStore
from jsft_tui.services.jobs.listed.running_jobs import (
    REMOTE_PERIOD,
    RunningJobs,
    read_report,
    reports_since,
    write_report,
)
from tests.cli.runs import run_file, unique_name
from tests.common.home import Home

PRICES = {"ml.g4dn.xlarge": Price(0.74, "a test")}


@dataclass
class Played:
    """Processes that share a file, and a clock that the test sets."""

    home: Home
    file: Path
    now: float = field(default=2_000_000_000.0)

    def process(self) -> RunningJobs:
        """The running jobs as another process has them, at the pace of AWS."""
        running = RunningJobs(self.home.account(), lambda: PRICES, self.file, now=lambda: self.now)
        running.period = REMOTE_PERIOD
        return running

    def calls(self) -> Counter[str]:
        """The calls since the last time."""
        found = Counter(operation for _, operation in self.home.sandbox.calls())
        self.home.sandbox.forget_calls()
        return found


@pytest.fixture
def played(home: Home, tmp_path: Path) -> Played:
    return Played(home, tmp_path / "running" / "sandbox.json")


@pytest.fixture
def waiting(home: Home, folder: Path) -> str:
    """The name of a job that waits for an instance: it runs, without training."""
    name = unique_name("waits")
    path = run_file(folder, name, environment={VARIABLE: "600"})
    assert home.jsft("launch", path, "--yes").code == 0
    home.sandbox.forget_calls()
    return name


def names(report: RunningReport) -> list[str]:
    return [job.name for job in report.jobs]


def test_two_processes_ask_once_a_minute_together(played: Played, waiting: str) -> None:
    one, other = played.process(), played.process()
    assert names(one.current()) == [waiting]
    assert played.calls() == {"ListTrainingJobs": 1, "DescribeTrainingJob": 1}

    for _ in range(3):
        played.now += REMOTE_PERIOD / 4
        assert names(other.current()) == names(one.current()) == [waiting]
    assert not played.calls()

    played.now += REMOTE_PERIOD / 4
    assert names(other.current()) == names(one.current()) == [waiting]
    assert played.calls() == {"ListTrainingJobs": 1, "DescribeTrainingJob": 1}


def test_while_another_process_asks_the_last_report_is_returned(played: Played, waiting: str) -> None:
    one = played.process()
    one.current()
    played.calls()
    played.now += 10 * REMOTE_PERIOD
    with try_lock(played.file) as is_ours:
        assert is_ours and one.is_busy()
        assert names(one.current()) == [waiting]
    assert not played.calls()
    assert not one.is_busy()


def test_a_job_that_ended_is_reported_once(played: Played, waiting: str) -> None:
    running = played.process()
    running.current()
    played.home.jsft("stop", waiting, "--yes")
    played.home.wait_for_jobs()
    played.now += REMOTE_PERIOD
    report = running.current()
    assert (names(report), report.ended) == ([], ((waiting, "Stopped"),))
    played.now += REMOTE_PERIOD
    assert running.current().ended == ()


def test_after_a_failed_call_the_known_jobs_stay_and_nobody_asks_for_a_minute(played: Played, waiting: str) -> None:
    running = played.process()
    running.current()
    played.now += REMOTE_PERIOD
    played.home.sandbox.set_faults({"do": "denied", "operation": "ListTrainingJobs", "times": None})
    played.calls()
    report = running.current()
    assert (names(report), report.problem) == ([waiting], "AccessDenied")
    assert played.calls()["ListTrainingJobs"] == 1
    played.process().current()
    assert not played.calls()


def test_without_a_report_a_failed_call_is_a_problem_and_then_a_report(played: Played) -> None:
    played.home.sandbox.set_faults({"do": "denied", "operation": "ListTrainingJobs", "times": None})
    with pytest.raises(Problem, match="not authorized"):
        played.process().current()
    assert played.process().current().problem == "AccessDenied"


def test_what_the_job_list_of_an_open_jsft_knows_is_not_asked_for_again(played: Played, waiting: str) -> None:
    running = played.process()
    job_list = JobListStore(
        played.home.account().training, is_local=False, on_refresh=running.learn, now=lambda: played.now
    )
    job_list.refresh()
    played.calls()
    assert names(played.process().current()) == [waiting]
    assert not played.calls()


def test_a_report_survives_its_file(tmp_path: Path) -> None:
    file = tmp_path / "running.json"
    job = RunningJob("a", "Training", 1.0, 0.74, Progress(1, 3), 0.9, 5.0, 4.0)
    report = RunningReport(3.0, (job, RunningJob("b", "Starting")), (("c", "Failed"),), "Timeout", "--sandbox")
    write_report(file, report)
    assert read_report(file) == report
    assert reports_since(tmp_path, 3.0) == [report]
    assert reports_since(tmp_path, 3.1) == reports_since(tmp_path / "none", 0) == []


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"version": 1}', '{"version": 2}', '{"version": 1, "jobs": [1]}'])
def test_a_damaged_file_is_as_none(tmp_path: Path, content: str) -> None:
    file = tmp_path / "running.json"
    file.write_text(content)
    assert read_report(file) is None
