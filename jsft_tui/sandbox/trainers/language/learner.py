"""Train the parameters of a language model on samples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from jsft_tui.sandbox.trainers.common.fit import Rows
from jsft_tui.sandbox.trainers.common.optimizers import FloatArray, Gradient
from jsft_tui.sandbox.trainers.language.network.model import CausalModel, ModelConfig
from jsft_tui.sandbox.trainers.language.network.projections import Projections
from jsft_tui.sandbox.trainers.language.texts.samples import Batch, Sample

MAX_GRADIENT_NORM = 1.0
"""The default of Hugging Face's Trainer (`max_grad_norm`)."""


class LanguageLearner:
    """A language model and its samples.

    Args:
        config: the model's sizes.
        projections: the parameters, of which some are trained.
        training: the training samples.
        validation: the validation samples.
        max_norm: the largest length of all gradients together.
    """

    def __init__(
        self,
        config: ModelConfig,
        projections: Projections,
        training: Sequence[Sample],
        validation: Sequence[Sample],
        max_norm: float = MAX_GRADIENT_NORM,
    ) -> None:
        self.tokens = 0
        """Tokens of the training steps so far."""
        self.examples = len(training)
        self.validation_examples = len(validation)
        self._model = CausalModel(config, projections)
        self._projections = projections
        self._training = training
        self._validation = validation
        self._max_norm = max_norm

    def targets(self, rows: Rows) -> NDArray[np.int32]:
        """See `Learner`."""
        return self._batch(self._training, rows).targets

    def validation_targets(self, rows: Rows) -> NDArray[np.int32]:
        """See `Learner`."""
        return self._batch(self._validation, rows).targets

    def prepare(self) -> None:
        """Do nothing."""

    def begin_epoch(self, epoch: int) -> None:
        """Do nothing."""

    def forward(self, rows: Rows, rng: np.random.Generator) -> FloatArray:
        """See `Learner`."""
        batch = self._batch(self._training, rows)
        self.tokens += sum(len(self._training[row].tokens) for row in rows)
        self._projections.begin_pass(rng)
        return self._model.forward(batch.tokens, batch.wanted)

    def backward(self, gradient: FloatArray) -> Mapping[str, Gradient]:
        """See `Learner`."""
        self._model.backward(gradient)
        return clipped(self._projections.take_gradients(), self._max_norm)

    def validate(self, rows: Rows) -> FloatArray:
        """See `Learner`."""
        batch = self._batch(self._validation, rows)
        self._projections.begin_pass(None)
        return self._model.forward(batch.tokens, batch.wanted)

    def penalty(self) -> float:
        """See `Learner`."""
        return 0.0

    @staticmethod
    def _batch(samples: Sequence[Sample], rows: Rows) -> Batch:
        return Batch.of([samples[row] for row in rows])


def clipped(gradients: Mapping[str, Gradient], max_norm: float) -> Mapping[str, Gradient]:
    """Return the gradients, shortened together to the largest length allowed."""
    length = float(np.sqrt(sum(float((each.values**2).sum()) for each in gradients.values())))
    if length <= max_norm:
        return gradients
    factor = np.float32(max_norm / length)
    return {name: Gradient(each.values * factor, each.rows) for name, each in gradients.items()}
