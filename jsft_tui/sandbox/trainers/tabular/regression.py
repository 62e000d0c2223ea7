"""Train a linear regression: the sandbox's counterpart of JumpStart's `sklearn-regression-linear`.

Least squares by stochastic gradient descent, as in scikit-learn's SGDRegressor; the target is standardized as well, so
that the learning rate fits targets of any size.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jsft_tui.sandbox.trainers.common.artifact import Artifact, write_artifact
from jsft_tui.sandbox.trainers.common.checkpoint import Scores
from jsft_tui.sandbox.trainers.common.container import Container, log
from jsft_tui.sandbox.trainers.common.fit import fingerprint, fit
from jsft_tui.sandbox.trainers.common.optimizers import Parameters
from jsft_tui.sandbox.trainers.common.scores import SquaredError
from jsft_tui.sandbox.trainers.common.training_info import Trainer
from jsft_tui.sandbox.trainers.tabular.data import TabularData, number_rule, read_numbers
from jsft_tui.sandbox.trainers.tabular.intervals import interval_arrays
from jsft_tui.sandbox.trainers.tabular.linear import (
    InverseScalingDescent,
    LinearLearner,
    Penalty,
    descent_plan,
)
from jsft_tui.sandbox.trainers.tabular.table import FROM_NOTHING

TASK = "tabular-regression"
TRAINER = Trainer(TASK, "regression 1", FROM_NOTHING)


def train(container: Container) -> None:
    """Run one job.

    Raises:
        UserError: data or hyperparameters are invalid, or training diverged.
        Stopped: SIGTERM arrived before the first step.
    """
    settings = container.settings
    data = read_numbers(container, number_rule())
    features = data.training.shape[1]
    log("Sandbox trainer: linear regression by stochastic gradient descent, from scratch, on standardized numbers.")
    log(f"{len(data.targets)} training and {len(data.validation_targets)} validation rows, {features} features.")
    mean, deviation = float(data.targets.mean()), float(data.targets.std()) or 1.0
    parameters: Parameters = {"kernel": np.zeros((features, 1)), "bias": np.zeros(1)}
    learner = LinearLearner(_standardized(data, mean, deviation), parameters, Penalty.of(settings))
    optimizer = InverseScalingDescent(parameters, learner.penalty_terms, safe_rate=1 / learner.mean_curvature())
    identity = fingerprint(settings, TRAINER.version, data.digest)
    plan = descent_plan(settings, _InTargetUnits(deviation), "rmse", identity)

    def save(status: str, history: list[Scores]) -> None:
        arrays: dict[str, NDArray[Any]] = learner.model_arrays()
        arrays["kernel"], arrays["bias"] = arrays["kernel"] * deviation, arrays["bias"] * deviation + mean
        predicted = learner.validate(np.arange(learner.validation_examples))[:, 0] * deviation + mean
        arrays |= interval_arrays(predicted, data.validation_targets)
        info = TRAINER.info(settings, learner, status, history) | {"features": features}
        write_artifact(container.model, Artifact(arrays, (), info))

    fit(container, learner, optimizer, plan, save)


class _InTargetUnits(SquaredError):
    """The squared error of standardized targets, with an rmse in the target's own units.

    Args:
        deviation: the target's standard deviation.
    """

    def __init__(self, deviation: float) -> None:
        self._deviation = deviation

    def scores(self, total: float, hits: float, count: int) -> dict[str, float]:
        """See `Objective`."""
        scores = super().scores(total, hits, count)
        return scores | {"rmse": scores["rmse"] * self._deviation}


def _standardized(data: TabularData, mean: float, deviation: float) -> TabularData:
    return replace(
        data,
        targets=(data.targets - mean) / deviation,
        validation_targets=(data.validation_targets - mean) / deviation,
    )
