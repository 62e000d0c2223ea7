"""Run the training container of one of the sandbox's trainers: `main("image")`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from jsft_tui.sandbox.trainers.common import hyperparameters
from jsft_tui.sandbox.trainers.common.container import Container, run
from jsft_tui.sandbox.trainers.common.hyperparameters import Hyperparameter


@dataclass(frozen=True)
class Trainer:
    """A trainer.

    Attributes:
        hyperparameters: what its jobs may set.
        module: the module below this package with its `train(container)`. It is named, not imported, because numpy
            must be imported after the SIGTERM handler and the number of BLAS threads are set.
    """

    hyperparameters: tuple[Hyperparameter, ...]
    module: str

    def train(self, container: Container) -> None:
        """Run one job."""
        train: Callable[[Container], None] = import_module(f"{__package__}.{self.module}").train
        train(container)


TRAINERS = {
    "image": Trainer(hyperparameters.IMAGE, "image.training"),
    "text": Trainer(hyperparameters.TEXT, "text.training"),
    "pairs": Trainer(hyperparameters.PAIRS, "text.pairs.training"),
    "questions": Trainer(hyperparameters.QUESTIONS, "text.questions.training"),
    "similarity": Trainer(hyperparameters.SIMILARITY, "text.similarity.training"),
    "tabular": Trainer(hyperparameters.LINEAR, "tabular.classification"),
    "regression": Trainer(hyperparameters.LINEAR, "tabular.regression"),
    "boosting-classification": Trainer(hyperparameters.BOOSTING, "tabular.boosting.classification"),
    "boosting-regression": Trainer(hyperparameters.BOOSTING, "tabular.boosting.regression"),
    "gpt": Trainer(hyperparameters.GPT, "language.gpt"),
    "llama": Trainer(hyperparameters.LLAMA, "language.llama"),
}
"""By the name that the key of a model's script contains."""


def main(name: str) -> None:
    """Train on the job's folder and exit as the container contract says."""
    trainer = TRAINERS[name]
    run(trainer.hyperparameters, trainer.train)
