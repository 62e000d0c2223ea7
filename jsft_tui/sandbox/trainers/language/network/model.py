"""A small causal transformer: embeddings, blocks of attention and feed-forward layers, and logits of the next token.

The architecture is that of the models of this name in small: normalization before each layer by the root mean square
and matrices called `q_proj`, `k_proj`, `v_proj`, `o_proj`, `gate_proj`, `up_proj` and `down_proj`, as in Llama; learned
positions and a shared matrix for embedding and logits, as in GPT-2.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from jsft_tui.sandbox.trainers.common.optimizers import FloatArray, Parameters
from jsft_tui.sandbox.trainers.language.network.layers import Attention, FeedForward, Norm
from jsft_tui.sandbox.trainers.language.network.projections import Projections


@dataclass(frozen=True)
class ModelConfig:
    """The sizes of a model."""

    vocabulary: int
    context: int
    width: int = 64
    layers: int = 2
    heads: int = 4
    hidden: int = 176

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Return the shape of each parameter."""
        shapes: dict[str, tuple[int, ...]] = {
            "embed_tokens": (self.vocabulary, self.width),
            "embed_positions": (self.context, self.width),
            "norm": (self.width,),
        }
        for layer in range(self.layers):
            start = f"layers.{layer}."
            shapes |= {f"{start}{name}": (self.width, self.width) for name in ("q_proj", "k_proj", "v_proj", "o_proj")}
            shapes |= {f"{start}{name}": (self.width, self.hidden) for name in ("gate_proj", "up_proj")}
            shapes |= {f"{start}down_proj": (self.hidden, self.width)}
            shapes |= {f"{start}{name}": (self.width,) for name in ("input_norm", "post_attention_norm")}
        return shapes

    def document(self) -> dict[str, int]:
        """Return the sizes for `training_info.json`."""
        return asdict(self)


def new_parameters(config: ModelConfig, rng: np.random.Generator) -> Parameters:
    """Initialize the parameters as GPT-2 does; what ends a block is smaller, by the root of the number of layers."""
    parameters: Parameters = {}
    for name, shape in config.shapes().items():
        if name.endswith("norm"):
            parameters[name] = np.ones(shape, np.float32)
            continue
        scale = 0.02 if name.startswith("embed") else 1 / np.sqrt(shape[0])
        if name.endswith(("o_proj", "down_proj")):
            scale /= np.sqrt(2 * config.layers)
        parameters[name] = rng.normal(0, scale, shape).astype(np.float32)
    return parameters


class CausalModel:
    """A causal language model.

    Args:
        config: the sizes.
        projections: the parameters.
    """

    def __init__(self, config: ModelConfig, projections: Projections) -> None:
        self.config = config
        self._projections = projections
        self._blocks = [
            (
                Norm(f"layers.{layer}.input_norm", projections),
                Attention(f"layers.{layer}.", config.heads, projections),
                Norm(f"layers.{layer}.post_attention_norm", projections),
                FeedForward(f"layers.{layer}.", projections),
            )
            for layer in range(config.layers)
        ]
        self._norm = Norm("norm", projections)
        self._tokens: NDArray[np.int32] = np.zeros((0, 0), np.int32)
        self._wanted: NDArray[np.bool_] = np.zeros((0, 0), np.bool_)
        self._states: FloatArray = np.zeros((0, 0), np.float32)

    def forward(self, tokens: NDArray[np.int32], wanted: NDArray[np.bool_]) -> FloatArray:
        """Return the logits of the next token at some places.

        Args:
            tokens: shaped (texts, places), at most `context` places; what follows a text's end does not matter.
            wanted: the places, shaped like the tokens.

        Returns:
            Logits, shaped (wanted places, vocabulary), text by text.
        """
        projections = self._projections
        embedding = projections.weight("embed_tokens")
        states = embedding[tokens] + projections.weight("embed_positions")[: tokens.shape[1]]
        for input_norm, attention, next_norm, feed_forward in self._blocks:
            states = states + attention.forward(input_norm.forward(states))
            states = states + feed_forward.forward(next_norm.forward(states))
        self._tokens, self._wanted = tokens, wanted
        self._states = self._norm.forward(states)[wanted]
        logits: FloatArray = self._states @ embedding.T
        return logits

    def backward(self, by_logits: FloatArray) -> None:
        """Collect the gradients of what is trained, for the places of `forward`."""
        projections = self._projections
        embedding = projections.weight("embed_tokens")
        by_embedding = by_logits.T @ self._states
        by_states = np.zeros((*self._tokens.shape, embedding.shape[1]), embedding.dtype)
        by_states[self._wanted] = by_logits @ embedding
        by_states = self._norm.backward(by_states)
        for input_norm, attention, next_norm, feed_forward in reversed(self._blocks):
            by_states = by_states + next_norm.backward(feed_forward.backward(by_states))
            by_states = by_states + input_norm.backward(attention.backward(by_states))
        np.add.at(by_embedding, self._tokens, by_states)
        projections.add("embed_tokens", by_embedding)
        by_positions = np.zeros_like(projections.weight("embed_positions"))
        by_positions[: self._tokens.shape[1]] = by_states.sum(0)
        projections.add("embed_positions", by_positions)
