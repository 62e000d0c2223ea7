"""Parsing training jobs."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from jsft_tui.core.catalog.job_tags import MODEL_ID_TAG, MODEL_VERSION_TAG
from jsft_tui.core.jobs.members import seconds_of
from jsft_tui.core.jobs.training_job import JobStatus, JobSummary, TrainingJob, Transition, iso
from tests.common.shared_data import load, needs_shared_data
from tests.core.jobs.examples import ARN, CREATED, ENDED, STARTED, answer

TAGS = {MODEL_ID_TAG: "tensorflow-ic-lite", MODEL_VERSION_TAG: "2.0.0", "team": "flowers"}
NOW = STARTED.timestamp() + 200


def job(tags: dict[str, str] | None = None, without: tuple[str, ...] = (), **changes: Any) -> TrainingJob:
    data = {**answer(), **changes}
    return TrainingJob.parse(
        {key: value for key, value in data.items() if key not in without}, TAGS if tags is None else tags
    )


def running(**changes: Any) -> TrainingJob:
    absent = (
        "TrainingEndTime",
        "BillableTimeInSeconds",
        "TrainingTimeInSeconds",
        "ModelArtifacts",
        "FinalMetricDataList",
    )
    return job(without=absent, **{"TrainingJobStatus": "InProgress", "SecondaryStatus": "Training", **changes})


def test_an_answer_is_read() -> None:
    found = job()
    assert (found.name, found.arn, found.status) == ("flowers-1", ARN, JobStatus.COMPLETED)
    assert (found.created, found.started, found.ended) == (CREATED.timestamp(), STARTED.timestamp(), ENDED.timestamp())
    assert (found.instance_type, found.instance_count, found.spot) == ("ml.g5.2xlarge", 1, False)
    assert (found.max_runtime, found.training_seconds, found.billable_seconds) == (21_600, 600, 600)
    assert found.output_path == "s3://my-output/flowers-1/output/model.tar.gz"
    assert found.hyperparameters == {"epochs": "5", "learning_rate": "0.001"}
    assert found.metric_definitions == (("val-accuracy", "val_accuracy: ([0-9\\.]+)"),)
    assert found.final_metrics == {"val-accuracy": 0.93}
    assert found.transitions[0] == Transition("Starting", CREATED.timestamp(), STARTED.timestamp(), "Preparing")
    assert found.tags == TAGS
    assert not found.uncompressed


def test_only_the_name_has_to_be_there() -> None:
    found = TrainingJob.parse({"TrainingJobName": "x"}, {})
    assert (found.status, found.created, found.instance_type, found.instance_count) == (JobStatus.UNKNOWN, 0.0, "", 1)
    assert found.billed_seconds(NOW) == 0
    assert found.parent_model is None
    assert found.output_path is None


@pytest.mark.parametrize("name", sorted(set(answer()) - {"TrainingJobName"}))
def test_a_field_that_is_absent_does_not_matter(name: str) -> None:
    found = job(without=(name,))
    found.elapsed_seconds(NOW)
    found.billed_seconds(NOW)
    assert found.name == "flowers-1"


def test_the_parent_model_is_the_one_that_the_tags_name() -> None:
    assert job().parent_model == "tensorflow-ic-lite 2.0.0"
    assert (job().model_id, job().model_version) == ("tensorflow-ic-lite", "2.0.0")


def test_without_tags_the_parent_model_is_where_the_weights_lie() -> None:
    assert job(tags={}).parent_model == "s3://weights/model.tar.gz"
    assert job(tags={}).model_id is None


def test_an_uncompressed_output_is_a_prefix() -> None:
    output = {"S3OutputPath": "s3://my-output", "CompressionType": "NONE"}
    assert job(OutputDataConfig=output).uncompressed


def test_a_job_of_instance_groups_has_no_single_type() -> None:
    groups = [{"InstanceType": "ml.g5.2xlarge", "InstanceCount": 2, "InstanceGroupName": "a"}]
    assert job(ResourceConfig={"InstanceGroups": groups, "VolumeSizeInGB": 30}).instance_type == ""


def test_text_that_others_wrote_is_cleaned() -> None:
    transitions = [{"Status": "Failed\x1b[2J", "StartTime": CREATED, "StatusMessage": "a\x1b]0;evil\x07b"}]
    found = job(FailureReason="AlgorithmError:\n\x1b[31mred\x1b[0m", SecondaryStatusTransitions=transitions)
    assert found.failure_reason == "AlgorithmError:\nred"
    assert (found.transitions[0].status, found.transitions[0].message) == ("Failed", "ab")


def test_a_final_metric_that_is_no_number_is_left_out() -> None:
    metrics = [{"MetricName": "loss", "Value": float("nan")}, {"MetricName": "accuracy", "Value": 0.5}]
    assert job(FinalMetricDataList=metrics).final_metrics == {"accuracy": 0.5}


# -- status


@needs_shared_data
def test_every_status_of_the_service_is_known() -> None:
    for text in load("botocore_training_job_statuses.json")["TrainingJobStatus"]:
        assert JobStatus.parse(text).value == text


@pytest.mark.parametrize("text", ["Hibernating", "", "completed", "UNKNOWN"])
def test_a_status_of_the_future_is_unknown_and_not_final(text: str) -> None:
    status = JobStatus.parse(text)
    assert status is JobStatus.UNKNOWN
    assert not status.is_final
    assert status.as_status.glyph == "?"


@pytest.mark.parametrize(
    ("text", "final"),
    [
        ("InProgress", False),
        ("Stopping", False),
        ("Deleting", False),
        ("Completed", True),
        ("Failed", True),
        ("Stopped", True),
    ],
)
def test_a_job_ends_completed_failed_or_stopped(text: str, final: bool) -> None:
    assert JobStatus.parse(text).is_final is final


# -- time and money


def test_a_running_job_is_billed_from_its_start_of_training_on_all_instances() -> None:
    resources = {"InstanceType": "ml.g5.2xlarge", "InstanceCount": 3}
    assert running().billed_seconds(NOW) == 200
    assert running(ResourceConfig=resources).billed_seconds(NOW) == 600


def test_a_job_that_has_not_started_training_is_not_billed() -> None:
    waiting = job(
        without=("TrainingStartTime", "TrainingEndTime", "BillableTimeInSeconds"), TrainingJobStatus="InProgress"
    )
    assert waiting.billed_seconds(NOW) == 0
    assert waiting.elapsed_seconds(NOW) == 290


def test_a_spot_job_that_ended_is_billed_for_its_billable_time() -> None:
    resources = {"InstanceType": "ml.g5.2xlarge", "InstanceCount": 2}
    spot = job(EnableManagedSpotTraining=True, BillableTimeInSeconds=180, ResourceConfig=resources)
    assert spot.spot
    assert spot.billed_seconds(NOW) == 360


def test_a_clock_that_goes_wrong_gives_no_negative_times() -> None:
    assert running().billed_seconds(0) == 0
    assert running().elapsed_seconds(0) == 0
    assert Transition("Training", 10.0, None, "").seconds(5.0) == 0


def test_an_ended_job_does_not_grow_older() -> None:
    assert job().elapsed_seconds(10**10) == 690
    assert job(without=("BillableTimeInSeconds",)).billed_seconds(10**10) == 600


def test_a_job_that_ended_without_ever_training_does_not_grow_older() -> None:
    stopped: dict[str, Any] = {"TrainingJobStatus": "Stopped", "SecondaryStatus": "Stopped"}
    without = ("TrainingStartTime", "TrainingEndTime", "BillableTimeInSeconds", "TrainingTimeInSeconds")
    end = CREATED + timedelta(seconds=9)
    phases = [
        {"Status": "Starting", "StartTime": CREATED, "EndTime": end},
        {"Status": "Stopped", "StartTime": end, "EndTime": end},
    ]

    told_by_phases = job(without=without, SecondaryStatusTransitions=phases, **stopped)
    told_by_change = job(without=without, SecondaryStatusTransitions=[], LastModifiedTime=end, **stopped)

    assert told_by_phases.elapsed_seconds(10**10) == told_by_change.elapsed_seconds(10**10) == 9
    assert told_by_phases.billed_seconds(10**10) == 0


def test_a_phase_lasts_until_its_end_or_until_now() -> None:
    assert Transition("Training", 10.0, 25.0, "").seconds(100.0) == 15
    assert Transition("Training", 10.0, None, "").seconds(100.0) == 90


# -- summaries


def test_a_summary_is_read() -> None:
    data = {name: answer()[name] for name in ("TrainingJobName", "TrainingJobArn", "TrainingJobStatus", "CreationTime")}
    found = JobSummary.parse({**data, "TrainingEndTime": ENDED, "SecondaryStatus": "Completed"})
    assert (found.name, found.arn, found.status, found.created) == (
        "flowers-1",
        ARN,
        JobStatus.COMPLETED,
        CREATED.timestamp(),
    )
    assert found.elapsed_seconds(10**10) == 690


def test_a_row_that_ended_without_ever_training_does_not_grow_older() -> None:
    row = {"TrainingJobName": "x", "CreationTime": CREATED, "LastModifiedTime": CREATED + timedelta(seconds=9)}
    assert JobSummary.parse({**row, "TrainingJobStatus": "Stopped"}).elapsed_seconds(10**10) == 9
    assert JobSummary.parse({**row, "TrainingJobStatus": "InProgress"}).ended is None


def test_a_summary_without_times_is_read() -> None:
    assert JobSummary.parse({"TrainingJobName": "x", "TrainingJobStatus": "New"}).status is JobStatus.UNKNOWN


# -- moments


def test_a_moment_is_read_from_a_date_or_a_number() -> None:
    seoul = timezone(timedelta(hours=9))
    assert seconds_of(datetime(2026, 11, 23, 12, 0, tzinfo=seoul)) == CREATED.timestamp()
    assert seconds_of(5) == 5.0
    assert seconds_of(None) is None
    assert seconds_of("2026") is None


def test_a_moment_is_written_in_utc() -> None:
    assert iso(CREATED.timestamp()) == "2026-11-23T03:00:00.000Z"
    assert iso(CREATED.timestamp() + 0.25) == "2026-11-23T03:00:00.250Z"
    assert iso(0) == "1970-01-01T00:00:00.000Z"
    assert iso(None) is None
