"""The run to compare with is the best earlier one of the same model and data."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from jsft_tui.core.jobs.metrics.earlier_run import best_earlier_run
from jsft_tui.core.jobs.training_job import JobStatus, TrainingJob
from tests.core.jobs.examples import CREATED, answer

TAGS = {"sagemaker-sdk:jumpstart-model-id": "lite0", "sagemaker-sdk:jumpstart-model-version": "1.0.0"}


def run(name: str, value: float, days_ago: int = 1, metric: str = "val-accuracy", **changes: Any) -> TrainingJob:
    """Build a completed run of the same model and data."""
    job = TrainingJob.parse(
        answer() | {"TrainingJobName": name, "CreationTime": CREATED - timedelta(days=days_ago)}, TAGS
    )
    return replace(job, final_metrics={metric: value}, **changes)


JOB = run("now", 0.5, 0)


def with_data(job: TrainingJob, uri: str) -> TrainingJob:
    """Return the job, trained on other data."""
    channel = {"ChannelName": "training", "DataSource": {"S3DataSource": {"S3Uri": uri}}}
    return replace(job, request={**job.request, "InputDataConfig": [channel]})


@pytest.mark.parametrize(
    ("others", "best"),
    [
        ([run("a", 0.9), run("b", 0.95, 2)], "b"),
        ([run("a", 0.9, 2), run("b", 0.9, 1)], "b"),
        ([run("a", 0.9, metric="val-loss"), run("b", 0.2, 2, metric="val-loss")], "b"),
        ([run("a", 0.9), run("later", 0.99, -1)], "a"),
        ([run("a", 0.9), run("other-model", 0.99, model_id="resnet18")], "a"),
        ([run("a", 0.9), run("failed", 0.99, status=JobStatus.FAILED)], "a"),
        ([run("a", 0.9), with_data(run("other-data", 0.99), "s3://my-data/birds/")], "a"),
        ([with_data(run("no-slash", 0.9), "s3://my-data/flowers")], "no-slash"),
        ([run("a", 0.9), run("other-metric", 0.1, 2, metric="val-loss")], "a"),
        ([run("nan", float("nan")), replace(run("none", 0), final_metrics={}), JOB], None),
        ([], None),
    ],
)
def test_the_best_of_the_same_kind_is_chosen(others: list[TrainingJob], best: str | None) -> None:
    found = best_earlier_run(JOB, others)
    assert (found.job.name if found else None) == best


def test_only_runs_with_the_jobs_objective_are_compared() -> None:
    others = [run("a", 0.1, metric="val-loss"), run("b", 0.9, 2)]
    found = best_earlier_run(JOB, others, "val-accuracy")
    assert found is not None
    assert (found.job.name, found.metric, found.value) == ("b", "val-accuracy", 0.9)
