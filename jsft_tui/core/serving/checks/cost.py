"""What the endpoint costs, against the cap."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from jsft_tui.core.common.durations import duration_words
from jsft_tui.core.common.text import dollars
from jsft_tui.core.preflight.base.check import CheckResult, block, passed, unknown, warn
from jsft_tui.core.preflight.base.inputs import Inputs, Requirement
from jsft_tui.core.preflight.base.subject import Subject
from jsft_tui.core.serving.cost import endpoint_cost
from jsft_tui.core.serving.deploy.mode import Asynchronous, Serverless
from jsft_tui.core.serving.deploy.plan import DeployCheck, DeployPlan
from jsft_tui.core.sizing.pricing import Price

HOSTING_PRICES = Requirement[Mapping[str, Price]]("hosting prices")


def evaluate(plan: DeployPlan, inputs: Inputs) -> Iterator[CheckResult]:
    """Block costs above the cap; warn of an endpoint without an end."""
    if isinstance(plan.deployment.mode, Serverless):
        # Not checked against AWS: the price list has no row for it that jsft knows.
        yield passed("billed by the milliseconds of its requests; without any it costs nothing.")
        return
    chosen, cap = plan.deployment, plan.deployment.max_usd_per_month
    cost = endpoint_cost(chosen.instance_type, chosen.most_instances, inputs[HOSTING_PRICES])
    if cost.price is None or cost.per_month is None:
        against = f", so the cap of {dollars(cap)} a month cannot be checked" if cap is not None else ""
        yield unknown(f"the price of {chosen.instance_type} is unknown{against}.")
        return
    told = f"{dollars(cost.per_hour)}/h, {dollars(cost.per_month)} a month ({cost.price.origin})"
    lasts = chosen.lifetime_seconds
    whole = cost.per_month if lasts is None else min(cost.per_month, cost.over(lasts) or 0.0)
    if cap is not None and whole > cap:
        remedy = "Give it a lifetime, choose a cheaper type, or raise the cap."
        yield block(f"{told}; the cap is {dollars(cap)} a month.", remedy)
    elif isinstance(chosen.mode, Asynchronous):
        most = f" by {chosen.most_instances} instances" if chosen.most_instances > 1 else ""
        yield passed(f"{told}{most}, while requests wait or are answered; nothing otherwise.", headline=told)
    elif lasts is None:
        yield warn(f"{told}, until somebody deletes it.", "Give it a lifetime: --lifetime 2h")
    else:
        yield passed(f"{told}; {dollars(cost.over(lasts))} in {duration_words(lasts)}.", headline=told)


CHECK = DeployCheck("cost", Subject.COST, 90, evaluate, (HOSTING_PRICES,))
