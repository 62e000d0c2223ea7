"""Hyperparameters: types, ranges, combinations, and the effective batch size."""

from __future__ import annotations

from collections.abc import Iterator

from jsft_tui.core.catalog.task import BatchMeaning
from jsft_tui.core.common.remedy import Remedy, RemedyCommand
from jsft_tui.core.common.text import plural
from jsft_tui.core.customization.recipes.choice import methods_of
from jsft_tui.core.hyperparameters.batch import BatchPlan, batch_rule, plan_batch
from jsft_tui.core.hyperparameters.conflicts.find import conflicts
from jsft_tui.core.hyperparameters.rules import unresolved_batch, value_errors
from jsft_tui.core.hyperparameters.values import resolved_values
from jsft_tui.core.instances.types import instance_type
from jsft_tui.core.preflight.base.check import Check, CheckResult, Plan, block, nothing_to_tell, passed, warn
from jsft_tui.core.preflight.base.inputs import Inputs
from jsft_tui.core.preflight.base.subject import Subject
from jsft_tui.core.run.run import AUTO, SCALED

SHOWN = 3
"""Values of the run that are named where all passed."""


def evaluate(plan: Plan, inputs: Inputs) -> Iterator[CheckResult]:
    """Block all values that the training script would refuse."""
    if plan.run.method.of_model not in methods_of(plan.spec):
        yield passed("not checked: the model cannot be trained this way.")
        return
    unresolved = unresolved_batch(plan.run, plan.spec)
    if unresolved is not None:
        yield block(f"{unresolved}.", f"Write a number for {unresolved.name}.")
    wrong = value_errors(plan.run, plan.spec)
    for error in wrong:
        yield block(error.sentence, Remedy("See the valid values", RemedyCommand.HYPERPARAMETERS, plan.spec.model_id))
    if wrong or unresolved:
        return
    for conflict in conflicts(plan.run, plan.spec):
        judge = block if conflict.is_certain else warn
        yield judge(conflict.message, conflict.remedy)
    yield from _batch(plan)
    yield _values(plan)


def _values(plan: Plan) -> CheckResult:
    own, known = len(plan.run.hyperparameters), len(plan.spec.algorithm_hyperparameters)
    values = {name: resolved_values(plan.run, plan.spec)[name] for name in plan.run.hyperparameters}
    told = ", ".join(f"{name} {value}" for name, value in list(values.items())[:SHOWN])
    more = f"{known - own} defaults" if own <= SHOWN else f"{own - SHOWN} more, {known - own} defaults"
    return passed(
        f"{own} set, {plural(known - own, 'default')}.",
        headline=f"{told}, {more}" if own else f"{known} defaults",
        detail="all within what the model allows",
    )


def _batch(plan: Plan) -> Iterator[CheckResult]:
    rule, hardware = batch_rule(plan.spec), instance_type(plan.run.instance.type)
    if rule is None or hardware is None:
        return
    asked = plan.run.hyperparameters.get(rule.parameter)
    typed = {name: value for name, value in plan.run.hyperparameters.items() if value not in (AUTO, SCALED)}
    batch = plan_batch(rule, hardware, plan.run.instance.count, typed, apply_suggestion=asked == SCALED)
    if asked is None:  # the spec's own default is sent, unscaled
        return
    yield nothing_to_tell(f"{rule.parameter} {batch.explanation}.")
    yield from _uneven(batch, hardware.gpus)


def _uneven(batch: BatchPlan, gpus: int) -> Iterator[CheckResult]:
    if batch.rule.meaning is BatchMeaning.GLOBAL and gpus > 1 and batch.value % gpus:
        yield warn(
            f"{batch.rule.parameter} {batch.value} does not divide evenly over {gpus} GPUs.",
            f"Use a multiple of {gpus}.",
        )


CHECK = Check("hyperparameters", Subject.VALUES, 150, evaluate)
