"""The run summary says what the draft is, and never another batch than the request would carry."""

from __future__ import annotations

import pytest

from jsft_tui.core.hyperparameters.values import batch_plan, resolved_values, with_hyperparameter
from jsft_tui.core.run.draft import EMPTY
from jsft_tui.core.run.run import AUTO, SCALED, InstanceChoice, Run
from jsft_tui.core.sizing.pricing import Price
from jsft_tui.core.sizing.summary import run_summary
from tests.core.specs import model_spec, training_run

PRICES = {"ml.g5.2xlarge": Price(1.5, "price list"), "ml.g5.12xlarge": Price(7.0, "price list")}


def texts(run: Run) -> dict[str, str]:
    return {row.label: row.text for row in run_summary(run, model_spec(), PRICES)}


def test_a_draft_of_nothing_has_no_summary_and_lacks_everything() -> None:
    assert run_summary(EMPTY, None, None) == ()


def test_everything_that_is_chosen_stands_there() -> None:
    instance = InstanceChoice("ml.g5.12xlarge", count=2, spot=True, max_runtime=7200)
    shown = texts(training_run(instance=instance, hyperparameters={"epochs": "10", "batch_size": AUTO}))

    assert shown["model"] == "lite"
    assert shown["data"] == "s3://my-data/flowers/"
    assert shown["instance"] == "2 x ml.g5.12xlarge, 4 GPU, spot"
    assert shown["batch"] == "32 per GPU x 4 GPUs = 128"
    assert shown["changed"] == "epochs 10"
    assert shown["max cost"] == "$28.00 (2h cap)"


def test_an_unknown_price_is_unknown() -> None:
    shown = texts(training_run(instance=InstanceChoice("ml.p3.2xlarge")))

    assert shown["max cost"].startswith("unknown")


@pytest.mark.parametrize("said", [None, AUTO, SCALED, "48"])
@pytest.mark.parametrize("type_", ["ml.g5.2xlarge", "ml.g5.12xlarge"])
def test_the_batch_shown_is_the_batch_sent(said: str | None, type_: str) -> None:
    run = with_hyperparameter(training_run(instance=InstanceChoice(type_)), "batch_size", said)
    spec = model_spec()
    plan = batch_plan(run, spec)

    assert plan is not None
    assert str(plan.value) == resolved_values(run, spec).get("batch_size", "32")


def test_the_batch_on_another_instance_can_be_asked_for() -> None:
    run = training_run(hyperparameters={"batch_size": AUTO})
    plan = batch_plan(run, model_spec(), "ml.g5.12xlarge")

    assert plan is not None
    assert plan.value == 128
