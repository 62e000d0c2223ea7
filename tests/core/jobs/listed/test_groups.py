"""Jobs of a list: groups, the words of a row, the order."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from jsft_tui.core.jobs.listed.ending import cause_headline, where_it_stopped
from jsft_tui.core.jobs.listed.groups import job_groups, was_away
from jsft_tui.core.jobs.listed.order import JobOrder, in_order
from jsft_tui.core.jobs.listed.words import PROGRESS_CELLS, ago, cause_words, progress_words
from jsft_tui.core.jobs.metrics.log_metrics import Progress
from jsft_tui.core.jobs.training_job import TrainingJob
from tests.core.jobs.examples import answer

NOW = datetime(2026, 11, 28, 14, 40)


def job(name: str, status: str, hours_ago: float, **more: Any) -> TrainingJob:
    """A job that ended (or began to run) so many hours ago."""
    moment = (NOW - timedelta(hours=hours_ago)).timestamp()
    is_running = status == "InProgress"
    times = {"CreationTime": moment - 60, "TrainingStartTime": moment - 30}
    if not is_running:
        times["TrainingEndTime"] = moment
    phase = {"Status": "Training", "StartTime": moment - 30, **({} if is_running else {"EndTime": moment})}
    described = {
        **answer(),
        "TrainingJobName": name,
        "TrainingJobStatus": status,
        "SecondaryStatus": "Training" if is_running else status,
        "SecondaryStatusTransitions": [phase],
        "TrainingEndTime": None,
        **times,
        **more,
    }
    return TrainingJob.parse(described, {})


def waiting(name: str) -> TrainingJob:
    """A job that AWS has no instance for."""
    since = (NOW - timedelta(minutes=12)).timestamp()
    phase = {"Status": "Starting", "StartTime": since, "StatusMessage": "Insufficient capacity error, retrying"}
    more = {"SecondaryStatus": "Starting", "SecondaryStatusTransitions": [phase], "TrainingStartTime": None}
    return job(name, "InProgress", 0.2, **more)


JOBS = [
    job("b", "InProgress", 0.3),
    waiting("w"),
    job("a", "Completed", 0.6),
    job("x", "Failed", 2, FailureReason="AlgorithmError: CUDA out of memory"),
    job("y", "Stopped", 20),
    job("z", "Completed", 60),
]


def groups(left: datetime | None = None) -> list[str]:
    return [f"{g.title} · {g.note}: {' '.join(job.name for job in g.jobs)}" for g in job_groups(JOBS, NOW, left)]


def test_what_runs_comes_first_then_what_waits_then_the_days() -> None:
    assert groups() == [
        "Running · 1: b",
        "Waiting for capacity · 1: w",
        "Today · 2: a x",
        "Yesterday · 1: y",
        "Earlier · 1: z",
    ]


def test_what_ended_since_one_left_comes_before_all_and_nowhere_else() -> None:
    assert groups(NOW - timedelta(hours=3))[0] == "Since you left · 3 h ago: a x"
    assert not [text for text in groups(NOW - timedelta(hours=3)) if text.startswith("Today")]
    assert groups(NOW - timedelta(minutes=5))[0].startswith("Running")


@pytest.mark.parametrize(
    ("left", "away"),
    [
        (None, False),
        (NOW - timedelta(minutes=20), False),
        (NOW - timedelta(minutes=61), True),
        (NOW - timedelta(days=1), True),
    ],
)
def test_one_was_away_after_an_hour_or_on_another_day(left: datetime | None, away: bool) -> None:
    assert was_away(left, NOW) is away


@pytest.mark.parametrize(
    ("before", "text"),
    [
        (timedelta(seconds=3), "just now"),
        (timedelta(minutes=38), "38 min ago"),
        (timedelta(hours=3), "3 h ago"),
        (timedelta(days=2), "26 Nov"),
        (timedelta(days=400), "Oct 2025"),
    ],
)
def test_when_something_was(before: timedelta, text: str) -> None:
    assert ago(NOW - before, NOW) == text
    assert len(text) <= PROGRESS_CELLS


@pytest.mark.parametrize(
    ("progress", "text"), [(Progress(4, 10), "epoch 4/10"), (Progress(12, 1000), "12/1000"), (None, "18:30")]
)
def test_a_running_job_tells_its_epoch_else_how_long_it_is_in_its_phase(progress: Progress | None, text: str) -> None:
    assert progress_words(JOBS[0], progress, NOW) == text


def test_why_there_is_no_value() -> None:
    seconds = NOW.timestamp()
    assert [cause_words(each, seconds) for each in JOBS] == [
        "Training",
        "no capacity",
        "",
        "GPU memory",
        "stopped",
        "",
    ]
    assert cause_words(job("u", "Failed", 1, FailureReason="Never seen before"), seconds) == "failed"


def test_the_order() -> None:
    jobs = [
        job("worse", "Completed", 1, FinalMetricDataList=[{"MetricName": "val-accuracy", "Value": 0.8}]),
        job("none", "Failed", 2, FinalMetricDataList=[]),
        job("better", "Completed", 3, FinalMetricDataList=[{"MetricName": "val-accuracy", "Value": 0.9}]),
    ]
    assert [each.name for each in in_order(jobs, JobOrder.OBJECTIVE, {}, 0.0)] == ["better", "worse", "none"]
    assert [each.name for each in in_order(jobs, JobOrder.NAME, {}, 0.0)] == ["better", "none", "worse"]
    assert in_order(jobs, JobOrder.TIME, {}, 0.0) == jobs


def test_how_a_job_went_wrong() -> None:
    failed = JOBS[3]
    assert cause_headline(failed) == "The GPU ran out of memory"
    assert where_it_stopped(failed, Progress(1, 3)) == "It stopped in epoch 1 of 3, 0:30 after training began."
    assert cause_headline(job("u", "Failed", 1, FailureReason="Never seen before")) == "The training script failed"
