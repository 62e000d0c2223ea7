"""The values of a run's hyperparameters, with defaults and batch sizes filled in."""

from __future__ import annotations

from dataclasses import replace

from jsft_tui.core.catalog.spec.hyperparameter import as_text, changed
from jsft_tui.core.catalog.spec.spec import ModelSpec
from jsft_tui.core.hyperparameters.batch import BatchPlan, batch_rule, plan_batch
from jsft_tui.core.instances.types import instance_type, unknown_type
from jsft_tui.core.run.run import AUTO, SCALED, Run


def hyperparameters(run: Run, spec: ModelSpec) -> dict[str, str]:
    """Return all effective algorithm hyperparameters: defaults, the run's own, the scaled batch."""
    defaults = {declared.name: declared.default for declared in spec.algorithm_hyperparameters}
    defaults |= spec.variants.hyperparameters(run.instance.type)  # of any scope (SDK, artifacts/hyperparameters.py)
    return {**{name: as_text(value) for name, value in defaults.items()}, **resolved_values(run, spec)}


def resolved_values(run: Run, spec: ModelSpec) -> dict[str, str]:
    """Return the run's own hyperparameters, with `auto` and `scaled` batch sizes as numbers."""
    values = dict(run.hyperparameters)
    rule = batch_rule(spec)
    instance = instance_type(run.instance.type)
    if rule is None or instance is None or values.get(rule.parameter) not in (AUTO, SCALED):
        return values
    asked = values.pop(rule.parameter)
    plan = plan_batch(rule, instance, run.instance.count, values, apply_suggestion=asked == SCALED)
    return {**values, rule.parameter: str(plan.value)}


def with_hyperparameter(run: Run, name: str, value: str | None) -> Run:
    """Return the draft with one hyperparameter set; None resets it to the model's default."""
    values = {key: old for key, old in run.hyperparameters.items() if key != name}
    return replace(run, hyperparameters=values if value is None else {**values, name: value})


def with_default_hyperparameters(run: Run, spec: ModelSpec) -> Run:
    """Reset every hyperparameter to its default, and let the batch size follow the instance."""
    rule = batch_rule(spec)
    return replace(run, hyperparameters={rule.parameter: AUTO} if rule else {})


def batch_plan(run: Run, spec: ModelSpec | None, type_: str = "") -> BatchPlan | None:
    """Return the draft's batch size on its instance type or another; None when the model has none."""
    rule = batch_rule(spec) if spec else None
    name = type_ or run.instance.type
    if rule is None or not name:
        return None
    said = run.hyperparameters.get(rule.parameter, AUTO)
    typed = {key: value for key, value in run.hyperparameters.items() if value not in (AUTO, SCALED)}
    is_said = rule.parameter in run.hyperparameters
    if not is_said:  # then the model's default is sent as it is
        typed[rule.parameter] = str(rule.base)
    machine = instance_type(name) or unknown_type(name)
    plan = plan_batch(rule, machine, run.instance.count, typed, apply_suggestion=said == SCALED)
    return plan if is_said else replace(plan, explanation=plan.explanation.replace("as typed", "the model's default"))


def changed_values(run: Run, spec: ModelSpec) -> dict[str, str]:
    """Return the hyperparameters that differ from the model's defaults, without an automatic batch size."""
    values = {name: value for name, value in run.hyperparameters.items() if value != AUTO}
    return changed(spec.hyperparameters_on(run.instance.type), values)
