"""Apply the matrices of a transformer by name, and collect the gradients of those that are trained."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import numpy as np

from jsft_tui.sandbox.trainers.common.optimizers import FloatArray, Gradient, Parameters


class Projections(Protocol):
    """The matrices of a model. A low-rank adapter is another implementation: it adds its own product to the matrix's.

    An object serves one forward pass and its backward pass at a time.
    """

    parameters: Parameters
    """The parameters that are trained."""

    def begin_pass(self, rng: np.random.Generator | None) -> None:
        """Prepare the next forward pass: of a training step, with its random numbers, or (None) of an evaluation."""
        ...

    def weight(self, name: str) -> FloatArray:
        """Return a parameter that is not a matrix, such as a norm's scale or an embedding."""
        ...

    def apply(self, name: str, inputs: FloatArray) -> FloatArray:
        """Return the product of inputs, shaped (..., inputs), with the matrix of that name."""
        ...

    def backward(self, name: str, by_outputs: FloatArray) -> FloatArray:
        """Collect the gradient of what is trained of the matrix, and return the gradient of the inputs of `apply`."""
        ...

    def add(self, name: str, gradient: FloatArray) -> None:
        """Collect the gradient of a parameter that is not a matrix."""
        ...

    def take_gradients(self) -> Mapping[str, Gradient]:
        """Return the collected gradients, and forget them."""
        ...


class FullProjections:
    """All parameters are trained.

    Args:
        parameters: matrices, scales and embeddings by name.
    """

    def __init__(self, parameters: Parameters) -> None:
        self.parameters = parameters
        self._inputs: dict[str, FloatArray] = {}
        self._gradients: dict[str, FloatArray] = {}

    def begin_pass(self, rng: np.random.Generator | None) -> None:
        """Do nothing: there is no dropout."""

    def weight(self, name: str) -> FloatArray:
        """See `Projections`."""
        return self.parameters[name]

    def apply(self, name: str, inputs: FloatArray) -> FloatArray:
        """See `Projections`."""
        self._inputs[name] = inputs
        outputs: FloatArray = inputs @ self.parameters[name]
        return outputs

    def backward(self, name: str, by_outputs: FloatArray) -> FloatArray:
        """See `Projections`."""
        matrix, inputs = self.parameters[name], self._inputs.pop(name)
        self.add(name, inputs.reshape(-1, len(matrix)).T @ by_outputs.reshape(-1, matrix.shape[1]))
        by_inputs: FloatArray = by_outputs @ matrix.T
        return by_inputs

    def add(self, name: str, gradient: FloatArray) -> None:
        """See `Projections`."""
        self._gradients[name] = self._gradients[name] + gradient if name in self._gradients else gradient

    def take_gradients(self) -> Mapping[str, Gradient]:
        """See `Projections`."""
        taken, self._gradients = self._gradients, {}
        return {name: Gradient(values) for name, values in taken.items()}
