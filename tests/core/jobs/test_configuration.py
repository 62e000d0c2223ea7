"""The configuration of a job."""

from __future__ import annotations

from jsft_tui.core.catalog.model_name import short_model_id
from jsft_tui.core.jobs.configuration import configuration
from jsft_tui.core.jobs.cost import spending
from jsft_tui.core.jobs.output import training_output
from jsft_tui.core.jobs.training_job import JobSummary, TrainingJob
from jsft_tui.core.sizing.pricing import Price
from tests.core.jobs.examples import ARN, answer


def test_everything_that_was_given_is_there_and_nothing_hostile() -> None:
    data = answer()
    data["Environment"] = {"MODE": "a\x1b[2Jb"}
    data["VpcConfig"] = {"Subnets": ["subnet-1", "subnet-2"], "SecurityGroupIds": ["sg-1"]}

    found = {section.title: dict(section.entries) for section in configuration(TrainingJob.parse(data, {"team": "ml"}))}

    assert found["Hyperparameters"] == {"epochs": "5", "learning_rate": "0.001"}
    assert found["Channels"]["training"] == "s3://my-data/flowers/"
    assert found["Channels"]["output"] == "s3://my-output"
    assert found["Resources"] == {"instance": "1 x ml.g5.2xlarge", "disk": "30 GB", "max run": "6h", "image": "image"}
    assert found["Access"]["role"] == "arn:aws:iam::123456789012:role/Train"
    assert found["Access"]["subnets"] == "subnet-1, subnet-2"
    assert "output key" not in found["Access"]
    assert found["Environment"] == {"MODE": "ab"}
    assert found["Tags"] == {"team": "ml"}


def test_a_job_of_which_only_its_row_is_known_has_no_configuration_to_invent() -> None:
    row = JobSummary.parse({"TrainingJobName": "x", "TrainingJobArn": ARN, "TrainingJobStatus": "InProgress"})

    assert configuration(TrainingJob.from_summary(row)) == []


def test_the_training_output_is_five_fields_exactly_as_the_service_has_them() -> None:
    fields = dict(training_output(TrainingJob.parse(answer(), {})))

    assert fields == {
        "Parent model": "s3://weights/model.tar.gz",
        "Training job name": "flowers-1",
        "Training job ARN": ARN,
        "Training time": "10:00, 10:00 billed",
        "Output path": "s3://my-output/flowers-1/output/model.tar.gz",
    }


def test_running_jobs_cost_by_the_hour_and_an_unknown_price_is_said_to_be_unknown() -> None:
    running = TrainingJob.parse(answer() | {"TrainingJobStatus": "InProgress"}, {})
    prices = {"ml.g5.2xlarge": Price(7.09, "test")}

    assert str(spending([running, running, TrainingJob.parse(answer(), {})], prices)) == "2 running  $14.18/h"
    assert str(spending([running], {})) == "1 running  unknown/h"
    assert str(spending([], prices)) == ""


def test_a_model_id_is_shown_without_its_family_where_there_is_little_room() -> None:
    assert short_model_id("tensorflow-ic-efficientnet-lite0-classification-2") == "efficientnet-lite0-classification-2"
    assert short_model_id("my-own") == "my-own"
    assert short_model_id("sklearn-classification-linear") == "sklearn-classification-linear"
    assert short_model_id("lightgbm-regression-model") == "lightgbm-regression-model"
