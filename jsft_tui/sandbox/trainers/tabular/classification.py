"""Train a linear classifier: the sandbox's counterpart of JumpStart's `sklearn-classification-linear`.

Logistic regression by stochastic gradient descent, as in scikit-learn's SGDClassifier with `log_loss`; one softmax
instead of one model per class.
"""

from __future__ import annotations

import numpy as np

from jsft_tui.sandbox.trainers.common.artifact import Artifact, write_artifact
from jsft_tui.sandbox.trainers.common.checkpoint import Scores
from jsft_tui.sandbox.trainers.common.container import Container, log
from jsft_tui.sandbox.trainers.common.fit import fingerprint, fit
from jsft_tui.sandbox.trainers.common.optimizers import Parameters
from jsft_tui.sandbox.trainers.common.scores import Softmax
from jsft_tui.sandbox.trainers.common.training_info import Trainer
from jsft_tui.sandbox.trainers.tabular.data import class_rule, read_classes
from jsft_tui.sandbox.trainers.tabular.linear import (
    LinearLearner,
    OptimalDescent,
    Penalty,
    descent_plan,
)
from jsft_tui.sandbox.trainers.tabular.table import FROM_NOTHING

TASK = "tabular-classification"
TRAINER = Trainer(TASK, "tabular 1", FROM_NOTHING)


def train(container: Container) -> None:
    """Run one job.

    Raises:
        UserError: data or hyperparameters are invalid, or training diverged.
        Stopped: SIGTERM arrived before the first step.
    """
    settings = container.settings
    data = read_classes(container, class_rule())
    features, classes = data.training.shape[1], len(data.classes)
    log("Sandbox trainer: logistic regression by stochastic gradient descent, from scratch, on standardized features.")
    log(
        f"{len(data.targets)} training and {len(data.validation_targets)} validation rows, {features} features,"
        f" {classes} classes: {', '.join(data.classes[:8])}{', ...' if classes > 8 else ''}"
    )
    parameters: Parameters = {"kernel": np.zeros((features, classes)), "bias": np.zeros(classes)}
    learner = LinearLearner(data, parameters, Penalty.of(settings))
    optimizer = OptimalDescent(parameters, learner.penalty_terms, safe_rate=2 / learner.mean_curvature())
    identity = fingerprint(settings, TRAINER.version, data.digest)
    plan = descent_plan(settings, Softmax(classes), "accuracy", identity)

    def save(status: str, history: list[Scores]) -> None:
        info = TRAINER.info(settings, learner, status, history) | {"features": features}
        write_artifact(container.model, Artifact(learner.model_arrays(), data.classes, info))

    fit(container, learner, optimizer, plan, save)
