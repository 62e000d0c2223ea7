"""Predict a class or a number for a row of numbers."""

from __future__ import annotations

import math
import os
from abc import abstractmethod

import numpy as np
from numpy.typing import NDArray

from jsft_tui.sandbox.trainers.common.artifact import Artifact
from jsft_tui.sandbox.trainers.common.optimizers import FloatArray
from jsft_tui.sandbox.trainers.common.scores import Classification, Sigmoid, Softmax
from jsft_tui.sandbox.trainers.common.settings import UserError
from jsft_tui.sandbox.trainers.predict.base import Input, Predictor, Ranking
from jsft_tui.sandbox.trainers.predict.classifiers import Classifier
from jsft_tui.sandbox.trainers.tabular.boosting.ensemble import margins, read_ensemble
from jsft_tui.sandbox.trainers.tabular.boosting.objectives import SquaredErrorObjective, class_objective
from jsft_tui.sandbox.trainers.tabular.intervals import ranked_intervals


class LinearOutputs:
    """The outputs of a linear model."""

    def __init__(self, model: Artifact, outputs: int) -> None:
        self._kernel = model.array("kernel", -1, outputs)
        self.features = len(self._kernel)
        self._bias = model.array("bias", outputs)
        self._mean = model.array("mean", self.features)
        self._deviation = model.array("deviation", self.features)

    def of(self, row: FloatArray) -> FloatArray:
        """Return the outputs of a row, shaped (1, outputs)."""
        outputs: FloatArray = ((row - self._mean) / self._deviation) @ self._kernel + self._bias
        return outputs[None]


class LinearClassPredictor(Classifier):
    """Classification of a row by a linear model; in a text the numbers are separated by commas."""

    def __init__(self, model: Artifact) -> None:
        super().__init__(model)
        self._outputs = LinearOutputs(model, len(model.classes))

    def _logits(self, item: Input) -> FloatArray:
        return self._outputs.of(row_of(item, self._outputs.features, "class"))


class NumberPredictor(Predictor):
    """Regression of a row."""

    _model: Artifact

    def predict(self, item: Input) -> Ranking:
        """Return the number with usual errors, and the share of the validation rows that were within each."""
        return ranked_intervals(self._model, self.number(item))

    @abstractmethod
    def number(self, item: Input) -> float:
        """Return the number.

        Raises:
            UserError: the input is not valid for the model.
        """


class LinearNumberPredictor(NumberPredictor):
    """Regression of a row by a linear model."""

    def __init__(self, model: Artifact) -> None:
        self._outputs = LinearOutputs(model, 1)
        self._model = model

    def number(self, item: Input) -> float:
        """See `NumberPredictor`."""
        return float(self._outputs.of(row_of(item, self._outputs.features, "target"))[0, 0])


class BoostedClassPredictor(Classifier):
    """Classification of a row by boosted trees; an empty cell is a gap."""

    def __init__(self, model: Artifact) -> None:
        super().__init__(model)
        self._features = _features_of(model)
        self._rounds = read_ensemble(model.arrays, self._features)
        self._boosting = class_objective(len(model.classes))
        self._objective: Classification = Sigmoid() if len(model.classes) == 2 else Softmax(len(model.classes))
        if any(len(trees) != self._boosting.outputs for trees in self._rounds):
            raise UserError("the trees of the model do not fit its classes")

    def _logits(self, item: Input) -> FloatArray:
        row = row_of(item, self._features, "class", gap=math.nan)
        return margins(self._rounds, row[None], self._boosting.outputs, self._boosting.start)


class BoostedNumberPredictor(NumberPredictor):
    """Regression of a row by boosted trees; an empty cell is a gap."""

    def __init__(self, model: Artifact) -> None:
        self._features = _features_of(model)
        self._rounds = read_ensemble(model.arrays, self._features)
        self._model = model
        if any(len(trees) != 1 for trees in self._rounds):
            raise UserError("the trees of the model do not predict one number")

    def number(self, item: Input) -> float:
        """See `NumberPredictor`."""
        row = row_of(item, self._features, "target", gap=math.nan)
        return float(margins(self._rounds, row[None], 1, SquaredErrorObjective.start)[0, 0])


def row_of(item: Input, features: int, target: str, gap: float | None = None) -> NDArray[np.float64]:
    """Return the numbers of a row.

    Args:
        item: the input.
        features: how many numbers there must be.
        target: what the model predicts, which is not among them.
        gap: the number of an empty cell; None allows none.

    Raises:
        UserError: it is no such row.
    """
    if isinstance(item, os.PathLike):
        raise UserError("this model takes rows of numbers, not files")
    cells: list[str | float] = [*item.split(",")] if isinstance(item, str) else [*item]
    empty = [isinstance(cell, str) and not cell.strip() for cell in cells]
    try:
        numbers = [
            gap if is_empty and gap is not None else float(cell) for cell, is_empty in zip(cells, empty, strict=True)
        ]
    except ValueError:
        raise UserError("this model takes rows of numbers; separate them with commas") from None
    row, gaps = np.array(numbers, np.float64), np.array(empty) & (gap is not None)
    if len(row) != features or not (np.isfinite(row) | gaps).all():
        raise UserError(f"this model takes {features} finite numbers, not {len(row)} (the {target} left out)")
    return row


def _features_of(model: Artifact) -> int:
    features = model.info.get("features")
    if not isinstance(features, int) or features < 1:
        raise UserError("the model does not say how many features it takes; it was not made by this trainer")
    return features
