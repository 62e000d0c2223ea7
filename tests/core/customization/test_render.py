"""Recipes are rendered as the SDK does, and read back."""

from __future__ import annotations

import pytest

from jsft_tui.core.catalog.spec.recipe_template import RecipeTemplate
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.customization.on_instances.read_back import values_in
from jsft_tui.core.customization.on_instances.recipe_yaml import RecipeYamlError, read_recipe, write_recipe
from jsft_tui.core.customization.on_instances.render import rendered_recipe
from jsft_tui.core.request.build import build_request
from jsft_tui.core.request.recipe_job import launch_files
from tests.common.shared_data import PLACE
from tests.core.customization.on_instances import instance_run, on_instances
from tests.core.customization.templates import SCALED, template

KIND = "run: {model_type: llm_finetuning_aws}\n"


def rendered(text: str, **values: str) -> str:
    return rendered_recipe(RecipeTemplate(KIND + text, {name: {"type": "string"} for name in values}), values, {})


def test_values_become_what_they_are_in_yaml() -> None:
    recipe = rendered(
        "training_config: {a: '{{rate}}', b: \"{{flag}}\", c: {{word}}}", rate="5e-06", flag="True", word="x"
    )
    assert read_recipe(recipe)["training_config"] == {"a": 5e-06, "b": True, "c": "x"}


@pytest.mark.parametrize("value", [1, 2.5, 5e-06, 1e20, True, None, "text", "16", "1e-05", "no", "on", "", "a: b"])
def test_what_is_written_is_read_back(value: object) -> None:
    assert read_recipe(write_recipe({"key": value, 2: [value]})) == {"key": value, 2: [value]}


@pytest.mark.parametrize("text", ["a: [", "just text", "a: 1\na: 2", "a: !!python/object:os.system {}"])
def test_what_is_no_recipe_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(RecipeYamlError) as refused:
        read_recipe(text)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("training_config: {a: '{{unknown}}'}", "asks for unknown"),
        ("training_config: {a: '${run.name}'}", "references"),
        ("trainer: {}", "kind"),
    ],
    ids=["undeclared", "interpolation", "no training_config"],
)
def test_templates_of_other_kinds_are_refused_and_say_why(text: str, words: str) -> None:
    problem = _refused(text)
    assert words in problem.message or words == "kind"
    assert "serverless" in problem.remedy


def _refused(text: str) -> Problem:
    with pytest.raises(Problem) as refused:
        rendered(text)
    assert refused.value.code == "BadRecipe"
    return refused.value


def test_a_value_of_larger_clusters_does_not_replace_that_of_the_run() -> None:
    run = instance_run(hyperparameters={"learning_rate": "5e-06"})
    (recipe,) = launch_files(run, on_instances(more=SCALED)).values()
    assert read_recipe(recipe)["training_config"]["training_args"]["learning_rate"] == 5e-06


def test_values_are_read_back_from_a_recipe() -> None:
    run = instance_run(hyperparameters={"learning_rate": "5e-06", "merge_weights": "false", "max_epochs": "2"})
    (recipe,) = launch_files(run, on_instances()).values()
    found = values_in(recipe, template())
    assert (found["learning_rate"], found["merge_weights"], found["max_epochs"]) == ("5e-06", "False", "2")
    assert found["data_path"] == "/opt/ml/input/data/train/train.jsonl"


def test_the_place_of_a_recipe_tells_its_content() -> None:
    first, other = (
        build_request(instance_run(hyperparameters={"max_epochs": epochs}), on_instances(), PLACE) for epochs in "12"
    )
    assert first["InputDataConfig"] != other["InputDataConfig"]
    again = build_request(instance_run(hyperparameters={"max_epochs": "1"}), on_instances(), PLACE)
    assert again == first
