"""Prepare what a technique trains on: its records, its learner and its loss."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

import numpy as np

from jsft_tui.sandbox.trainers.common.container import Container, log
from jsft_tui.sandbox.trainers.common.fit import Learner
from jsft_tui.sandbox.trainers.common.scores import Objective
from jsft_tui.sandbox.trainers.common.settings import Settings, UserError
from jsft_tui.sandbox.trainers.customization.preferences import Pair, PreferenceLearner, PreferenceLoss
from jsft_tui.sandbox.trainers.customization.records import (
    Parts,
    Preference,
    conversation,
    preference,
    question_of,
    read_records,
)
from jsft_tui.sandbox.trainers.customization.trained import Trained
from jsft_tui.sandbox.trainers.language.learner import LanguageLearner
from jsft_tui.sandbox.trainers.language.network.objective import NextToken
from jsft_tui.sandbox.trainers.language.texts.samples import Sample, sample_of

Record = TypeVar("Record")
Item = TypeVar("Item")

_UNLIMITED = 1e30


class TokenLearner(Learner, Protocol):
    """A learner that counts the tokens of its training steps."""

    tokens: int


@dataclass(frozen=True)
class Lesson:
    """What a technique trains.

    Attributes:
        learner: the model and the data.
        objective: the loss.
        question: a prompt of the data, whose answer is logged before and after.
    """

    learner: TokenLearner
    objective: Objective
    question: str


def supervised(container: Container, trained: Trained) -> Lesson:
    """Prepare supervised fine-tuning: the loss of the next token, in the answers.

    Raises:
        UserError: the data is invalid, or too little.
    """
    settings, start = container.settings, trained.start
    training, validation = _records(container, conversation)

    def samples(texts: list[Parts], name: str) -> list[Sample]:
        return _fitting([_sample(text, trained, settings) for text in texts], name)

    learner = LanguageLearner(
        start.config,
        trained.projections,
        _at_least_a_batch(samples(training, "training"), settings),
        samples(validation, "validation"),
        _max_norm(settings),
    )
    return Lesson(learner, NextToken(start.config.vocabulary), question_of(training[0]))


def preferences(container: Container, trained: Trained) -> Lesson:
    """Prepare direct preference optimization.

    Raises:
        UserError: the data is invalid, or too little.
    """
    settings, start = container.settings, trained.start
    training, validation = _records(container, preference)

    def pairs(records: list[Preference], name: str) -> list[Pair]:
        return _fitting([_pair(record, trained, settings) for record in records], name)

    learner = PreferenceLearner(
        start.config,
        trained.projections,
        start.parameters,
        _at_least_a_batch(pairs(training, "training"), settings),
        pairs(validation, "validation"),
        settings.number("adam_beta"),
        _max_norm(settings),
    )
    return Lesson(learner, PreferenceLoss(), question_of(training[0].chosen))


LESSONS: Mapping[str, Callable[[Container, Trained], Lesson]] = {"SFT": supervised, "DPO": preferences}
"""By technique."""


def _records(
    container: Container, parse: Callable[[Mapping[str, object]], Record]
) -> tuple[list[Record], list[Record]]:
    """Return training and validation records; without a validation channel, some of the training data.

    Raises:
        UserError: the data is invalid, or nothing is left to validate with.
    """
    training = read_records(container.channel("train"), parse)
    if held_out := container.optional_channel("validation"):
        return training, read_records(held_out, parse)
    if len(training) < 2:
        raise UserError("the training data has a single record; a second one is needed to validate with")
    settings = container.settings
    order = np.random.default_rng(settings.integer("seed")).permutation(len(training))
    kept = min(max(1, int(len(training) * settings.number("train_val_split_ratio"))), len(training) - 1)
    return [training[row] for row in order[:kept]], [training[row] for row in order[kept:]]


def _sample(text: Parts, trained: Trained, settings: Settings) -> Sample | None:
    length = min(settings.integer("dataset_max_len"), trained.start.config.context)
    return sample_of(text, trained.start.tokenizer, length)


def _pair(record: Preference, trained: Trained, settings: Settings) -> Pair | None:
    chosen, rejected = (_sample(text, trained, settings) for text in (record.chosen, record.rejected))
    return Pair(chosen, rejected) if chosen and rejected else None


def _fitting(found: Sequence[Item | None], name: str) -> list[Item]:
    """Return what fits into the model's context.

    Raises:
        UserError: nothing does.
    """
    fitting = [each for each in found if each is not None]
    if left_out := len(found) - len(fitting):
        log(f"Records of the {name} data whose prompt is longer than the model reads, left out: {left_out}.")
    if not fitting:
        raise UserError(f"no prompt of the {name} data is short enough for the sandbox's model, which reads 128 tokens")
    return fitting


def _at_least_a_batch(samples: list[Item], settings: Settings) -> list[Item]:
    """Return the samples.

    Raises:
        UserError: they are fewer than a batch, which ends the job on AWS as well (in its words).
    """
    batch = settings.integer("global_batch_size")
    if len(samples) < batch:
        raise UserError(f"Train dataloader is empty: {len(samples)} records, and global_batch_size is {batch}")
    return samples


def _max_norm(settings: Settings) -> float:
    return settings.number("gradient_clipping_threshold") if settings.flag("gradient_clipping") else _UNLIMITED
