"""The model package group in which the tuned model is registered: it must exist before the launch."""

from __future__ import annotations

from collections.abc import Iterator

from jsft_tui.core.common.fixes import Fix, FixKind
from jsft_tui.core.common.remedy import Remedy, RemedyCommand
from jsft_tui.core.customization.method import Method
from jsft_tui.core.customization.model_packages import GroupFacts
from jsft_tui.core.preflight.base.check import Check, CheckResult, Plan, block, passed, warn
from jsft_tui.core.preflight.base.inputs import Inputs, Requirement
from jsft_tui.core.preflight.base.subject import Subject
from jsft_tui.core.request.customization import account_of, group_name

GROUP = Requirement[GroupFacts]("model package group")
READY = "Completed"
PLACE_IN_ARN = 3


def evaluate(plan: Plan, inputs: Inputs) -> Iterator[CheckResult]:
    """Block a missing group: no trainer creates it, and the job fails (jumpstart-2026 §2.6)."""
    wanted = plan.run.customization
    if wanted is None:
        return
    if not wanted.model_package_group:
        message = "no model package group is set, in which the tuned model is registered."
        remedy = (
            "Choose one or create one: jsft groups lists them, and customization names it (model_package_group: NAME)."
        )
        yield block(message, remedy, Fix(FixKind.CHOOSE_GROUP))
        return
    yield from _arn(plan, wanted.model_package_group)
    name, found = group_name(wanted), inputs[GROUP]
    if not found.exists:
        remedy = Remedy("Create it", RemedyCommand.CREATE_GROUP, name)
        yield block(f"there is no model package group {name}.", remedy, Fix(FixKind.CREATE_GROUP, name=name))
    elif found.status not in (READY, ""):
        yield warn(f"the model package group {name} is {found.status}.", "Wait until it is Completed.")
    else:
        yield passed(f"{name} exists.", headline=f"registered in {name}")


def _arn(plan: Plan, group: str) -> Iterator[CheckResult]:
    """Block an ARN of another region, and a name whose account is unknown."""
    if not group.startswith("arn:"):
        if plan.run.role and not account_of(plan.run.role):
            yield block(f"the account of {group} is unknown: the role is no ARN.", "Give the ARN of the group.")
        return
    parts = group.split(":")
    if len(parts) > PLACE_IN_ARN and parts[PLACE_IN_ARN] != plan.place.region:
        yield block(f"{group} is in another region than the job.", f"Choose one in {plan.place.region}.")


CHECK = Check("package_group", Subject.OUTPUT, 165, evaluate, (GROUP,), frozenset({Method.RECIPE}), "Group")
