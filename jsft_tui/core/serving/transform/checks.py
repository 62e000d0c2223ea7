"""What a batch transform costs by the hour, and its quota: nobody can say how long it runs."""

from __future__ import annotations

from collections.abc import Iterator

from jsft_tui.core.account.quotas import QuotaFacts
from jsft_tui.core.common.text import dollars
from jsft_tui.core.preflight.base.check import CheckResult, block, passed, unknown
from jsft_tui.core.preflight.base.inputs import Inputs, Requirement
from jsft_tui.core.preflight.base.subject import Subject
from jsft_tui.core.preflight.checks.account.quota import console
from jsft_tui.core.serving.checks.cost import HOSTING_PRICES
from jsft_tui.core.serving.cost import endpoint_cost
from jsft_tui.core.serving.deploy.plan import DeployCheck, DeployPlan

TRANSFORM_QUOTA = Requirement[QuotaFacts]("transform quota")


def transform_quota_name(instance_type: str) -> str:
    """Return the name of the quota that a transform job needs (SageMaker endpoints and quotas, general reference)."""
    return f"{instance_type} for transform job usage"


def tell_cost(plan: DeployPlan, inputs: Inputs) -> Iterator[CheckResult]:
    """Tell the price of the instances."""
    chosen = plan.deployment
    cost = endpoint_cost(chosen.instance_type, chosen.count, inputs[HOSTING_PRICES])
    if cost.price is None:
        yield unknown(f"the price of {chosen.instance_type} is unknown.")
    else:
        told = f"{dollars(cost.per_hour)}/h until all is predicted"
        yield passed(f"{told} ({cost.price.origin}).", headline=told)


def check_quota(plan: DeployPlan, inputs: Inputs) -> Iterator[CheckResult]:
    """Block a transform job that the quota does not allow beside those that run."""
    quota, wanted, region = inputs[TRANSFORM_QUOTA], plan.deployment.count, plan.place.region
    if quota.limit is None:
        yield unknown(f"the quota {quota.name!r} is not listed.", f"Look for it at {console(region)}")
    elif quota.limit < wanted:
        message = f"your limit for transform jobs is {quota.limit:g}; this needs {wanted}."
        remedy = f"Ask for more of {quota.name!r} at {console(region)}, or choose another type: --instance TYPE"
        yield block(f"{plan.deployment.instance_type}: {message}", remedy)
    elif quota.in_use is None:
        yield unknown(f"{quota.name}: {quota.limit:g}; what transform jobs use of it could not be determined.")
    elif quota.limit - quota.in_use < wanted:
        held = f"your limit for transform jobs is {quota.limit:g}, and {quota.in_use} are in use"
        remedy = f"Wait for a transform job to end, or ask for more of {quota.name!r} at {console(region, quota.code)}"
        yield block(f"{plan.deployment.instance_type}: {held}; this needs {wanted}.", remedy)
    else:
        yield passed(f"{quota.name}: {quota.limit:g}, {quota.in_use} in use.")


COST = DeployCheck("cost", Subject.COST, 90, tell_cost, (HOSTING_PRICES,))
QUOTA = DeployCheck("quota", Subject.INSTANCE, 50, check_quota, (TRANSFORM_QUOTA,))
