"""Curves of many jobs cost one question a minute, and outlive the program."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from jsft_tui.aws.metrics import TrainingMetrics, Wanted
from jsft_tui.aws.training import TrainingJobs
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.jobs.objective_curve import LONGEST
from jsft_tui.core.jobs.training_job import JobStatus, TrainingJob
from jsft_tui.services.jobs.job_list import JobListStore
from jsft_tui.services.jobs.objective_curves import MOST_KEPT, SETTLED, JobCurves
from tests.core.jobs.examples import ENDED, STARTED, answer

START, END = STARTED.timestamp(), ENDED.timestamp()
DONE = TrainingJob.parse(answer(), {})
RUNNING = replace(DONE, status=JobStatus.IN_PROGRESS, secondary_status="Training", ended=None)
METRIC = "val-accuracy"


class Told:
    """CloudWatch as it would answer; counts the questions."""

    def __init__(self) -> None:
        self.asked: list[list[Wanted]] = []
        self.points = [(START + 60, 0.5), (START + 120, 0.75)]
        self.problem: Problem | None = None

    def latest(
        self, wanted: Sequence[Wanted], start: float, end: float
    ) -> list[tuple[Wanted, list[tuple[float, float]]]]:
        self.asked.append(list(wanted))
        if self.problem is not None:
            raise self.problem
        return [(each, self.points) for each in wanted]


def curves_of(told: Told, path: Path | None = None) -> JobCurves:
    return JobCurves(cast(TrainingMetrics, told), path)


def test_all_that_run_are_asked_for_together_and_what_has_ended_once() -> None:
    told, other = Told(), replace(RUNNING, name="other", arn="arn:other")
    curves = curves_of(told)

    curves.read_on([RUNNING, other, replace(RUNNING, name="new", arn="arn:new", secondary_status="Starting")], END)
    assert told.asked == [[Wanted("flowers-1", METRIC, 60), Wanted("other", METRIC, 60)]]
    assert curves.of([RUNNING])["flowers-1"].values == [0.5, 0.75]

    told.points.append((END - 10, 0.9))
    curves.read_on([DONE], END + 1)  # its last minutes may be on their way yet
    curves.read_on([DONE], END + SETTLED)
    curves.read_on([DONE], END + SETTLED + 60)
    assert len(told.asked) == 3
    assert curves.of([DONE])["flowers-1"].last == 0.9


def test_a_job_without_values_or_of_long_ago_is_not_asked_for_again() -> None:
    told = Told()
    told.points = []
    curves = curves_of(told)
    for _ in range(2):
        curves.read_on([DONE], END + SETTLED)
    curves.read_on([replace(RUNNING, metric_definitions=())], END)
    curves.read_on([RUNNING], START + LONGEST + 1)
    assert len(told.asked) == 1
    assert curves.of([DONE]) == {}


def test_what_was_read_off_a_log_stays_until_there_is_something_newer() -> None:
    told = Told()
    curves = curves_of(told)
    curves.learn(RUNNING, {METRIC: [(START + 100, 0.6), (START + 130, 0.8)]})
    curves.read_on([RUNNING], END)
    assert curves.of([RUNNING])["flowers-1"].last == 0.8
    told.points.append((START + 180, 0.85))
    curves.read_on([RUNNING], END)
    assert curves.of([RUNNING])["flowers-1"].last == 0.85
    curves.learn(DONE, {METRIC: [(START + 100, 0.6), (END, 0.95)]})
    curves.read_on([DONE], END + SETTLED)
    assert len(told.asked) == 2  # all of it is known


def test_what_was_read_while_a_job_ran_is_not_all_of_it_though_it_has_ended_since() -> None:
    told = Told()
    told.points.append((END, 0.95))
    curves = curves_of(told)
    job_list = JobListStore(cast(TrainingJobs, None), is_local=False, curves=curves)
    job_list.learn(DONE)
    job_list.learn_curve(RUNNING, {METRIC: [(START + 100, 0.6)]})
    assert job_list.state.curves["flowers-1"].last == 0.6
    curves.read_on([DONE], END + SETTLED)
    assert curves.of([DONE])["flowers-1"].last == 0.95


def test_curves_are_there_again_the_next_time(tmp_path: Path) -> None:
    path = tmp_path / "cache" / "curves.json"
    curves = curves_of(Told(), path)
    curves.learn(DONE, {METRIC: [(START, 0.123456789), (END, 0.95)]})
    curves.read_on([], END)

    told = Told()
    again = curves_of(told, path)
    again.read_on([DONE], END + SETTLED)
    assert again.of([DONE])["flowers-1"].values == [0.123457, 0.95]
    assert told.asked == []
    assert again.of([replace(DONE, created=DONE.created + 60)]) == {}  # another job of the same name


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b'{"version": 1, "curves": {"a": [1]}}', b'{"version": 99}'])
def test_a_spoilt_file_is_no_file(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "curves.json"
    path.write_bytes(content)
    curves = curves_of(Told(), path)
    curves.read_on([RUNNING], END)
    assert curves.of([RUNNING])["flowers-1"].last == 0.75


def test_only_so_many_are_kept() -> None:
    curves = curves_of(Told())
    jobs = [replace(DONE, name=f"job-{number}", arn=f"arn:{number}") for number in range(MOST_KEPT + 3)]
    for job in jobs:
        curves.learn(job, {METRIC: [(START, 0.5)]})
    assert list(curves.of(jobs)) == [job.name for job in jobs[3:]]


def test_where_it_is_not_allowed_it_is_asked_once_and_again_when_all_is_read_anew() -> None:
    told = Told()
    told.problem = Problem("AccessDenied", "no.", "")
    curves = curves_of(told)
    for _ in range(3):
        curves.read_on([RUNNING], END)
    assert len(told.asked) == 1
    curves.forget_refusal()
    told.problem = Problem("Throttled", "slow down.", "", retryable=True)
    for _ in range(3):
        curves.read_on([RUNNING], END)
    assert len(told.asked) == 4
    told.problem = Problem("ExpiredToken", "sign in again.", "")  # somebody does
    for _ in range(3):
        curves.read_on([RUNNING], END)
    assert len(told.asked) == 7
