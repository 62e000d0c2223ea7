"""The hyperparameters of a customization as they are sent."""

from __future__ import annotations

import re
from collections.abc import Mapping

from jsft_tui.core.catalog.spec.hyperparameter import (
    HyperparameterError,
    HyperparameterSpec,
    HyperparameterType,
)
from jsft_tui.core.catalog.spec.spec import ModelSpec
from jsft_tui.core.catalog.technique import Technique
from jsft_tui.core.customization.customization import Customization

JUDGE_MODEL, JUDGE_PROMPT, PRESET_REWARD = "judge_model_id", "judge_prompt_template", "preset_reward_function"
_CHARACTERS = re.compile(r"[a-zA-Z0-9/_.:,\-\s'\"\[\]]*")
"""What a value may consist of (SDK, `_validate_hyperparameter_values`)."""


def sent_values(spec: ModelSpec, chosen: Mapping[str, str], wanted: Customization) -> dict[str, str]:
    """Return the `HyperParameters` map: plain strings, `True` and `False`, everything the recipe declares.

    An entry without a value is not sent, nor is an empty preset reward, which the service refuses (sagemaker-python-sdk
    PR 5889).

    Args:
        spec: of the model, with the recipe's hyperparameters.
        chosen: the run's own values.
        wanted: the customization; its evaluator takes the place of a prompt template, its judge that of the recipe.
    """
    values = {declared.name: declared.default_text for declared in spec.hyperparameters if declared.default is not None}
    values |= {name: _as_sent(spec.hyperparameter(name), value) for name, value in chosen.items()}
    if wanted.judge_model:
        values[JUDGE_MODEL] = f"bedrock/{wanted.judge_model}"
    if wanted.technique is Technique.RLAIF and wanted.evaluator:
        values.pop(JUDGE_PROMPT, None)
    if not values.get(PRESET_REWARD, "-"):
        del values[PRESET_REWARD]
    return values


def _as_sent(declared: HyperparameterSpec | None, value: str) -> str:
    is_flag = declared is not None and declared.type is HyperparameterType.BOOL
    return value.strip().capitalize() if is_flag else value


def character_errors(chosen: Mapping[str, str]) -> list[HyperparameterError]:
    """Return an error for each value with a character that is not accepted."""
    return [
        HyperparameterError(name, "may have letters, digits, blanks and / _ . : , - ' \" [ ] only.")
        for name, value in chosen.items()
        if not _CHARACTERS.fullmatch(value)
    ]


def length_errors(spec: ModelSpec, chosen: Mapping[str, str]) -> list[HyperparameterError]:
    """Return an error where lengths exceed the recipe's own (SDK, `FineTuningOptions.validate_length_constraints`)."""
    ceiling = _ceiling(spec)
    prompt, answer = _whole(spec, chosen, "max_prompt_length"), _whole(spec, chosen, "max_response_length")
    whole = _whole(spec, chosen, "dataset_max_len")
    found = []
    if ceiling and prompt is not None and answer is not None and prompt + answer > ceiling:
        message = f"and max_response_length are {prompt + answer} tokens; the recipe takes {ceiling}."
        found.append(HyperparameterError("max_prompt_length", message))
    if ceiling and whole is not None and whole > ceiling:
        found.append(HyperparameterError("dataset_max_len", f"is {whole}; the recipe takes {ceiling} tokens."))
    return found


def _ceiling(spec: ModelSpec) -> int:
    length = (spec.recipe.sequence_length if spec.recipe else "").upper().removesuffix("K")
    return int(length) * 1024 if length.isdecimal() else 0


def _whole(spec: ModelSpec, chosen: Mapping[str, str], name: str) -> int | None:
    declared = spec.hyperparameter(name)
    value = chosen.get(name, declared.default_text if declared else "")
    return int(value) if value.isdecimal() else None
