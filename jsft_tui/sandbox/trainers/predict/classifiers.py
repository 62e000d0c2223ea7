"""Choose a class for an image, a text, or a pair of sentences."""

from __future__ import annotations

import os
from abc import abstractmethod
from pathlib import Path

import numpy as np

from jsft_tui.sandbox.trainers.common.artifact import Artifact
from jsft_tui.sandbox.trainers.common.head import head_arrays, head_logits
from jsft_tui.sandbox.trainers.common.optimizers import FloatArray
from jsft_tui.sandbox.trainers.common.scores import Classification, Sigmoid, Softmax
from jsft_tui.sandbox.trainers.common.settings import UserError
from jsft_tui.sandbox.trainers.image import backbone
from jsft_tui.sandbox.trainers.image import learner as image_learner
from jsft_tui.sandbox.trainers.image.images import read_image
from jsft_tui.sandbox.trainers.predict.base import Input, Predictor, Ranking, text_of, two_texts_of
from jsft_tui.sandbox.trainers.text.embedding import EMBEDDING_SIZE, embedded, embedding_array
from jsft_tui.sandbox.trainers.text.ngrams import ngrams
from jsft_tui.sandbox.trainers.text.pairs.features import FEATURES, PairGrams, pair_features


class Classifier(Predictor):
    """A trained model that classifies inputs."""

    def __init__(self, model: Artifact) -> None:
        self.classes = model.classes
        self._objective: Classification = Softmax(len(model.classes))

    def predict(self, item: Input) -> Ranking:
        """Return every label with its probability, the most probable first."""
        probabilities = self._objective.probabilities(self._logits(item))[0]
        order = np.argsort(-probabilities, kind="stable")
        return [(self.classes[index], float(probabilities[index])) for index in order]

    @abstractmethod
    def _logits(self, item: Input) -> FloatArray:
        """Return the network's logits, shaped (1, outputs)."""


class ImagePredictor(Classifier):
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


class TextPredictor(Classifier):
    """Classification of a text."""

    def __init__(self, model: Artifact) -> None:
        super().__init__(model)
        self._head = head_arrays(model, EMBEDDING_SIZE, self._objective.outputs)
        self._embedding = embedding_array(model)

    def _logits(self, item: Input) -> FloatArray:
        text = text_of(item, "classifies texts")
        return head_logits(self._head, embedded(self._embedding, [ngrams(text)]))


class PairPredictor(Classifier):
    """Classification of two sentences."""

    def __init__(self, model: Artifact) -> None:
        super().__init__(model)
        self._head = head_arrays(model, FEATURES, self._objective.outputs)
        self._embedding = embedding_array(model)
        self._rarity = model.array("rarity", len(self._embedding)).astype(np.float32)

    def _logits(self, item: Input) -> FloatArray:
        first, second = two_texts_of(item, "a sentence", "a second one")
        pair = PairGrams.of([ngrams(first)], [ngrams(second)], self._rarity)
        return head_logits(self._head, pair_features(self._embedding, pair))
