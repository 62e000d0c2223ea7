"""Customization techniques and adapters, in the words of the API.

Source: botocore, sagemaker/2017-07-24, CustomizationTechnique and Peft.
"""

from __future__ import annotations

from enum import Enum


class Technique(Enum):
    """A customization technique; the value is the API's."""

    SFT = "SFT"
    DPO = "DPO"
    RLVR = "RLVR"
    RLAIF = "RLAIF"

    @property
    def title(self) -> str:
        """Return its full name."""
        return _TITLES[self]

    @property
    def is_reinforcement(self) -> bool:
        """Return whether answers are generated and scored during training."""
        return self in (Technique.RLVR, Technique.RLAIF)

    @classmethod
    def find(cls, word: str) -> Technique | None:
        """Return the technique for a typed word; None for an unknown one."""
        return next((each for each in cls if each.value == word.strip().upper()), None)


_TITLES = {
    Technique.SFT: "supervised fine-tuning",
    Technique.DPO: "direct preference optimization",
    Technique.RLVR: "reinforcement learning with verifiable rewards",
    Technique.RLAIF: "reinforcement learning from AI feedback",
}


class Adapter(Enum):
    """What is trained: low-rank matrices beside the weights, or all weights."""

    LORA = "LoRA"
    FULL = "full"

    @property
    def peft(self) -> str | None:
        """Return the API's value; None for all weights, for which the member is absent."""
        return "LORA" if self is Adapter.LORA else None

    @classmethod
    def find(cls, word: str) -> Adapter | None:
        """Return the adapter for a typed word; None for an unknown one."""
        return next((each for each in cls if each.value.lower() == word.strip().lower()), None)
