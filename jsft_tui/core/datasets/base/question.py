"""What a dataset is for: the task, and what of the model and its hyperparameters decides on the format."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from jsft_tui.core.catalog.hyperparameter import defaults
from jsft_tui.core.catalog.spec import ModelSpec
from jsft_tui.core.catalog.task import Task, framework_and_task

DECIDING = ("instruction_tuned", "chat_dataset", "with_prior_preservation")
"""Hyperparameters that say which form of data a training reads (developer guide, instruction-based fine-tuning; the
Stable Diffusion notebook)."""


@dataclass(frozen=True)
class DataQuestion:
    """What the data is asked to be.

    Attributes:
        task: what the model is trained for.
        model_id: the JumpStart model; empty when only the task is known.
        hyperparameters: the values that will take effect, as they are sent; empty when they are not known.
    """

    task: Task
    model_id: str = ""
    hyperparameters: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, spec: ModelSpec, values: Mapping[str, str] | None = None) -> DataQuestion:
        """What a model wants, with some hyperparameters chosen and the others at their defaults."""
        return cls(spec.task, spec.model_id, {**defaults(spec.algorithm_hyperparameters), **(values or {})})

    @property
    def framework(self) -> str:
        """The framework, the first part of the model id; empty without one."""
        return framework_and_task(self.model_id)[0]

    def says(self, name: str) -> bool | None:
        """Whether a switch among the hyperparameters is True; None when the model has none of that name."""
        value = self.hyperparameters.get(name)
        return None if value is None else value.strip().lower() == "true"
