"""Run the training loop: batches, validation, metric lines, checkpoints, early stopping and stop requests."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from jsft_tui.sandbox.trainers.common.checkpoint import (
    Checkpoint,
    Scores,
    UnusableCheckpoint,
    optimizer_arrays,
    read_checkpoint,
    restore_optimizer,
    write_checkpoint,
)
from jsft_tui.sandbox.trainers.common.container import Container, Stopped, log
from jsft_tui.sandbox.trainers.common.metric_lines import hugging_face_lines, keras_lines
from jsft_tui.sandbox.trainers.common.optimizers import FloatArray, Gradient, Optimizer, Parameters
from jsft_tui.sandbox.trainers.common.scores import BINARY_METRICS, Labels, Loss, Objective, Targets, binary_score
from jsft_tui.sandbox.trainers.common.settings import Settings, UserError

Rows = NDArray[np.intp]

_STOPPING_HYPERPARAMETERS = frozenset(
    {"epochs", "epoch", "early_stopping", "early_stopping_patience", "early_stopping_min_delta", "tol"}
)
"""Hyperparameters that decide when to stop, but not the next epoch's result: changing them keeps a checkpoint valid."""


class Learner(Protocol):
    """A network and its data."""

    examples: int
    """Number of training examples."""
    validation_examples: int

    def targets(self, rows: Rows) -> Targets:
        """Return what `forward` should give for some training examples: one target per prediction."""
        ...

    def validation_targets(self, rows: Rows) -> Targets:
        """Return what `validate` should give for some validation examples."""
        ...

    def prepare(self) -> None:
        """Prepare the data once, before the first epoch.

        Raises:
            Stopped: SIGTERM arrived.
        """
        ...

    def begin_epoch(self, epoch: int) -> None:
        """Prepare an epoch (counted from 1).

        Raises:
            Stopped: SIGTERM arrived.
        """
        ...

    def forward(self, rows: Rows, rng: np.random.Generator, /) -> FloatArray:
        """Return the logits of some training examples for a training step."""
        ...

    def backward(self, gradient: FloatArray) -> Mapping[str, Gradient]:
        """Return the gradients of the parameters for the step of `forward`."""
        ...

    def validate(self, rows: Rows) -> FloatArray:
        """Return the logits of some validation examples."""
        ...

    def penalty(self) -> float:
        """Return the regularization term of the mean loss."""
        ...


@dataclass(frozen=True)
class EarlyStopping:
    """Early stopping when a metric has not improved by more than `min_delta` for `patience` epochs."""

    metric: str
    patience: int
    min_delta: float
    lower_is_better: bool = False

    def stale_epochs(self, history: list[Scores]) -> int:
        """Return the number of epochs since the last improvement."""
        best, stale = math.inf, 0
        for scores in history:
            value = scores[self.metric] if self.lower_is_better else -scores[self.metric]
            best, stale = (value, 0) if value < best - self.min_delta else (best, stale + 1)
        return stale


@dataclass(frozen=True)
class Plan:
    """The parameters of a training loop.

    Attributes:
        epochs: the maximum number of epochs.
        batch_size: examples per step.
        seed: the seed of all random numbers.
        objective: the objective to minimize.
        metric: the validation metric: `accuracy`, or a binary metric.
        early_stopping: None runs all epochs.
        fingerprint: of the data and the hyperparameters.
        remedy: what the user can do if training diverges.
        lines: formats an epoch's number, the number of epochs, and the metrics as the log lines of the model's script.
        validation_rows: number of validation examples that are computed at once.
    """

    epochs: int
    batch_size: int
    seed: int
    objective: Objective
    metric: str
    early_stopping: EarlyStopping | None
    fingerprint: str
    remedy: str
    lines: Callable[[int, int, Scores], Iterable[str]] = keras_lines
    validation_rows: int = 1024


def lower_the_rate(settings: Settings) -> str:
    """Return what helps against steps that are too large."""
    return f"Lower learning_rate (it is {settings.number('learning_rate'):g})."


def hugging_face_plan(settings: Settings, objective: Objective, metric: str, seed: int, fingerprint: str) -> Plan:
    """Create the plan from the hyperparameters of a JumpStart Hugging Face model."""
    return Plan(
        epochs=settings.integer("epochs"),
        batch_size=settings.integer("batch_size"),
        seed=seed,
        objective=objective,
        metric=metric,
        early_stopping=None,
        fingerprint=fingerprint,
        remedy=lower_the_rate(settings),
        lines=hugging_face_lines,
    )


def plan_from(settings: Settings, objective: Objective, metric: str, fingerprint: str) -> Plan:
    """Create the plan from the hyperparameters of a JumpStart TensorFlow model."""
    # Not checked against AWS: which metric JumpStart's early stopping watches; here it is the evaluation metric.
    early = EarlyStopping(
        f"val_{metric}",
        settings.integer("early_stopping_patience"),
        settings.number("early_stopping_min_delta"),
    )
    return Plan(
        epochs=settings.integer("epochs"),
        batch_size=settings.integer("batch_size"),
        seed=settings.integer("random_seed"),
        objective=objective,
        metric=metric,
        early_stopping=early if settings.flag("early_stopping") else None,
        fingerprint=fingerprint,
        remedy=lower_the_rate(settings),
    )


def fingerprint(settings: Settings, *data: str) -> str:
    """Return a digest of everything that determines an epoch's result.

    Args:
        settings: the hyperparameters; those that only decide when to stop are left out.
        data: digests and names that identify the data and the initial parameters.
    """
    deciding = {name: value for name, value in settings.items() if name not in _STOPPING_HYPERPARAMETERS}
    return hashlib.sha256(json.dumps([deciding, data], sort_keys=True).encode()).hexdigest()


def digest_of(parameters: Parameters) -> str:
    """Return a digest of the initial parameters."""
    digest = hashlib.sha256()
    for name in sorted(parameters):
        digest.update(np.ascontiguousarray(parameters[name]).tobytes())
    return digest.hexdigest()


def split(labels: Labels, ratio: float, rng: np.random.Generator) -> tuple[Rows, Rows]:
    """Split the rows into training and validation rows, stratified by class.

    A class with a single example is trained on, but not validated.

    Args:
        labels: the labels of all examples.
        ratio: fraction of each class that goes to validation, rounded to whole examples.
        rng: shuffles each class.

    Raises:
        UserError: every class has a single example, so that there is nothing to validate with.
    """
    training, validation = [], []
    classes, counts = np.unique(labels, return_counts=True)
    single = int(np.sum(counts == 1))
    if single == len(classes):
        raise UserError("every class has a single example; at least one class needs a second one to validate with")
    if single:
        log(f"Classes with a single example, which is in training only: {single} of {len(classes)}.")
    for label in classes:
        rows = rng.permutation(np.flatnonzero(labels == label))
        held_out = min(max(1, round(len(rows) * ratio)), len(rows) - 1)
        validation.append(rows[:held_out])
        training.append(rows[held_out:])
    return np.concatenate(training), np.concatenate(validation)


def fit(
    container: Container,
    learner: Learner,
    optimizer: Optimizer,
    plan: Plan,
    save: Callable[[str, list[Scores]], None],
) -> None:
    """Train, resuming from the checkpoint if there is one of the same run.

    After SIGTERM the checkpoint is that of the last complete epoch, and the model is saved as trained so far.

    Args:
        container: the job.
        learner: the network and its data.
        optimizer: the optimizer of the learner's parameters.
        plan: the parameters of the loop.
        save: writes the model; called with the status (`completed` or `stopped`) and the epochs' metrics.

    Raises:
        UserError: the loss is no longer a finite number.
        Stopped: SIGTERM arrived before the first step.
    """
    with np.errstate(all="ignore"):
        history = _resume(container, optimizer, plan)
        try:
            learner.prepare()
            _run_epochs(container, learner, optimizer, plan, history)
        except Stopped:
            if not optimizer.steps:
                raise
            save("stopped", history)
            log(f"Stopped after {len(history)} whole epochs; the model has been saved as trained so far.")
            return
        save("completed", history)


def _resume(container: Container, optimizer: Optimizer, plan: Plan) -> list[Scores]:
    if not container.checkpoint.exists():
        return []
    try:
        history, arrays = read_checkpoint(container.checkpoint, plan.fingerprint)
        restore_optimizer(arrays, optimizer)
    except UnusableCheckpoint as reason:
        log(f"The checkpoint is not used: {reason}.")
        return []
    log(f"Resuming from the checkpoint after epoch {len(history)}.")
    return history


def _run_epochs(
    container: Container, learner: Learner, optimizer: Optimizer, plan: Plan, history: list[Scores]
) -> None:
    """Run the remaining epochs, appending to `history`."""
    while len(history) < plan.epochs and not _should_stop_early(plan, history):
        epoch = len(history) + 1
        learner.begin_epoch(epoch)
        scores = _train_epoch(container, learner, optimizer, plan, epoch) | _validate(container, learner, plan)
        if not all(math.isfinite(value) for value in scores.values()):
            raise _diverged(plan, epoch)
        history.append(scores)
        write_checkpoint(container.checkpoint, Checkpoint(plan.fingerprint, history), optimizer_arrays(optimizer))
        for line in plan.lines(epoch, plan.epochs, scores):
            log(line)


def _should_stop_early(plan: Plan, history: list[Scores]) -> bool:
    early = plan.early_stopping
    if early is None or early.stale_epochs(history) < early.patience:
        return False
    log(f"Early stopping after epoch {len(history)}: no better {early.metric} for {early.patience} epochs.")
    return True


def _train_epoch(container: Container, learner: Learner, optimizer: Optimizer, plan: Plan, epoch: int) -> Scores:
    """Run one pass over the training examples.

    Raises:
        Stopped: SIGTERM arrived.
        UserError: training diverged.
    """
    rng = np.random.default_rng([plan.seed, epoch])
    order = rng.permutation(learner.examples)
    sums = _Sums()
    for start in range(0, len(order), plan.batch_size):
        container.stop.check()
        rows = order[start : start + plan.batch_size]
        targets = learner.targets(rows)
        loss = plan.objective.loss(learner.forward(rows, rng), targets)
        if not math.isfinite(loss.total):
            raise _diverged(plan, epoch)
        optimizer.step(learner.backward(loss.gradient))
        sums.add(loss, len(targets))
    return sums.scores(plan.objective, "train", learner.penalty())


def _validate(container: Container, learner: Learner, plan: Plan) -> Scores:
    """Compute the metrics of the validation examples.

    Raises:
        Stopped: SIGTERM arrived.
    """
    sums = _Sums()
    positive, truth = [], []
    for start in range(0, learner.validation_examples, plan.validation_rows):
        container.stop.check()
        rows = np.arange(start, min(start + plan.validation_rows, learner.validation_examples))
        outputs, targets = learner.validate(rows), learner.validation_targets(rows)
        sums.add(plan.objective.loss(outputs, targets), len(targets))
        if plan.metric in BINARY_METRICS:
            positive.append(plan.objective.probabilities(outputs)[:, 1])
            truth.append(targets)
    scores = sums.scores(plan.objective, "val", learner.penalty())
    if plan.metric in BINARY_METRICS:
        scores[f"val_{plan.metric}"] = binary_score(plan.metric, np.concatenate(positive), np.concatenate(truth))
    return scores


class _Sums:
    """Sums over the predictions of an epoch."""

    def __init__(self) -> None:
        self._total = 0.0
        self._hits = 0.0
        self._count = 0

    def add(self, loss: Loss, count: int) -> None:
        self._total, self._hits, self._count = self._total + loss.total, self._hits + loss.hits, self._count + count

    def scores(self, objective: Objective, prefix: str, penalty: float) -> Scores:
        """Return the metrics by name; the penalty is part of the loss only."""
        scores = objective.scores(self._total, self._hits, self._count)
        scores["loss"] += penalty
        return {f"{prefix}_{name}": value for name, value in scores.items()}


def _diverged(plan: Plan, epoch: int) -> UserError:
    return UserError(f"training diverged in epoch {epoch}: the loss is not a finite number. {plan.remedy}")
