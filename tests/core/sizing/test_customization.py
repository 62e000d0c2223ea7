"""A run that is moved to other instances, or to serverless and back."""

from __future__ import annotations

from jsft_tui.core.customization.customization import SERVERLESS, SERVERLESS_RUNTIME
from jsft_tui.core.run.run import DEFAULT_MAX_RUNTIME, InstanceChoice
from jsft_tui.core.sizing.customization import run_on
from tests.core.catalog.specs import model_spec, training_run
from tests.core.customization.on_instances import TYPE, on_instances
from tests.core.customization.specs import customization_run

FOUR, EIGHT = "ml.g5.12xlarge", "ml.g5.48xlarge"


def test_another_type_keeps_the_other_settings() -> None:
    run = training_run(instance=InstanceChoice(FOUR, count=2, max_runtime=600))
    for spec in (model_spec(), None):
        assert run_on(run, EIGHT, spec).instance == InstanceChoice(EIGHT, count=2, max_runtime=600)


def test_from_serverless_to_instances_come_the_count_of_the_recipe_and_the_usual_time() -> None:
    spec = on_instances()
    assert spec.recipe is not None
    moved = run_on(customization_run(), TYPE, spec)
    assert moved.instance == InstanceChoice(TYPE, spec.recipe.instance_count, max_runtime=DEFAULT_MAX_RUNTIME)
    assert run_on(moved, SERVERLESS, spec).instance.max_runtime == SERVERLESS_RUNTIME
