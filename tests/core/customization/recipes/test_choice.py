"""Recipes: what a spec offers where, which one a customization means, and its hyperparameters."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsft_tui.core.catalog.spec.hyperparameter import Scope
from jsft_tui.core.catalog.spec.recipe import parse_recipes
from jsft_tui.core.catalog.technique import Adapter, Technique
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.customization.cost.estimate import CostEstimate
from jsft_tui.core.customization.customization import Customization
from jsft_tui.core.customization.method import Method
from jsft_tui.core.customization.recipes.choice import choose_recipe, is_spec_for, methods_of, suggested
from jsft_tui.core.customization.recipes.parameters import parse_parameters
from jsft_tui.core.customization.recipes.values import sent_values
from jsft_tui.core.hyperparameters.form import form
from jsft_tui.core.hyperparameters.rules import value_errors
from tests.core.customization.specs import (
    EVALUATOR,
    PARAMETERS,
    RECIPES,
    customization_run,
    customized,
    recipe,
    recipe_model,
)


def test_the_regions_own_facts_decide_what_it_offers() -> None:
    found = parse_recipes([recipe("SFT", "LORA")])[0]
    assert found.ways_in("us-west-2") == ("serverless", "instances")
    assert found.ways_in("eu-west-1") == ("instances",)
    assert found.ways_in("eu-west-3") == found.ways_in("nowhere") == ()


@pytest.mark.parametrize(
    "entry",
    [
        recipe("MTRL", "LORA"),
        recipe("SFT", "LORA", type="Evaluation"),
        recipe("SFT", "LORA", smtj_recipe_template_s3_key=""),
        {},
    ],
    ids=["technique of another API", "evaluation", "no template", "empty"],
)
def test_entries_that_no_training_job_takes_are_left_out(entry: dict[str, Any]) -> None:
    assert parse_recipes([entry]) == ()


def test_a_model_may_have_both_ways() -> None:
    assert methods_of(recipe_model()) == (Method.RECIPE,)
    assert methods_of(recipe_model(training_supported=True)) == (Method.SCRIPT, Method.RECIPE)
    assert methods_of(recipe_model(recipe_collection=[])) == ()


def test_the_recipe_without_subscription_comes_first() -> None:
    collection = [recipe("SFT", "LORA", is_subscription_model=True, name="paid"), recipe("SFT", "LORA", name="free")]
    spec = recipe_model(recipe_collection=collection)
    assert choose_recipe(spec, Customization(Technique.SFT)).name == "free"
    only = recipe_model(recipe_collection=collection[:1])
    assert choose_recipe(only, Customization(Technique.SFT)).name == "paid"


def test_a_length_selects_its_recipe_and_another_is_refused_with_those_there_are() -> None:
    spec = recipe_model(recipe_collection=[recipe("SFT", "LORA", "4K"), recipe("SFT", "LORA", "32K")])
    assert choose_recipe(spec, Customization(Technique.SFT, sequence_length="32k")).sequence_length == "32K"
    with pytest.raises(Problem) as refused:
        choose_recipe(spec, Customization(Technique.SFT, sequence_length="8K"))
    assert refused.value.code == "NoSuchRecipe"
    assert "SFT LoRA 32K" in refused.value.remedy


def test_the_suggestion_is_what_the_region_offers_and_the_simplest_of_it() -> None:
    recipes = parse_recipes(RECIPES)
    first = suggested(recipes, "us-west-2")
    assert first is not None
    assert (first.technique, first.adapter) == (Technique.SFT, Adapter.LORA)
    assert suggested((), "us-west-2") is None


def test_a_spec_belongs_to_one_recipe() -> None:
    spec = customized(Technique.SFT)
    assert is_spec_for(spec, Customization(Technique.SFT))
    assert not is_spec_for(spec, Customization(Technique.DPO))
    assert not is_spec_for(spec, None)
    assert is_spec_for(recipe_model(), None)


# -- hyperparameters


def test_infrastructure_is_sent_but_not_shown_and_the_trainers_keys_are_gone() -> None:
    declared = {each.name: each for each in parse_parameters(PARAMETERS, Technique.SFT)}
    assert declared["name"].scope is declared["results_directory"].scope is Scope.CONTAINER
    assert "data_path" not in declared
    assert "output_path" not in declared


def test_the_form_has_the_recipes_words_types_and_errors() -> None:
    run = customization_run(hyperparameters={"global_batch_size": "12", "merge_weights": "false"})
    shown = form(run, customized())
    batch, merge = shown.row("global_batch_size"), shown.row("merge_weights")
    assert batch is not None
    assert merge is not None
    assert len(batch.declared.options) > 2
    assert merge.help == "Merge."
    assert batch.errors
    assert not merge.errors
    assert shown.error_count == 1


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"global_batch_size": "16.0"}, "global_batch_size"),
        ({"learning_rate": "0.001"}, "learning_rate"),
        ({"max_epochs": "0"}, "max_epochs"),
        ({"nonsense": "1"}, "nonsense"),
        ({"name": "a;b"}, "name"),
        ({"dataset_max_len": "8192"}, "dataset_max_len"),
    ],
    ids=lambda value: str(value) if isinstance(value, str) else "",
)
def test_a_wrong_value_is_an_error(values: dict[str, str], wrong: str) -> None:
    assert [error.name for error in value_errors(customization_run(hyperparameters=values), customized())] == [wrong]


def test_prompt_and_answer_share_the_recipes_length() -> None:
    run = customization_run(Technique.RLVR, hyperparameters={"max_response_length": "4096"})
    errors = value_errors(run, customized(Technique.RLVR))
    assert [error.name for error in errors] == ["max_prompt_length"]


def test_values_are_plain_strings_as_the_sdk_sends_them() -> None:
    sent = sent_values(customized(), {"merge_weights": "false", "max_epochs": "3"}, Customization(Technique.SFT))
    assert sent == {
        "name": "job",
        "results_directory": "",
        "max_epochs": "3",
        "global_batch_size": "8",
        "learning_rate": "0.0001",
        "merge_weights": "False",
        "train_val_split_ratio": "0.9",
        "dataset_max_len": "4096",
    }


def test_an_empty_preset_reward_is_not_sent() -> None:
    spec, wanted = customized(Technique.RLVR), Customization(Technique.RLVR)
    assert "preset_reward_function" not in sent_values(spec, {}, wanted)
    assert sent_values(spec, {"preset_reward_function": "gsm8k"}, wanted)["preset_reward_function"] == "gsm8k"


def test_a_judge_and_a_prompt_of_ones_own_replace_the_recipes() -> None:
    spec = customized(Technique.RLAIF)
    wanted = Customization(Technique.RLAIF, judge_model="openai.gpt-oss-20b-1:0", evaluator=EVALUATOR)
    sent = sent_values(spec, {}, wanted)
    assert sent["judge_model_id"] == "bedrock/openai.gpt-oss-20b-1:0"
    assert "judge_prompt_template" not in sent


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=12,
)


@given(_JSON)
def test_any_document_is_read_or_refused(document: Any) -> None:
    try:
        parse_parameters(document, Technique.SFT)
    except Problem as problem:
        assert problem.code == "BadRecipe"


@pytest.mark.parametrize(
    ("estimate", "amount"),
    [
        (CostEstimate(None, ""), "unknown"),
        (CostEstimate(0.031, ""), "about $0.03"),
        (CostEstimate(40.0, "", is_bound=True), "at most $40.00"),
        (CostEstimate(0.00001, ""), "less than $0.0001"),
    ],
    ids=["unknown", "about", "bound", "tiny"],
)
def test_an_estimate_says_what_it_is(estimate: CostEstimate, amount: str) -> None:
    assert estimate.amount == amount
