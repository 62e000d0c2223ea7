"""Train extractive question answering from scratch: the sandbox's counterpart of JumpStart's Hugging Face models.

One hidden layer decides for every word of the context how likely the answer starts and ends there, from the word, its
neighbors, and how well they match the question. Unlike the real model it has no pretrained weights and no attention, so
it finds answers by the words that they share with the question; the log and the model say so.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jsft_tui.sandbox.trainers.common.artifact import Artifact, previous_model, write_artifact
from jsft_tui.sandbox.trainers.common.checkpoint import Scores
from jsft_tui.sandbox.trainers.common.container import Container, StopFlag, log
from jsft_tui.sandbox.trainers.common.fit import Rows, digest_of, fingerprint, fit, hugging_face_plan
from jsft_tui.sandbox.trainers.common.head import NAMES, Head, head_arrays, head_logits, new_head
from jsft_tui.sandbox.trainers.common.optimizers import FloatArray, Gradient, Parameters, adam
from jsft_tui.sandbox.trainers.common.scores import Labels
from jsft_tui.sandbox.trainers.common.training_info import Trainer
from jsft_tui.sandbox.trainers.text.embedding import embedding_array, new_embedding
from jsft_tui.sandbox.trainers.text.ngrams import HASH_BUCKETS
from jsft_tui.sandbox.trainers.text.questions.data import SEED, Question, QuestionData, read_data
from jsft_tui.sandbox.trainers.text.questions.features import (
    FEATURES,
    WordGrams,
    rarity_of,
    word_features,
    word_gradient,
)
from jsft_tui.sandbox.trainers.text.questions.spans import OUTPUTS, OUTSIDE, SpanObjective

TASK = "question-answering"
TRAINER = Trainer(
    TASK, "questions 1", "no pretrained weights: words and their matches with the question, trained from scratch"
)
DROPOUT = 0.1
"""BERT's dropout (`hidden_dropout_prob`)."""
_STOP_EVERY = 50


def train(container: Container) -> None:
    """Run one job.

    Raises:
        UserError: data, hyperparameters or the previous model are invalid, or training diverged.
        Stopped: SIGTERM arrived before the first step.
    """
    settings = container.settings
    data = read_data(container)
    previous = previous_model(container.optional_channel("model"), TASK)
    parameters = _parameters(previous)
    log(f"Sandbox trainer: {TRAINER.pretrained}.")
    if previous:
        log("Continuing from the model in channel 'model'.")
    log(f"{len(data.training)} training and {len(data.validation)} validation questions.")
    learner = QuestionLearner(data, parameters, previous, container.stop)
    identity = fingerprint(settings, TRAINER.version, data.digest, digest_of(parameters))
    plan = replace(hugging_face_plan(settings, SpanObjective(), "exact_match", SEED, identity), validation_rows=32)

    def save(status: str, history: list[Scores]) -> None:
        info = TRAINER.info(settings, learner, status, history) | {"incremental": previous is not None}
        write_artifact(container.model, Artifact(learner.model_arrays(), (), info))

    fit(container, learner, adam(parameters, settings.number("learning_rate")), plan, save)


class QuestionLearner:
    """Embedding and head, trained on the words of the contexts.

    Args:
        data: the questions.
        parameters: `embedding` and the head's.
        previous: the model from which the n-grams' rarity is taken; None takes it from the training contexts.
        stop: checked while the contexts are read.
    """

    def __init__(self, data: QuestionData, parameters: Parameters, previous: Artifact | None, stop: StopFlag) -> None:
        self.examples = len(data.training)
        self.validation_examples = len(data.validation)
        self._data = data
        self._parameters = parameters
        self._stop = stop
        self._head = Head(parameters, DROPOUT, 0.0)
        self._rarity = (
            rarity_of([question.passage for question in data.training], HASH_BUCKETS)
            if previous is None
            else previous.array("rarity", HASH_BUCKETS).astype(np.float32)
        )
        self._training: list[WordGrams] = []
        self._validation: list[WordGrams] = []
        self._batch: list[WordGrams] = []

    def targets(self, rows: Rows) -> Labels:
        """See `Learner`."""
        return np.array([self._data.training[row].answer for row in rows], np.intp)

    def validation_targets(self, rows: Rows) -> Labels:
        """See `Learner`."""
        return np.array([self._data.validation[row].answer for row in rows], np.intp)

    def prepare(self) -> None:
        """Describe the words of all contexts."""
        self._training = self._described(self._data.training)
        self._validation = self._described(self._data.validation)

    def begin_epoch(self, epoch: int) -> None:
        """Do nothing."""

    def forward(self, rows: Rows, rng: np.random.Generator) -> FloatArray:
        """See `Learner`."""
        self._batch = [self._training[row] for row in rows]
        embedding = self._parameters["embedding"]
        words = np.concatenate([word_features(embedding, context) for context in self._batch])
        return _padded(self._head.forward(words, rng), self._batch)

    def backward(self, gradient: FloatArray) -> dict[str, Gradient]:
        """See `Learner`."""
        by_logits = [each[: len(context.words)] for each, context in zip(gradient, self._batch, strict=True)]
        gradients, by_features = self._head.backward(np.concatenate(by_logits).astype(np.float32))
        embedding = self._parameters["embedding"]
        start, parts = 0, []
        for context in self._batch:
            end = start + len(context.words)
            parts.append(word_gradient(embedding, context, by_features[start:end]))
            start = end
        gradients["embedding"] = _sum_of(parts)
        return gradients

    def validate(self, rows: Rows) -> FloatArray:
        """See `Learner`."""
        contexts = [self._validation[row] for row in rows]
        words = np.concatenate([word_features(self._parameters["embedding"], context) for context in contexts])
        return _padded(head_logits(self._parameters, words), contexts)

    def penalty(self) -> float:
        """See `Learner`."""
        return 0.0

    def model_arrays(self) -> dict[str, NDArray[Any]]:
        """Return the arrays of `model.npz`; half precision suffices for one number per n-gram."""
        arrays: dict[str, NDArray[Any]] = {name: self._parameters[name] for name in NAMES}
        embedding = self._parameters["embedding"].astype(np.float16)
        return arrays | {"embedding": embedding, "rarity": self._rarity.astype(np.float16)}

    def _described(self, questions: tuple[Question, ...]) -> list[WordGrams]:
        described: list[WordGrams] = []
        for question in questions:
            if len(described) % _STOP_EVERY == 0:
                self._stop.check()
            described.append(WordGrams.of(question.text, question.passage, self._rarity))
        return described


def _padded(logits: FloatArray, contexts: list[WordGrams]) -> FloatArray:
    """Return the logits of consecutive words, shaped (contexts, words of the longest one, 2)."""
    lengths = [len(context.words) for context in contexts]
    padded = np.full((len(contexts), max(lengths), OUTPUTS), OUTSIDE)
    start = 0
    for row, length in enumerate(lengths):
        padded[row, :length] = logits[start : start + length]
        start += length
    return padded


def _sum_of(gradients: list[Gradient]) -> Gradient:
    """Return the sum of gradients of some rows each."""
    numbers = np.concatenate([each.rows for each in gradients if each.rows is not None])
    rows, places = np.unique(numbers, return_inverse=True)
    values = np.concatenate([each.values for each in gradients])
    total = np.zeros((len(rows), values.shape[1]), values.dtype)
    np.add.at(total, places, values)
    return Gradient(total, rows)


def _parameters(previous: Artifact | None) -> Parameters:
    """Return the initial parameters: random, or those of the previous model.

    Raises:
        UserError: the previous model is damaged.
    """
    rng = np.random.default_rng(SEED)
    if previous:
        return {"embedding": embedding_array(previous)} | head_arrays(previous, FEATURES, OUTPUTS)
    return {"embedding": new_embedding(rng)} | new_head(FEATURES, OUTPUTS, rng)
