"""The batch that is shown is never another one than the request would carry."""

from __future__ import annotations

import pytest

from jsft_tui.core.hyperparameters.values import batch_plan, resolved_values, with_hyperparameter
from jsft_tui.core.run.run import AUTO, SCALED, InstanceChoice
from tests.core.catalog.specs import model_spec, training_run


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
