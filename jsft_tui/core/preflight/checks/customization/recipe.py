"""The recipe: offered in the region, there where it shall run, and without a subscription that may be missing."""

from __future__ import annotations

from collections.abc import Iterator

from jsft_tui.core.catalog.spec.recipe import Recipe
from jsft_tui.core.common.remedy import Remedy, RemedyCommand
from jsft_tui.core.common.text import plural
from jsft_tui.core.customization.method import BY_RECIPE
from jsft_tui.core.preflight.base.check import Check, CheckResult, Plan, block, nothing_to_tell, passed, warn
from jsft_tui.core.preflight.base.inputs import Inputs
from jsft_tui.core.preflight.base.subject import Subject
from jsft_tui.core.request.recipe_job import checked_recipe


def evaluate(plan: Plan, inputs: Inputs) -> Iterator[CheckResult]:
    """Block recipes that the region does not offer, and those that jsft does not run on instances."""
    recipe, region = plan.spec.recipe, plan.place.region
    if recipe is None:
        yield nothing_to_tell("no recipe is chosen.")
        return
    if not plan.run.instance.is_serverless:
        yield from _on_instances(plan, recipe)
    elif not recipe.sku_in(region):
        yield block(f"{recipe.title} of {plan.spec.model_id} is not offered serverless in {region}.", _elsewhere(plan))
    else:
        yield passed(f"{recipe.title}, serverless in {region}.")
    if recipe.needs_subscription:
        yield warn("the recipe needs a subscription to the model; whether the account has one is not known.")


def _on_instances(plan: Plan, recipe: Recipe) -> Iterator[CheckResult]:
    """Block (by the builder's own Problem) what jsft cannot run there; warn where clusters differ from the recipe's."""
    wanted, count = plan.run.customization, plan.run.instance.count
    assert wanted is not None, "only customizations have recipes"
    checked_recipe(wanted, plan.spec, plan.place.region)
    if count != recipe.instance_count:
        message = f"the recipe is made for {plural(recipe.instance_count, 'instance')}, not {count}."
        yield warn(message, f"Set count: {recipe.instance_count}.")
    yield passed(
        f"{recipe.title} on instances; the model is left in the output, not registered in a model package group."
    )


def _elsewhere(plan: Plan) -> str:
    recipe, region = plan.spec.recipe, plan.place.region
    assert recipe is not None, "a recipe is chosen"
    others = [other.title for other in plan.spec.recipes if other.sku_in(region)]
    if others:
        return f"Offered here: {', '.join(dict.fromkeys(others))}."
    if not recipe.serverless_regions:
        return Remedy("See its other recipes", RemedyCommand.MODEL, plan.spec.model_id)
    what = f"It is in {', '.join(recipe.serverless_regions)}. Work there"
    return Remedy(what, RemedyCommand.IN_REGION, recipe.serverless_regions[0])


CHECK = Check("recipe", Subject.MODEL, 105, evaluate, methods=BY_RECIPE)
