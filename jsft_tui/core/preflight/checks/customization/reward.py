"""Reinforcement learning: what scores the answers, and options of other techniques that have no effect."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jsft_tui.core.catalog.technique import Technique
from jsft_tui.core.customization.customization import Customization
from jsft_tui.core.customization.method import BY_RECIPE
from jsft_tui.core.customization.recipes.values import JUDGE_MODEL, PRESET_REWARD, sent_values
from jsft_tui.core.customization.reward.evaluators import EvaluatorFacts
from jsft_tui.core.customization.reward.judges import JUDGE_REGIONS, judges_in
from jsft_tui.core.preflight.base.check import Check, CheckResult, Plan, block, nothing_to_tell, passed, warn
from jsft_tui.core.preflight.base.inputs import Inputs, Requirement
from jsft_tui.core.preflight.base.subject import Subject

EVALUATOR = Requirement[EvaluatorFacts]("evaluator")
EVALUATOR_ARN = re.compile(r"arn:[a-z-]+:sagemaker:[^:]+:\d+:hub-content/[^/]+/JsonDoc/[^/]+/[\d.]+")
"""A versioned evaluator (SDK, `_validate_evaluator_arn`)."""


def evaluate(plan: Plan, inputs: Inputs) -> Iterator[CheckResult]:
    """Block reinforcement learning without a reward, and evaluators that are none."""
    wanted = plan.run.customization
    if wanted is None or not wanted.technique.is_reinforcement:
        if wanted is not None and (wanted.evaluator or wanted.judge_model):
            yield warn(f"evaluator and judge_model have no effect on {wanted.technique.value}.", "Remove them.")
        yield nothing_to_tell("the technique needs no reward.")
        return
    values = sent_values(plan.spec, plan.run.hyperparameters, wanted)
    yield from _evaluator(wanted, inputs)
    if wanted.technique is Technique.RLVR:
        yield from _reward(wanted, values.get(PRESET_REWARD, ""))
    else:
        yield from _judge(values.get(JUDGE_MODEL, ""), plan.place.region)


def _evaluator(wanted: Customization, inputs: Inputs) -> Iterator[CheckResult]:
    if not wanted.evaluator:
        return
    if not EVALUATOR_ARN.fullmatch(wanted.evaluator):
        message = f"{wanted.evaluator} is not the ARN of an evaluator."
        yield block(message, "Use arn:aws:sagemaker:REGION:ACCOUNT:hub-content/HUB/JsonDoc/NAME/VERSION.")
        return
    found = inputs[EVALUATOR]
    if not found.exists:
        yield block(f"there is no evaluator {wanted.evaluator}.", "Check its hub, name and version.")
    elif wanted.technique is Technique.RLVR and not found.function:
        yield warn("the evaluator names no Lambda function.", "Create it with type RewardFunction.")
    else:
        yield passed(f"evaluator {wanted.evaluator.rpartition('JsonDoc/')[2]}.")


def _reward(wanted: Customization, preset: str) -> Iterator[CheckResult]:
    if not wanted.evaluator and not preset:
        message = "RLVR has no reward: neither an evaluator nor preset_reward_function is set."
        yield block(message, "Set evaluator: ARN in customization, or the hyperparameter preset_reward_function.")
    elif preset:
        yield passed(f"{PRESET_REWARD} {preset}.")


def _judge(model: str, region: str) -> Iterator[CheckResult]:
    """Block a judge that Bedrock does not offer for this in the region."""
    judge = model.removeprefix("bedrock/")
    if judge in JUDGE_REGIONS and judge not in judges_in(region):
        yield block(f"{judge} does not judge in {region}.", f"Judges there: {', '.join(judges_in(region)) or 'none'}.")
    elif judge and judge not in JUDGE_REGIONS:
        yield warn(f"{judge} is not a judge that this version knows.", f"Known: {', '.join(JUDGE_REGIONS)}.")
    elif judge:
        yield passed(f"{judge} judges.")


CHECK = Check("reward", Subject.VALUES, 155, evaluate, (EVALUATOR,), BY_RECIPE)
