"""Gradient descent as Keras does it: the optimizers of JumpStart's TensorFlow models, in numpy.

The update rules and the meaning of each constant follow the Keras documentation ("Optimizers"). A gradient may touch
only some rows of a parameter (an embedding); then only their state is read and written, which for Adam and RMSprop
is their usual lazy form.
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
        rows: the distinct rows that it touches; None: all.
    """

    values: FloatArray
    rows: NDArray[np.intp] | None = None


class Optimizer(ABC):
    """Changes parameters in place, and keeps what it remembers of them in `state`."""

    slots: ClassVar[tuple[str, ...]] = ()
    """What is remembered for every number of every parameter."""
    initial: float = 0.0
    """What it is at first."""

    def __init__(self, parameters: Parameters, learning_rate: float) -> None:
        self.parameters = parameters
        self.learning_rate = learning_rate
        self.steps = 0
        self.state: dict[str, Parameters] = {
            slot: {name: np.full_like(value, self.initial) for name, value in parameters.items()} for slot in self.slots
        }

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
        """What is added to the parameter; replaces what is in `memory`."""


class Adam(Optimizer):
    """Adaptive moment estimation, with the bias correction of both moments."""

    slots = ("mean", "square")

    def __init__(self, parameters: Parameters, settings: Settings) -> None:
        super().__init__(parameters, settings.number("learning_rate"))
        self.beta_1 = settings.number("beta_1")
        self.beta_2 = settings.number("beta_2")
        self.epsilon = settings.number("epsilon")

    def _change(self, gradient: FloatArray, memory: dict[str, FloatArray]) -> FloatArray:
        memory["mean"] = self.beta_1 * memory["mean"] + (1 - self.beta_1) * gradient
        memory["square"] = self.beta_2 * memory["square"] + (1 - self.beta_2) * gradient**2
        # A beta of 1 never learns anything (0/0 otherwise), which is what Keras would do with it but for the nan.
        mean_correction = 1 - self.beta_1**self.steps or 1.0
        square_correction = 1 - self.beta_2**self.steps or 1.0
        mean = memory["mean"] / mean_correction
        square = memory["square"] / square_correction
        return -self.learning_rate * mean / _positive(np.sqrt(square) + self.epsilon)


class Momentum(Optimizer):
    """Stochastic gradient descent with momentum, of Nesterov's kind when asked for (it looks one step ahead)."""

    slots = ("velocity",)

    def __init__(self, parameters: Parameters, settings: Settings) -> None:
        super().__init__(parameters, settings.number("learning_rate"))
        self.momentum = settings.number("momentum")
        self.nesterov = settings.text("optimizer") == "nesterov"

    def _change(self, gradient: FloatArray, memory: dict[str, FloatArray]) -> FloatArray:
        velocity = self.momentum * memory["velocity"] - self.learning_rate * gradient
        memory["velocity"] = velocity
        return self.momentum * velocity - self.learning_rate * gradient if self.nesterov else velocity


class RmsProp(Optimizer):
    """Divides by a running mean of the gradient's square."""

    slots = ("square",)

    def __init__(self, parameters: Parameters, settings: Settings) -> None:
        super().__init__(parameters, settings.number("learning_rate"))
        self.rho = settings.number("rho")
        self.epsilon = settings.number("epsilon")

    def _change(self, gradient: FloatArray, memory: dict[str, FloatArray]) -> FloatArray:
        memory["square"] = self.rho * memory["square"] + (1 - self.rho) * gradient**2
        return -self.learning_rate * gradient / _positive(np.sqrt(memory["square"] + self.epsilon))


class Adagrad(Optimizer):
    """Divides by the root of the sum of all squares so far."""

    slots = ("square_sum",)

    def __init__(self, parameters: Parameters, settings: Settings) -> None:
        self.initial = settings.number("initial_accumulator_value")
        self.epsilon = settings.number("epsilon")
        super().__init__(parameters, settings.number("learning_rate"))

    def _change(self, gradient: FloatArray, memory: dict[str, FloatArray]) -> FloatArray:
        memory["square_sum"] = memory["square_sum"] + gradient**2
        return -self.learning_rate * gradient / _positive(np.sqrt(memory["square_sum"] + self.epsilon))


class Adadelta(Optimizer):
    """Takes the size of a step from the sizes of the steps before it; slow at the rates usual for the others."""

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
    """The optimizer that the hyperparameter `optimizer` names."""
    return _OPTIMIZERS[settings.text("optimizer")](parameters, settings)


def _positive(denominator: FloatArray) -> FloatArray:
    """Keeps 0/0 out when epsilon is 0: where the denominator is 0 the gradient is 0 as well."""
    return np.where(denominator > 0, denominator, 1) if not denominator.all() else denominator
