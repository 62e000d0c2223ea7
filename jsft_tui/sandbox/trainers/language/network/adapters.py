"""Train low-rank adapters: two thin matrices beside each matrix of a transformer, which itself stays as it is.

Source: Hu et al., "LoRA: Low-Rank Adaptation of Large Language Models" (2021): outputs = x W + (alpha / rank) x A B,
with A drawn at random and B zero at the start, so that training begins with the unchanged model.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from jsft_tui.sandbox.trainers.common.optimizers import FloatArray, Gradient, Parameters

TARGETS = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")
"""The matrices that get an adapter: all but the embedding."""
FIRST, SECOND = "lora_A", "lora_B"


@dataclass(frozen=True)
class AdapterConfig:
    """The sizes of an adapter.

    Attributes:
        rank: columns of A and rows of B.
        alpha: the adapter's product is multiplied by alpha / rank.
        dropout: share of the inputs of A that a training step leaves out.
    """

    rank: int
    alpha: float
    dropout: float = 0.0

    @property
    def scale(self) -> np.float32:
        """Factor of the adapter's product."""
        return np.float32(self.alpha / self.rank)


def adapted(parameters: Parameters) -> list[str]:
    """Return the names of the matrices that get an adapter."""
    return [name for name in parameters if name.endswith(TARGETS)]


def new_adapter(base: Parameters, config: AdapterConfig, rng: np.random.Generator) -> Parameters:
    """Initialize an adapter: A as a linear layer, B with zeros."""
    adapter: Parameters = {}
    for name in adapted(base):
        inputs, outputs = base[name].shape
        adapter[f"{name}.{FIRST}"] = rng.normal(0, 1 / np.sqrt(inputs), (inputs, config.rank)).astype(np.float32)
        adapter[f"{name}.{SECOND}"] = np.zeros((config.rank, outputs), np.float32)
    return adapter


def merged(base: Parameters, adapter: Parameters, config: AdapterConfig) -> Parameters:
    """Return the model with the adapter's products added to its matrices."""
    changed = dict(base)
    for name in adapted(base):
        product = adapter[f"{name}.{FIRST}"] @ adapter[f"{name}.{SECOND}"]
        changed[name] = (base[name] + config.scale * product).astype(np.float32)
    return changed


class LowRankProjections:
    """A frozen model with an adapter, which alone is trained.

    Args:
        base: the parameters of the model.
        adapter: the parameters of the adapter.
        config: its sizes.
    """

    def __init__(self, base: Parameters, adapter: Parameters, config: AdapterConfig) -> None:
        self.parameters = adapter
        self._base = base
        self._config = config
        self._rng: np.random.Generator | None = None
        self._passed: dict[str, tuple[FloatArray, FloatArray | None]] = {}
        self._gradients: dict[str, FloatArray] = {}

    def begin_pass(self, rng: np.random.Generator | None) -> None:
        """See `Projections`; inputs are dropped in training steps only."""
        self._rng = rng if self._config.dropout else None

    def weight(self, name: str) -> FloatArray:
        """See `Projections`."""
        return self._base[name]

    def apply(self, name: str, inputs: FloatArray) -> FloatArray:
        """See `Projections`."""
        kept = self._kept(inputs)
        given = inputs if kept is None else inputs * kept
        self._passed[name] = (given, kept)
        first, second = self._adapter(name)
        outputs: FloatArray = inputs @ self._base[name] + self._config.scale * ((given @ first) @ second)
        return outputs

    def backward(self, name: str, by_outputs: FloatArray) -> FloatArray:
        """See `Projections`."""
        given, kept = self._passed.pop(name)
        first, second = self._adapter(name)
        scaled = self._config.scale * by_outputs
        by_hidden = scaled @ second.T
        rank = self._config.rank
        flat = given.reshape(-1, len(first))
        self._add(f"{name}.{SECOND}", (flat @ first).T @ scaled.reshape(-1, second.shape[1]))
        self._add(f"{name}.{FIRST}", flat.T @ by_hidden.reshape(-1, rank))
        by_given = by_hidden @ first.T
        by_inputs: FloatArray = by_outputs @ self._base[name].T + (by_given if kept is None else by_given * kept)
        return by_inputs

    def add(self, name: str, gradient: FloatArray) -> None:
        """Do nothing: what is not a matrix is not trained."""

    def take_gradients(self) -> Mapping[str, Gradient]:
        """See `Projections`."""
        taken, self._gradients = self._gradients, {}
        return {name: Gradient(values) for name, values in taken.items()}

    def _adapter(self, name: str) -> tuple[FloatArray, FloatArray]:
        return self.parameters[f"{name}.{FIRST}"], self.parameters[f"{name}.{SECOND}"]

    def _add(self, name: str, gradient: FloatArray) -> None:
        self._gradients[name] = self._gradients[name] + gradient if name in self._gradients else gradient

    def _kept(self, inputs: FloatArray) -> FloatArray | None:
        """Return factors that drop some inputs and scale the others up; None to keep all."""
        if self._rng is None:
            return None
        share = 1 - self._config.dropout
        factors: FloatArray = (self._rng.random(inputs.shape) < share).astype(np.float32)
        return factors / np.float32(share) if share else factors
