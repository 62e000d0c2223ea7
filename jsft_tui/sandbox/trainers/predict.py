"""Classify an input with a trained model: `python -m jsft_tui.sandbox.trainers.predict model.tar.gz INPUT [--json]`.

INPUT is an image's file name, a text, or a row's comma-separated numeric features, depending on the model's task.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import numpy as np

from jsft_tui.sandbox.trainers.common.artifact import Artifact, read_artifact
from jsft_tui.sandbox.trainers.common.head import head_arrays, head_logits
from jsft_tui.sandbox.trainers.common.optimizers import FloatArray
from jsft_tui.sandbox.trainers.common.scores import Objective, Sigmoid, Softmax
from jsft_tui.sandbox.trainers.common.settings import UserError
from jsft_tui.sandbox.trainers.image import backbone
from jsft_tui.sandbox.trainers.image import learner as image_learner
from jsft_tui.sandbox.trainers.image import training as image_training
from jsft_tui.sandbox.trainers.image.images import read_image
from jsft_tui.sandbox.trainers.tabular import training as tabular_training
from jsft_tui.sandbox.trainers.text import training as text_training
from jsft_tui.sandbox.trainers.text.ngrams import ngrams

Input = Path | str | Sequence[float]
"""An image file, a text (or another input in text form), or a row of features."""
Ranking = list[tuple[str, float]]

BAD_INPUT = 3
"""Exit code if the input is not valid for the model; argparse uses 2."""


class Predictor(ABC):
    """A trained model that classifies inputs."""

    def __init__(self, model: Artifact) -> None:
        self.classes = model.classes
        self._objective: Objective = Softmax(len(model.classes))

    def predict(self, item: Input) -> Ranking:
        """Return every label with its probability, the most probable first.

        Raises:
            UserError: the input is not valid for the model.
        """
        probabilities = self._objective.probabilities(self._logits(item))[0]
        order = np.argsort(-probabilities, kind="stable")
        return [(self.classes[index], float(probabilities[index])) for index in order]

    @abstractmethod
    def _logits(self, item: Input) -> FloatArray:
        """Return the network's logits, shaped (1, outputs)."""


class ImagePredictor(Predictor):
    """Classification of an image file."""

    def __init__(self, model: Artifact) -> None:
        super().__init__(model)
        if model.info.get("binary_mode"):
            self._objective = Sigmoid()
        self._interpolation = str(model.info.get("image_resize_interpolation", "bilinear"))
        self._head = head_arrays(model, backbone.FEATURES, self._objective.outputs)
        self._network = backbone.Backbone()
        self._last = self._network.last
        if "last_kernel" in model.arrays:
            last = image_learner.last_arrays(model)
            self._last = backbone.Convolution(last["last_kernel"], last["last_bias"])

    def _logits(self, item: Input) -> FloatArray:
        if not isinstance(item, str | os.PathLike):
            raise UserError("this model classifies images; specify a .jpg or .png file")
        pixels = read_image(Path(item), self._interpolation)[None]
        return head_logits(self._head, image_learner.pooled_features(self._network, self._last, pixels))


class TextPredictor(Predictor):
    """Classification of a text."""

    def __init__(self, model: Artifact) -> None:
        super().__init__(model)
        self._parameters = head_arrays(model, text_training.EMBEDDING_SIZE, self._objective.outputs)
        self._parameters["embedding"] = text_training.embedding_array(model)

    def _logits(self, item: Input) -> FloatArray:
        if not isinstance(item, str) or not item.strip():
            raise UserError("this model classifies texts; specify a text that is not empty")
        return head_logits(self._parameters, text_training.embedded(self._parameters, [ngrams(item)]))


class TabularPredictor(Predictor):
    """Classification of a row's numbers, without its class; in a text they are separated by commas."""

    def __init__(self, model: Artifact) -> None:
        super().__init__(model)
        self._kernel = model.array("kernel", -1, len(model.classes))
        self._features = len(self._kernel)
        self._bias = model.array("bias", len(model.classes))
        self._mean = model.array("mean", self._features)
        self._deviation = model.array("deviation", self._features)

    def _logits(self, item: Input) -> FloatArray:
        row = self._row(item)
        logits: FloatArray = ((row - self._mean) / self._deviation) @ self._kernel + self._bias
        return logits[None]

    def _row(self, item: Input) -> FloatArray:
        if isinstance(item, os.PathLike):
            raise UserError("this model classifies rows of numbers, not files")
        try:
            row = np.array([float(cell) for cell in (item.split(",") if isinstance(item, str) else item)])
        except ValueError:
            raise UserError("this model classifies rows of numbers; separate them with commas") from None
        if len(row) != self._features or not np.isfinite(row).all():
            raise UserError(f"this model takes {self._features} finite numbers, not {len(row)} (the class left out)")
        return row


_PREDICTORS: dict[str, type[ImagePredictor] | type[TextPredictor] | type[TabularPredictor]] = {
    image_training.TASK: ImagePredictor,
    text_training.TASK: TextPredictor,
    tabular_training.TASK: TabularPredictor,
}


def load(model_tar: Path) -> Predictor:
    """Load the model in a `model.tar.gz`. Nothing is unpacked to disk or executed.

    Raises:
        UserError: the file contains no model of the sandbox's trainers, or a damaged one.
    """
    model = read_artifact(model_tar)
    if model is None or model.task not in _PREDICTORS:
        raise UserError(f"{model_tar.name} contains no model that was trained in the sandbox")
    return _PREDICTORS[model.task](model)


def _end(error: UserError, code: int) -> NoReturn:
    sys.stderr.write(f"{error}\n")
    sys.exit(code)


def main() -> None:
    """Print the labels and probabilities for one input.

    The exit code is 1 for an unusable model and `BAD_INPUT` for an invalid input; the reason is on stderr.
    """
    parser = argparse.ArgumentParser(prog="predict", description="Classify one input with a trained model.")
    parser.add_argument("model", type=Path, help="the job's model.tar.gz")
    parser.add_argument("input", help="an image's file name, a text, or a row's numbers, separated by commas")
    parser.add_argument("--json", action="store_true", help="print a JSON list of label and probability")
    arguments = parser.parse_args()
    try:
        model = load(arguments.model)
    except UserError as error:
        _end(error, 1)
    try:
        ranking = model.predict(arguments.input)
    except UserError as error:
        _end(error, BAD_INPUT)
    if arguments.json:
        document = [{"label": label, "probability": probability} for label, probability in ranking]
        sys.stdout.write(json.dumps(document) + "\n")
    else:
        sys.stdout.writelines(f"{probability:.4f}  {label}\n" for label, probability in ranking)


if __name__ == "__main__":
    main()
