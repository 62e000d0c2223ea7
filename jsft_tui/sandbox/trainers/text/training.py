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
from jsft_tui.sandbox.trainers.common.scores import Labels, Softmax
from jsft_tui.sandbox.trainers.common.settings import Settings
from jsft_tui.sandbox.trainers.common.training_info import Trainer
from jsft_tui.sandbox.trainers.text.data import TextData, read_data
from jsft_tui.sandbox.trainers.text.embedding import (
    EMBEDDING_SIZE,
    Grams,
    embedded,
    embedding_array,
    embedding_gradient,
    extract_ngrams,
    new_embedding,
)

TASK = "text-classification"
TRAINER = Trainer(TASK, "text 1", "no pretrained weights: hashed n-grams, trained from scratch")


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
        fingerprint(settings, TRAINER.version, data.digest, digest_of(parameters)),
    )

    def save(status: str, history: list[Scores]) -> None:
        info = TRAINER.info(settings, learner, status, history) | {"incremental": previous is not None}
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
        self.examples = len(data.labels)
        self.validation_examples = len(data.validation_labels)
        self._data = data
        self._parameters = parameters
        self._stop = stop
        self._head = Head(parameters, settings.number("dropout_rate"), settings.number("regularizers_l2"))
        self._training: Grams = []
        self._validation: Grams = []
        self._batch: Grams = []

    def targets(self, rows: Rows) -> Labels:
        """See `Learner`."""
        return self._data.labels[rows]

    def validation_targets(self, rows: Rows) -> Labels:
        """See `Learner`."""
        return self._data.validation_labels[rows]

    def prepare(self) -> None:
        """Extract the n-grams of all texts."""
        self._training = extract_ngrams(self._data.training, self._stop)
        self._validation = extract_ngrams(self._data.validation, self._stop)

    def begin_epoch(self, epoch: int) -> None:
        """Do nothing."""

    def forward(self, rows: Rows, rng: np.random.Generator) -> FloatArray:
        """See `Learner`."""
        self._batch = [self._training[row] for row in rows]
        return self._head.forward(embedded(self._parameters["embedding"], self._batch), rng)

    def backward(self, gradient: FloatArray) -> dict[str, Gradient]:
        """See `Learner`. The embedding's gradient has only the rows that occur in the batch."""
        gradients, by_means = self._head.backward(gradient)
        gradients["embedding"] = embedding_gradient(by_means, self._batch)
        return gradients

    def validate(self, rows: Rows) -> FloatArray:
        """See `Learner`."""
        grams = [self._validation[row] for row in rows]
        return head_logits(self._parameters, embedded(self._parameters["embedding"], grams))

    def penalty(self) -> float:
        """See `Learner`."""
        return self._head.penalty()


def _parameters(settings: Settings, classes: tuple[str, ...], previous: Artifact | None) -> Parameters:
    """Return the initial parameters: random, or those of the previous model.

    Raises:
        UserError: the previous model is damaged, or its head cannot be kept as requested.
    """
    rng = np.random.default_rng(settings.integer("random_seed"))
    embedding = new_embedding(rng)
    head = new_head(EMBEDDING_SIZE, len(classes), rng)
    if keeps_head(previous, classes, settings.text("reinitialize_top_layer")) and previous:
        head = head_arrays(previous, EMBEDDING_SIZE, len(classes))
    if previous:
        embedding = embedding_array(previous)
    return {"embedding": embedding} | head


def _model_arrays(parameters: Parameters) -> dict[str, NDArray[Any]]:
    """Return the arrays of `model.npz`. Half precision suffices for the embedding, and halves the file size."""
    arrays: dict[str, NDArray[Any]] = {name: parameters[name] for name in NAMES}
    return arrays | {"embedding": parameters["embedding"].astype(np.float16)}


def _log_summary(settings: Settings, data: TextData, previous: Artifact | None) -> None:
    log(f"Sandbox trainer: {TRAINER.pretrained}; {EMBEDDING_SIZE} numbers for each n-gram, {HIDDEN} hidden units.")
    log_previous_model(previous, data.classes, settings.text("reinitialize_top_layer"))
    log(f"{len(data.labels)} training and {len(data.validation_labels)} validation rows, {len(data.classes)} classes.")
