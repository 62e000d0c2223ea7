"""The sandbox trains a few models of its own; the others are browse only."""

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
        yield passed("the sandbox can train it (a small trainer of its own, no GPU, simulated prices).")
    elif plan.spec.sandbox_runnable is None:
        model = plan.spec.model_id
        yield warn(f"{model} is not one of the sandbox's models; it runs only if its training code is available there.")
    else:
        remedy = Remedy("Launch on AWS, or choose a model that it can train", RemedyCommand.RUNNABLE)
        yield block(f"{plan.spec.model_id} cannot be trained in the sandbox (browse only).", remedy)


CHECK = Check("sandbox", 250, evaluate)
