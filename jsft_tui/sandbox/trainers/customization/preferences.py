"""Direct preference optimization: raise the odds of chosen answers over rejected ones, compared to a reference model.

Source: Rafailov et al., "Direct Preference Optimization" (2023), equation 7. With the log probability of an answer
under the trained model minus that under the reference model as its reward, the loss of a pair is
-log sigmoid(beta x (reward of the chosen - reward of the rejected answer)).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jsft_tui.sandbox.trainers.common.fit import Rows
from jsft_tui.sandbox.trainers.common.optimizers import FloatArray, Gradient, Parameters
from jsft_tui.sandbox.trainers.common.scores import Loss, Objective, Targets
from jsft_tui.sandbox.trainers.language.learner import clipped
from jsft_tui.sandbox.trainers.language.network.model import CausalModel, ModelConfig
from jsft_tui.sandbox.trainers.language.network.projections import FullProjections, Projections
from jsft_tui.sandbox.trainers.language.texts.samples import Batch, Sample

_REFERENCE_BATCH = 32


@dataclass(frozen=True)
class Pair:
    """The samples of a chosen and a rejected answer to the same prompt."""

    chosen: Sample
    rejected: Sample

    @property
    def tokens(self) -> int:
        """Tokens of both."""
        return len(self.chosen.tokens) + len(self.rejected.tokens)


class PreferenceLoss(Objective):
    """The loss of pairs, whose outputs are the differences of rewards, times beta; a hit prefers the chosen answer."""

    def loss(self, margins: FloatArray, _targets: Targets) -> Loss:
        """See `Objective`."""
        margin = margins[:, 0].astype(np.float64)
        share_wrong = (1 - np.tanh(margin / 2)) / 2
        return Loss(
            total=float(np.logaddexp(0, -margin).sum()),
            hits=float((margin > 0).sum()),
            gradient=(-share_wrong / len(margin))[:, None].astype(margins.dtype),
        )


class PreferenceLearner:
    """A language model and pairs of answers.

    Args:
        config: the model's sizes.
        projections: the parameters, of which some are trained.
        reference: the parameters of the reference model: those before training.
        training: the training pairs.
        validation: the validation pairs.
        beta: weight of the distance to the reference model.
        max_norm: the largest length of all gradients together.
    """

    def __init__(
        self,
        config: ModelConfig,
        projections: Projections,
        reference: Parameters,
        training: Sequence[Pair],
        validation: Sequence[Pair],
        beta: float,
        max_norm: float,
    ) -> None:
        self.tokens = 0
        """Tokens of the training steps so far."""
        self.examples = len(training)
        self.validation_examples = len(validation)
        self._model = CausalModel(config, projections)
        self._reference = CausalModel(config, FullProjections(reference))
        self._projections = projections
        self._training = training
        self._validation = validation
        self._beta = np.float32(beta)
        self._max_norm = max_norm
        self._margins = {"training": np.zeros(0, np.float32), "validation": np.zeros(0, np.float32)}
        self._step = _Answers.none()

    def targets(self, rows: Rows) -> NDArray[np.int32]:
        """See `Learner`; a pair is one prediction."""
        return np.ones(len(rows), np.int32)

    def validation_targets(self, rows: Rows) -> NDArray[np.int32]:
        """See `Learner`."""
        return self.targets(rows)

    def prepare(self) -> None:
        """Compute the reference model's log probabilities, which do not change."""
        self._margins = {"training": self._reference_margins(self._training)} | {
            "validation": self._reference_margins(self._validation)
        }

    def begin_epoch(self, epoch: int) -> None:
        """Do nothing."""

    def forward(self, rows: Rows, rng: np.random.Generator) -> FloatArray:
        """See `Learner`."""
        pairs = [self._training[row] for row in rows]
        self.tokens += sum(pair.tokens for pair in pairs)
        self._projections.begin_pass(rng)
        self._step = _Answers.of(self._model, pairs)
        return self._scaled(self._step.margins - self._margins["training"][rows])

    def backward(self, gradient: FloatArray) -> Mapping[str, Gradient]:
        """See `Learner`."""
        by_margin = gradient[:, 0] * self._beta
        self._model.backward(self._step.by_logits(by_margin))
        return clipped(self._projections.take_gradients(), self._max_norm)

    def validate(self, rows: Rows) -> FloatArray:
        """See `Learner`."""
        self._projections.begin_pass(None)
        answers = _Answers.of(self._model, [self._validation[row] for row in rows])
        return self._scaled(answers.margins - self._margins["validation"][rows])

    def penalty(self) -> float:
        """See `Learner`."""
        return 0.0

    def _scaled(self, margins: FloatArray) -> FloatArray:
        scaled: FloatArray = (self._beta * margins)[:, None]
        return scaled

    def _reference_margins(self, pairs: Sequence[Pair]) -> FloatArray:
        starts = range(0, len(pairs), _REFERENCE_BATCH)
        found = [_Answers.of(self._reference, pairs[start : start + _REFERENCE_BATCH]).margins for start in starts]
        return np.concatenate(found)


@dataclass(frozen=True)
class _Answers:
    """What a model says of the answers of some pairs: all chosen ones, then all rejected ones.

    Attributes:
        margins: log probability of each chosen answer minus that of the rejected one.
        shares: probabilities of all tokens at each place of an answer.
        targets: the token at each place.
        owner: which answer a place belongs to.
    """

    margins: FloatArray
    shares: FloatArray
    targets: NDArray[np.int32]
    owner: NDArray[np.intp]

    @classmethod
    def none(cls) -> _Answers:
        """Return what is known of no pairs."""
        empty = np.zeros(0, np.float32)
        return cls(empty, empty.reshape(0, 0), np.zeros(0, np.int32), np.zeros(0, np.intp))

    @classmethod
    def of(cls, model: CausalModel, pairs: Sequence[Pair]) -> _Answers:
        """Compute it."""
        batch = Batch.of([pair.chosen for pair in pairs] + [pair.rejected for pair in pairs])
        logits = model.forward(batch.tokens, batch.wanted)
        shifted = logits - logits.max(1, keepdims=True)
        logarithms = shifted - np.log(np.exp(shifted).sum(1, keepdims=True))
        owner = np.nonzero(batch.wanted)[0]
        each = logarithms[np.arange(len(batch.targets)), batch.targets]
        totals = np.bincount(owner, weights=each, minlength=2 * len(pairs)).astype(logits.dtype)
        margins = totals[: len(pairs)] - totals[len(pairs) :]
        return cls(margins, np.exp(logarithms), batch.targets, owner)

    def by_logits(self, by_margin: FloatArray) -> FloatArray:
        """Return the derivative of the loss by the logits, given that by the margins."""
        by_answer = np.concatenate([by_margin, -by_margin])[self.owner]
        gradient = -self.shares
        gradient[np.arange(len(self.targets)), self.targets] += 1
        scaled: FloatArray = gradient * by_answer[:, None]
        return scaled
