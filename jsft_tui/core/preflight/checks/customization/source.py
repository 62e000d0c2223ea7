"""Continuing from a customized model: it exists, was made from this model, and is continued with LoRA."""

from __future__ import annotations

from collections.abc import Iterator

from jsft_tui.core.catalog.technique import Adapter
from jsft_tui.core.customization.method import Method
from jsft_tui.core.customization.model_packages import PackageFacts
from jsft_tui.core.preflight.base.check import Check, CheckResult, Plan, block, nothing_to_tell, passed
from jsft_tui.core.preflight.base.inputs import Inputs, Requirement
from jsft_tui.core.preflight.base.subject import Subject

SOURCE = Requirement[PackageFacts]("source model package")
PART = ":model-package/"


def evaluate(plan: Plan, inputs: Inputs) -> Iterator[CheckResult]:
    """Block sources that the service would refuse (developer guide, customizing-models-continuous)."""
    wanted = plan.run.customization
    if wanted is None or not wanted.source_model_package:
        yield nothing_to_tell("starts from the base model.")
        return
    if PART not in wanted.source_model_package:
        message = f"{wanted.source_model_package} is not the ARN of a model package."
        yield block(message, "Use arn:aws:sagemaker:REGION:ACCOUNT:model-package/GROUP/VERSION.")
        return
    if wanted.adapter is not Adapter.LORA:
        yield block("a customized model is continued with LoRA only.", "Set adapter: LoRA.")
    found = inputs[SOURCE]
    if not found.exists:
        yield block(f"there is no model package {wanted.source_model_package}.", "Check its group and version.")
    elif found.base_model and found.base_model != plan.spec.model_id:
        message = f"{wanted.source_model_package} was made from {found.base_model}, not {plan.spec.model_id}."
        yield block(message, f"Set model: {found.base_model}.")
    else:
        yield passed(f"continues from {wanted.source_model_package.partition(PART)[2]}.")


CHECK = Check("source_model", Subject.MODEL, 235, evaluate, (SOURCE,), frozenset({Method.RECIPE}))
