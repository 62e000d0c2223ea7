"""The maximum cost of the run, against the cap."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from jsft_tui.core.common.durations import format_duration
from jsft_tui.core.common.text import dollars
from jsft_tui.core.preflight.base.check import Check, CheckResult, Plan, block, passed, unknown
from jsft_tui.core.preflight.base.inputs import Inputs, Requirement
from jsft_tui.core.sizing.pricing import Price, cost_range, max_cost

PRICES = Requirement[Mapping[str, Price]]("prices")


def evaluate(plan: Plan, inputs: Inputs) -> Iterator[CheckResult]:
    """Block costs above the cap."""
    choice, cap = plan.run.instance, plan.run.max_cost_usd
    price = inputs[PRICES].get(choice.type)
    bound = max_cost(choice, inputs[PRICES])
    if price is None or bound is None:
        against = f", so the cap of {dollars(cap)} cannot be checked" if cap is not None else ""
        yield unknown(f"the price of {choice.type} is unknown{against}.")
        return
    run = f"{format_duration(choice.max_runtime)} x {dollars(price.usd_per_hour)} x {choice.count}"
    message = f"at most {dollars(bound)} ({run}, {price.origin})"
    likely = cost_range(choice, inputs[PRICES])
    if likely is not None and choice.spot:
        message = f"{likely} ({run}, {price.origin}, less the spot discount)"
    if cap is not None and bound > cap:
        remedy = "Shorten max_runtime, choose a cheaper type, or raise max_cost_usd."
        yield block(f"{message}; the cap is {dollars(cap)}.", remedy)
    else:
        yield passed(f"{message}.")


CHECK = Check("cost", 220, evaluate, (PRICES,))
