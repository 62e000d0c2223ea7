"""Waits of a job: for what, how long, whether billed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from jsft_tui.core.common.durations import clock
from jsft_tui.core.jobs.phases.waiting import waiting
from jsft_tui.core.jobs.training_job import JobStatus, JobSummary, TrainingJob
from tests.core.jobs.examples import CREATED, answer

BEGUN = CREATED.timestamp()
NO_CAPACITY = "Insufficient capacity error from EC2 while launching instances, retrying!"


def job(phase: str, message: str = "", *, billed: bool = False, **changes: Any) -> TrainingJob:
    """Build a running job that is in a phase since it was created."""
    data = answer()
    for name in ("TrainingStartTime", "TrainingEndTime", "BillableTimeInSeconds"):
        del data[name]
    data |= {"TrainingJobStatus": "InProgress", "SecondaryStatus": phase, **changes}
    data |= {"TrainingStartTime": BEGUN} if billed else {}
    data["SecondaryStatusTransitions"] = [{"Status": phase, "StartTime": BEGUN, "StatusMessage": message}]
    return TrainingJob.parse(data, {})


def test_missing_capacity_is_reported_at_once() -> None:
    found = waiting(job("Starting", NO_CAPACITY), BEGUN + 2)

    assert found is not None
    assert (found.word, found.seconds, found.is_long, found.is_billed) == ("no capacity", 2.0, False, False)
    assert "ml.g5.2xlarge" in found.text
    later = waiting(job("Starting", NO_CAPACITY), BEGUN + 1700)
    assert later is not None
    assert later.is_long


@pytest.mark.parametrize(
    ("phase", "usual", "billed"),
    [
        ("Starting", 300, False),
        ("Pending", 300, False),
        ("LaunchingMLInstances", 300, False),
        ("Downloading", 900, True),
        ("DownloadingTrainingImage", 900, True),
        ("Uploading", 1200, True),
        ("Stopping", 600, True),
    ],
)
def test_another_wait_is_reported_after_the_usual_time_of_its_phase(phase: str, usual: int, billed: bool) -> None:
    waits = job(phase, billed=billed)

    assert waiting(waits, BEGUN + usual - 1) is None
    found = waiting(waits, BEGUN + usual)

    assert found is not None
    assert (found.word, found.is_long, found.is_billed) == (phase, True, billed)
    assert found.text.startswith(f"{phase} for {clock(usual)}")


def test_an_interrupted_spot_job_continues_from_its_checkpoint_and_is_not_billed() -> None:
    plain = waiting(job("Interrupted", billed=True, EnableManagedSpotTraining=True), BEGUN + 1)
    uri = {"S3Uri": "s3://x/y"}
    saved = waiting(job("Interrupted", billed=True, EnableManagedSpotTraining=True, CheckpointConfig=uri), BEGUN + 1)

    assert plain is not None
    assert saved is not None
    assert plain.is_billed is saved.is_billed is False
    assert "no checkpoint" in plain.text
    assert "last checkpoint" in saved.text


def test_in_a_vpc_free_addresses_may_be_missing() -> None:
    outside = waiting(job("Starting"), BEGUN + 600)
    inside = waiting(job("Starting", VpcConfig={"Subnets": ["subnet-1"]}), BEGUN + 600)

    assert outside is not None
    assert inside is not None
    assert ("subnets" in outside.text, "subnets" in inside.text) == (False, True)


def test_an_unhealthy_instance_is_reported() -> None:
    replaced = waiting(job("Starting", "Launched instance was unhealthy, replacing it!"), BEGUN + 6)

    assert replaced is not None
    assert replaced.word == "bad instance"


@pytest.mark.parametrize("status", [status for status in JobStatus if status.is_final])
def test_a_job_that_proceeds_or_has_ended_or_was_only_listed_does_not_wait(status: JobStatus) -> None:
    assert waiting(job("Training", billed=True), BEGUN + 10**6) is None
    assert waiting(job("SomethingNew"), BEGUN + 10**6) is None
    assert waiting(job("Starting", NO_CAPACITY, TrainingJobStatus=status.value), BEGUN + 10**6) is None
    row = JobSummary("x", "arn", JobStatus.IN_PROGRESS, BEGUN, secondary_status="Starting")
    assert waiting(TrainingJob.from_summary(row), BEGUN + 10**6) is None


def test_a_phase_without_a_known_start_is_not_reported() -> None:
    described = job("Starting", NO_CAPACITY)

    assert waiting(replace(described, secondary_status="Downloading"), BEGUN + 10**6) is None
    assert waiting(replace(described, transitions=()), BEGUN + 10**6) is None
