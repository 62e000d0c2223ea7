"""Groups of the form, what is usual, where a value stands, what was tried, and hints."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from jsft_tui.core.catalog.spec.hyperparameter import HyperparameterSpec
from jsft_tui.core.hyperparameters.advice.groups import ValueGroup, grouped
from jsft_tui.core.hyperparameters.advice.guide import Scale, usual_range
from jsft_tui.core.hyperparameters.advice.hints import hints
from jsft_tui.core.hyperparameters.advice.ruler import ruler
from jsft_tui.core.hyperparameters.form import form
from jsft_tui.core.jobs.compare.tried_values import MOST, tried_values
from jsft_tui.core.jobs.history import PastRun
from jsft_tui.core.jobs.training_job import JobStatus, TrainingJob
from jsft_tui.core.run.run import AUTO, InstanceChoice, Run
from tests.core.catalog.specs import hyperparameter, model_spec, training_run
from tests.core.jobs.examples import answer

FIELDS = [
    hyperparameter("beta_1", 0.9, "float", min=0, max=1),
    hyperparameter("early_stopping", "False", "text", options=["False", "True"]),
    hyperparameter("epochs", 5, min=1, max=1000),
    hyperparameter("batch_size", 32, min=1, max=1024),
    hyperparameter("optimizer", "adam", "text", options=["adam", "sgd"]),
    hyperparameter("learning_rate", 0.001, "float", min=0, max=1),
]
SPEC = model_spec(hyperparameters=FIELDS)


def run_with(**values: str) -> Run:
    return training_run(instance=InstanceChoice("ml.g5.12xlarge"), hyperparameters=values)


def declared(name: str, default: Any, kind: str = "float", **bounds: Any) -> HyperparameterSpec:
    return HyperparameterSpec.parse(hyperparameter(name, default, kind, **bounds))


def test_wrong_values_stand_first_then_changed_ones_then_those_that_people_change() -> None:
    shown = form(run_with(batch_size=AUTO, optimizer="lion"), SPEC)
    groups = [(group, [row.name for row in rows]) for group, rows in grouped(shown.rows)]
    assert groups == [
        (ValueGroup.WRONG, ["optimizer"]),
        (ValueGroup.CHANGED, ["batch_size"]),
        (ValueGroup.MOST_USED, ["epochs", "learning_rate", "early_stopping"]),
        (ValueGroup.REST, ["beta_1"]),
    ]


@pytest.mark.parametrize(
    ("spec", "usual"),
    [
        (declared("learning_rate", 0.001, min=0, max=1), (0.0001, 0.01)),
        (declared("learning_rate", 0.3, min=0, max=1), (0.03, 1)),
        (declared("batch_size", 32, "int", min=1, max=128), (8, 128)),
        (declared("learning_rate", "many", "text"), None),
        (declared("no_such_name", 1.0, min=0, max=1), None),
    ],
)
def test_usual_values_are_near_the_default_or_documented(
    spec: HyperparameterSpec, usual: tuple[float, float] | None
) -> None:
    found = usual_range(spec)
    assert found == (pytest.approx(usual) if usual else None)


def test_a_rate_stands_on_a_log_scale_and_other_numbers_on_a_linear_one() -> None:
    rate = ruler(declared("learning_rate", 0.001, min=0, max=1), "0.001")
    share = ruler(declared("dropout_rate", 0.2, min=0, max=1), "0.25")
    assert rate is not None
    assert share is not None
    assert rate.scale is Scale.LOG
    assert (rate.low, rate.high, rate.at) == pytest.approx((1e-6, 1, 0.5))
    assert share.scale is Scale.LINEAR
    assert share.at == 0.25


@pytest.mark.parametrize("value", ["many", "3", "nan", "0", "-1"])
def test_a_value_that_is_not_on_the_scale_has_none(value: str) -> None:
    assert ruler(declared("learning_rate", 0.001, min=0, max=1), value) is None


def past(rate: str, accuracy: float | None, created: float, status: JobStatus = JobStatus.COMPLETED) -> PastRun:
    metrics = {"val-accuracy": accuracy} if accuracy is not None else {}
    job: TrainingJob = replace(
        TrainingJob.parse(answer(), {}),
        created=created,
        status=status,
        hyperparameters={"learning_rate": rate},
        final_metrics=metrics,
    )
    return PastRun(job, "val-accuracy" if metrics else "", f"{accuracy}", None)


def test_each_value_that_was_tried_is_told_once_with_its_best_run() -> None:
    runs = [
        past("0.1", None, 6, JobStatus.FAILED),
        past("0.001", 0.91, 5),
        past("1e-3", 0.98, 4),
        past("0.01", 0.90, 3),
        past("0.5", None, 2, JobStatus.IN_PROGRESS),
    ]
    tried = tried_values("learning_rate", runs)
    assert [(each.value, each.run.job.created) for each in tried] == [("0.001", 4), ("0.01", 3), ("0.1", 6)]
    assert tried_values("epochs", runs) == ()


def test_only_the_values_tried_last_are_told() -> None:
    runs = [past(str(rate), 0.9, -rate) for rate in range(1, 9)]
    assert [each.value for each in tried_values("learning_rate", runs)] == ["1", "2", "3", "4", "5"][:MOST]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"batch_size": AUTO}, "0.004 (× 4)"),
        ({"batch_size": "32"}, ""),
        ({"batch_size": AUTO, "learning_rate": "0.002"}, ""),
    ],
    ids=["scaled", "as-the-model", "rate-chosen"],
)
def test_a_larger_batch_hints_at_a_higher_rate(values: dict[str, str], said: str) -> None:
    run = run_with(**values)
    shown = form(run, SPEC)
    row = shown.row("learning_rate")
    assert row is not None
    found = hints(row, shown, run, SPEC)
    assert [said in hint for hint in found] == ([True] if said else [])


def test_a_value_without_effect_is_hinted_at() -> None:
    run = run_with(optimizer="sgd", beta_1="0.5")
    shown = form(run, SPEC)
    row = shown.row("beta_1")
    assert row is not None
    assert "has no effect" in " ".join(hints(row, shown, run, SPEC))
