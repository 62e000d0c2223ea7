"""The logs of compared jobs are read to the end, even if the last lines arrive late."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import pytest

from jsft_tui.aws.jobs.logs import TrainingLogs
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.jobs.compare.comparison import ComparedJob
from jsft_tui.core.jobs.metrics.log_metrics import LogLine
from jsft_tui.core.jobs.training_job import JobStatus, TrainingJob
from jsft_tui.services.jobs.compare import LATE, ComparedJobs
from jsft_tui.services.jobs.training_jobs import Jobs
from tests.core.jobs.examples import ENDED, answer
from tests.services.jobs.test_log_tail import Streams

END = ENDED.timestamp()
DONE = TrainingJob.parse(answer(), {})
RUNNING = replace(DONE, status=JobStatus.IN_PROGRESS, secondary_status="Training", ended=None)
NAME, METRIC = DONE.name, "val-accuracy"


class OneJob:
    """A service with one job, which also has metrics in CloudWatch."""

    def __init__(self, job: TrainingJob) -> None:
        self.job = job

    def get(self, name: str) -> TrainingJob:
        assert name == NAME
        return self.job

    def metrics(self, job: TrainingJob) -> dict[str, list[tuple[float, float]]]:
        return {METRIC: [(END - 60, 0.25)]}


class Scores(Streams):
    """Streams whose lines contain a score, which is their time."""

    is_denied = False

    def write(self, name: str, *times: float) -> None:
        self.lines.setdefault(name, []).extend(LogLine(time, f"val_accuracy: {time:.0f}", name) for time in times)

    def streams(self, job: str) -> list[str]:
        if self.is_denied:
            raise Problem("AccessDenied", "no.", "")
        return super().streams(job)


@pytest.fixture
def logs() -> Scores:
    logs = Scores({})
    logs.write("algo-1", 1.0, 2.0)
    logs.write("algo-2", 1.5)
    return logs


def compared_of(logs: Scores, job: TrainingJob) -> tuple[ComparedJobs, OneJob]:
    service = OneJob(job)
    return ComparedJobs(cast(Jobs, service), cast(TrainingLogs, logs), [NAME]), service


def scores(found: object) -> list[float]:
    assert isinstance(found, ComparedJob)
    return [time for time, _ in found.metrics.get(METRIC, ())]


def test_the_log_of_a_job_that_just_ended_is_read_until_nothing_is_new(logs: Scores) -> None:
    compared, service = compared_of(logs, RUNNING)
    list(compared.read(END - 5))
    assert list(compared.unfinished) == [NAME]

    service.job = DONE
    logs.write("algo-1", 4.0)
    compared.read_on({NAME: DONE}, END + 5)
    assert list(compared.unfinished) == [NAME]
    logs.write("algo-2", 3.0, 5.0)  # late, and before what the other host wrote
    (late,) = compared.read_on({NAME: DONE}, END + 10)
    assert scores(late) == [1.0, 1.5, 2.0, 3.0, 4.0]
    assert list(compared.unfinished) == [NAME]
    assert not compared.is_whole(NAME)
    (last,) = compared.read_on({NAME: DONE}, END + 15)
    assert scores(last) == [1.0, 1.5, 2.0, 3.0, 4.0, 5.0]
    assert list(compared.unfinished) == []
    assert compared.is_whole(NAME)
    assert compared.read_on({NAME: DONE}, END + 20) == []


def test_the_log_of_a_job_that_ended_before_is_read_once(logs: Scores) -> None:
    compared, _ = compared_of(logs, DONE)
    (found,) = compared.read(END + LATE + 1)
    assert scores(found) == [1.0, 1.5, 2.0]
    assert compared.is_whole(NAME)
    assert list(compared.unfinished) == []


def test_metrics_of_cloudwatch_instead_of_the_log_are_never_complete(logs: Scores) -> None:
    logs.is_denied = True
    compared, _ = compared_of(logs, DONE)
    assert [scores(each) for each in compared.read(END + 1)] == [[END - 60]]
    assert list(compared.unfinished) == [NAME]
    compared.read_on({}, END + LATE + 1)
    assert list(compared.unfinished) == []
    assert not compared.is_whole(NAME)


def test_skipped_definitions_are_reported_with_the_job(logs: Scores) -> None:
    definitions = (("none", "no group"), *DONE.metric_definitions)
    compared, _ = compared_of(logs, replace(DONE, metric_definitions=definitions))
    (found,) = compared.read(END + LATE + 1)
    assert isinstance(found, ComparedJob)
    assert len(scores(found)) == 3
    assert found.unused == ("the metric definition none has no group that captures the value.",)
