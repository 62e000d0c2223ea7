"""Say how a model was trained: the `training_info.json` of its artifact."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from jsft_tui.sandbox.trainers.common.checkpoint import Scores
from jsft_tui.sandbox.trainers.common.fit import Learner
from jsft_tui.sandbox.trainers.common.settings import Settings


@dataclass(frozen=True)
class Trainer:
    """What trains.

    Attributes:
        task: the task, which determines the model's input.
        version: name and version of the form of the model.
        pretrained: the weights that it starts from, or why there are none.
    """

    task: str
    version: str
    pretrained: str

    def info(self, settings: Settings, learner: Learner, status: str, history: list[Scores]) -> dict[str, Any]:
        """Return what all models say.

        Args:
            settings: the hyperparameters.
            learner: was trained.
            status: `completed` or `stopped`.
            history: the metrics of the whole epochs.
        """
        return {
            "task": self.task,
            "trainer": self.version,
            "status": status,
            "pretrained": self.pretrained,
            "training_examples": learner.examples,
            "validation_examples": learner.validation_examples,
            "whole_epochs": len(history),
            "history": history,
            "hyperparameters": dict(settings),
        }
