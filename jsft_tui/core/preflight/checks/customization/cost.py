"""What a serverless customization costs: tokens x epochs x price, or hours; unknown without a price."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from jsft_tui.core.common.text import dollars
from jsft_tui.core.customization.cost.estimate import CostEstimate, estimate
from jsft_tui.core.customization.cost.price import SkuPrice
from jsft_tui.core.customization.method import Method
from jsft_tui.core.datasets.customization.count import RecordCount
from jsft_tui.core.preflight.base.check import Check, CheckResult, Plan, block, passed, unknown
from jsft_tui.core.preflight.base.inputs import Inputs, Requirement
from jsft_tui.core.preflight.base.subject import Subject
from jsft_tui.core.preflight.checks.customization.rows import RECORDS, TRAIN, training_share, values_of

EPOCHS = "max_epochs"


@dataclass(frozen=True)
class SkuFacts:
    """The price of the recipe's usage type; None where the price list has none."""

    price: SkuPrice | None


SKU = Requirement[SkuFacts]("serverless price")


def evaluate(plan: Plan, inputs: Inputs) -> Iterator[CheckResult]:
    """Block estimates above the cap."""
    found, cap = cost_estimate(plan, inputs), plan.run.max_cost_usd
    if found.usd is None:
        against = f", so the cap of {dollars(cap)} cannot be checked" if cap is not None else ""
        yield unknown(f"the cost is unknown: {found.reasoning}{against}.")
        return
    message = f"{found.amount}: {found.reasoning}"
    if cap is not None and found.usd > cap:
        remedy = "Use fewer epochs or less data, shorten max_runtime, or raise max_cost_usd."
        yield block(f"{message}; the cap is {dollars(cap)}.", remedy)
    else:
        yield passed(f"{message}.", headline=found.amount, detail=found.reasoning)


def cost_estimate(plan: Plan, inputs: Inputs) -> CostEstimate:
    """Return the estimate for a plan."""
    values = values_of(plan)
    counted = (inputs.get(RECORDS) or {}).get(TRAIN)
    tokens = None
    if isinstance(counted, RecordCount):
        tokens = int(counted.tokens * training_share(plan, values))
    return estimate(inputs[SKU].price, tokens, _number(values.get(EPOCHS, "")), plan.run.instance.max_runtime)


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


CHECK = Check("serverless_cost", Subject.COST, 222, evaluate, (SKU, RECORDS), frozenset({Method.RECIPE}))
