"""Learn linear models by stochastic gradient descent, as scikit-learn's SGDClassifier and SGDRegressor do.

The same penalties and the same learning rates, limited to what is stable. Differences: mini-batches instead of single
rows, and features standardized to mean 0 and deviation 1.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jsft_tui.sandbox.trainers.common.fit import EarlyStopping, Plan, Rows
from jsft_tui.sandbox.trainers.common.optimizers import FloatArray, Gradient, Optimizer, Parameters
from jsft_tui.sandbox.trainers.common.scores import Objective, Targets
from jsft_tui.sandbox.trainers.common.settings import Settings
from jsft_tui.sandbox.trainers.tabular.data import TabularData
from jsft_tui.sandbox.trainers.tabular.table import SEED, Table

BATCH_SIZE = 32
MAX_EPOCHS = 1000
"""`max_iter` of both estimators."""
PATIENCE = 5
"""`n_iter_no_change` of both estimators."""


class Penalty:
    """Regularization: alpha x (l1 x sum of absolute values + l2 / 2 x sum of squares)."""

    def __init__(self, alpha: float, l1: float, l2: float) -> None:
        self.alpha = alpha
        self.l1 = l1
        self.l2 = l2

    @classmethod
    def of(cls, settings: Settings) -> Penalty:
        """Create the penalty from the hyperparameters `penalty`, `alpha` and `l1_ratio`."""
        mixed = settings.number("l1_ratio")
        l1, l2 = {"l1": (1.0, 0.0), "l2": (0.0, 1.0), "elasticnet": (mixed, 1 - mixed), "none": (0.0, 0.0)}[
            settings.text("penalty")
        ]
        return cls(settings.number("alpha"), l1, l2)

    def __call__(self, weights: FloatArray) -> float:
        """Return the regularization term of the loss."""
        return self.alpha * float(self.l1 * np.abs(weights).sum() + self.l2 / 2 * (weights**2).sum())

    def shrink(self, weights: FloatArray, rate: float) -> FloatArray:
        """Return the weights after one step; the l1 part makes some exactly zero."""
        shrunk = weights * max(0.0, 1 - rate * self.alpha * self.l2)
        sizes = np.maximum(np.abs(shrunk) - rate * self.alpha * self.l1, 0)
        result: FloatArray = np.sign(shrunk) * sizes
        return result


class LinearDescent(Optimizer):
    """Gradient descent with a penalty and a scheduled rate, limited to a rate at which training is stable.

    Args:
        parameters: `kernel`, which the penalty acts on, and `bias`.
        penalty: the penalty.
        safe_rate: the upper bound of the rate.
    """

    def __init__(self, parameters: Parameters, penalty: Penalty, safe_rate: float) -> None:
        super().__init__(parameters, safe_rate)
        self._penalty = penalty

    def step(self, gradients: Mapping[str, Gradient]) -> None:
        """Move against the gradient, then apply the penalty."""
        rate = min(self._scheduled(self.steps * BATCH_SIZE), self.learning_rate)
        self.steps += 1
        self.parameters["bias"] -= rate * gradients["bias"].values
        moved = self.parameters["kernel"] - rate * gradients["kernel"].values
        self.parameters["kernel"][...] = self._penalty.shrink(moved, rate)

    @abstractmethod
    def _scheduled(self, rows_seen: int) -> float:
        """Return the rate after so many rows."""


class OptimalDescent(LinearDescent):
    """SGDClassifier's `optimal` schedule.

    Source: scikit-learn's user guide, "Stochastic Gradient Descent", 1.5.7: the rate is 1 / (alpha (t0 + t)), with t
    the number of rows seen and t0 from a heuristic by Leon Bottou. Alpha determines it for any kind of penalty.
    """

    def _scheduled(self, rows_seen: int) -> float:
        alpha = self._penalty.alpha
        typical_weight = np.sqrt(1 / np.sqrt(alpha))
        return float(1 / (alpha * (1 / (typical_weight * alpha) + rows_seen)))


class InverseScalingDescent(LinearDescent):
    """SGDRegressor's default `invscaling` schedule: eta0 / t^power_t.

    Source: scikit-learn's API reference, SGDRegressor: eta0 0.01, power_t 0.25. A batch is a single step with the sum
    of its rows' gradients, hence the factor.
    """

    def _scheduled(self, rows_seen: int) -> float:
        return float(0.01 * BATCH_SIZE / (rows_seen + 1) ** 0.25)


class LinearLearner:
    """A linear model with one weight per feature and output, on standardized features."""

    def __init__(self, data: TabularData, parameters: Parameters, penalty: Penalty) -> None:
        self.examples = len(data.targets)
        self.validation_examples = len(data.validation_targets)
        self.penalty_terms = penalty
        self._data = data
        self._parameters = parameters
        self._mean = data.training.mean(0)
        deviation = data.training.std(0)
        self._deviation = np.where(deviation > 0, deviation, 1)
        self._training = self._standardize(data.training)
        self._validation = self._standardize(data.validation)
        self._batch = self._training[:0]

    def mean_curvature(self) -> float:
        """Return the mean squared norm of a row, bias included: a bound on the curvature of the squared error."""
        return 1 + float((self._training**2).sum(1).mean())

    def targets(self, rows: Rows) -> Targets:
        """See `Learner`."""
        return self._data.targets[rows]

    def validation_targets(self, rows: Rows) -> Targets:
        """See `Learner`."""
        return self._data.validation_targets[rows]

    def prepare(self) -> None:
        """Do nothing."""

    def begin_epoch(self, epoch: int) -> None:
        """Do nothing."""

    def forward(self, rows: Rows, _rng: np.random.Generator) -> FloatArray:
        """See `Learner`."""
        self._batch = self._training[rows]
        return self._outputs(self._batch)

    def backward(self, gradient: FloatArray) -> dict[str, Gradient]:
        """See `Learner`."""
        return {"kernel": Gradient(self._batch.T @ gradient), "bias": Gradient(gradient.sum(0))}

    def validate(self, rows: Rows) -> FloatArray:
        """See `Learner`."""
        return self._outputs(self._validation[rows])

    def penalty(self) -> float:
        """See `Learner`."""
        return self.penalty_terms(self._parameters["kernel"])

    def model_arrays(self) -> dict[str, NDArray[Any]]:
        """Return the arrays of `model.npz`."""
        return {**self._parameters, "mean": self._mean, "deviation": self._deviation}

    def _outputs(self, features: FloatArray) -> FloatArray:
        outputs: FloatArray = features @ self._parameters["kernel"] + self._parameters["bias"]
        return outputs

    def _standardize(self, table: Table) -> Table:
        result: Table = (table - self._mean) / self._deviation
        return result


def descent_plan(settings: Settings, objective: Objective, metric: str, fingerprint: str) -> Plan:
    """Create the plan from the hyperparameters of both estimators."""
    return Plan(
        epochs=MAX_EPOCHS,
        batch_size=BATCH_SIZE,
        seed=SEED,
        objective=objective,
        metric=metric,
        early_stopping=EarlyStopping("train_loss", PATIENCE, settings.number("tol"), lower_is_better=True),
        fingerprint=fingerprint,
        remedy=f"Raise alpha (it is {settings.number('alpha'):g}).",
    )
