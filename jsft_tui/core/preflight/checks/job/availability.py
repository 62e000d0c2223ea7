"""The instance type is sold in the region."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from jsft_tui.core.common.text import plural
from jsft_tui.core.preflight.base.check import Check, CheckResult, Plan, passed, warn
from jsft_tui.core.preflight.base.inputs import Inputs, Requirement

OFFERS = Requirement[Mapping[str, tuple[str, ...]]]("offers")


def evaluate(plan: Plan, inputs: Inputs) -> Iterator[CheckResult]:
    """Warn where EC2 does not offer the type: SageMaker has no API for its own list and runs on EC2."""
    offers, name, region = inputs[OFFERS], plan.run.instance.type, plan.place.region
    zones = offers.get(name, ())
    if zones:
        yield passed(f"{name} is offered in {plural(len(zones), 'zone')} of {region}.")
        return
    others = [found for found in plan.spec.instance_types if offers.get(found)]
    remedy = f"Offered there: {', '.join(others[:6])}." if others else "Choose another region."
    yield warn(f"EC2 does not offer {name.removeprefix('ml.')} in {region}, so SageMaker hardly will.", remedy)


CHECK = Check("availability", 110, evaluate, (OFFERS,))
