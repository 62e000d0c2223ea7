"""The instance type: one that the model is made for, that AWS still has, and that the region offers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from jsft_tui.core.preflight.base.check import CheckResult, block, nothing_to_tell, passed, warn
from jsft_tui.core.preflight.base.inputs import Inputs, Requirement
from jsft_tui.core.preflight.base.subject import Subject
from jsft_tui.core.serving.deploy.mode import Serverless
from jsft_tui.core.serving.deploy.plan import DeployCheck, DeployPlan
from jsft_tui.core.serving.deploy.types import hosting_types, is_retired

OFFERED = Requirement[Mapping[str, tuple[str, ...]]]("offered types")
"""Types of the model and the chosen one -> zones in which EC2 offers them."""

SHOWN = 6


def evaluate(plan: DeployPlan, inputs: Inputs) -> Iterator[CheckResult]:
    """Block what is no hosting type; warn of types that the spec does not name or that AWS may not have."""
    if isinstance(plan.deployment.mode, Serverless):
        yield nothing_to_tell("a serverless endpoint has no instances.")
        return
    name, count = plan.deployment.instance_type, plan.deployment.count
    supported = hosting_types(plan.spec, plan.trained.trained_on)
    remedy = _others(name, supported)
    if not name.startswith("ml.") or name.count(".") != 2:
        yield block(f"{name!r} is no instance type.", remedy or "Types look like ml.m5.xlarge.")
        return
    if count < 1:
        yield block(f"an endpoint has at least 1 instance, not {count}.", "Set the count to 1 or more.")
        return
    if is_retired(name):
        yield warn(f"{name} is an old type that AWS mostly has no more.", remedy)
    if supported and name not in supported:
        yield warn(f"{plan.spec.model_id} is not made for {name}.", remedy)
    offered = inputs[OFFERED]
    if not offered.get(name):
        yield warn(f"EC2 does not offer {name.removeprefix('ml.')} in {plan.place.region}.", remedy)
    else:
        yield passed(f"{count} x {name}.", headline=f"{count} x {name}")


def _others(name: str, supported: tuple[str, ...]) -> str:
    others = [each for each in supported if each != name and not is_retired(each)]
    return f"Choose one of {', '.join(others[:SHOWN])}." if others else ""


CHECK = DeployCheck("instance", Subject.INSTANCE, 40, evaluate, (OFFERED,))
