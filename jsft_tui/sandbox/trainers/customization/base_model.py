"""Get the base model: pretrained once from the texts of the model's artifact, then kept for later jobs."""

from __future__ import annotations

import os
import zlib
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from jsft_tui.sandbox.trainers.common.arrays import read_arrays, write_arrays
from jsft_tui.sandbox.trainers.common.artifact import Artifact
from jsft_tui.sandbox.trainers.common.container import Container, log
from jsft_tui.sandbox.trainers.common.optimizers import Parameters, adam
from jsft_tui.sandbox.trainers.common.scores import Softmax
from jsft_tui.sandbox.trainers.common.settings import UserError
from jsft_tui.sandbox.trainers.customization.records import Parts, conversation, read_records
from jsft_tui.sandbox.trainers.language.learner import LanguageLearner
from jsft_tui.sandbox.trainers.language.network.model import ModelConfig, new_parameters
from jsft_tui.sandbox.trainers.language.network.projections import FullProjections
from jsft_tui.sandbox.trainers.language.stored import model_arrays, read_model
from jsft_tui.sandbox.trainers.language.texts.data import digest_of_folder
from jsft_tui.sandbox.trainers.language.texts.samples import Sample, sample_of
from jsft_tui.sandbox.trainers.language.texts.tokenizer import Tokenizer

HONEST = "a transformer of about 160,000 parameters that was pretrained in this sandbox; not the model of this name"
CACHE = "JSFT_BASE_MODELS"
"""Environment variable with the folder in which the sandbox's jobs keep base models."""
VOCABULARY = 768
CONTEXT = 128
_LENGTH, _EPOCHS, _BATCH, _RATE, _SEED = 64, 8, 16, 0.004, 1
_WARMUP_STEPS = 20
_VERSION = "1"


@dataclass(frozen=True)
class LanguageModel:
    """A language model: its sizes, its parameters and its vocabulary."""

    config: ModelConfig
    parameters: Parameters
    tokenizer: Tokenizer


def base_model(container: Container) -> LanguageModel:
    """Return the base model of a job, pretrained now or by an earlier job.

    Raises:
        UserError: the job has no texts to pretrain from.
        Stopped: SIGTERM arrived.
    """
    folder = container.channel("model")
    cache = os.environ.get(CACHE)
    kept = Path(cache) / f"{digest_of_folder([folder])[:32]}-{_VERSION}.npz" if cache else None
    if kept is not None and (found := _kept_model(kept)) is not None:
        log(f"Base model: {HONEST}.")
        return found
    log(f"Base model: {HONEST}. Pretraining it now; later jobs use the same.")
    model = _pretrained(container, read_records(folder, conversation))
    if kept is not None:
        write_arrays(kept, model_arrays(model.parameters, model.tokenizer))
    return model


def _kept_model(path: Path) -> LanguageModel | None:
    """Return the model in a file; None if there is none that can be read."""
    if not path.is_file():
        return None
    try:
        arrays = read_arrays(path.read_bytes())
        config = ModelConfig(len(arrays["embed_tokens"]), CONTEXT)
        return LanguageModel(*read_model(Artifact(arrays, (), {"config": config.document()})))
    except (KeyError, OSError, ValueError, EOFError, UserError, BadZipFile, zlib.error) as problem:
        log(f"The kept base model cannot be read ({problem}); it is pretrained again.")
        return None


def _pretrained(container: Container, texts: list[Parts]) -> LanguageModel:
    """Train a new model, with the next-token loss on the answers."""
    tokenizer = Tokenizer.learn((part.text for parts in texts for part in parts), VOCABULARY)
    config = ModelConfig(tokenizer.size, CONTEXT)
    parameters = new_parameters(config, np.random.default_rng(_SEED))
    samples = [sample for parts in texts if (sample := sample_of(parts, tokenizer, _LENGTH))]
    _descend(container, parameters, config, samples)
    return LanguageModel(config, parameters, tokenizer)


def _descend(container: Container, parameters: Parameters, config: ModelConfig, samples: list[Sample]) -> None:
    learner = LanguageLearner(config, FullProjections(parameters), samples, [])
    optimizer, softmax = adam(parameters, _RATE), Softmax(config.vocabulary)
    steps = _EPOCHS * -(-len(samples) // _BATCH)
    for epoch in range(1, _EPOCHS + 1):
        rng = np.random.default_rng([_SEED, epoch])
        order, total, count = rng.permutation(len(samples)), 0.0, 0
        for start in range(0, len(order), _BATCH):
            container.stop.check()
            rows = order[start : start + _BATCH]
            loss = softmax.loss(learner.forward(rows, rng), targets := learner.targets(rows))
            done = optimizer.steps + 1
            optimizer.learning_rate = _RATE * min(1.0, done / _WARMUP_STEPS) * max(0.05, 1 - done / steps)
            optimizer.step(learner.backward(loss.gradient))
            total, count = total + loss.total, count + len(targets)
        log(f"Pretraining, epoch {epoch} of {_EPOCHS}: {total / count:.4f} per token")
