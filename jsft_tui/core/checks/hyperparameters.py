"""Hyperparameters: types, ranges, rules across fields, and what the batch size means here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from jsft_tui.core.batch import BatchMeaning, BatchPlan, batch_rule, plan_batch
from jsft_tui.core.checks.check import Check, Facts, Judgement, Plan, doubt, good, stop
from jsft_tui.core.hyperparameters import errors, not_finite
from jsft_tui.core.instances import instance_type
from jsft_tui.core.request import hyperparameters, resolved_values
from jsft_tui.core.run import AUTO, SCALED
from jsft_tui.core.text import plural


def judge(plan: Plan, facts: Facts) -> Iterator[Judgement]:
    """Blocks on every value that the training script would refuse, all at once."""
    values = resolved_values(plan.run, plan.spec)
    unresolved = _unresolved(plan, values)
    if unresolved:
        name, word = unresolved
        del values[name]
        why = f"{name} {word} cannot follow {plan.run.instance.type}, whose GPUs this version does not know."
        yield stop(why, f"Write a number for {name}.")
    wrong = errors(plan.spec.hyperparameters, values) + not_finite(plan.spec.hyperparameters, values)
    for error in wrong:
        sentence = str(error)
        yield stop(
            sentence if sentence.endswith(("?", ".")) else f"{sentence}.", f"See: jsft model {plan.spec.model_id}"
        )
    if wrong or unresolved:
        return
    yield from _across(hyperparameters(plan.run, plan.spec))
    yield from _batch(plan)
    yield good(f"{plural(len(plan.run.hyperparameters), 'value')} chosen, the others as the model has them.")


def _unresolved(plan: Plan, values: Mapping[str, str]) -> tuple[str, str] | None:
    """The batch size that cannot follow the instance, whose GPUs are not known: its name, and `auto` or `scaled`."""
    rule = batch_rule(plan.spec)
    if rule is None or values.get(rule.parameter) not in (AUTO, SCALED):
        return None
    return rule.parameter, values[rule.parameter]


def _across(values: Mapping[str, str]) -> Iterator[Judgement]:
    # Llama notebooks (amazon-sagemaker-examples): exactly one of the two.
    both = [values.get(name) for name in ("int8_quantization", "enable_fsdp")]
    if None not in both and both[0] == both[1]:
        yield stop(
            f"int8_quantization and enable_fsdp are both {both[0]}; exactly one must be True.",
            "Set one of them to True and the other to False.",
        )
    if values.get("instruction_tuned") == "True" and values.get("chat_dataset") == "True":
        yield stop("instruction_tuned and chat_dataset are both True.", "Set at most one of them to True.")


def _batch(plan: Plan) -> Iterator[Judgement]:
    rule, hardware = batch_rule(plan.spec), instance_type(plan.run.instance.type)
    if rule is None or hardware is None:
        return
    asked = plan.run.hyperparameters.get(rule.parameter)
    typed = {name: value for name, value in plan.run.hyperparameters.items() if value not in (AUTO, SCALED)}
    batch = plan_batch(rule, hardware, plan.run.instance.count, typed, apply_suggestion=asked == SCALED)
    if asked is None:  # the spec's own default is sent, unscaled
        return
    yield good(f"{rule.parameter} {batch.explanation}.")
    yield from _uneven(batch, hardware.gpus)


def _uneven(batch: BatchPlan, gpus: int) -> Iterator[Judgement]:
    if batch.rule.meaning is BatchMeaning.GLOBAL and gpus > 1 and batch.value % gpus:
        yield doubt(
            f"{batch.rule.parameter} {batch.value} does not divide evenly over {gpus} GPUs.",
            f"Use a multiple of {gpus}.",
        )


CHECK = Check("hyperparameters", judge)
