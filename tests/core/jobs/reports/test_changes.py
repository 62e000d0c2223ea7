"""What a run has other than the last job of its model."""

from __future__ import annotations

from dataclasses import replace

from jsft_tui.core.jobs.reports.changes import Change, changes_since
from jsft_tui.core.jobs.training_job import TrainingJob
from jsft_tui.core.run.run import InstanceChoice
from tests.core.catalog.specs import model_spec, training_run
from tests.core.jobs.examples import answer

SPEC = model_spec()
JOB = TrainingJob.parse(answer(), {})
DATA = JOB.data_uris


def test_what_differs_is_named_with_both_values() -> None:
    run = training_run(instance=InstanceChoice("ml.g5.12xlarge", 2), hyperparameters={"epochs": "9"})
    assert changes_since(JOB, run, SPEC, {"training": "s3://other/place/roses"}) == (
        Change("epochs", "5", "9"),
        Change("instance", "g5.2xlarge", "2 × g5.12xlarge"),
        Change("data", "my-data/flowers", "place/roses"),
    )


def test_what_is_the_same_is_not_named_and_of_an_unread_job_nothing_is_known() -> None:
    run = training_run(instance=InstanceChoice("ml.g5.2xlarge"), hyperparameters={"epochs": "5"})
    assert changes_since(JOB, run, SPEC, {"training": "s3://my-data/flowers"}) == ()
    assert changes_since(replace(JOB, instance_type=""), training_run(), SPEC, DATA) == ()
