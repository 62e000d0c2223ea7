"""Runs that continue from a previous job's model."""

from __future__ import annotations

from typing import Any

import pytest

from jsft_tui.core.common.errors import Problem
from jsft_tui.core.jobs.training_job import TrainingJob
from jsft_tui.core.request.build import build_request
from jsft_tui.core.request.rerun.resume import continued_run
from jsft_tui.core.run.run import InstanceChoice, ModelChoice, Run
from tests.common.shared_data import PLACE
from tests.core.catalog.small_spec import channels, small_spec
from tests.core.jobs.examples import answer

ABLE = small_spec(incremental_training_supported=True)
RUN = Run(
    "more",
    ModelChoice(ABLE.model_id, ABLE.version),
    InstanceChoice("ml.m5.xlarge"),
    "s3://out",
    {"training": "s3://d/"},
)


def job(**changes: Any) -> TrainingJob:
    return TrainingJob.parse({**answer(), **changes}, {})


@pytest.mark.parametrize("status", ["Completed", "Stopped"])
def test_the_former_model_takes_the_place_of_jumpstarts_weights(status: str) -> None:
    run = continued_run(RUN, job(TrainingJobStatus=status), ABLE)

    sent = channels(build_request(run, ABLE, PLACE))
    assert sent["model"] == "s3://my-output/flowers-1/output/model.tar.gz"
    assert sent["training"] == "s3://d/"
    assert channels(build_request(RUN, ABLE, PLACE))["model"].endswith("/weights/any.tar.gz")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"TrainingJobStatus": "InProgress"}, "NoModel"),
        ({"TrainingJobStatus": "Failed"}, "NoModel"),
        ({"ModelArtifacts": {}}, "NoModel"),
        ({"OutputDataConfig": {"S3OutputPath": "s3://o", "CompressionType": "NONE"}}, "NotIncremental"),
    ],
)
def test_without_a_model_to_go_on_from_it_is_refused(changes: dict[str, Any], code: str) -> None:
    with pytest.raises(Problem) as caught:
        continued_run(RUN, job(**changes), ABLE)
    assert caught.value.code == code
    assert caught.value.remedy


def test_a_model_that_cannot_is_refused() -> None:
    with pytest.raises(Problem, match="does not support incremental training"):
        continued_run(RUN, job(), small_spec(incremental_training_supported=False))
