"""The sandbox runs a few models of its own; the others are there to look at."""

from __future__ import annotations

from collections.abc import Iterator

from jsft_tui.core.common.remedy import Remedy, RemedyCommand
from jsft_tui.core.preflight.base.check import Check, Facts, Judgement, Plan, doubt, good, stop


def judge(plan: Plan, facts: Facts) -> Iterator[Judgement]:
    """Blocks, in the sandbox, models that it says it has no trainer for."""
    if not plan.sandbox:
        yield good("the target is AWS.")
    elif plan.spec.sandbox_runnable:
        yield good("the sandbox can train it (its own small trainer, no GPU, pretended prices).")
    elif plan.spec.sandbox_runnable is None:
        yield doubt(f"{plan.spec.model_id} is not the sandbox's own; it runs only if its training code lies there.")
    else:
        remedy = Remedy("Launch on AWS, or choose one that it can", RemedyCommand.RUNNABLE)
        yield stop(f"the sandbox cannot train {plan.spec.model_id}; it is there to look at.", remedy)


CHECK = Check("sandbox", judge)
