"""A job of anybody, with whatever values, is read, and everything that follows from it can be asked."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsft_tui.core.catalog.encoding import decoded_hyperparameters
from jsft_tui.core.jobs.cost import cost_so_far
from jsft_tui.core.jobs.metrics.log_metrics import progress
from jsft_tui.core.jobs.training_job import TrainingJob, iso
from jsft_tui.core.request.same import matches_request
from tests.core.jobs.examples import answer

DEEP = "[" * 2_400
ABSURD: list[Any] = [
    None,
    "",
    "text",
    DEEP,
    "9" * 5_000,
    10**400,
    -1,
    True,
    float("nan"),
    float("inf"),
    1e300,
    [],
    [None],
    [{}],
    ["text"],
    [{"InstanceCount": "two"}],
    {},
    {"a": None},
    {"S3ModelArtifacts": 7},
    {"InstanceType": 5, "InstanceCount": "many"},
    datetime(9999, 12, 31, tzinfo=UTC),
]
MEMBERS = sorted({*answer(), "FinalMetricDataList", "FailureReason", "VpcConfig", "CheckpointConfig"})


def asked(job: TrainingJob) -> None:
    """Ask for everything that lists, `job`, `stop`, and quota checks ask for."""
    now = 1_795_000_000.0
    assert job.name
    assert isinstance(job.instances, dict)
    assert isinstance(job.data_uris, dict)
    assert job.parent_model is None or job.parent_model
    assert job.diagnosis is None or job.diagnosis.code
    assert job.elapsed_seconds(now) >= 0
    assert job.billed_seconds(now) >= 0
    assert cost_so_far(job, {}, now) is None
    for moment in (job.created, job.started, job.ended):
        assert moment is None or iso(moment)
    assert matches_request(job.request, job.request) in (True, False)  # a NaN is not even itself


@pytest.mark.parametrize("member", [name for name in MEMBERS if name != "TrainingJobName"])
def test_any_value_of_a_member_leaves_a_job(member: str) -> None:
    for value in ABSURD:
        asked(TrainingJob.parse({**answer(), "TrainingJobStatus": "Failed", member: value}, {}))


@given(
    st.dictionaries(st.sampled_from(MEMBERS), st.recursive(st.sampled_from(ABSURD), lambda c: st.lists(c, max_size=2)))
)
def test_any_mixture_of_values_leaves_a_job(members: dict[str, Any]) -> None:
    asked(TrainingJob.parse({**answer(), **members, "TrainingJobName": "x"}, {}))


@pytest.mark.parametrize("value", [DEEP, '{"a":' * 2_000, f'"{DEEP}"', f" {DEEP}", '"\\ud800"', '"cut'])
def test_a_hyperparameter_of_any_text_is_a_text(value: str) -> None:
    assert isinstance(decoded_hyperparameters({"x": value})["x"], str)


@pytest.mark.parametrize("digits", [10, 100, 5_000])
def test_an_epoch_of_many_digits_is_no_progress(digits: int) -> None:
    assert progress(f"Epoch {'9' * digits}/{'9' * digits}") is None
    assert progress(f"Epoch 1/{'9' * digits}") is None


@pytest.mark.parametrize("seconds", [-1.0, 1e12, 1e300, float("inf"), float("nan")])
def test_a_time_that_is_no_date_is_none(seconds: float) -> None:
    assert iso(seconds) is None


def test_values_as_the_sdks_send_them_are_read_as_before() -> None:
    encoded = {"epochs": json.dumps("3"), "optimizer": "adam", "quoted": json.dumps('say "x"'), "list": "[1, 2]"}
    assert decoded_hyperparameters(encoded) == {
        "epochs": "3",
        "optimizer": "adam",
        "quoted": 'say "x"',
        "list": "[1, 2]",
    }
