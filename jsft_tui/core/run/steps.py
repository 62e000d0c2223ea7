"""The steps of a run and the two places beside them, each with its value in the shortest form that says enough."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from jsft_tui.core.common.status import Status


class StepValue(NamedTuple):
    """The value of a step.

    Attributes:
        forms: the text, the longest form first; none has the mark.
        mark: what stands before it: missing (`WARNING`), blocking (`FAILED`), passed or running.
        is_cost: whether it is an amount of money.
        sign: a longer form that needs no mark, for example a curve with its last value; empty without one.
    """

    forms: tuple[str, ...]
    mark: Status | None = None
    is_cost: bool = False
    sign: str = ""

    @property
    def text(self) -> str:
        """The longest form."""
        return self.forms[0]


NOTHING = StepValue(("–",))
CHOOSE = StepValue(("choose",), Status.WARNING)


@dataclass(frozen=True)
class RunSteps:
    """What is chosen for the run, and what goes on beside it."""

    model: StepValue = NOTHING
    data: StepValue = NOTHING
    instance: StepValue = NOTHING
    hyperparameters: StepValue = NOTHING
    review: StepValue = NOTHING
    jobs: StepValue = NOTHING
    endpoints: StepValue = NOTHING
