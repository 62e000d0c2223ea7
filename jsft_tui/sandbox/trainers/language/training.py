"""Train a small causal language model from scratch: the counterpart of JumpStart's text generation models.

The real job adapts billions of pretrained parameters; this one learns a tokenizer and about 160,000 parameters from the
training texts alone, with the same loss, which the log and the model say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jsft_tui.sandbox.trainers.common.artifact import Artifact, previous_model, write_artifact
from jsft_tui.sandbox.trainers.common.checkpoint import Scores
from jsft_tui.sandbox.trainers.common.container import Container, log
from jsft_tui.sandbox.trainers.common.fit import Plan, digest_of, fingerprint, fit, lower_the_rate
from jsft_tui.sandbox.trainers.common.optimizers import adam
from jsft_tui.sandbox.trainers.common.settings import Settings, UserError
from jsft_tui.sandbox.trainers.common.training_info import Trainer
from jsft_tui.sandbox.trainers.language.learner import LanguageLearner
from jsft_tui.sandbox.trainers.language.network.model import ModelConfig, new_parameters
from jsft_tui.sandbox.trainers.language.network.objective import NextToken
from jsft_tui.sandbox.trainers.language.network.projections import FullProjections
from jsft_tui.sandbox.trainers.language.stored import model_arrays, read_model
from jsft_tui.sandbox.trainers.language.texts.data import digest_of_folder, read_objects, read_paragraphs
from jsft_tui.sandbox.trainers.language.texts.samples import Part, Sample, blocks, sample_of
from jsft_tui.sandbox.trainers.language.texts.templates import Format, PlainText
from jsft_tui.sandbox.trainers.language.texts.tokenizer import Tokenizer

TASK = "text-generation"
TRAINER = Trainer(
    TASK,
    "language 1",
    "no pretrained weights: a transformer of about 160,000 parameters, trained from scratch",
)
VOCABULARY = 768
"""Largest number of tokens of the vocabulary."""
CONTEXT = 128
"""Tokens that the model reads at most; `max_input_length` may ask for fewer."""

Texts = list[list[Part]]


@dataclass(frozen=True)
class Recipe:
    """What differs between the scripts of the language models.

    Attributes:
        form: the form of the training texts.
        lines: formats an epoch's metrics as the script prints them.
        seed: the seed of the initial parameters and of the order of samples.
    """

    form: Format
    lines: Callable[[int, int, Scores], Iterable[str]]
    seed: int


def train(container: Container, recipe: Recipe) -> None:
    """Run one job.

    Raises:
        UserError: data, hyperparameters or the previous model are invalid, or training diverged.
        Stopped: SIGTERM arrived before the first step.
    """
    settings = container.settings
    folder, held_out = container.channel("training", "train"), container.optional_channel("validation")
    others = _read(held_out, recipe.form) if held_out else None
    training, validation = _split(_read(folder, recipe.form), others, settings)
    log(f"Sandbox trainer: {TRAINER.pretrained}.")
    previous = previous_model(container.optional_channel("model"), TASK)
    if previous:
        log("Continuing from the model in channel 'model', with its vocabulary.")
        config, parameters, tokenizer = read_model(previous)
    else:
        tokenizer = Tokenizer.learn((part.text for parts in training for part in parts), VOCABULARY)
        config = ModelConfig(tokenizer.size, CONTEXT)
        parameters = new_parameters(config, np.random.default_rng(recipe.seed))
    length = _length(settings, config)
    samples = [
        _samples(texts, recipe.form, tokenizer, length, name)
        for texts, name in ((training, "training"), (validation, "validation"))
    ]
    _log_summary(samples, config, parameters, length)
    learner = LanguageLearner(config, FullProjections(parameters), samples[0], samples[1])
    digest = digest_of_folder([folder, *([held_out] if held_out else [])])
    plan = _plan(settings, recipe, config, fingerprint(settings, TRAINER.version, digest, digest_of(parameters)))

    def save(status: str, history: list[Scores]) -> None:
        how = {"format": recipe.form.document(), "config": config.document(), "incremental": previous is not None}
        info = TRAINER.info(settings, learner, status, history) | how
        write_artifact(container.model, Artifact(model_arrays(parameters, tokenizer), (), info))

    fit(container, learner, adam(parameters, settings.number("learning_rate")), plan, save)


def _read(folder: Path, form: Format) -> Texts:
    """Return the texts of a channel, in parts."""
    if isinstance(form, PlainText):
        return [form.parts({"text": text}) for text in read_paragraphs(folder)]
    return read_objects(folder, form)


def _split(texts: Texts, held_out: Texts | None, settings: Settings) -> tuple[Texts, Texts]:
    """Return training and validation texts, of which there are at most as many as the hyperparameters say.

    Raises:
        UserError: nothing is left to validate with.
    """
    if held_out is None:
        if len(texts) < 2:
            raise UserError("the training data has a single text; a second one is needed to validate with")
        order = np.random.default_rng(settings.integer("train_data_split_seed")).permutation(len(texts))
        count = min(max(1, round(len(texts) * settings.number("validation_split_ratio"))), len(texts) - 1)
        texts, held_out = [texts[row] for row in order[count:]], [texts[row] for row in order[:count]]
    most_training, most_validation = settings.integer("max_train_samples"), settings.integer("max_val_samples")
    for name, most in (("max_train_samples", most_training), ("max_val_samples", most_validation)):
        if most == 0:
            raise UserError(f"hyperparameter {name} is 0; -1 takes all samples")
    return _first(texts, most_training), _first(held_out, most_validation)


def _first(texts: Texts, most: int) -> Texts:
    return texts if most < 0 else texts[:most]


def _length(settings: Settings, config: ModelConfig) -> int:
    """Return the number of tokens of a sample.

    Raises:
        UserError: `max_input_length` is 0.
    """
    asked = settings.integer("max_input_length")
    if asked == 0:
        raise UserError("hyperparameter max_input_length is 0; -1 takes the model's own length")
    return config.context if asked < 0 else min(asked, config.context)


def _samples(texts: Texts, form: Format, tokenizer: Tokenizer, length: int, name: str) -> list[Sample]:
    """Return the samples of some texts.

    Raises:
        UserError: there are none.
    """
    if isinstance(form, PlainText):
        return blocks(["".join(part.text for part in parts) + "\n" for parts in texts], tokenizer, length)
    samples = [sample for parts in texts if (sample := sample_of(parts, tokenizer, length))]
    if len(samples) < len(texts):
        log(f"Texts of the {name} data whose prompt fills all {length} tokens, not used: {len(texts) - len(samples)}.")
    if not samples:
        raise UserError(f"no prompt of the {name} data is shorter than {length} tokens; raise max_input_length")
    return samples


def _plan(settings: Settings, recipe: Recipe, config: ModelConfig, identity: str) -> Plan:
    return Plan(
        epochs=settings.integer("epoch"),
        batch_size=settings.integer("per_device_train_batch_size"),
        seed=recipe.seed,
        objective=NextToken(config.vocabulary),
        metric="loss",
        early_stopping=None,
        fingerprint=identity,
        remedy=lower_the_rate(settings),
        lines=recipe.lines,
        validation_rows=settings.integer("per_device_eval_batch_size"),
    )


def _log_summary(
    samples: list[list[Sample]], config: ModelConfig, parameters: Mapping[str, NDArray[Any]], length: int
) -> None:
    count = sum(value.size for value in parameters.values())
    log(f"{count:,} parameters, a vocabulary of {config.vocabulary} tokens, samples of at most {length} tokens.")
    log(f"{len(samples[0])} training and {len(samples[1])} validation samples.")
