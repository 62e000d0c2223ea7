"""What the run can cost at most, against the cap."""

from __future__ import annotations

from collections.abc import Iterator

from jsft_tui.core.common.durations import format_duration
from jsft_tui.core.common.text import dollars
from jsft_tui.core.preflight.base.check import Check, Facts, Judgement, Need, Plan, good, stop, unknown
from jsft_tui.core.sizing.pricing import cost_range, max_cost


def judge(plan: Plan, facts: Facts) -> Iterator[Judgement]:
    """Blocks above the cap."""
    choice, cap = plan.run.instance, plan.run.max_cost_usd
    price = facts.prices.get(choice.type)
    bound = max_cost(choice, facts.prices)
    if price is None or bound is None:
        against = f", so the cap of {dollars(cap)} cannot be held against it" if cap is not None else ""
        yield unknown(f"the price of {choice.type} is unknown{against}.")
        return
    run = f"{format_duration(choice.max_runtime)} x {dollars(price.usd_per_hour)} x {choice.count}"
    message = f"at most {dollars(bound)} ({run}, {price.origin})"
    likely = cost_range(choice, facts.prices)
    if likely is not None and choice.spot:
        message = f"{likely} ({run}, {price.origin}, less what spot saves)"
    if cap is not None and bound > cap:
        remedy = "Shorten max_runtime, choose a cheaper type, or raise max_cost_usd."
        yield stop(f"{message}; the cap is {dollars(cap)}.", remedy)
    else:
        yield good(f"{message}.")


CHECK = Check("cost", judge, (Need.PRICES,))
