"""Store a language model in an artifact, and read it."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jsft_tui.sandbox.trainers.common.artifact import Artifact
from jsft_tui.sandbox.trainers.common.optimizers import Parameters
from jsft_tui.sandbox.trainers.common.settings import UserError
from jsft_tui.sandbox.trainers.language.network.model import ModelConfig
from jsft_tui.sandbox.trainers.language.texts.tokenizer import Tokenizer

_MERGES = "tokenizer_merges"
_LARGEST = 1 << 16
"""Largest size in a configuration that is read; an artifact is untrusted."""


def model_arrays(parameters: Parameters, tokenizer: Tokenizer) -> dict[str, NDArray[Any]]:
    """Return the arrays of `model.npz`."""
    return {**parameters, _MERGES: np.array(tokenizer.merges, np.int32).reshape(-1, 2)}


def read_model(model: Artifact) -> tuple[ModelConfig, Parameters, Tokenizer]:
    """Return the sizes, the parameters and the vocabulary of a trained model.

    Raises:
        UserError: the model is damaged.
    """
    config = _config(model.info.get("config"))
    merges = model.array(_MERGES, -1, 2)
    if (merges < 0).any() or any((pair >= 257 + place).any() for place, pair in enumerate(merges)):
        raise UserError("the vocabulary of the model is damaged: a token consists of later ones")
    tokenizer = Tokenizer([(int(left), int(right)) for left, right in merges])
    if tokenizer.size != config.vocabulary:
        raise UserError("the vocabulary of the model has not the size that its training_info.json says")
    parameters = {name: model.array(name, *shape).astype(np.float32) for name, shape in config.shapes().items()}
    return config, parameters, tokenizer


def _config(document: object) -> ModelConfig:
    sizes = document if isinstance(document, dict) else {}
    names = [field.name for field in fields(ModelConfig)]
    if sorted(sizes) != sorted(names) or not all(
        isinstance(size, int) and 0 < size <= _LARGEST for size in sizes.values()
    ):
        raise UserError("the sizes in the model's training_info.json are not what this trainer would have written")
    if sizes["width"] % sizes["heads"]:
        raise UserError("the sizes in the model's training_info.json do not fit together")
    return ModelConfig(**sizes)
