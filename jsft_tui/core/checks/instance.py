"""The instance type: one that the model supports."""

from __future__ import annotations

from collections.abc import Iterator

from jsft_tui.core.checks.check import Check, Facts, Judgement, Plan, doubt, good, stop
from jsft_tui.core.instances import instance_type
from jsft_tui.core.tasks import Task

_SINGLE_INSTANCE_TASKS = (Task.IMAGE_CLASSIFICATION, Task.TEXT_CLASSIFICATION)


def judge(plan: Plan, facts: Facts) -> Iterator[Judgement]:
    """Blocks on types that the model's spec does not list, as Studio does."""
    choice, supported = plan.run.instance, plan.spec.instance_types
    if supported and choice.type not in supported:
        message = f"{plan.spec.model_id} does not support {choice.type}."
        yield stop(message, f"It supports: {', '.join(supported)}.")
        return
    hardware = instance_type(choice.type)
    if hardware is None:
        yield doubt(f"{choice.type} is not known to this version; its GPUs and disk are unknown.")
        return
    if hardware.is_legacy:
        yield doubt(f"{choice.type} is a legacy type that few regions still offer.", _newer(plan))
    if choice.count > 1 and plan.spec.framework == "tensorflow" and plan.spec.task in _SINGLE_INSTANCE_TASKS:
        yield doubt(f"{choice.count} instances: this algorithm trains on the GPUs of one.", "Set count: 1.")
    gpus = f"{hardware.gpus} x {hardware.gpu_model}" if hardware.gpus else "no GPU"
    yield good(f"{choice.count} x {choice.type} ({gpus}).")


def _newer(plan: Plan) -> str:
    types = [found for name in plan.spec.instance_types if (found := instance_type(name)) and not found.is_legacy]
    return f"Newer ones: {', '.join(found.name for found in types[:6])}." if types else ""


CHECK = Check("instance", judge)
