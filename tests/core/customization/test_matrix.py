"""The table of the ways to customize a model: what the region offers decides each cell."""

from __future__ import annotations

import pytest

from jsft_tui.core.catalog.technique import Adapter, Technique
from jsft_tui.core.customization.customization import Customization
from jsft_tui.core.customization.matrix import COLUMNS, SCRIPT, Place, Way, WayMatrix, smallest_type, way_of
from jsft_tui.core.customization.recipes.choice import lengths_of, recipe_ways
from tests.core.customization.specs import RECIPES, customized, recipe, recipe_model

SFT = Way(Technique.SFT)
ON_INSTANCES = Way(Technique.SFT, Adapter.LORA, Place.INSTANCES)


def matrix(region: str = "us-west-2", **spec: object) -> WayMatrix:
    return WayMatrix(recipe_model(**spec), region)


@pytest.mark.parametrize(
    ("region", "serverless", "instances", "count"),
    [("us-west-2", True, True, 8), ("eu-west-1", False, True, 8), ("eu-west-3", False, False, 0)],
)
def test_the_specs_regions_decide_what_is_offered(region: str, serverless: bool, instances: bool, count: int) -> None:
    found = matrix(region)
    assert (found.is_offered(SFT), found.is_offered(ON_INSTANCES), found.count) == (serverless, instances, count)


def test_a_way_that_no_recipe_has_is_not_offered_and_one_that_others_have_names_them() -> None:
    only_lora = matrix(recipe_collection=[entry for entry in RECIPES if entry.get("peft")])
    full = Way(Technique.DPO, Adapter.FULL)
    assert not only_lora.is_offered(full)
    assert only_lora.elsewhere(full) == ()
    assert matrix("eu-west-1").elsewhere(SFT) == ("us-west-2",)
    assert matrix("eu-west-3").elsewhere(ON_INSTANCES) == ("us-west-2", "eu-west-1")


def test_a_cell_says_what_it_is_billed_by_or_its_smallest_instances() -> None:
    found = matrix()
    assert found.basis(SFT) == "per token"
    assert found.basis(Way(Technique.RLVR)) == "per hour"
    assert found.basis(ON_INSTANCES) == "g5.12xlarge"
    assert matrix("eu-west-3").basis(SFT) == ""


@pytest.mark.parametrize(
    ("types", "text"),
    [
        (["ml.p5.48xlarge", "ml.g6e.12xlarge", "ml.g5.12xlarge"], "g5.12xl up"),
        (["ml.new.9xlarge", "ml.p5.48xlarge"], "p5.48xl up"),
        (["ml.p5.48xlarge"], "p5.48xlarge"),
        ([], ""),
    ],
    ids=["smallest", "one unknown", "one", "none"],
)
def test_the_smallest_type_is_that_of_the_least_gpu_memory(types: list[str], text: str) -> None:
    entry = recipe("SFT", "LORA", supported_instance_types=types)
    assert smallest_type(recipe_model(recipe_collection=[entry]).recipes[0]) == text


def test_the_script_is_a_way_of_its_own_only_where_the_model_has_one() -> None:
    both = matrix(training_supported=True)
    assert (both.rows[0], both.is_offered(SCRIPT)) == (SCRIPT, True)
    assert SCRIPT not in matrix().rows
    assert not matrix().is_offered(SCRIPT)


def test_the_cursor_stays_in_the_table_and_keeps_its_column_in_the_row_of_the_script() -> None:
    both = matrix(training_supported=True)
    place, adapter = COLUMNS[-1]
    last = Way(Technique.RLAIF, adapter, place)
    assert both.moved(last, 1, 1) == last
    assert both.moved(SFT, -1, 0) == SFT
    assert both.moved(SFT, 1, 1) == Way(Technique.DPO, Adapter.FULL)
    up = both.moved(Way(Technique.SFT, Adapter.FULL, Place.INSTANCES), 0, -1)
    assert up.technique is None
    assert both.moved(up, 0, 1) == Way(Technique.SFT, Adapter.FULL, Place.INSTANCES)
    assert matrix().moved(SFT, 0, -1) == SFT


def test_the_way_of_a_run_is_its_script_or_its_recipe() -> None:
    assert way_of(None) == SCRIPT
    wanted = Customization(Technique.DPO, Adapter.FULL)
    assert way_of(wanted) == Way(Technique.DPO, Adapter.FULL)
    assert way_of(wanted, is_serverless=False).place is Place.INSTANCES


def test_the_recipe_without_a_subscription_is_chosen_first() -> None:
    paid = [recipe("SFT", "LORA", "4K", is_subscription_model=True), recipe("SFT", "LORA", "8K")]
    found = matrix(recipe_collection=paid).recipe(SFT)
    assert found is not None
    assert found.sequence_length == "8K"


def test_the_lengths_are_those_of_recipes_that_differ_in_nothing_else() -> None:
    entries = [recipe("SFT", "LORA", "4K"), recipe("SFT", "LORA", "32K"), recipe("SFT", None, "8K")]
    assert lengths_of(customized(recipe_collection=entries)) == ("4K", "32K")
    assert lengths_of(recipe_model()) == ()


def test_ways_of_several_recipes_are_put_together() -> None:
    assert recipe_ways(recipe_model().recipes, "us-west-2") == ("serverless", "instances")
    assert recipe_ways(recipe_model().recipes, "eu-west-1") == ("instances",)
    assert recipe_ways(recipe_model().recipes, "eu-west-3") == ()
