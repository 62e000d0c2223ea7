"""The state of a job in a few words."""

from __future__ import annotations

from typing import Any

import pytest

from jsft_tui.core.jobs.phases.state import JobState, job_state
from jsft_tui.core.jobs.training_job import JobSummary, TrainingJob
from tests.core.jobs.examples import STARTED, answer
from tests.core.jobs.test_waiting import NO_CAPACITY
from tests.core.jobs.test_waiting import job as sitting

NOW = STARTED.timestamp() + 100


def state(**changes: Any) -> JobState:
    return job_state(TrainingJob.parse({**answer(), **changes}, {}), NOW)


@pytest.mark.parametrize(
    ("changes", "word", "more"),
    [
        ({}, "", "0.93 val-accuracy"),
        ({"FinalMetricDataList": []}, "", ""),
        ({"TrainingJobStatus": "Failed", "FailureReason": "CUDA out of memory"}, "GPU memory", "GPU memory"),
        ({"TrainingJobStatus": "Failed", "FailureReason": "It is\nodd."}, "", "It is"),
        ({"TrainingJobStatus": "Stopped", "SecondaryStatus": "MaxRuntimeExceeded"}, "max runtime", "max runtime"),
        ({"TrainingJobStatus": "Stopped", "SecondaryStatus": "Stopped"}, "", "0.93 val-accuracy"),
        ({"TrainingJobStatus": "InProgress", "SecondaryStatus": "Training"}, "Training", "Training"),
        ({"TrainingJobStatus": "Deleting", "SecondaryStatus": "Whatever"}, "", ""),
    ],
)
def test_a_word_and_more(changes: dict[str, Any], word: str, more: str) -> None:
    assert state(**changes) == JobState(word, more)


def test_a_wait_needs_attention_and_says_how_long() -> None:
    waits = sitting("Starting", NO_CAPACITY)
    assert job_state(waits, waits.created + 1690) == JobState("no capacity", "no capacity 28:10", needs_attention=True)


def test_of_a_job_that_is_only_listed_the_status_says_all() -> None:
    row = JobSummary.parse({**answer(), "SecondaryStatus": "Failed", "TrainingJobStatus": "Failed"})
    assert job_state(TrainingJob.from_summary(row), NOW) == JobState("", "")
