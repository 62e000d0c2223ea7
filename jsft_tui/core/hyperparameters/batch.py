"""The meaning of a model's batch-size hyperparameter, and its value for the instance's GPUs.

JumpStart has two meanings, and confusing them is an error of up to a factor of eight: TensorFlow's image and text
classification split one *global* batch over the GPUs ("used across the GPUs", developer guide,
IC-TF-Hyperparameter), while LLMs take the batch *per device*. Multiplying the second runs out of memory.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from jsft_tui.core.catalog.spec.hyperparameter import Scalar
from jsft_tui.core.catalog.spec.spec import ModelSpec
from jsft_tui.core.catalog.task import UNDOCUMENTED_BATCH, BatchMeaning
from jsft_tui.core.instances.types import InstanceType

GLOBAL_NAMES = ("batch_size", "batch-size")
PER_DEVICE_NAME = "per_device_train_batch_size"
FIXED_NAME = "global_train_batch_size"
ACCUMULATION_NAME = "gradient_accumulation_steps"


@dataclass(frozen=True)
class BatchRule:
    """How one model's batch size behaves.

    Attributes:
        parameter: the hyperparameter's name.
        meaning: what it counts.
        base: the value for one GPU.
        maximum: the spec's upper bound, None when it has none.
        why: the reason in a few words, with its source.
        accumulation: the model's own gradient accumulation steps.
    """

    parameter: str
    meaning: BatchMeaning
    base: int
    maximum: int | None
    why: str
    accumulation: int = 1

    @property
    def meaning_text(self) -> str:
        """Return what the number counts: `for each GPU: multiplied by the GPUs of the instance`."""
        match self.meaning:
            case BatchMeaning.GLOBAL:
                return "for each GPU: multiplied by the GPUs of the instance"
            case BatchMeaning.PER_DEVICE:
                return "for each device: never multiplied"
            case BatchMeaning.FIXED:
                return f"never multiplied: {self.why}"
            case BatchMeaning.UNKNOWN:
                return "kept as it is: its meaning is not documented"


@dataclass(frozen=True)
class BatchPlan:
    """A batch size on an instance.

    Attributes:
        rule: the model's rule.
        value: the value to send.
        effective: records per optimizer step over all devices, instances and accumulation steps;
            None when the meaning is unknown.
        suggested: for an unknown meaning, the value that scaling would give, when it differs.
        clamped: whether it was reduced to the spec's maximum.
        held: whether the user typed the value, so that it is not scaled.
        explanation: one line, for example `32 per GPU × 4 GPUs = 128`.
    """

    rule: BatchRule
    value: int
    effective: int | None
    suggested: int | None = None
    clamped: bool = False
    held: bool = False
    explanation: str = ""


def batch_rule(spec: ModelSpec) -> BatchRule | None:
    """Return the rule for a model; None when it has no batch size (tree models, linear models).

    Source: the table of jumpstart-facts §5, drawn from the developer guide and the specs.
    """
    for name in (FIXED_NAME, PER_DEVICE_NAME, *GLOBAL_NAMES):
        declared = spec.hyperparameter(name)
        if declared is None:
            continue
        meaning, why = _meaning(spec, name)
        base = _positive(declared.default) or _initial_base(spec, meaning)
        maximum = int(declared.maximum) if declared.maximum is not None else None
        accumulation = spec.hyperparameter(ACCUMULATION_NAME)
        steps = _positive(accumulation.default) if accumulation else None
        return BatchRule(name, meaning, base, maximum, why, steps or 1)
    return None


def _initial_base(spec: ModelSpec, meaning: BatchMeaning) -> int:
    """Return the initial value when the spec has no default; the minimum where it counts per device."""
    if meaning is BatchMeaning.PER_DEVICE:
        return 1
    return spec.task.info.initial_batch


def _positive(default: Scalar) -> int | None:
    """Return a default as an integer (specs write `32` and `"32"`); None when it is not one."""
    try:
        number = float(str(default))
    except ValueError:
        return None
    return int(number) if number >= 1 and number.is_integer() else None


def _meaning(spec: ModelSpec, name: str) -> tuple[BatchMeaning, str]:
    if name == FIXED_NAME:
        return BatchMeaning.FIXED, "already counts all devices"
    if name == PER_DEVICE_NAME:
        return BatchMeaning.PER_DEVICE, "counts per device"
    convention = spec.task.info.batch
    if convention.frameworks and spec.framework not in convention.frameworks:
        convention = UNDOCUMENTED_BATCH
    return convention.meaning, convention.reason


def plan_batch(
    rule: BatchRule,
    instance: InstanceType,
    count: int = 1,
    values: Mapping[str, str] | None = None,
    *,
    apply_suggestion: bool = False,
) -> BatchPlan:
    """Derive the batch size on an instance from the base.

    Args:
        rule: the model's rule.
        instance: the instance type chosen.
        count: instances of it. A global batch is never multiplied by it: the families that have one train
            on the GPUs of a single instance (developer guide, common-info-all-im-models).
        values: hyperparameters that the user typed; a typed batch size is kept, and the accumulation steps
            enter the effective batch.
        apply_suggestion: scale also where the meaning is unknown (the user asked for it).
    """
    values = values or {}
    typed = _whole(values.get(rule.parameter))
    scaled, clamped = _scaled(rule, instance)
    scales = rule.meaning is BatchMeaning.GLOBAL or (rule.meaning is BatchMeaning.UNKNOWN and apply_suggestion)
    value = typed if typed is not None else scaled if scales else rule.base
    held = typed is not None
    clamped = clamped and scales and not held
    effective = _effective(rule, value, instance, count, _whole(values.get(ACCUMULATION_NAME)) or rule.accumulation)
    suggested = scaled if rule.meaning is BatchMeaning.UNKNOWN and value != scaled else None
    plan = BatchPlan(rule, value, effective, suggested, clamped, held)
    if held:
        return replace(plan, explanation=_explain_typed(plan))
    return replace(plan, explanation=_explain_scaled(plan, instance) if scales else _explain_base(plan, instance))


def batch_given(rule: BatchRule, values: Mapping[str, str], instance: InstanceType, count: int = 1) -> str:
    """Return the batch size that a job was given, spread over its GPUs: `4 per GPU × 4 GPUs = 16`."""
    value = _whole(values.get(rule.parameter)) or rule.base
    devices = max(1, instance.devices if rule.meaning is BatchMeaning.PER_DEVICE else instance.gpus)
    match rule.meaning:
        case BatchMeaning.PER_DEVICE:
            devices *= count
            return f"{value} per GPU × {devices} GPUs = {value * devices}" if devices > 1 else str(value)
        case BatchMeaning.GLOBAL if devices > 1 and value % devices == 0:
            return f"{value // devices} per GPU × {devices} GPUs = {value}"
        case _:
            return str(value)


def _scaled(rule: BatchRule, instance: InstanceType) -> tuple[int, bool]:
    wanted = rule.base * max(instance.gpus, 1)
    if rule.maximum is not None and wanted > rule.maximum:
        return rule.maximum, True
    return wanted, False


def _effective(rule: BatchRule, value: int, instance: InstanceType, count: int, accumulation: int) -> int | None:
    match rule.meaning:
        case BatchMeaning.PER_DEVICE:
            return value * instance.devices * count * accumulation
        case BatchMeaning.GLOBAL | BatchMeaning.FIXED:
            return value * accumulation
        case BatchMeaning.UNKNOWN:
            return None


def _explain_typed(plan: BatchPlan) -> str:
    line = f"{plan.value}, as typed"
    return line if plan.effective in (None, plan.value) else f"{line}; effective batch {plan.effective}"


def _explain_scaled(plan: BatchPlan, instance: InstanceType) -> str:
    rule = plan.rule
    note = f", meaning {rule.why}" if rule.meaning is BatchMeaning.UNKNOWN else ""
    if plan.clamped:
        return f"{rule.base} per GPU × {_gpus(instance)}, cut to the model's maximum {plan.value}{note}"
    if not instance.gpus:
        return f"{plan.value} on the CPU{note}" if not instance.neuron_devices else f"{plan.value}{note}"
    return f"{rule.base} per GPU × {_gpus(instance)} = {plan.value}{note}"


def _explain_base(plan: BatchPlan, instance: InstanceType) -> str:
    rule = plan.rule
    if rule.meaning is BatchMeaning.PER_DEVICE:
        return f"{plan.value} per device, effective batch {plan.effective}"
    if rule.meaning is BatchMeaning.UNKNOWN:
        hint = f"; {plan.suggested} would be {rule.base} × {_gpus(instance)}" if plan.suggested else ""
        return f"{plan.value}, meaning {rule.why}{hint}"
    return f"{plan.value}, {rule.why}"


def _gpus(instance: InstanceType) -> str:
    return f"{instance.gpus} GPUs" if instance.gpus != 1 else "1 GPU"


def _whole(text: str | None) -> int | None:
    try:
        return int(text) if text else None
    except ValueError:
        return None  # reported by the validation
