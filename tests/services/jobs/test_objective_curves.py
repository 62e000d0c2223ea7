"""Curves of many jobs take one call a minute, and are cached on disk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from jsft_tui.aws.jobs.metrics import TrainingMetrics, Wanted
from jsft_tui.aws.jobs.training import TrainingJobs
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.jobs.metrics.objective_curve import MAX_SPAN
from jsft_tui.core.jobs.training_job import JobStatus, TrainingJob
from jsft_tui.services.jobs.listed.job_list import JobListStore
from jsft_tui.services.jobs.listed.objective_curves import MAX_CACHED, SETTLED, JobCurves
from tests.core.jobs.examples import ENDED, STARTED, answer

START, END = STARTED.timestamp(), ENDED.timestamp()
DONE = TrainingJob.parse(answer(), {})
RUNNING = replace(DONE, status=JobStatus.IN_PROGRESS, secondary_status="Training", ended=None)
METRIC = "val-accuracy"


class FakeCloudWatch:
    """A CloudWatch that counts the calls."""

    def __init__(self) -> None:
        self.requests: list[list[Wanted]] = []
        self.points = [(START + 60, 0.5), (START + 120, 0.75)]
        self.problem: Problem | None = None

    def latest(
        self, wanted: Sequence[Wanted], start: float, end: float
    ) -> list[tuple[Wanted, list[tuple[float, float]]]]:
        self.requests.append(list(wanted))
        if self.problem is not None:
            raise self.problem
        return [(each, self.points) for each in wanted]


def curves_of(cloudwatch: FakeCloudWatch, path: Path | None = None) -> JobCurves:
    return JobCurves(cast(TrainingMetrics, cloudwatch), path)


def test_running_jobs_share_a_call_and_ended_ones_are_requested_once() -> None:
    cloudwatch, other = FakeCloudWatch(), replace(RUNNING, name="other", arn="arn:other")
    curves = curves_of(cloudwatch)

    curves.read_on([RUNNING, other, replace(RUNNING, name="new", arn="arn:new", secondary_status="Starting")], END)
    assert cloudwatch.requests == [[Wanted("flowers-1", METRIC, 60), Wanted("other", METRIC, 60)]]
    assert curves.of([RUNNING])["flowers-1"].values == [0.5, 0.75]

    cloudwatch.points.append((END - 10, 0.9))
    curves.read_on([DONE], END + 1)  # its last minutes may be on their way yet
    curves.read_on([DONE], END + SETTLED)
    curves.read_on([DONE], END + SETTLED + 60)
    assert len(cloudwatch.requests) == 3
    assert curves.of([DONE])["flowers-1"].last == 0.9


def test_a_job_without_values_or_too_old_is_not_requested_again() -> None:
    cloudwatch = FakeCloudWatch()
    cloudwatch.points = []
    curves = curves_of(cloudwatch)
    for _ in range(2):
        curves.read_on([DONE], END + SETTLED)
    curves.read_on([replace(RUNNING, metric_definitions=())], END)
    curves.read_on([RUNNING], START + MAX_SPAN + 1)
    assert len(cloudwatch.requests) == 1
    assert curves.of([DONE]) == {}


def test_points_of_the_log_stay_until_there_are_newer_ones() -> None:
    cloudwatch = FakeCloudWatch()
    curves = curves_of(cloudwatch)
    curves.learn(RUNNING, {METRIC: [(START + 100, 0.6), (START + 130, 0.8)]})
    curves.read_on([RUNNING], END)
    assert curves.of([RUNNING])["flowers-1"].last == 0.8
    cloudwatch.points.append((START + 180, 0.85))
    curves.read_on([RUNNING], END)
    assert curves.of([RUNNING])["flowers-1"].last == 0.85
    curves.learn(DONE, {METRIC: [(START + 100, 0.6), (END, 0.95)]})
    curves.read_on([DONE], END + SETTLED)
    assert len(cloudwatch.requests) == 2  # all of it is known


def test_points_read_while_a_job_ran_are_not_complete_after_its_end() -> None:
    cloudwatch = FakeCloudWatch()
    cloudwatch.points.append((END, 0.95))
    curves = curves_of(cloudwatch)
    job_list = JobListStore(cast(TrainingJobs, None), is_local=False, curves=curves)
    job_list.learn(DONE)
    job_list.learn_curve(RUNNING, {METRIC: [(START + 100, 0.6)]})
    assert job_list.state.curves["flowers-1"].last == 0.6
    curves.read_on([DONE], END + SETTLED)
    assert curves.of([DONE])["flowers-1"].last == 0.95


def test_curves_are_restored(tmp_path: Path) -> None:
    path = tmp_path / "cache" / "curves.json"
    curves = curves_of(FakeCloudWatch(), path)
    curves.learn(DONE, {METRIC: [(START, 0.123456789), (END, 0.95)]})
    curves.read_on([], END)

    cloudwatch = FakeCloudWatch()
    again = curves_of(cloudwatch, path)
    again.read_on([DONE], END + SETTLED)
    assert again.of([DONE])["flowers-1"].values == [0.123457, 0.95]
    assert cloudwatch.requests == []
    assert again.of([replace(DONE, created=DONE.created + 60)]) == {}  # another job of the same name


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b'{"version": 1, "curves": {"a": [1]}}', b'{"version": 99}'])
def test_a_damaged_file_is_ignored(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "curves.json"
    path.write_bytes(content)
    curves = curves_of(FakeCloudWatch(), path)
    curves.read_on([RUNNING], END)
    assert curves.of([RUNNING])["flowers-1"].last == 0.75


def test_the_number_of_curves_is_limited() -> None:
    curves = curves_of(FakeCloudWatch())
    jobs = [replace(DONE, name=f"job-{number}", arn=f"arn:{number}") for number in range(MAX_CACHED + 3)]
    for job in jobs:
        curves.learn(job, {METRIC: [(START, 0.5)]})
    assert list(curves.of(jobs)) == [job.name for job in jobs[3:]]


def test_denied_access_is_tried_once_and_again_after_a_refresh() -> None:
    cloudwatch = FakeCloudWatch()
    cloudwatch.problem = Problem("AccessDenied", "no.", "")
    curves = curves_of(cloudwatch)
    for _ in range(3):
        curves.read_on([RUNNING], END)
    assert len(cloudwatch.requests) == 1
    curves.forget_refusal()
    cloudwatch.problem = Problem("Throttled", "slow down.", "", retryable=True)
    for _ in range(3):
        curves.read_on([RUNNING], END)
    assert len(cloudwatch.requests) == 4
    cloudwatch.problem = Problem("ExpiredToken", "sign in again.", "")  # somebody does
    for _ in range(3):
        curves.read_on([RUNNING], END)
    assert len(cloudwatch.requests) == 7
