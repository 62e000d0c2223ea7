"""The optimizer of recipes: AdamW with a learning rate that rises and decays."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from jsft_tui.sandbox.trainers.common.optimizers import Adam, Gradient, Parameters
from jsft_tui.sandbox.trainers.common.settings import Settings

SMALL_MODEL_FACTOR = 50
"""The learning rate of a recipe is multiplied by this: its range is made for models with thousands of times as many
parameters, and a small one would not learn in as few steps. Values and ranges stay those that AWS takes."""


@dataclass(frozen=True)
class Schedule:
    """The learning rate of each step.

    Attributes:
        peak: the highest one.
        steps: number of steps.
        warmup: fraction of them in which it rises.
        is_cosine: whether it then falls to zero, or stays.
    """

    peak: float
    steps: int
    warmup: float
    is_cosine: bool

    def rate(self, step: int) -> float:
        """Return the learning rate of a step (from 1)."""
        rising = max(1, round(self.warmup * self.steps))
        if step < rising:
            return self.peak * step / rising
        if not self.is_cosine:
            return self.peak
        share = (step - rising) / max(1, self.steps - rising)
        return self.peak * 0.5 * (1 + math.cos(math.pi * min(1.0, share)))


class ScheduledAdam(Adam):
    """Adam with a schedule and decoupled weight decay (Loshchilov and Hutter, 2019).

    Args:
        parameters: what is trained.
        schedule: the learning rates.
        decay: weight decay, relative to the learning rate.
        on_step: called after each step with the number of steps so far.
    """

    def __init__(
        self, parameters: Parameters, schedule: Schedule, decay: float, on_step: Callable[[int], None]
    ) -> None:
        constants = {"learning_rate": schedule.peak, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-8}
        super().__init__(parameters, Settings(constants))
        self._schedule = schedule
        self._decay = decay
        self._on_step = on_step

    def step(self, gradients: Mapping[str, Gradient]) -> None:
        """See `Optimizer`."""
        self.learning_rate = self._schedule.rate(self.steps + 1)
        for name in gradients if self._decay else ():
            self.parameters[name] -= self.learning_rate * self._decay * self.parameters[name]
        super().step(gradients)
        self._on_step(self.steps)
