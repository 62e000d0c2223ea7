"""Sort jobs of a list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum

from jsft_tui.core.jobs.cost import cost_so_far
from jsft_tui.core.jobs.metrics.objective import lower_is_better
from jsft_tui.core.jobs.metrics.objective_curve import final_value
from jsft_tui.core.jobs.training_job import TrainingJob
from jsft_tui.core.sizing.pricing import Price


class JobOrder(Enum):
    """What jobs are sorted by; the value is the words for it."""

    TIME = "time"
    """In groups, the last one first."""
    NAME = "name"
    OBJECTIVE = "objective"
    """The best one first; those with another metric apart."""
    COST = "cost"
    """The dearest one first."""


def in_order(
    jobs: Sequence[TrainingJob], order: JobOrder, prices: Mapping[str, Price], now: float
) -> list[TrainingJob]:
    """Sort jobs; `now` in epoch seconds."""
    match order:
        case JobOrder.TIME:
            return list(jobs)
        case JobOrder.NAME:
            return sorted(jobs, key=lambda job: job.name)
        case JobOrder.COST:
            return sorted(jobs, key=lambda job: -(cost_so_far(job, prices, now) or 0.0))
        case JobOrder.OBJECTIVE:
            return sorted(jobs, key=_by_objective)


def _by_objective(job: TrainingJob) -> tuple[bool, str, float]:
    final = final_value(job)
    if final is None:
        return True, "", 0.0
    return False, final[0], final[1] if lower_is_better(final[0]) else -final[1]
