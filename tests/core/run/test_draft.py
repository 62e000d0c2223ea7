"""Drafts: what belongs to a model is dropped with it, what the user set up is kept."""

from __future__ import annotations

import json
from dataclasses import replace

from jsft_tui.core.catalog.technique import Adapter, Technique
from jsft_tui.core.hyperparameters.values import with_default_hyperparameters, with_hyperparameter
from jsft_tui.core.run.draft import EMPTY, Part, draft_document, gaps, read_draft, restored, with_method, with_model
from jsft_tui.core.run.run import AUTO, InstanceChoice, ModelChoice, Vpc
from tests.core.catalog.specs import ROLE, model_spec, training_run
from tests.core.customization.specs import customization_run

OTHER = model_spec("tensorflow-ic-other")
SUGGESTION = training_run(
    name="other-1", model=ModelChoice("tensorflow-ic-other"), hyperparameters={"batch_size": AUTO}, data={}
)


def test_another_model_takes_what_belongs_to_the_old_one_along() -> None:
    instance = InstanceChoice("ml.g5.12xlarge", count=2, spot=True, max_runtime=10, max_wait=20)
    before = training_run(
        instance=instance,
        hyperparameters={"epochs": "7"},
        vpc=Vpc(("subnet-1",), ("sg-1",)),
        output="s3://mine",
        accept_eula=True,
    )
    after = with_model(before, OTHER, SUGGESTION)

    assert (after.name, after.model.id) == ("other-1", "tensorflow-ic-other")
    assert (after.data, after.hyperparameters, after.accept_eula) == ({}, {"batch_size": AUTO}, False)
    assert (after.output, after.vpc, after.role) == ("s3://mine", before.vpc, ROLE)
    assert (after.instance.type, after.instance.count, after.instance.spot) == ("ml.g5.12xlarge", 2, True)
    # A time limit for the old model could stop the new one halfway.
    assert (after.instance.max_runtime, after.instance.max_wait) == (SUGGESTION.instance.max_runtime, None)


def test_an_instance_that_the_model_does_not_know_is_replaced() -> None:
    before = training_run(instance=InstanceChoice("ml.c5.xlarge"))
    assert with_model(before, OTHER, SUGGESTION).instance.type == SUGGESTION.instance.type


def test_another_version_of_the_same_model_changes_nothing_else() -> None:
    spec = replace(model_spec(), version="2.0.0")
    before = training_run(hyperparameters={"epochs": "7"})
    assert with_model(before, spec, SUGGESTION) == replace(before, model=ModelChoice(spec.model_id, "2.0.0"))


def test_what_was_left_is_taken_up_under_a_new_name_and_with_the_output_of_now() -> None:
    left = training_run(
        name="old-1", model=ModelChoice("tensorflow-ic-other", "1.0"), data={"training": "s3://mine/x/"},
        hyperparameters={"epochs": "7"}, output="s3://before", accept_eula=True,
    )  # fmt: skip
    now = restored(left, training_run(output="s3://now"), OTHER, SUGGESTION)

    assert (now.name, now.model) == ("other-1", ModelChoice(OTHER.model_id, OTHER.version))
    assert (now.data, now.hyperparameters, now.output) == (left.data, left.hyperparameters, "s3://now")
    assert now.accept_eula is (OTHER.version == "1.0")
    same = replace(left, model=ModelChoice(OTHER.model_id, OTHER.version))
    assert restored(same, EMPTY, OTHER, SUGGESTION).accept_eula
    assert restored(same, EMPTY, OTHER, SUGGESTION).output == "s3://before"


def test_values_are_typed_and_taken_back() -> None:
    run = with_hyperparameter(training_run(), "epochs", "7")
    assert run.hyperparameters == {"epochs": "7"}
    assert with_hyperparameter(run, "epochs", None).hyperparameters == {}
    assert with_default_hyperparameters(run, model_spec()).hyperparameters == {"batch_size": AUTO}


def test_what_is_missing_names_its_screen() -> None:
    assert [gap.part for gap in gaps(EMPTY)] == [Part.MODEL, Part.OUTPUT, Part.INSTANCE]
    assert gaps(EMPTY)[1].what == "output bucket not chosen"
    assert gaps(training_run()) == ()


def test_a_draft_changes_its_way_of_training_and_keeps_what_any_run_has() -> None:
    script = training_run(output="s3://mine", tags={"team": "a"}, vpc=Vpc(("subnet-1",), ("sg-1",)))
    suggestion = customization_run(choices={"model_package_group": ""}, data={}, output="s3://suggested")
    by_recipe = with_method(script, suggestion)
    assert by_recipe.customization == suggestion.customization
    assert (by_recipe.output, by_recipe.tags, by_recipe.vpc) == ("s3://mine", script.tags, script.vpc)
    assert by_recipe.data == {}
    assert by_recipe.instance.is_serverless
    back = with_method(by_recipe, SUGGESTION)
    assert (back.customization, back.instance) == (None, SUGGESTION.instance)


def test_another_recipe_of_the_same_technique_keeps_data_and_choices() -> None:
    run = customization_run(choices={"mlflow_app": "arn"})
    full = with_method(run, customization_run(choices={"adapter": Adapter.FULL, "model_package_group": ""}, data={}))
    assert full.customization is not None
    assert (full.customization.adapter, full.customization.mlflow_app) == (Adapter.FULL, "arn")
    assert full.data == run.data
    other = with_method(run, customization_run(Technique.DPO, choices={"model_package_group": ""}, data={}))
    assert other.data == {}


def test_a_draft_of_a_customization_is_read_back() -> None:
    run = customization_run(choices={"mlflow_app": "arn", "adapter": Adapter.FULL})
    assert read_draft(json.loads(json.dumps(draft_document(run)))) == run
    broken = {**draft_document(run), "customization": {"technique": "PPO"}}
    assert read_draft(broken) is None
