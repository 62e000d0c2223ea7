"""The forms that data is converted to, and how an example is written in each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from jsft_tui.core.datasets.conversion.example import ASSISTANT, SYSTEM, USER, CannotConvertError, Example


class Target(Enum):
    """A form; the value is its name on the command line."""

    SFT = "sft"
    PROMPT_COMPLETION = "prompt-completion"
    DPO = "dpo"
    RLVR = "rlvr"
    RLAIF = "rlaif"
    DIALOG = "dialog"
    INSTRUCTIONS = "instructions"

    @property
    def about(self) -> str:
        """Return what it is for."""
        return _ABOUT[self]


_ABOUT = {
    Target.SFT: "messages, for SFT",
    Target.PROMPT_COMPLETION: "prompt and completion, for SFT and FLAN-T5",
    Target.DPO: "prompt, chosen and rejected, for DPO",
    Target.RLVR: "prompt and ground truth, for RLVR",
    Target.RLAIF: "prompt, for RLAIF",
    Target.DIALOG: "dialog, for the training scripts of chat models",
    Target.INSTRUCTIONS: "instruction, context and response, for the training scripts of language models",
}


@dataclass(frozen=True)
class Naming:
    """What records of reinforcement learning are given where they do not say.

    Attributes:
        data_source: the name that the reward function tells data by.
        ability: what they exercise.
    """

    data_source: str = "converted"
    ability: str = "general"


def written(example: Example, target: Target, naming: Naming) -> dict[str, Any]:
    """Return an example in a form.

    Raises:
        CannotConvertError: the form needs something that the example does not have, or cannot say it.
    """
    return _WRITERS[target](example, naming)


def _sft(example: Example, _naming: Naming) -> dict[str, Any]:
    return {"messages": [message.document for message in example.messages]}


def _prompt_completion(example: Example, _naming: Naming) -> dict[str, Any]:
    system, prompt = example.single_turn()
    first = {"system": system} if system else {}
    return {**first, "prompt": prompt, "completion": example.needed_answer}


def _dpo(example: Example, _naming: Naming) -> dict[str, Any]:
    if example.rejected is None:
        raise CannotConvertError("no rejected answer")
    if example.rejected == example.answer:
        raise CannotConvertError("the chosen and the rejected answer are the same")
    if [message.role for message in example.prompt] == [USER]:
        _, prompt = example.single_turn()
        return {"prompt": prompt, "chosen": example.needed_answer, "rejected": example.rejected}
    # A prompt of several messages is part of both dialogs.
    asked = [message.document for message in example.prompt_with_context]
    answers = {"chosen": example.needed_answer, "rejected": example.rejected}
    return {name: [*asked, {"role": ASSISTANT, "content": text}] for name, text in answers.items()}


def _rlvr(example: Example, naming: Naming) -> dict[str, Any]:
    return _reward(example, naming, {"style": "rule", "ground_truth": example.needed_answer})


def _rlaif(example: Example, naming: Naming) -> dict[str, Any]:
    return _reward(example, naming, {"style": "llmj", "ground_truth": example.answer or ""})


def _reward(example: Example, naming: Naming, model: Mapping[str, str]) -> dict[str, Any]:
    return {
        "data_source": example.data_source or naming.data_source,
        "prompt": [message.document for message in example.prompt_with_context],
        "ability": example.ability or naming.ability,
        "reward_model": dict(model),
    }


def _dialog(example: Example, _naming: Naming) -> dict[str, Any]:
    messages = example.messages
    turns = [message.role for message in messages if message.role != SYSTEM]
    if turns != [USER, ASSISTANT] * (len(turns) // 2):
        raise CannotConvertError("user and assistant do not alternate")
    return {"dialog": [message.document for message in messages]}


def _instructions(example: Example, _naming: Naming) -> dict[str, Any]:
    plain = Example(example.prompt, example.answer)
    system, prompt = plain.single_turn()
    instruction = f"{system}\n\n{prompt}" if system else prompt
    return {"instruction": instruction, "context": example.context, "response": example.needed_answer}


_WRITERS: Mapping[Target, Callable[[Example, Naming], dict[str, Any]]] = {
    Target.SFT: _sft,
    Target.PROMPT_COMPLETION: _prompt_completion,
    Target.DPO: _dpo,
    Target.RLVR: _rlvr,
    Target.RLAIF: _rlaif,
    Target.DIALOG: _dialog,
    Target.INSTRUCTIONS: _instructions,
}
