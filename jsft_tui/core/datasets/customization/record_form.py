"""Recognize the form of a record of language data, whatever it was made for.

Sources: `sagemaker.ai_registry` dataset formats (sagemaker-train 1.27) and the developer guide
(customizing-models-sft, -dpo, -rft) for the customization forms; jumpstart-facts §3.1 for the classical ones;
the README of Alpaca and of ShareGPT's converters for theirs.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum


class RecordForm(Enum):
    """The form of a record; the value is its name in words."""

    MESSAGES = "messages"
    PROMPT_COMPLETION = "prompt and completion"
    PREFERENCE = "prompt, chosen and rejected"
    REWARD = "prompt and reward_model"
    DIALOG = "classical dialog"
    SHAREGPT = "ShareGPT"
    ALPACA = "Alpaca"
    INSTRUCTION = "classical instruction"
    QUESTION = "question and answer"
    PROMPT_RESPONSE = "prompt and response"
    INPUT_OUTPUT = "input and output"
    OTHER = "unknown"


def form_of(fields: Mapping[str, object]) -> RecordForm:
    """Return the form of a record, by its keys."""
    keys = set(fields)
    for form, needed in _KEYS:
        if needed <= keys:
            return form
    return RecordForm.OTHER


_KEYS: tuple[tuple[RecordForm, frozenset[str]], ...] = (
    (RecordForm.REWARD, frozenset({"prompt", "reward_model"})),
    (RecordForm.PREFERENCE, frozenset({"chosen", "rejected"})),
    (RecordForm.MESSAGES, frozenset({"messages"})),
    (RecordForm.DIALOG, frozenset({"dialog"})),
    (RecordForm.SHAREGPT, frozenset({"conversations"})),
    (RecordForm.PROMPT_COMPLETION, frozenset({"prompt", "completion"})),
    (RecordForm.ALPACA, frozenset({"instruction", "output"})),
    (RecordForm.INSTRUCTION, frozenset({"instruction", "response"})),
    (RecordForm.QUESTION, frozenset({"question", "answer"})),
    (RecordForm.PROMPT_RESPONSE, frozenset({"prompt", "response"})),
    (RecordForm.INPUT_OUTPUT, frozenset({"input", "output"})),
)
"""The keys of each form; the first form whose keys are all there is the record's."""

FIELDS = frozenset[str]().union(*(keys for _, keys in _KEYS), {"system", "context", "input", "data_source", "ability"})
"""The names that a record of some form may have."""
