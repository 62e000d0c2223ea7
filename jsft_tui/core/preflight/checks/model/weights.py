"""JumpStart's content exists: the weights and the training code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.remedy import Remedy, RemedyCommand
from jsft_tui.core.customization.method import ON_INSTANCES
from jsft_tui.core.customization.recipes.choice import methods_of
from jsft_tui.core.preflight.base.check import Check, CheckResult, Plan, block, not_checked, nothing_to_tell, passed
from jsft_tui.core.preflight.base.inputs import Inputs, Requirement
from jsft_tui.core.preflight.base.subject import Subject
from jsft_tui.core.sizing.disk import SizeFacts, in_words

CONTENT = Requirement[Mapping[str, SizeFacts | Problem]]("content")


def evaluate(plan: Plan, inputs: Inputs) -> Iterator[CheckResult]:
    """Block missing content: "No S3 objects found" after the launch (amazon-sagemaker-feedback #126)."""
    if plan.run.method.of_model not in methods_of(plan.spec):
        yield nothing_to_tell("the model cannot be trained.")
        return
    if plan.sandbox and not plan.spec.sandbox_runnable:
        yield nothing_to_tell("the sandbox has content only for the models it can train.")
        return
    content = inputs[CONTENT]
    there = [_WORDS.get(channel, channel) for channel, found in content.items() if isinstance(found, SizeFacts)]
    for channel, found in content.items():
        if isinstance(found, Problem):
            yield not_checked(found)
        elif found.objects == 0:
            remedy = Remedy("Try another region or another version", RemedyCommand.MODEL, plan.spec.model_id)
            yield block(f"JumpStart has no {_WORDS.get(channel, channel)} for this model here.", remedy)
        else:
            yield passed(_said(channel, found), detail=f"{' and '.join(there)} found")
    if not content:
        yield passed("the weights are gated; SageMaker downloads them itself.")


def _said(channel: str, found: SizeFacts) -> str:
    return f"{_WORDS.get(channel, channel)}: {in_words(found.total)}."


_WORDS = {"model": "weights", "code": "training code"}

CHECK = Check("weights", Subject.MODEL, 130, evaluate, (CONTENT,), methods=ON_INSTANCES)
