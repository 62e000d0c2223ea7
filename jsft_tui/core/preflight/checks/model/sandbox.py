"""The sandbox runs a few models of its own; the others are there to look at."""

from __future__ import annotations

from collections.abc import Iterator

from jsft_tui.core.common.remedy import Remedy, RemedyCommand
from jsft_tui.core.preflight.base.check import Check, CheckResult, Plan, block, passed, warn
from jsft_tui.core.preflight.base.inputs import Inputs


def evaluate(plan: Plan, inputs: Inputs) -> Iterator[CheckResult]:
    """Block, in the sandbox, models for which it has no trainer."""
    if not plan.sandbox:
        yield passed("the target is AWS.")
    elif plan.spec.sandbox_runnable:
        yield passed("the sandbox can train it (its own small trainer, no GPU, pretended prices).")
    elif plan.spec.sandbox_runnable is None:
        yield warn(f"{plan.spec.model_id} is not the sandbox's own; it runs only if its training code lies there.")
    else:
        remedy = Remedy("Launch on AWS, or choose one that it can", RemedyCommand.RUNNABLE)
        yield block(f"the sandbox cannot train {plan.spec.model_id}; it is there to look at.", remedy)


CHECK = Check("sandbox", 250, evaluate)
