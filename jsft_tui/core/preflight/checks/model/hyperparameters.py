"""Hyperparameters: types, ranges, combinations, and the effective batch size."""

from __future__ import annotations

from collections.abc import Iterator

from jsft_tui.core.catalog.task import BatchMeaning
from jsft_tui.core.common.remedy import Remedy, RemedyCommand
from jsft_tui.core.common.text import plural
from jsft_tui.core.hyperparameters.batch import BatchPlan, batch_rule, plan_batch
from jsft_tui.core.hyperparameters.rules import conflicts, unresolved_batch, value_errors
from jsft_tui.core.instances.types import instance_type
from jsft_tui.core.preflight.base.check import Check, CheckResult, Plan, block, passed, warn
from jsft_tui.core.preflight.base.inputs import Inputs
from jsft_tui.core.run.run import AUTO, SCALED


def evaluate(plan: Plan, inputs: Inputs) -> Iterator[CheckResult]:
    """Block all values that the training script would refuse."""
    unresolved = unresolved_batch(plan.run, plan.spec)
    if unresolved is not None:
        yield block(f"{unresolved}.", f"Write a number for {unresolved.name}.")
    wrong = value_errors(plan.run, plan.spec)
    for error in wrong:
        yield block(error.sentence, Remedy("See the valid values", RemedyCommand.HYPERPARAMETERS, plan.spec.model_id))
    if wrong or unresolved:
        return
    for conflict in conflicts(plan.run, plan.spec):
        yield block(conflict.message, conflict.remedy)
    yield from _batch(plan)
    yield passed(f"{plural(len(plan.run.hyperparameters), 'value')} set, the others at the model's defaults.")


def _batch(plan: Plan) -> Iterator[CheckResult]:
    rule, hardware = batch_rule(plan.spec), instance_type(plan.run.instance.type)
    if rule is None or hardware is None:
        return
    asked = plan.run.hyperparameters.get(rule.parameter)
    typed = {name: value for name, value in plan.run.hyperparameters.items() if value not in (AUTO, SCALED)}
    batch = plan_batch(rule, hardware, plan.run.instance.count, typed, apply_suggestion=asked == SCALED)
    if asked is None:  # the spec's own default is sent, unscaled
        return
    yield passed(f"{rule.parameter} {batch.explanation}.")
    yield from _uneven(batch, hardware.gpus)


def _uneven(batch: BatchPlan, gpus: int) -> Iterator[CheckResult]:
    if batch.rule.meaning is BatchMeaning.GLOBAL and gpus > 1 and batch.value % gpus:
        yield warn(
            f"{batch.rule.parameter} {batch.value} does not divide evenly over {gpus} GPUs.",
            f"Use a multiple of {gpus}.",
        )


CHECK = Check("hyperparameters", 150, evaluate)
