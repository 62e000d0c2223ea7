"""The sandbox trains some of its models; the others are to look at."""

from __future__ import annotations

from collections.abc import Iterator

from jsft_tui.core.common.fixes import Fix, FixKind
from jsft_tui.core.common.remedy import Remedy, RemedyCommand
from jsft_tui.core.preflight.base.check import Check, CheckResult, Plan, block, nothing_to_tell, passed, warn
from jsft_tui.core.preflight.base.inputs import Inputs
from jsft_tui.core.preflight.base.subject import Subject

ANOTHER = Fix(FixKind.SWITCH_MODEL)
"""Which one is the catalog's to say (`core.catalog.cards.trains_here`)."""


def evaluate(plan: Plan, inputs: Inputs) -> Iterator[CheckResult]:
    """Block, in the sandbox, models for which it has no trainer."""
    recipe = plan.spec.recipe
    if not plan.sandbox:
        yield nothing_to_tell("the target is AWS.")
    elif recipe is not None and recipe.sandbox_runnable is False:
        remedy = "Choose SFT or DPO, or launch on AWS."
        yield block(f"the sandbox does not train {recipe.technique.value}: it has neither rewards nor judges.", remedy)
    elif plan.spec.sandbox_runnable:
        yield passed(
            "the sandbox can train it (a small trainer of its own, no GPU, simulated prices).",
            detail="trains in this sandbox",
        )
    elif plan.spec.sandbox_runnable is None:
        model = plan.spec.model_id
        yield warn(f"{model} is not one of the sandbox's models; it runs only if its training code is available there.")
    else:
        remedy = Remedy("Choose a model that trains here, or launch on AWS", RemedyCommand.RUNNABLE)
        yield block(f"the sandbox cannot train {plan.spec.model_id}: it is here to look at.", remedy, ANOTHER)


CHECK = Check("sandbox", Subject.MODEL, 250, evaluate, label="Sandbox")
