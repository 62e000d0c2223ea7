"""The recipe: offered in the region, serverless, and without a subscription that may be missing."""

from __future__ import annotations

from collections.abc import Iterator

from jsft_tui.core.common.remedy import Remedy, RemedyCommand
from jsft_tui.core.customization.method import Method
from jsft_tui.core.preflight.base.check import Check, CheckResult, Plan, block, nothing_to_tell, passed, warn
from jsft_tui.core.preflight.base.inputs import Inputs
from jsft_tui.core.preflight.base.subject import Subject
from jsft_tui.core.request.customization import on_instances


def evaluate(plan: Plan, inputs: Inputs) -> Iterator[CheckResult]:
    """Block recipes that the region does not offer, and jobs on instances, which are not built yet."""
    recipe, region = plan.spec.recipe, plan.place.region
    if recipe is None:
        yield nothing_to_tell("no recipe is chosen.")
        return
    if not plan.run.instance.is_serverless:
        problem = on_instances(plan.run.instance.type)
        yield block(problem.message, problem.remedy)
    elif not recipe.sku_in(region):
        yield block(f"{recipe.title} of {plan.spec.model_id} is not offered serverless in {region}.", _elsewhere(plan))
    else:
        yield passed(f"{recipe.title}, serverless in {region}.")
    if recipe.needs_subscription:
        yield warn("the recipe needs a subscription to the model; whether the account has one is not known.")


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


CHECK = Check("recipe", Subject.MODEL, 105, evaluate, methods=frozenset({Method.RECIPE}))
