"""The ways to fine-tune a model: its classical training script, or a recipe."""

from __future__ import annotations

from enum import Enum


class Method(Enum):
    """How a run trains; the value is its name in JSON."""

    SCRIPT = "script"
    """The model's training script on chosen instances, as JumpStart always did."""
    RECIPE = "recipe"
    """Customization by a recipe, serverless."""
    RECIPE_JOB = "recipe on instances"
    """Customization by a recipe on chosen instances."""

    @property
    def label(self) -> str:
        """Return it in words."""
        return _LABELS[self]

    @property
    def of_model(self) -> Method:
        """Return what a model must have for it: a script, or recipes."""
        return Method.RECIPE if self is Method.RECIPE_JOB else self


_LABELS = {
    Method.SCRIPT: "classical training script",
    Method.RECIPE: "customization by recipe",
    Method.RECIPE_JOB: "customization by recipe on instances",
}
EVERY = frozenset(Method)
"""All methods."""
ON_INSTANCES = frozenset({Method.SCRIPT, Method.RECIPE_JOB})
"""Those with instances of one's own."""
BY_RECIPE = frozenset({Method.RECIPE, Method.RECIPE_JOB})
"""Those by a recipe."""
