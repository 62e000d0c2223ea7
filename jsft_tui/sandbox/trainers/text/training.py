"""Train a text classifier from scratch: the sandbox's counterpart of JumpStart's TensorFlow text models.

Hashed n-grams, the mean of their embeddings, one hidden layer, softmax: the architecture of fastText and
of SageMaker's BlazingText. Unlike the real model it has no pretrained weights, which the log and the model state.
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
from jsft_tui.sandbox.trainers.common.fit import Rows, digest_of, fingerprint, fit, plan_from
from jsft_tui.sandbox.trainers.common.head import HIDDEN, NAMES, Head, head_arrays, head_logits, new_head
from jsft_tui.sandbox.trainers.common.optimizers import FloatArray, Gradient, Parameters, make_optimizer
from jsft_tui.sandbox.trainers.common.scores import Softmax
from jsft_tui.sandbox.trainers.common.settings import Settings
from jsft_tui.sandbox.trainers.text.data import TextData, read_data
from jsft_tui.sandbox.trainers.text.ngrams import HASH_BUCKETS, ngrams

TASK = "text-classification"
EMBEDDING_SIZE = 32
"""Dimension of an n-gram's embedding."""
NOT_PRETRAINED = "no pretrained weights: hashed n-grams, trained from scratch"
_MODEL_VERSION = "text 1"
_STOP_EVERY = 500

Grams = list[NDArray[np.intp]]


def train(container: Container) -> None:
    """Run one job.

    Raises:
        UserError: data, hyperparameters or the previous model are invalid, or training diverged.
        Stopped: SIGTERM arrived before the first step.
    """
    settings = container.settings
    data = read_data(container)
    previous = previous_model(container.optional_channel("model"), TASK)
    parameters = _parameters(settings, data.classes, previous)
    _log_summary(settings, data, previous)
    learner = TextLearner(data, parameters, settings, container.stop)
    plan = plan_from(
        settings,
        Softmax(len(data.classes)),
        "accuracy",
        fingerprint(settings, _MODEL_VERSION, data.digest, digest_of(parameters)),
    )

    def save(status: str, history: list[Scores]) -> None:
        info = _info(settings, data, previous, status, history)
        write_artifact(container.model, Artifact(_model_arrays(parameters), data.classes, info))

    fit(container, learner, make_optimizer(parameters, settings), plan, save)


class TextLearner:
    """Embedding and head, trained on the n-grams of the texts.

    Args:
        data: the texts.
        parameters: `embedding`, shaped (HASH_BUCKETS, EMBEDDING_SIZE), and the head's.
        settings: the hyperparameters.
        stop: checked while n-grams are extracted.
    """

    def __init__(self, data: TextData, parameters: Parameters, settings: Settings, stop: StopFlag) -> None:
        self.labels = data.labels
        self.validation_labels = data.validation_labels
        self._data = data
        self._parameters = parameters
        self._stop = stop
        self._head = Head(parameters, settings.number("dropout_rate"), settings.number("regularizers_l2"))
        self._training: Grams = []
        self._validation: Grams = []
        self._batch: Grams = []

    def prepare(self) -> None:
        """Extract the n-grams of all texts."""
        self._training = self._extract_ngrams(self._data.training)
        self._validation = self._extract_ngrams(self._data.validation)

    def begin_epoch(self, epoch: int) -> None:
        """Do nothing."""

    def forward(self, rows: Rows, rng: np.random.Generator) -> FloatArray:
        """See `Learner`."""
        self._batch = [self._training[row] for row in rows]
        return self._head.forward(embedded(self._parameters, self._batch), rng)

    def backward(self, gradient: FloatArray) -> dict[str, Gradient]:
        """See `Learner`. The embedding's gradient has only the rows that occur in the batch."""
        gradients, by_means = self._head.backward(gradient)
        counts = np.array([len(grams) for grams in self._batch])
        shares = by_means * _weights(counts)[:, None]
        numbers = np.concatenate(self._batch)
        order = np.argsort(numbers, kind="stable")
        touched = numbers[order]
        first = np.flatnonzero(np.r_[True, touched[1:] != touched[:-1]])
        sums = np.add.reduceat(shares[np.repeat(np.arange(len(counts)), counts)[order]], first, axis=0)
        gradients["embedding"] = Gradient(sums, touched[first])
        return gradients

    def validate(self, rows: Rows) -> FloatArray:
        """See `Learner`."""
        grams = [self._validation[row] for row in rows]
        return head_logits(self._parameters, embedded(self._parameters, grams))

    def penalty(self) -> float:
        """See `Learner`."""
        return self._head.penalty()

    def _extract_ngrams(self, texts: tuple[str, ...]) -> Grams:
        grams: Grams = []
        for text in texts:
            if len(grams) % _STOP_EVERY == 0:
                self._stop.check()
            grams.append(ngrams(text))
        return grams


def embedded(parameters: Parameters, texts: Grams) -> FloatArray:
    """Compute one vector per text: the sum of its n-grams' embeddings divided by the root of their number.

    The root prevents long texts from dominating, but keeps the gradients of the embedding large enough to learn at
    JumpStart's usual learning rate.
    """
    counts = np.array([len(grams) for grams in texts])
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
    sums: FloatArray = np.add.reduceat(parameters["embedding"][np.concatenate(texts)], starts, axis=0)
    return sums * _weights(counts)[:, None]


def _weights(counts: NDArray[np.intp]) -> FloatArray:
    return (1 / np.sqrt(counts)).astype(np.float32)


def _parameters(settings: Settings, classes: tuple[str, ...], previous: Artifact | None) -> Parameters:
    """Return the initial parameters: random, or those of the previous model.

    Raises:
        UserError: the previous model is damaged, or its head cannot be kept as requested.
    """
    rng = np.random.default_rng(settings.integer("random_seed"))
    embedding = rng.uniform(-1 / EMBEDDING_SIZE, 1 / EMBEDDING_SIZE, (HASH_BUCKETS, EMBEDDING_SIZE)).astype(np.float32)
    head = new_head(EMBEDDING_SIZE, len(classes), rng)
    if keeps_head(previous, classes, settings.text("reinitialize_top_layer")) and previous:
        head = head_arrays(previous, EMBEDDING_SIZE, len(classes))
    if previous:
        embedding = embedding_array(previous)
    return {"embedding": embedding} | head


def embedding_array(model: Artifact) -> FloatArray:
    """Return the embedding of a trained model.

    Raises:
        UserError: it is missing or has another shape.
    """
    return model.array("embedding", HASH_BUCKETS, EMBEDDING_SIZE).astype(np.float32)


def _model_arrays(parameters: Parameters) -> dict[str, NDArray[Any]]:
    """Return the arrays of `model.npz`. Half precision suffices for the embedding, and halves the file size."""
    arrays: dict[str, NDArray[Any]] = {name: parameters[name] for name in NAMES}
    return arrays | {"embedding": parameters["embedding"].astype(np.float16)}


def _log_summary(settings: Settings, data: TextData, previous: Artifact | None) -> None:
    log(f"Sandbox trainer: {NOT_PRETRAINED}; {EMBEDDING_SIZE} numbers for each n-gram, {HIDDEN} hidden units.")
    log_previous_model(previous, data.classes, settings.text("reinitialize_top_layer"))
    log(f"{len(data.labels)} training and {len(data.validation_labels)} validation rows, {len(data.classes)} classes.")


def _info(
    settings: Settings, data: TextData, previous: Artifact | None, status: str, history: list[Scores]
) -> dict[str, Any]:
    return {
        "task": TASK,
        "trainer": _MODEL_VERSION,
        "status": status,
        "pretrained": NOT_PRETRAINED,
        "incremental": previous is not None,
        "training_examples": len(data.labels),
        "validation_examples": len(data.validation_labels),
        "whole_epochs": len(history),
        "history": history,
        "hyperparameters": dict(settings),
    }
