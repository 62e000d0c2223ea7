"""The layers of the transformer, each with its forward pass and its backward pass."""

from __future__ import annotations

import numpy as np

from jsft_tui.sandbox.trainers.common.optimizers import FloatArray
from jsft_tui.sandbox.trainers.language.network.projections import Projections

_EPSILON = np.float32(1e-5)
_HIDDEN_FUTURE = np.float32(-1e9)


class Norm:
    """Normalization by the root mean square, with a learned scale."""

    def __init__(self, name: str, projections: Projections) -> None:
        self._name = name
        self._projections = projections
        self._normed: FloatArray = np.zeros(0, np.float32)
        self._inverse: FloatArray = self._normed

    def forward(self, states: FloatArray) -> FloatArray:
        """Return the scaled states."""
        self._inverse = 1 / np.sqrt(np.mean(states**2, axis=-1, keepdims=True) + _EPSILON)
        self._normed = states * self._inverse
        scaled: FloatArray = self._normed * self._projections.weight(self._name)
        return scaled

    def backward(self, by_outputs: FloatArray) -> FloatArray:
        """Collect the gradient of the scale, and return that of the states."""
        self._projections.add(self._name, (by_outputs * self._normed).reshape(-1, by_outputs.shape[-1]).sum(0))
        by_normed = by_outputs * self._projections.weight(self._name)
        shared = np.mean(by_normed * self._normed, axis=-1, keepdims=True)
        by_states: FloatArray = (by_normed - self._normed * shared) * self._inverse
        return by_states


class Attention:
    """Attention of each place to itself and to earlier places."""

    def __init__(self, start: str, heads: int, projections: Projections) -> None:
        self._start = start
        self._heads = heads
        self._projections = projections
        self._cached: tuple[FloatArray, FloatArray, FloatArray, FloatArray] | None = None

    def forward(self, states: FloatArray) -> FloatArray:
        """Return what each place takes from the others."""
        query, key, value = (
            self._split(self._projections.apply(f"{self._start}{name}", states))
            for name in ("q_proj", "k_proj", "v_proj")
        )
        query = query / np.float32(np.sqrt(query.shape[-1]))
        scores = query @ key.swapaxes(-1, -2)
        places = scores.shape[-1]
        scores = scores + np.triu(np.full((places, places), _HIDDEN_FUTURE), 1)
        scores -= scores.max(-1, keepdims=True)
        shares = np.exp(scores, out=scores)
        shares /= shares.sum(-1, keepdims=True)
        self._cached = (query, key, value, shares)
        return self._projections.apply(f"{self._start}o_proj", _joined(shares @ value))

    def backward(self, by_outputs: FloatArray) -> FloatArray:
        """Collect the gradients of the matrices, and return that of the states."""
        if self._cached is None:
            raise RuntimeError("backward needs a forward pass before it")
        query, key, value, shares = self._cached
        by_taken = self._split(self._projections.backward(f"{self._start}o_proj", by_outputs))
        by_value = shares.swapaxes(-1, -2) @ by_taken
        by_shares = by_taken @ value.swapaxes(-1, -2)
        by_scores = shares * (by_shares - (by_shares * shares).sum(-1, keepdims=True))
        by_query = by_scores @ key / np.float32(np.sqrt(query.shape[-1]))
        by_key = by_scores.swapaxes(-1, -2) @ query
        by_states = self._projections.backward(f"{self._start}q_proj", _joined(by_query))
        by_states = by_states + self._projections.backward(f"{self._start}k_proj", _joined(by_key))
        return by_states + self._projections.backward(f"{self._start}v_proj", _joined(by_value))

    def _split(self, states: FloatArray) -> FloatArray:
        """Return the states by head, shaped (texts, heads, places, width of a head)."""
        texts, places, width = states.shape
        return states.reshape(texts, places, self._heads, width // self._heads).swapaxes(1, 2)


class FeedForward:
    """A gated hidden layer (SwiGLU)."""

    def __init__(self, start: str, projections: Projections) -> None:
        self._start = start
        self._projections = projections
        self._cached: tuple[FloatArray, FloatArray, FloatArray] | None = None

    def forward(self, states: FloatArray) -> FloatArray:
        """Return the layer's outputs."""
        gate = self._projections.apply(f"{self._start}gate_proj", states)
        up = self._projections.apply(f"{self._start}up_proj", states)
        # tanh does not overflow, as exp would for large negative numbers.
        share = (1 + np.tanh(gate / 2)) / 2
        self._cached = (gate, up, share)
        return self._projections.apply(f"{self._start}down_proj", gate * share * up)

    def backward(self, by_outputs: FloatArray) -> FloatArray:
        """Collect the gradients of the matrices, and return that of the states."""
        if self._cached is None:
            raise RuntimeError("backward needs a forward pass before it")
        gate, up, share = self._cached
        by_hidden = self._projections.backward(f"{self._start}down_proj", by_outputs)
        by_gate = by_hidden * up * share * (1 + gate * (1 - share))
        by_states = self._projections.backward(f"{self._start}gate_proj", by_gate)
        return by_states + self._projections.backward(f"{self._start}up_proj", by_hidden * gate * share)


def _joined(states: FloatArray) -> FloatArray:
    """Undo the split by heads."""
    texts, heads, places, width = states.shape
    return states.swapaxes(1, 2).reshape(texts, places, heads * width)
