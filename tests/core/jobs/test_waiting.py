"""A job that does not get on: why, whether that is billed, what to do."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from jsft_tui.core.jobs.training_job import JobStatus, JobSummary, TrainingJob
from jsft_tui.core.jobs.waiting import waiting
from tests.core.jobs.examples import CREATED, answer

BEGUN = CREATED.timestamp()
NO_CAPACITY = "Insufficient capacity error from EC2 while launching instances, retrying!"


def job(phase: str, message: str = "", *, billed: bool = False, **changes: Any) -> TrainingJob:
    """A running job in a phase since it was created."""
    data = answer()
    for name in ("TrainingStartTime", "TrainingEndTime", "BillableTimeInSeconds"):
        del data[name]
    data |= {"TrainingJobStatus": "InProgress", "SecondaryStatus": phase, **changes}
    data |= {"TrainingStartTime": BEGUN} if billed else {}
    data["SecondaryStatusTransitions"] = [{"Status": phase, "StartTime": BEGUN, "StatusMessage": message}]
    return TrainingJob.parse(data, {})


def test_that_there_is_no_capacity_is_told_at_once() -> None:
    found = waiting(job("Starting", NO_CAPACITY), BEGUN + 2)

    assert found is not None
    assert (found.word, found.seconds, found.is_long) == ("no capacity", 2.0, False)
    assert found.text == (
        "no free ml.g5.2xlarge now, AWS goes on trying; waits of an hour are known. Not billed yet. "
        "Wait, or stop it and clone it with another type or region."
    )
    later = waiting(job("Starting", NO_CAPACITY), BEGUN + 1700)
    assert later is not None
    assert later.is_long


@pytest.mark.parametrize(
    ("phase", "usual", "billed", "says"),
    [
        ("Starting", 300, False, ("Starting for 5:00 (usual: up to 5m)", "looks for a free ml.g5", "Not billed yet.")),
        ("Pending", 300, False, ("looks for a free ml.g5.2xlarge", "Not billed yet.", "another type")),
        ("LaunchingMLInstances", 300, False, ("looks for a free", "Not billed yet.")),
        ("Downloading", 900, True, ("much data", " Billed.", "size of its data")),
        ("DownloadingTrainingImage", 900, True, ("image is large", " Billed.")),
        ("Uploading", 1200, True, ("packed and written", " Billed.", "the model is trained")),
        ("Stopping", 600, True, ("two minutes to save", " Billed.")),
    ],
)
def test_anything_else_is_told_after_its_usual_time(
    phase: str, usual: int, billed: bool, says: tuple[str, ...]
) -> None:
    sits = job(phase, billed=billed)

    assert waiting(sits, BEGUN + usual - 1) is None
    found = waiting(sits, BEGUN + usual)

    assert found is not None
    assert (found.word, found.is_long) == (phase, True)
    assert [text for text in says if text not in found.text] == []


def test_an_interrupted_spot_job_says_from_where_it_goes_on() -> None:
    plain = waiting(job("Interrupted", billed=True, EnableManagedSpotTraining=True), BEGUN + 1)
    place = {"S3Uri": "s3://x/y"}
    saved = waiting(job("Interrupted", billed=True, EnableManagedSpotTraining=True, CheckpointConfig=place), BEGUN + 1)

    assert plain is not None
    assert saved is not None
    assert "from the beginning (it has no checkpoint)" in plain.text
    assert "Not billed." in plain.text
    assert "from its last checkpoint" in saved.text


def test_in_a_vpc_addresses_may_be_what_is_missing_and_a_bad_machine_is_named() -> None:
    inside = waiting(job("Starting", VpcConfig={"Subnets": ["subnet-1"]}), BEGUN + 600)
    replaced = waiting(job("Starting", "Launched instance was unhealthy, replacing it!"), BEGUN + 6)

    assert inside is not None
    assert replaced is not None
    assert "free addresses in its subnets" in inside.text
    assert replaced.word == "bad machine"


@pytest.mark.parametrize("status", [status for status in JobStatus if status.is_final])
def test_what_gets_on_or_has_ended_or_is_hardly_known_waits_for_nothing(status: JobStatus) -> None:
    assert waiting(job("Training", billed=True), BEGUN + 10**6) is None
    assert waiting(job("SomethingNew"), BEGUN + 10**6) is None
    assert waiting(job("Starting", NO_CAPACITY, TrainingJobStatus=status.value), BEGUN + 10**6) is None
    row = JobSummary("x", "arn", JobStatus.IN_PROGRESS, BEGUN, secondary_status="Starting")
    assert waiting(TrainingJob.from_summary(row), BEGUN + 10**6) is None


def test_a_phase_of_which_only_the_list_knows_has_no_time() -> None:
    described = job("Starting", NO_CAPACITY)

    assert waiting(replace(described, secondary_status="Downloading"), BEGUN + 10**6) is None
    assert waiting(replace(described, transitions=()), BEGUN + 10**6) is None
