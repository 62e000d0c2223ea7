"""The account's quota of instances for endpoints, less what its endpoints use."""

from __future__ import annotations

from collections.abc import Iterator

from jsft_tui.core.account.quotas import QuotaFacts
from jsft_tui.core.preflight.base.check import CheckResult, block, nothing_to_tell, passed, unknown
from jsft_tui.core.preflight.base.inputs import Inputs, Requirement
from jsft_tui.core.preflight.base.subject import Subject
from jsft_tui.core.preflight.checks.account.quota import console
from jsft_tui.core.serving.checks.name import NAMES
from jsft_tui.core.serving.deploy.mode import Serverless
from jsft_tui.core.serving.deploy.plan import DeployCheck, DeployPlan

ENDPOINT_QUOTA = Requirement[QuotaFacts]("endpoint quota")

SHOWN = 6


def endpoint_quota_name(instance_type: str) -> str:
    """Return the name of the quota that an endpoint needs (SageMaker endpoints and quotas, general reference)."""
    return f"{instance_type} for endpoint usage"


def evaluate(plan: DeployPlan, inputs: Inputs) -> Iterator[CheckResult]:
    """Block an endpoint that could not be created: many types have a quota of 0 in a new account."""
    if isinstance(plan.deployment.mode, Serverless):
        yield nothing_to_tell("a serverless endpoint needs no quota of instances.")
        return
    names = inputs.get(NAMES)
    if names is not None and names.endpoint_is_ours:
        yield passed("this endpoint exists already; no additional quota is needed.")
        return
    quota, wanted, region = inputs[ENDPOINT_QUOTA], plan.deployment.most_instances, plan.place.region
    if quota.limit is None:
        yield unknown(f"the quota {quota.name!r} is not listed.", f"Look for it at {console(region)}")
    elif quota.limit < wanted:
        message = f"{plan.deployment.instance_type}: your limit for endpoints is {quota.limit:g}; this needs {wanted}."
        yield block(message, _ask(quota, plan))
    elif quota.in_use is None:
        yield unknown(f"{quota.name}: {quota.limit:g}; what endpoints use of it could not be determined.")
    elif quota.limit - quota.in_use < wanted:
        held = f"your limit for endpoints is {quota.limit:g}, and {quota.in_use} are in use"
        yield block(f"{plan.deployment.instance_type}: {held}; this needs {wanted}.", _ask(quota, plan))
    else:
        yield passed(f"{quota.name}: {quota.limit:g}, {quota.in_use} in use.")


def _ask(quota: QuotaFacts, plan: DeployPlan) -> str:
    enough = [name for name, free in quota.free.items() if free >= plan.deployment.most_instances]
    asked = f"Ask for more of {quota.name!r} at {console(plan.place.region, quota.code)}"
    return f"{asked}, or choose a type with quota: {', '.join(enough[:SHOWN])}" if enough else asked


CHECK = DeployCheck("quota", Subject.INSTANCE, 50, evaluate, (ENDPOINT_QUOTA, NAMES))
