"""Implement Keras's gradient descent in numpy: the optimizers of JumpStart's TensorFlow models.

The update rules and the meaning of each constant follow the Keras documentation ("Optimizers"). A gradient may touch
only some rows of a parameter (an embedding); then only their state is read and written, which for Adam and RMSprop
is the usual lazy variant.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from jsft_tui.sandbox.trainers.common.settings import Settings

FloatArray = NDArray[np.floating]
Parameters = dict[str, FloatArray]


@dataclass(frozen=True)
class Gradient:
    """The derivative of the loss by one parameter.

    Attributes:
        values: shaped like the parameter, or like its `rows`.
        rows: the distinct rows that it affects; None: all.
    """

    values: FloatArray
    rows: NDArray[np.intp] | None = None


class Optimizer(ABC):
    """Updates parameters in place; `state` has one array per slot and parameter."""

    slots: ClassVar[tuple[str, ...]] = ()
    """Names of the values that are stored for every number of every parameter."""
    initial: float = 0.0
    """The initial value of a slot."""

    def __init__(self, parameters: Parameters, learning_rate: float) -> None:
        self.parameters = parameters
        self.learning_rate = learning_rate
        self.steps = 0
        self.state: dict[str, Parameters] = {
            slot: {name: np.full_like(value, self.initial) for name, value in parameters.items()} for slot in self.slots
        }

    @abstractmethod
    def step(self, gradients: Mapping[str, Gradient]) -> None:
        """Move every parameter one step against its gradient."""


class ElementwiseOptimizer(Optimizer):
    """An optimizer that updates each number by its own gradient and state only."""

    def step(self, gradients: Mapping[str, Gradient]) -> None:
        """Move every parameter one step against its gradient."""
        self.steps += 1
        for name, gradient in gradients.items():
            where = slice(None) if gradient.rows is None else gradient.rows
            memory = {slot: self.state[slot][name][where] for slot in self.slots}
            self.parameters[name][where] += self._change(gradient.values, memory)
            for slot in self.slots:
                self.state[slot][name][where] = memory[slot]

    @abstractmethod
    def _change(self, gradient: FloatArray, memory: dict[str, FloatArray]) -> FloatArray:
        """Return the change of the parameter, and replace the slots in `memory`."""


class Adam(ElementwiseOptimizer):
    """Adaptive moment estimation, with bias correction of both moments."""

    slots = ("mean", "square")

    def __init__(self, parameters: Parameters, settings: Settings) -> None:
        super().__init__(parameters, settings.number("learning_rate"))
        self.beta_1 = settings.number("beta_1")
        self.beta_2 = settings.number("beta_2")
        self.epsilon = settings.number("epsilon")

    def _change(self, gradient: FloatArray, memory: dict[str, FloatArray]) -> FloatArray:
        memory["mean"] = self.beta_1 * memory["mean"] + (1 - self.beta_1) * gradient
        memory["square"] = self.beta_2 * memory["square"] + (1 - self.beta_2) * gradient**2
        # With a beta of 1 nothing is learned; without this guard 0/0 would give nan, as in Keras.
        mean_correction = 1 - self.beta_1**self.steps or 1.0
        square_correction = 1 - self.beta_2**self.steps or 1.0
        mean = memory["mean"] / mean_correction
        square = memory["square"] / square_correction
        return -self.learning_rate * mean / _positive(np.sqrt(square) + self.epsilon)


class Momentum(ElementwiseOptimizer):
    """Stochastic gradient descent with momentum, optionally Nesterov momentum (which looks one step ahead)."""

    slots = ("velocity",)

    def __init__(self, parameters: Parameters, settings: Settings) -> None:
        super().__init__(parameters, settings.number("learning_rate"))
        self.momentum = settings.number("momentum")
        self.nesterov = settings.text("optimizer") == "nesterov"

    def _change(self, gradient: FloatArray, memory: dict[str, FloatArray]) -> FloatArray:
        velocity = self.momentum * memory["velocity"] - self.learning_rate * gradient
        memory["velocity"] = velocity
        return self.momentum * velocity - self.learning_rate * gradient if self.nesterov else velocity


class RmsProp(ElementwiseOptimizer):
    """RMSprop: the gradient divided by the root of the running mean of its square."""

    slots = ("square",)

    def __init__(self, parameters: Parameters, settings: Settings) -> None:
        super().__init__(parameters, settings.number("learning_rate"))
        self.rho = settings.number("rho")
        self.epsilon = settings.number("epsilon")

    def _change(self, gradient: FloatArray, memory: dict[str, FloatArray]) -> FloatArray:
        memory["square"] = self.rho * memory["square"] + (1 - self.rho) * gradient**2
        return -self.learning_rate * gradient / _positive(np.sqrt(memory["square"] + self.epsilon))


class Adagrad(ElementwiseOptimizer):
    """Adagrad: the gradient divided by the root of the sum of all squares so far."""

    slots = ("square_sum",)

    def __init__(self, parameters: Parameters, settings: Settings) -> None:
        self.initial = settings.number("initial_accumulator_value")
        self.epsilon = settings.number("epsilon")
        super().__init__(parameters, settings.number("learning_rate"))

    def _change(self, gradient: FloatArray, memory: dict[str, FloatArray]) -> FloatArray:
        memory["square_sum"] = memory["square_sum"] + gradient**2
        return -self.learning_rate * gradient / _positive(np.sqrt(memory["square_sum"] + self.epsilon))


class Adadelta(ElementwiseOptimizer):
    """Adadelta: the step size derives from the previous steps; slow at the usual learning rates of the others."""

    slots = ("square", "change_square")

    def __init__(self, parameters: Parameters, settings: Settings) -> None:
        super().__init__(parameters, settings.number("learning_rate"))
        self.rho = settings.number("rho")
        self.epsilon = settings.number("epsilon")

    def _change(self, gradient: FloatArray, memory: dict[str, FloatArray]) -> FloatArray:
        memory["square"] = self.rho * memory["square"] + (1 - self.rho) * gradient**2
        change: FloatArray = (
            -gradient
            * np.sqrt(memory["change_square"] + self.epsilon)
            / _positive(np.sqrt(memory["square"] + self.epsilon))
        )
        memory["change_square"] = self.rho * memory["change_square"] + (1 - self.rho) * change**2
        return self.learning_rate * change


_OPTIMIZERS: dict[str, type[Adam] | type[Momentum] | type[RmsProp] | type[Adagrad] | type[Adadelta]] = {
    "adam": Adam,
    "sgd": Momentum,
    "nesterov": Momentum,
    "rmsprop": RmsProp,
    "adagrad": Adagrad,
    "adadelta": Adadelta,
}


def make_optimizer(parameters: Parameters, settings: Settings) -> Optimizer:
    """Create the optimizer of the hyperparameter `optimizer`."""
    return _OPTIMIZERS[settings.text("optimizer")](parameters, settings)


def adam(parameters: Parameters, learning_rate: float) -> Optimizer:
    """Create Adam with the constants that are usual for language models (Hugging Face's Trainer, PyTorch)."""
    constants = {"learning_rate": learning_rate, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-8}
    return Adam(parameters, Settings(constants))


def _positive(denominator: FloatArray) -> FloatArray:
    """Replace 0 by 1, to avoid 0/0 if epsilon is 0: where the denominator is 0, the gradient is also 0."""
    return np.where(denominator > 0, denominator, 1) if not denominator.all() else denominator
