"""The ways to fine-tune a model: its classical training script, or a recipe."""

from __future__ import annotations

from enum import Enum


class Method(Enum):
    """How a run trains; the value is its name in JSON."""

    SCRIPT = "script"
    """The model's training script on chosen instances, as JumpStart always did."""
    RECIPE = "recipe"
    """Customization by a recipe."""

    @property
    def label(self) -> str:
        """Return it in words."""
        return {Method.SCRIPT: "classical training script", Method.RECIPE: "customization by recipe"}[self]


EVERY = frozenset(Method)
"""Both methods."""
