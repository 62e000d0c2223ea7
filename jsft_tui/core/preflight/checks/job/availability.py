"""The instance type is offered in the region."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from jsft_tui.core.common.text import plural
from jsft_tui.core.customization.method import ON_INSTANCES
from jsft_tui.core.preflight.base.check import Check, CheckResult, Plan, passed, warn
from jsft_tui.core.preflight.base.inputs import Inputs, Requirement
from jsft_tui.core.preflight.base.subject import Subject

OFFERS = Requirement[Mapping[str, tuple[str, ...]]]("offers")


def evaluate(plan: Plan, inputs: Inputs) -> Iterator[CheckResult]:
    """Warn where EC2 does not offer the type: SageMaker has no API for its own list and runs on EC2."""
    offers, name, region = inputs[OFFERS], plan.run.instance.type, plan.place.region
    zones = offers.get(name, ())
    if zones:
        yield passed(
            f"{name} is offered in {plural(len(zones), 'zone')} of {region}.",
            detail=f"sold in {plural(len(zones), 'zone')}",
        )
        return
    others = [found for found in plan.spec.instance_types if offers.get(found)]
    remedy = f"Offered there: {', '.join(others[:6])}." if others else "Choose another region."
    ec2_type = name.removeprefix("ml.")
    yield warn(f"{ec2_type} is not offered by EC2 in {region}; SageMaker is unlikely to support it.", remedy)


CHECK = Check("availability", Subject.INSTANCE, 110, evaluate, (OFFERS,), methods=ON_INSTANCES)
