"""Train a linear classifier: the sandbox's counterpart of JumpStart's `sklearn-classification-linear`.

Logistic regression by stochastic gradient descent, as in scikit-learn's SGDClassifier with `log_loss`: the same
penalties, `optimal` learning rate and stopping rule (`tol`, five epochs). Differences: mini-batches instead of single
rows, one softmax instead of one model per class, and features standardized to mean 0 and deviation 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jsft_tui.sandbox.trainers.common.artifact import Artifact, write_artifact
from jsft_tui.sandbox.trainers.common.checkpoint import Scores
from jsft_tui.sandbox.trainers.common.container import Container, log
from jsft_tui.sandbox.trainers.common.fit import EarlyStopping, Plan, Rows, fingerprint, fit
from jsft_tui.sandbox.trainers.common.optimizers import FloatArray, Gradient, Optimizer, Parameters
from jsft_tui.sandbox.trainers.common.scores import Softmax
from jsft_tui.sandbox.trainers.common.settings import Settings
from jsft_tui.sandbox.trainers.tabular.data import SEED, Table, TabularData, read_data

TASK = "tabular-classification"
BATCH_SIZE = 32
MAX_EPOCHS = 1000
"""SGDClassifier's `max_iter`."""
PATIENCE = 5
"""SGDClassifier's `n_iter_no_change`."""
_MODEL_VERSION = "tabular 1"


def train(container: Container) -> None:
    """Run one job.

    Raises:
        UserError: data or hyperparameters are invalid, or training diverged.
        Stopped: SIGTERM arrived before the first step.
    """
    settings = container.settings
    data = read_data(container)
    features, classes = data.training.shape[1], len(data.classes)
    log("Sandbox trainer: logistic regression by stochastic gradient descent, from scratch, on standardized features.")
    log(
        f"{len(data.labels)} training and {len(data.validation_labels)} validation rows, {features} features,"
        f" {classes} classes: {', '.join(data.classes[:8])}{', ...' if classes > 8 else ''}"
    )
    parameters: Parameters = {"kernel": np.zeros((features, classes)), "bias": np.zeros(classes)}
    learner = LinearLearner(data, parameters, Penalty.of(settings))
    optimizer = LinearDescent(parameters, learner.penalty_terms, learner.safe_rate())
    plan = Plan(
        epochs=MAX_EPOCHS,
        batch_size=BATCH_SIZE,
        seed=SEED,
        objective=Softmax(classes),
        metric="accuracy",
        early_stopping=EarlyStopping("train_loss", PATIENCE, settings.number("tol"), lower_is_better=True),
        fingerprint=fingerprint(settings, _MODEL_VERSION, data.digest),
        remedy=f"Raise alpha (it is {settings.number('alpha'):g}).",
    )

    def save(status: str, history: list[Scores]) -> None:
        info = _info(settings, data, status, history)
        write_artifact(container.model, Artifact(learner.model_arrays(), data.classes, info))

    fit(container, learner, optimizer, plan, save)


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
    """SGDClassifier's `optimal` schedule, limited to a rate at which training is stable.

    Source: scikit-learn's user guide, "Stochastic Gradient Descent", 1.5.7: the rate is 1 / (alpha (t0 + t)), with t
    the number of rows seen and t0 from a heuristic by Leon Bottou.

    Args:
        parameters: `kernel`, which the penalty acts on, and `bias`.
        penalty: its alpha also determines the rate, for any kind of penalty.
        safe_rate: the upper bound.
    """

    def __init__(self, parameters: Parameters, penalty: Penalty, safe_rate: float) -> None:
        super().__init__(parameters, safe_rate)
        self._penalty = penalty
        typical_weight = np.sqrt(1 / np.sqrt(penalty.alpha))
        self._offset = 1 / (typical_weight * penalty.alpha)

    def step(self, gradients: Mapping[str, Gradient]) -> None:
        """Move against the gradient, then apply the penalty."""
        rows_seen = self.steps * BATCH_SIZE
        rate = min(1 / (self._penalty.alpha * (self._offset + rows_seen)), self.learning_rate)
        self.steps += 1
        self.parameters["bias"] -= rate * gradients["bias"].values
        moved = self.parameters["kernel"] - rate * gradients["kernel"].values
        self.parameters["kernel"][...] = self._penalty.shrink(moved, rate)


class LinearLearner:
    """A linear model with one weight per feature and class, on standardized features."""

    def __init__(self, data: TabularData, parameters: Parameters, penalty: Penalty) -> None:
        self.labels = data.labels
        self.validation_labels = data.validation_labels
        self.penalty_terms = penalty
        self._parameters = parameters
        self._mean = data.training.mean(0)
        deviation = data.training.std(0)
        self._deviation = np.where(deviation > 0, deviation, 1)
        self._training = self._standardize(data.training)
        self._validation = self._standardize(data.validation)
        self._batch = self._training[:0]

    def safe_rate(self) -> float:
        """Return the inverse of a bound on the loss's curvature: half the mean squared norm of a row, bias included."""
        return 2 / (1 + float((self._training**2).sum(1).mean()))

    def prepare(self) -> None:
        """Do nothing."""

    def begin_epoch(self, epoch: int) -> None:
        """Do nothing."""

    def forward(self, rows: Rows, _rng: np.random.Generator) -> FloatArray:
        """See `Learner`."""
        self._batch = self._training[rows]
        logits: FloatArray = self._batch @ self._parameters["kernel"] + self._parameters["bias"]
        return logits

    def backward(self, gradient: FloatArray) -> dict[str, Gradient]:
        """See `Learner`."""
        return {"kernel": Gradient(self._batch.T @ gradient), "bias": Gradient(gradient.sum(0))}

    def validate(self, rows: Rows) -> FloatArray:
        """See `Learner`."""
        logits: FloatArray = self._validation[rows] @ self._parameters["kernel"] + self._parameters["bias"]
        return logits

    def penalty(self) -> float:
        """See `Learner`."""
        return self.penalty_terms(self._parameters["kernel"])

    def model_arrays(self) -> dict[str, NDArray[Any]]:
        """Return the arrays of `model.npz`."""
        return {**self._parameters, "mean": self._mean, "deviation": self._deviation}

    def _standardize(self, table: Table) -> Table:
        result: Table = (table - self._mean) / self._deviation
        return result


def _info(settings: Settings, data: TabularData, status: str, history: list[Scores]) -> dict[str, Any]:
    return {
        "task": TASK,
        "trainer": _MODEL_VERSION,
        "status": status,
        "pretrained": "none: a linear model starts from zero",
        "features": data.training.shape[1],
        "training_examples": len(data.labels),
        "validation_examples": len(data.validation_labels),
        "whole_epochs": len(history),
        "history": history,
        "hyperparameters": dict(settings),
    }
