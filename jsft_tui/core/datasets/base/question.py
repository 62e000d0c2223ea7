"""Define what a dataset is checked for: the task, and the model and hyperparameters that determine the format."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from jsft_tui.core.catalog.spec.hyperparameter import defaults
from jsft_tui.core.catalog.spec.spec import ModelSpec
from jsft_tui.core.catalog.task import Task, framework_and_task
from jsft_tui.core.catalog.technique import Technique

BATCH_SIZES = ("batch_size", "batch-size", "per_device_train_batch_size")
DECIDING = (
    *("instruction_tuned", "chat_dataset", "with_prior_preservation"),
    *("metric", "eval_metric", "min_data_in_leaf", "binary_mode", "dataloader_drop_last"),
    *BATCH_SIZES,
)
"""Hyperparameters that select the data format of a training (developer guide, instruction-based fine-tuning; the Stable
Diffusion notebook), or that have to fit the data.
"""


@dataclass(frozen=True)
class DataQuestion:
    """What a dataset is checked for.

    Attributes:
        task: the task of the model.
        model_id: the JumpStart model; empty if only the task is known.
        hyperparameters: the effective values, as they are sent; empty if unknown.
        technique: of the customization; None for the classical training script.
    """

    task: Task
    model_id: str = ""
    hyperparameters: Mapping[str, str] = field(default_factory=dict)
    technique: Technique | None = None

    @classmethod
    def of(cls, spec: ModelSpec, values: Mapping[str, str] | None = None) -> DataQuestion:
        """Create the question for a model, with some hyperparameters chosen and the others at their defaults."""
        known = {**defaults(spec.algorithm_hyperparameters), **(values or {})}
        return cls(spec.task, spec.model_id, known, spec.recipe.technique if spec.recipe else None)

    @property
    def framework(self) -> str:
        """Return the framework, the first part of the model id; empty without one."""
        return framework_and_task(self.model_id)[0]

    def says(self, name: str) -> bool | None:
        """Return whether a boolean hyperparameter is True; None if the model has none of that name."""
        value = self.hyperparameters.get(name)
        return None if value is None else value.strip().lower() == "true"

    @property
    def batch(self) -> tuple[str, int]:
        """Return the name and the value of the batch size; an empty name if there is none."""
        found = ((name, self.hyperparameters.get(name, "")) for name in BATCH_SIZES)
        return next(((name, int(value)) for name, value in found if value.isdecimal()), ("", 0))
