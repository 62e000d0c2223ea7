"""The maximum cost of the run, against the cap."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from jsft_tui.core.common.durations import duration_words, format_duration
from jsft_tui.core.common.text import dollars, plural
from jsft_tui.core.customization.method import ON_INSTANCES
from jsft_tui.core.preflight.base.check import Check, CheckResult, Plan, block, passed, unknown
from jsft_tui.core.preflight.base.inputs import Inputs, Requirement
from jsft_tui.core.preflight.base.subject import Subject
from jsft_tui.core.run.run import Run
from jsft_tui.core.sizing.pricing import SPOT_DISCOUNT, CostRange, Price, run_bound

PRICES = Requirement[Mapping[str, Price]]("prices")


def evaluate(plan: Plan, inputs: Inputs) -> Iterator[CheckResult]:
    """Block costs above the cap."""
    choice, cap = plan.run.instance, plan.run.max_cost_usd
    price = inputs[PRICES].get(choice.type)
    bound = run_bound(plan.run, inputs[PRICES])
    if price is None or bound is None:
        against = f", so the cap of {dollars(cap)} cannot be checked" if cap is not None else ""
        yield unknown(f"the price of {choice.type} is unknown{against}.")
        return
    message = f"at most {dollars(bound)} ({_product(plan.run, price)}, {price.origin})"
    if choice.spot:
        spread = CostRange(bound * (1 - SPOT_DISCOUNT), bound)
        message = f"{spread} ({_product(plan.run, price)}, {price.origin}, less the spot discount)"
    trials = "" if plan.run.tuning is None else f"{plural(plan.run.tuning.jobs, 'trial')} × "
    times = f"{duration_words(choice.max_runtime)} × {dollars(price.usd_per_hour)}/h × {choice.count}"
    told = f"at most {dollars(bound)}: {trials}{times}"
    if cap is not None and bound > cap:
        fewer = "" if plan.run.tuning is None else "Try fewer jobs (max_jobs), s"
        remedy = f"{fewer or 'S'}horten max_runtime, choose a cheaper type, or raise max_cost_usd."
        yield block(f"{message}; the cap is {dollars(cap)}.", remedy)
    else:
        yield passed(f"{message}.", headline=told, detail="" if cap is None else f"below your limit of {dollars(cap)}")


def _product(run: Run, price: Price) -> str:
    """Return what is multiplied; of a search that has a time limit, the smaller of two products."""
    one = f"{format_duration(run.instance.max_runtime)} x {dollars(price.usd_per_hour)} x {run.instance.count}"
    if run.tuning is None:
        return one
    longest = run.tuning.max_runtime
    if longest is not None and run.parallel_jobs * longest < run.tuning.jobs * run.instance.max_runtime:
        return (
            f"{plural(run.parallel_jobs, 'job')} at a time for {format_duration(longest)} x "
            f"{dollars(price.usd_per_hour)} x {run.instance.count}"
        )
    return f"{plural(run.tuning.jobs, 'job')} x {one}"


CHECK = Check("cost", Subject.COST, 220, evaluate, (PRICES,), methods=ON_INSTANCES)
