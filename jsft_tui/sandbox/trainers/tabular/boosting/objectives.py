"""Define what boosting follows: first and second derivatives, and the metric that XGBoost prints."""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np

from jsft_tui.sandbox.trainers.common.optimizers import FloatArray
from jsft_tui.sandbox.trainers.common.scores import Sigmoid, Softmax, Targets
from jsft_tui.sandbox.trainers.tabular.boosting.ensemble import BASE_SCORE

_LEAST_HESSIAN = 1e-16


class BoostingObjective(ABC):
    """An objective, by XGBoost's name."""

    name: str
    metric: str
    """The metric that XGBoost prints by default."""
    outputs: int = 1
    start: float = BASE_SCORE
    """The sum before the first tree."""

    @abstractmethod
    def derivatives(self, sums: FloatArray, targets: Targets) -> tuple[FloatArray, FloatArray]:
        """Return the first and second derivative of each row's loss, both shaped like the sums."""

    @abstractmethod
    def value(self, sums: FloatArray, targets: Targets) -> float:
        """Return the metric."""


class SquaredErrorObjective(BoostingObjective):
    """Regression."""

    name = "reg:squarederror"
    metric = "rmse"

    def derivatives(self, sums: FloatArray, targets: Targets) -> tuple[FloatArray, FloatArray]:
        """See `BoostingObjective`."""
        return sums - targets[:, None], np.ones_like(sums)

    def value(self, sums: FloatArray, targets: Targets) -> float:
        """See `BoostingObjective`."""
        return float(np.sqrt(np.mean((sums[:, 0] - targets) ** 2)))


class LogisticObjective(BoostingObjective):
    """Two classes."""

    name = "binary:logistic"
    metric = "logloss"
    start = 0.0  # the logit of BASE_SCORE

    def derivatives(self, sums: FloatArray, targets: Targets) -> tuple[FloatArray, FloatArray]:
        """See `BoostingObjective`."""
        positive = Sigmoid().probabilities(sums)[:, 1:]
        return positive - targets[:, None], np.maximum(positive * (1 - positive), _LEAST_HESSIAN)

    def value(self, sums: FloatArray, targets: Targets) -> float:
        """See `BoostingObjective`."""
        return Sigmoid().loss(sums, targets).total / len(targets)


class SoftmaxObjective(BoostingObjective):
    """Several classes."""

    name = "multi:softprob"
    metric = "mlogloss"

    def __init__(self, classes: int) -> None:
        self.outputs = classes

    def derivatives(self, sums: FloatArray, targets: Targets) -> tuple[FloatArray, FloatArray]:
        """See `BoostingObjective`."""
        probabilities = Softmax(self.outputs).probabilities(sums)
        gradient = probabilities.copy()
        gradient[np.arange(len(targets)), targets] -= 1
        return gradient, np.maximum(2 * probabilities * (1 - probabilities), _LEAST_HESSIAN)

    def value(self, sums: FloatArray, targets: Targets) -> float:
        """See `BoostingObjective`."""
        return Softmax(self.outputs).loss(sums, targets).total / len(targets)


def class_objective(classes: int) -> BoostingObjective:
    """Return the objective for a number of classes."""
    return LogisticObjective() if classes == 2 else SoftmaxObjective(classes)
