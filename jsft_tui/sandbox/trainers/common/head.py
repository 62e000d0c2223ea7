"""Implement the classification head of the image and text trainers: dropout, one hidden layer, one output layer."""

from __future__ import annotations

import numpy as np

from jsft_tui.sandbox.trainers.common.artifact import Artifact
from jsft_tui.sandbox.trainers.common.optimizers import FloatArray, Gradient, Parameters

HIDDEN = 64
"""Units of the hidden layer. JumpStart's own heads have none; without it, a learning rate that is far too high
hardly affects the accuracy, so its effect could not be observed."""
NAMES = ("hidden_kernel", "hidden_bias", "top_kernel", "top_bias")
_KERNELS = ("hidden_kernel", "top_kernel")


def new_head(inputs: int, outputs: int, rng: np.random.Generator) -> Parameters:
    """Initialize the parameters, with He initialization for the hidden layer."""
    return {
        "hidden_kernel": rng.normal(0, np.sqrt(2 / inputs), (inputs, HIDDEN)).astype(np.float32),
        "hidden_bias": np.zeros(HIDDEN, np.float32),
        "top_kernel": rng.normal(0, np.sqrt(1 / HIDDEN), (HIDDEN, outputs)).astype(np.float32),
        "top_bias": np.zeros(outputs, np.float32),
    }


def head_arrays(model: Artifact, inputs: int, outputs: int) -> Parameters:
    """Return the head of a trained model.

    Raises:
        UserError: it is not a head with these numbers of inputs and outputs.
    """
    shapes = {"hidden_kernel": (inputs, HIDDEN), "hidden_bias": (HIDDEN,)}
    shapes |= {"top_kernel": (HIDDEN, outputs), "top_bias": (outputs,)}
    return {name: model.array(name, *shape).astype(np.float32) for name, shape in shapes.items()}


def head_logits(parameters: Parameters, inputs: FloatArray) -> FloatArray:
    """Compute the logits, shaped (examples, outputs)."""
    hidden = np.maximum(inputs @ parameters["hidden_kernel"] + parameters["hidden_bias"], 0)
    logits: FloatArray = hidden @ parameters["top_kernel"] + parameters["top_bias"]
    return logits


class Head:
    """The head in training.

    Args:
        parameters: those of `new_head`, and possibly others; read again at every step.
        dropout: fraction of the inputs that is dropped at every step.
        l2: weight of the kernels' sum of squares in the loss.
    """

    def __init__(self, parameters: Parameters, dropout: float, l2: float) -> None:
        self._parameters = parameters
        self._dropout = dropout
        self._l2 = l2
        self._inputs: FloatArray = np.zeros((0, 0), np.float32)
        self._hidden: FloatArray = np.zeros((0, 0), np.float32)
        self._kept: FloatArray | None = None

    def forward(self, inputs: FloatArray, rng: np.random.Generator) -> FloatArray:
        """Return the logits of one training step."""
        own = self._parameters
        self._kept = self._mask(inputs, rng)
        self._inputs = inputs if self._kept is None else inputs * self._kept
        self._hidden = np.maximum(self._inputs @ own["hidden_kernel"] + own["hidden_bias"], 0)
        logits: FloatArray = self._hidden @ own["top_kernel"] + own["top_bias"]
        return logits

    def backward(self, gradient: FloatArray) -> tuple[dict[str, Gradient], FloatArray]:
        """Return the gradients of the parameters and of the inputs for the step of `forward`."""
        own = self._parameters
        by_hidden = (gradient @ own["top_kernel"].T) * (self._hidden > 0)
        gradients = {
            "hidden_kernel": Gradient(self._inputs.T @ by_hidden + 2 * self._l2 * own["hidden_kernel"]),
            "hidden_bias": Gradient(by_hidden.sum(0)),
            "top_kernel": Gradient(self._hidden.T @ gradient + 2 * self._l2 * own["top_kernel"]),
            "top_bias": Gradient(gradient.sum(0)),
        }
        by_inputs = by_hidden @ own["hidden_kernel"].T
        return gradients, by_inputs if self._kept is None else by_inputs * self._kept

    def penalty(self) -> float:
        """Return the regularization term of the mean loss."""
        return self._l2 * sum(float((self._parameters[name] ** 2).sum()) for name in _KERNELS)

    def _mask(self, inputs: FloatArray, rng: np.random.Generator) -> FloatArray | None:
        """Return the factors of the inputs: 0 where dropped, more than 1 elsewhere; None without dropout."""
        if not self._dropout:
            return None
        kept = rng.random(inputs.shape, np.float32) >= self._dropout
        return kept * np.float32(1 / max(1 - self._dropout, 1e-6))
