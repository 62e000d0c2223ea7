"""Phases of a job, and the remaining training time."""

from __future__ import annotations

import pytest

from jsft_tui.core.jobs.metrics.log_metrics import EpochMark, Progress
from jsft_tui.core.jobs.phases.timeline import MAX_STAGES, Moment, eta_seconds, rough_duration, stages
from jsft_tui.core.jobs.training_job import TrainingJob
from tests.core.jobs.examples import STARTED, answer

START = STARTED.timestamp()


def job(*phases: tuple[str, float, float | None], status: str = "InProgress", **changes: object) -> TrainingJob:
    """Build a job with these phases: (name, from, to) in seconds since its start."""
    data = answer()
    data |= {"TrainingJobStatus": status, "SecondaryStatus": phases[-1][0], **changes}
    data["SecondaryStatusTransitions"] = [
        {"Status": name, "StartTime": START + begin, **({} if end is None else {"EndTime": START + end})}
        for name, begin, end in phases
    ]
    return TrainingJob.parse(data, {})


def texts(found: TrainingJob, now: float) -> list[str]:
    return [stage.text for stage in stages(found, START + now)]


def test_what_was_what_is_and_what_will_be() -> None:
    running = job(("Starting", 0, 4), ("Downloading", 4, 15), ("Training", 15, None))

    assert texts(running, 215) == ["Starting 0:04", "Downloading 0:11", "Training 3:20…", "Uploading"]
    assert [stage.moment for stage in stages(running, START)][-2:] == [Moment.NOW, Moment.COMING]


def test_a_job_that_has_just_begun_has_everything_before_it() -> None:
    assert texts(job(("Pending", 0, None)), 9) == ["Pending 0:09…", "Starting", "Downloading", "Training", "Uploading"]


def test_an_end_lasts_no_time_and_nothing_comes_after_it() -> None:
    failed = job(("Starting", 0, 4), ("Training", 4, 9), ("Failed", 9, 9), status="Failed")

    assert texts(failed, 99) == ["Starting 0:04", "Training 0:05", "Failed"]


def test_a_phase_that_the_service_never_closed_ends_with_the_job() -> None:
    stopped = job(("Training", 0, None), status="Stopped", TrainingEndTime=START + 30)

    assert texts(stopped, 500) == ["Training 0:30"]


def test_a_job_that_is_being_stopped_uploads_nothing_more_by_plan() -> None:
    assert texts(job(("Training", 0, 8), ("Stopping", 8, None)), 10) == ["Training 0:08", "Stopping 0:02…"]


def test_of_a_spot_job_that_was_interrupted_often_the_last_phases_are_shown() -> None:
    rounds = [("Training", float(n), float(n + 1)) for n in range(30)]
    found = texts(job(*rounds, ("Training", 30, None)), 31)

    assert found[0] == "24 before"
    assert len(found) == 1 + MAX_STAGES + 1


def marks(*told: tuple[float, int, int]) -> list[EpochMark]:
    return [EpochMark(time, Progress(epoch, epochs)) for time, epoch, epochs in told]


@pytest.mark.parametrize(
    ("told", "now", "expected"),
    [
        ((), 0, None),
        (((0, 1, 10),), 5, None),  # one epoch gives no pace
        (((0, 1, 10), (10, 2, 10)), 10, 90),
        (((0, 1, 10), (10, 2, 10)), 14, 86),
        (((0, 1, 10), (10, 2, 10)), 400, 0),  # slower than expected: never negative
        (((0, 1, 3), (10, 2, 3), (20, 3, 3)), 21, 0),
        (((0, 7, 10), (9, 8, 10), (100, 1, 10)), 101, None),  # restarted
        (((0, 7, 10), (9, 8, 10), (100, 1, 10), (104, 2, 10)), 104, 36),
        (((0, 5, 10), (3, 5, 10)), 3, None),
    ],
)
def test_the_epochs_that_are_left_take_as_long_as_those_before(
    told: tuple[tuple[float, int, int], ...], now: float, expected: float | None
) -> None:
    assert eta_seconds(marks(*told), now) == expected


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "a few seconds"), (42, "40 s"), (120, "2 min"), (5000, "83 min"), (6000, "1 h 40 min"), (7200, "2 h")],
)
def test_times_to_come_are_rough(seconds: float, text: str) -> None:
    assert rough_duration(seconds) == text
