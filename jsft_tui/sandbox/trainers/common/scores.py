"""Compute a classifier's training objectives and validation metrics."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jsft_tui.sandbox.trainers.common.optimizers import FloatArray

Labels = NDArray[np.intp]
Targets = NDArray[Any]
"""What a model should predict: labels, or numbers for regression. The first axis counts the predictions."""
BINARY_METRICS = ("precision", "recall", "auc", "prc")


@dataclass(frozen=True)
class Loss:
    """The loss of some predictions.

    Attributes:
        total: the sum over the predictions.
        hits: the number of right predictions, where there is such a thing.
        gradient: of the mean loss, by the model's outputs.
    """

    total: float
    hits: float
    gradient: FloatArray


class Objective(ABC):
    """An objective, which turns a model's outputs into a loss and into metrics."""

    @abstractmethod
    def loss(self, outputs: FloatArray, targets: Targets, /) -> Loss:
        """Return the loss of the outputs; their first axis counts the predictions, as that of the targets."""

    def scores(self, total: float, hits: float, count: int, /) -> dict[str, float]:
        """Return the metrics of many predictions, `loss` among them, from the sums of their losses and hits."""
        return {"loss": total / count, "accuracy": hits / count}

    def probabilities(self, outputs: FloatArray) -> FloatArray:
        """Return the probabilities, shaped (examples, classes)."""
        raise NotImplementedError(f"{type(self).__name__} is not the objective of a classifier")


class Classification(Objective):
    """The objective of a classifier."""

    outputs: int
    """Number of logits per example."""

    @abstractmethod
    def probabilities(self, outputs: FloatArray) -> FloatArray:
        """See `Objective`."""


class Softmax(Classification):
    """One logit for each class.

    Args:
        classes: the number of classes.
        smoothing: fraction of the probability that is spread over all classes (Keras's `label_smoothing`).
    """

    def __init__(self, classes: int, smoothing: float = 0.0) -> None:
        self.outputs = classes
        self.smoothing = smoothing

    def loss(self, logits: FloatArray, labels: Targets) -> Loss:
        """See `Objective`."""
        shifted = logits - logits.max(1, keepdims=True)
        log_probabilities = shifted - np.log(np.exp(shifted).sum(1, keepdims=True))
        wanted = np.full_like(logits, self.smoothing / self.outputs)
        wanted[np.arange(len(labels)), labels] += 1 - self.smoothing
        return Loss(
            total=float(-(wanted * log_probabilities).sum()),
            hits=int((logits.argmax(1) == labels).sum()),
            gradient=(np.exp(log_probabilities) - wanted) / len(labels),
        )

    def probabilities(self, logits: FloatArray) -> FloatArray:
        """See `Objective`."""
        powers = np.exp(logits - logits.max(1, keepdims=True))
        shares: FloatArray = powers / powers.sum(1, keepdims=True)
        return shares


class Sigmoid(Classification):
    """One logit for the second of two classes (`binary_mode`)."""

    outputs = 1

    def __init__(self, smoothing: float = 0.0) -> None:
        self.smoothing = smoothing

    def loss(self, logits: FloatArray, labels: Targets) -> Loss:
        """See `Objective`."""
        logit = logits[:, 0]
        wanted = (labels * (1 - self.smoothing) + self.smoothing / 2).astype(logits.dtype)
        total = np.logaddexp(logits.dtype.type(0), logit) - wanted * logit
        return Loss(
            total=float(total.sum()),
            hits=int(((logit > 0) == (labels == 1)).sum()),
            gradient=((_sigmoid(logit) - wanted) / len(labels))[:, None],
        )

    def probabilities(self, logits: FloatArray) -> FloatArray:
        """See `Objective`."""
        positive = _sigmoid(logits[:, 0])
        return np.stack([1 - positive, positive], axis=1)


class SquaredError(Objective):
    """Half the squared error of one number per example, as scikit-learn's and XGBoost's `squared_error`."""

    def loss(self, outputs: FloatArray, targets: Targets) -> Loss:
        """See `Objective`."""
        errors = outputs[:, 0] - targets
        return Loss(float((errors**2).sum() / 2), 0, (errors / len(targets))[:, None])

    def scores(self, total: float, _hits: float, count: int) -> dict[str, float]:
        """See `Objective`."""
        return {"loss": total / count, "rmse": float(np.sqrt(2 * total / count))}


def binary_score(metric: str, positive: FloatArray, labels: Labels) -> float:
    """Compute `precision`, `recall`, `auc` or `prc` for the second of two classes.

    Args:
        metric: its name; `auc` is the area under the ROC curve, `prc` the one under the precision-recall curve.
        positive: the probability of the second class, for each example.
        labels: 0 or 1, for each example.
    """
    truth = labels == 1
    if metric in ("precision", "recall"):
        chosen = positive > 0.5
        out_of = int(chosen.sum()) if metric == "precision" else int(truth.sum())
        return float((chosen & truth).sum()) / out_of if out_of else 0.0
    return _roc_area(positive, truth) if metric == "auc" else _precision_recall_area(positive, truth)


def _roc_area(positive: FloatArray, truth: NDArray[np.bool_]) -> float:
    """Return how often an example of the second class ranks above one of the first; a tie counts half."""
    hits, misses = int(truth.sum()), int((~truth).sum())
    if not hits or not misses:
        return 0.0
    _, place, counts = np.unique(positive, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[place]
    return float((ranks[truth].sum() - hits * (hits + 1) / 2) / (hits * misses))


def _precision_recall_area(positive: FloatArray, truth: NDArray[np.bool_]) -> float:
    """Return the mean precision over the examples of the second class, with ties grouped."""
    hits = int(truth.sum())
    if not hits:
        return 0.0
    values, place, counts = np.unique(-positive, return_inverse=True, return_counts=True)
    found = np.bincount(place, weights=truth, minlength=len(values))
    precision = np.cumsum(found) / np.cumsum(counts)
    return float((precision * found).sum() / hits)


def _sigmoid(values: FloatArray) -> FloatArray:
    half: FloatArray = (1 + np.tanh(values / 2)) / 2
    return half
