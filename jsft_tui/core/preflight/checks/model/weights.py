"""JumpStart's own part of the job lies where the request says: the weights and the training code."""

from __future__ import annotations

from collections.abc import Iterator

from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.remedy import Remedy, RemedyCommand
from jsft_tui.core.preflight.base.check import Check, Facts, Judgement, Need, Plan, good, not_told, stop
from jsft_tui.core.sizing.disk import SizeFacts, in_words


def judge(plan: Plan, facts: Facts) -> Iterator[Judgement]:
    """Blocks where nothing lies: "No S3 objects found" after the launch (amazon-sagemaker-feedback #126)."""
    if not plan.spec.training_supported:
        yield good("nothing to train with.")
        return
    if plan.sandbox and not plan.spec.sandbox_runnable:
        yield good("the sandbox holds only what it trains itself.")
        return
    content = facts.content
    for channel, found in content.items():
        if isinstance(found, Problem):
            yield not_told(found)
        elif found.objects == 0:
            remedy = Remedy("Try another region or another version", RemedyCommand.MODEL, plan.spec.model_id)
            yield stop(f"JumpStart has no {_WORDS.get(channel, channel)} of this model here.", remedy)
        else:
            yield good(_said(channel, found))
    if not content:
        yield good("the weights are behind a licence; SageMaker fetches them itself.")


def _said(channel: str, found: SizeFacts) -> str:
    return f"{_WORDS.get(channel, channel)}: {in_words(found.total)}."


_WORDS = {"model": "weights", "code": "training code"}

CHECK = Check("weights", judge, (Need.CONTENT,))
