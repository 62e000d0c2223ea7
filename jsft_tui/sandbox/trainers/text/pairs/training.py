"""Train a classifier of sentence pairs from scratch: the sandbox's counterpart of JumpStart's Hugging Face models.

Hashed n-grams as in text classification, and what both sentences have in common, in one hidden layer. Unlike the real
model it has no pretrained weights and does not read the order of words beyond pairs, which the log and the model state.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from jsft_tui.sandbox.trainers.common.artifact import (
    Artifact,
    keeps_head,
    log_previous_model,
    previous_model,
    write_artifact,
)
from jsft_tui.sandbox.trainers.common.checkpoint import Scores
from jsft_tui.sandbox.trainers.common.container import Container, StopFlag, log
from jsft_tui.sandbox.trainers.common.fit import Rows, digest_of, fingerprint, fit, hugging_face_plan
from jsft_tui.sandbox.trainers.common.head import NAMES, Head, head_arrays, head_logits, new_head
from jsft_tui.sandbox.trainers.common.optimizers import FloatArray, Gradient, Parameters, adam
from jsft_tui.sandbox.trainers.common.scores import Labels, Softmax
from jsft_tui.sandbox.trainers.common.settings import Settings
from jsft_tui.sandbox.trainers.common.training_info import Trainer
from jsft_tui.sandbox.trainers.text.embedding import embedding_array, extract_ngrams, new_embedding
from jsft_tui.sandbox.trainers.text.pairs.data import CLASSES, SEED, PairData, Pairs, read_data
from jsft_tui.sandbox.trainers.text.pairs.features import FEATURES, PairGrams, pair_features, pair_gradient, rarity_of

TASK = "sentence-pair-classification"
TRAINER = Trainer(
    TASK,
    "pairs 1",
    "no pretrained weights: hashed n-grams of both sentences and those in common, trained from scratch",
)
DROPOUT = 0.1
"""BERT's dropout (`hidden_dropout_prob`)."""


def train(container: Container) -> None:
    """Run one job.

    Raises:
        UserError: data, hyperparameters or the previous model are invalid, or training diverged.
        Stopped: SIGTERM arrived before the first step.
    """
    settings = container.settings
    data = read_data(container)
    previous = previous_model(container.optional_channel("model"), TASK)
    parameters = _parameters(settings, previous)
    log(f"Sandbox trainer: {TRAINER.pretrained}.")
    log_previous_model(previous, CLASSES, settings.text("reinitialize_top_layer"))
    log(f"{len(data.training.labels)} training and {len(data.validation.labels)} validation pairs.")
    learner = PairLearner(data, parameters, previous, container.stop)
    identity = fingerprint(settings, TRAINER.version, data.digest, digest_of(parameters))
    plan = hugging_face_plan(settings, Softmax(len(CLASSES)), "accuracy", SEED, identity)

    def save(status: str, history: list[Scores]) -> None:
        info = TRAINER.info(settings, learner, status, history) | {"incremental": previous is not None}
        write_artifact(container.model, Artifact(learner.model_arrays(), CLASSES, info))

    fit(container, learner, adam(parameters, settings.number("learning_rate")), plan, save)


class PairLearner:
    """Embedding and head, trained on the features of pairs.

    Args:
        data: the pairs.
        parameters: `embedding` and the head's.
        previous: the model from which the n-grams' rarity is taken; None takes it from the training pairs.
        stop: checked while n-grams are extracted.
    """

    def __init__(self, data: PairData, parameters: Parameters, previous: Artifact | None, stop: StopFlag) -> None:
        self.examples = len(data.training.labels)
        self.validation_examples = len(data.validation.labels)
        self._data = data
        self._parameters = parameters
        self._head = Head(parameters, DROPOUT, 0.0)
        training = data.training
        grams = extract_ngrams([*training.first, *training.second], stop)
        self._rarity = rarity_of(grams) if previous is None else previous.array("rarity", -1).astype(np.float32)
        self._training = PairGrams.of(grams[: self.examples], grams[self.examples :], self._rarity)
        self._validation = self._grams_of(data.validation, stop)
        self._batch = self._training

    def targets(self, rows: Rows) -> Labels:
        """See `Learner`."""
        return self._data.training.labels[rows]

    def validation_targets(self, rows: Rows) -> Labels:
        """See `Learner`."""
        return self._data.validation.labels[rows]

    def prepare(self) -> None:
        """Do nothing."""

    def begin_epoch(self, epoch: int) -> None:
        """Do nothing."""

    def forward(self, rows: Rows, rng: np.random.Generator) -> FloatArray:
        """See `Learner`."""
        self._batch = self._training.select(rows)
        return self._head.forward(pair_features(self._parameters["embedding"], self._batch), rng)

    def backward(self, gradient: FloatArray) -> dict[str, Gradient]:
        """See `Learner`."""
        gradients, by_features = self._head.backward(gradient)
        gradients["embedding"] = pair_gradient(self._parameters["embedding"], self._batch, by_features)
        return gradients

    def validate(self, rows: Rows) -> FloatArray:
        """See `Learner`."""
        features = pair_features(self._parameters["embedding"], self._validation.select(rows))
        return head_logits(self._parameters, features)

    def penalty(self) -> float:
        """See `Learner`."""
        return 0.0

    def model_arrays(self) -> dict[str, NDArray[Any]]:
        """Return the arrays of `model.npz`; half precision suffices for one number per n-gram."""
        arrays: dict[str, NDArray[Any]] = {name: self._parameters[name] for name in NAMES}
        embedding = self._parameters["embedding"].astype(np.float16)
        return arrays | {"embedding": embedding, "rarity": self._rarity.astype(np.float16)}

    def _grams_of(self, pairs: Pairs, stop: StopFlag) -> PairGrams:
        return PairGrams.of(extract_ngrams(pairs.first, stop), extract_ngrams(pairs.second, stop), self._rarity)


def _parameters(settings: Settings, previous: Artifact | None) -> Parameters:
    """Return the initial parameters: random, or those of the previous model.

    Raises:
        UserError: the previous model is damaged, or its head cannot be kept as requested.
    """
    rng = np.random.default_rng(SEED)
    embedding, head = new_embedding(rng), new_head(FEATURES, len(CLASSES), rng)
    if keeps_head(previous, CLASSES, settings.text("reinitialize_top_layer")) and previous:
        head = head_arrays(previous, FEATURES, len(CLASSES))
    if previous:
        embedding = embedding_array(previous)
    return {"embedding": embedding} | head
