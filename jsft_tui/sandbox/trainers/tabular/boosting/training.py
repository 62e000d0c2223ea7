"""Boost trees round by round: metric lines, early stopping, checkpoints and stop requests."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jsft_tui.sandbox.trainers.common.artifact import Artifact, previous_model
from jsft_tui.sandbox.trainers.common.checkpoint import (
    Arrays,
    Checkpoint,
    Scores,
    UnusableCheckpoint,
    read_checkpoint,
    write_checkpoint,
)
from jsft_tui.sandbox.trainers.common.container import Container, Stopped, log
from jsft_tui.sandbox.trainers.common.fit import digest_of, fingerprint
from jsft_tui.sandbox.trainers.common.settings import Settings, UserError
from jsft_tui.sandbox.trainers.tabular.boosting.ensemble import (
    Rounds,
    add_trees,
    ensemble_arrays,
    margins,
    read_ensemble,
)
from jsft_tui.sandbox.trainers.tabular.boosting.objectives import BoostingObjective
from jsft_tui.sandbox.trainers.tabular.boosting.tree import Tree, TreeGrower, TreeRules
from jsft_tui.sandbox.trainers.tabular.data import TabularData
from jsft_tui.sandbox.trainers.tabular.table import FROM_NOTHING, SEED

CHECKPOINT_EVERY = 20
"""Rounds between two checkpoints: each has all trees so far."""
VERSION = "boosting 1"


@dataclass
class BoostedModel:
    """The trees so far.

    Attributes:
        rounds: the trees of each round, those of a previous model included.
        kept: number of rounds before the first of this job.
        history: the metrics of this job's rounds.
    """

    rounds: Rounds
    kept: int = 0
    history: list[Scores] = field(default_factory=list)

    @property
    def best(self) -> int:
        """Number of this job's rounds up to the one with the best validation metric."""
        values = [next(reversed(scores.values())) for scores in self.history]
        return int(np.argmin(values)) + 1 if values else 0

    @property
    def best_rounds(self) -> Rounds:
        """The rounds of the best model, as XGBoost predicts after early stopping."""
        return self.rounds[: self.kept + self.best]


def start_from(container: Container, task: str, data: TabularData) -> BoostedModel:
    """Return the trees of the previous model in the `model` channel; none if there is no such model.

    Raises:
        UserError: the previous model is damaged, or was trained on other columns or classes.
    """
    previous = previous_model(container.optional_channel("model"), task)
    if previous is None:
        return BoostedModel([])
    features = data.training.shape[1]
    if previous.info.get("features") != features or previous.classes != data.classes:
        raise UserError(
            f"the model in channel 'model' was trained on {previous.info.get('features')} features and"
            f" {len(previous.classes)} classes; this data has {features} and {len(data.classes)}, or others"
        )
    rounds = read_ensemble(previous.arrays, features)
    log(f"Continuing from the model in channel 'model', which has {len(rounds)} rounds of trees.")
    return BoostedModel(rounds, len(rounds))


def boost(container: Container, data: TabularData, objective: BoostingObjective, model: BoostedModel) -> str:
    """Add rounds of trees until the last one or early stopping; resume from the checkpoint of the same job.

    Returns:
        The status: `completed` or `stopped`.

    Raises:
        UserError: the metric is no longer a finite number.
        Stopped: SIGTERM arrived before the first round.
    """
    log(f"Sandbox trainer: gradient-boosted trees of our own with XGBoost's formulas ({objective.name}), not XGBoost.")
    log(f"{len(data.targets)} training and {len(data.validation_targets)} validation rows.")
    job = _Boosting(container, data, objective, model)
    with np.errstate(all="ignore"):
        try:
            job.run()
        except Stopped:
            if not model.history:
                raise
            job.save_checkpoint()
            log(f"Stopped after {len(model.history)} rounds; the model has been saved as trained so far.")
            return "stopped"
    log(f"The model has the {model.best} rounds up to the best validation {objective.metric}.")
    return "completed"


class _Boosting:
    """One job's rounds."""

    def __init__(
        self, container: Container, data: TabularData, objective: BoostingObjective, model: BoostedModel
    ) -> None:
        self._container = container
        self._settings = container.settings
        self._data = data
        self._objective = objective
        self._model = model
        before = digest_of(ensemble_arrays(model.rounds))
        self._fingerprint = fingerprint(_without_stopping(self._settings), VERSION, data.digest, before)

    def run(self) -> None:
        self._resume()
        data, model, objective = self._data, self._model, self._objective
        grower = TreeGrower(data.training, TreeRules.of(self._settings))
        sums = margins(model.rounds, data.training, objective.outputs, objective.start)
        held_out = margins(model.rounds, data.validation, objective.outputs, objective.start)
        patience = self._settings.integer("early_stopping_rounds")
        best = model.best
        while len(model.history) < self._settings.integer("num_boost_round"):
            if len(model.history) - best >= patience:
                log(f"Early stopping: no better validation {objective.metric} for {patience} rounds.")
                return
            self._container.stop.check()
            trees = self._grow_round(grower, sums)
            add_trees(sums, trees, data.training)
            add_trees(held_out, trees, data.validation)
            best = self._add_round(trees, objective.value(sums, data.targets), held_out, best)

    def _grow_round(self, grower: TreeGrower, sums: NDArray[Any]) -> list[Tree]:
        rng = np.random.default_rng([SEED, len(self._model.rounds)])
        rows = _sample(len(sums), self._settings.number("subsample"), rng)
        features = _sample(self._data.training.shape[1], self._settings.number("colsample_bytree"), rng)
        gradient, hessian = self._objective.derivatives(sums, self._data.targets)
        return [
            grower.grow(gradient[:, output], hessian[:, output], rows, features)
            for output in range(self._objective.outputs)
        ]

    def _add_round(self, trees: list[Tree], training: float, held_out: NDArray[Any], best: int) -> int:
        """Record a round, and return which is the best so far, counted from 1."""
        history, metric = self._model.history, self._objective.metric
        value = self._objective.value(held_out, self._data.validation_targets)
        number = len(history)
        if not (math.isfinite(training) and math.isfinite(value)):
            rate = self._settings.number("learning_rate")
            raise UserError(
                f"training diverged in round {number}: the loss is not a finite number. Lower learning_rate (it is"
                f" {rate:g})."
            )
        is_better = not history or value < history[best - 1][f"val_{metric}"]
        self._model.rounds.append(trees)
        history.append({f"train_{metric}": training, f"val_{metric}": value})
        log(f"[{number}]\ttrain-{metric}:{training:.5f}\tvalidation-{metric}:{value:.5f}")
        if len(history) % CHECKPOINT_EVERY == 0:
            self.save_checkpoint()
        return len(history) if is_better else best

    def save_checkpoint(self) -> None:
        """Write this job's rounds."""
        checkpoint = Checkpoint(self._fingerprint, self._model.history)
        arrays: Arrays = ensemble_arrays(self._model.rounds[self._model.kept :])
        write_checkpoint(self._container.checkpoint, checkpoint, arrays)

    def _resume(self) -> None:
        if not self._container.checkpoint.exists():
            return
        try:
            history, arrays = read_checkpoint(self._container.checkpoint, self._fingerprint)
            rounds = read_ensemble(arrays, self._data.training.shape[1])
        except (UnusableCheckpoint, UserError) as reason:
            log(f"The checkpoint is not used: {reason}.")
            return
        self._model.rounds.extend(rounds)
        self._model.history.extend(history)
        log(f"Resuming from the checkpoint after round {len(history)}.")


def boosting_info(task: str, settings: Settings, data: TabularData, model: BoostedModel, status: str) -> dict[str, Any]:
    """Return the `training_info.json` of a model."""
    return {
        "task": task,
        "trainer": VERSION,
        "status": status,
        "pretrained": FROM_NOTHING,
        "incremental": model.kept > 0,
        "features": data.training.shape[1],
        "training_examples": len(data.targets),
        "validation_examples": len(data.validation_targets),
        "rounds": len(model.best_rounds),
        "history": model.history,
        "hyperparameters": dict(settings),
    }


def boosted_artifact(data: TabularData, model: BoostedModel, info: dict[str, Any], more: Arrays) -> Artifact:
    """Return the model: its trees up to the best round, marked as a boosted one."""
    arrays = {**ensemble_arrays(model.best_rounds), **more}
    return Artifact(arrays, data.classes, info)


def _without_stopping(settings: Settings) -> Settings:
    """Return the hyperparameters that decide a round's result."""
    stopping = ("num_boost_round", "early_stopping_rounds")
    return Settings({name: value for name, value in settings.items() if name not in stopping})


def _sample(count: int, share: float, rng: np.random.Generator) -> NDArray[np.intp]:
    """Return a sorted random part of the numbers below `count`, at least one; all of them if the share is 1."""
    if share >= 1:
        return np.arange(count)
    return np.sort(rng.permutation(count)[: max(1, round(count * share))])
