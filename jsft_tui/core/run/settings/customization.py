"""The settings of a customization: what each is for, what to type, and how it is parsed."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from jsft_tui.core.customization.model_packages import GROUP_NAME

_GROUP_ARN = re.compile(r"arn:[a-z-]+:sagemaker:[^:]+:\d{12}:model-package-group/.+")
_PACKAGE_ARN = re.compile(r"arn:[a-z-]+:sagemaker:[^:]+:\d{12}:model-package/.+")
_MLFLOW_ARN = re.compile(r"arn:[a-z-]+:sagemaker:[^:]+:\d{12}:mlflow-[a-zA-Z-]+/.+")
_EVALUATOR_ARN = re.compile(r"arn:[a-z-]+:sagemaker:[^:]+:\d+:hub-content/[^/]+/JsonDoc/[^/]+/[\d.]+")
_LENGTH = re.compile(r"\d{1,4}[kK]")
_JUDGE = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9._:-]{0,255}")
_MLFLOW_NAME = re.compile(r"\S.{0,255}")


@dataclass(frozen=True)
class CustomizationSetting:
    """A setting of a customization.

    Attributes:
        label: its name for display.
        about: what it is for, in one sentence.
        example: what to type.
        parse: returns the value of a text; a ValueError says what is wrong with it.
        is_default: whether jsft's config.yaml may have a value for all runs.
        for_rewards: whether only reinforcement learning has it.
    """

    label: str
    about: str
    example: str
    parse: Callable[[str], str]
    is_default: bool = False
    for_rewards: bool = False


def _like(pattern: re.Pattern[str], *others: re.Pattern[str], example: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if not any(each.fullmatch(text) for each in (pattern, *others)):
            raise ValueError(f"That is not valid. {example}")
        return text

    return parse


_GROUP = "A name of letters, digits and hyphens, or the ARN of a group."
_PACKAGE = "An ARN: arn:aws:sagemaker:REGION:ACCOUNT:model-package/GROUP/VERSION"
_APP = "An ARN: arn:aws:sagemaker:REGION:ACCOUNT:mlflow-app/ID"
_DOCUMENT = "An ARN: arn:aws:sagemaker:REGION:ACCOUNT:hub-content/HUB/JsonDoc/NAME/VERSION"
_BEDROCK = "The id of a Bedrock model: openai.gpt-oss-120b-1:0"
_TOKENS = "A number of thousand tokens: 4K"
_NAME = "Any name."

CUSTOMIZATION_SETTINGS = {
    "model_package_group": CustomizationSetting(
        "model package group",
        "The tuned model is registered in it; it must exist.",
        _GROUP,
        _like(GROUP_NAME, _GROUP_ARN, example=_GROUP),
        is_default=True,
    ),
    "source_model_package": CustomizationSetting(
        "continue from",
        "A customized model to train on from, with LoRA; without one it starts from the base model.",
        _PACKAGE,
        _like(_PACKAGE_ARN, example=_PACKAGE),
    ),
    "sequence_length": CustomizationSetting(
        "sequence length",
        "The recipe of this length; without one, the first that fits.",
        _TOKENS,
        lambda text: _like(_LENGTH, example=_TOKENS)(text).upper(),
    ),
    "mlflow_app": CustomizationSetting(
        "MLflow app",
        "It records the metrics. It costs money while it exists: jsft creates none.",
        _APP,
        _like(_MLFLOW_ARN, example=_APP),
        is_default=True,
    ),
    "mlflow_experiment": CustomizationSetting(
        "MLflow experiment", "Its name in the MLflow app.", _NAME, _like(_MLFLOW_NAME, example=_NAME)
    ),
    "mlflow_run": CustomizationSetting(
        "MLflow run", "Its name in the MLflow app.", _NAME, _like(_MLFLOW_NAME, example=_NAME)
    ),
    "evaluator": CustomizationSetting(
        "evaluator",
        "RLVR: the reward function that scores answers. RLAIF: the prompt for the judge.",
        _DOCUMENT,
        _like(_EVALUATOR_ARN, example=_DOCUMENT),
        for_rewards=True,
    ),
    "judge_model": CustomizationSetting(
        "judge model",
        "The Bedrock model that judges answers (RLAIF); without one, the recipe's.",
        _BEDROCK,
        lambda text: _like(_JUDGE, example=_BEDROCK)(text.removeprefix("bedrock/")),
        for_rewards=True,
    ),
}
"""By the name of the attribute of `Customization`."""
