"""Gated models: the license is accepted."""

from __future__ import annotations

from collections.abc import Iterator

from jsft_tui.core.catalog.model_name import shortest_model_id
from jsft_tui.core.common.fixes import Fix, FixKind
from jsft_tui.core.preflight.base.check import Check, CheckResult, Plan, block, nothing_to_tell, passed
from jsft_tui.core.preflight.base.inputs import Inputs
from jsft_tui.core.preflight.base.subject import Subject
from jsft_tui.core.request.build import EULA_VARIABLE, accepts_eula

ACCEPT = Fix(FixKind.ACCEPT_EULA)


def evaluate(plan: Plan, inputs: Inputs) -> Iterator[CheckResult]:
    """Block a gated model without acceptance: the job would fail while it downloads the weights."""
    if not plan.spec.gated:
        yield nothing_to_tell("no license to accept.")
    elif plan.run.customization is not None and plan.run.customization.source_model_package:
        yield passed("accepted with the model that is continued.")
    elif plan.run.accept_eula and plan.run.environment.get(EULA_VARIABLE, "true") != "true":
        message = f"accept_eula is true, but environment.{EULA_VARIABLE} contradicts it."
        yield block(message, "Remove the variable.", ACCEPT)
    elif accepts_eula(plan.run, plan.spec):
        yield passed("accepted in the run.", detail="license accepted")
    else:
        place = f" (s3://{plan.place.buckets.content}/{plan.spec.eula_key})" if plan.spec.eula_key else ""
        name = shortest_model_id(plan.spec.model_id)
        message = f"the license of {name} must be accepted before it can be downloaded."
        yield block(message, f"Read it{place}, then set accept_eula: true.", ACCEPT)


CHECK = Check("eula", Subject.MODEL, 170, evaluate, label="License")
