"""Stop trials early, and searches that have reached what they were asked for.

The median rule is the documented one (developer guide, automatic-model-tuning-early-stopping); Hyperband's here is
asynchronous successive halving; how AWS detects convergence is not published.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

LEAST_OTHERS = 2
"""Trials that must have come as far before one is stopped."""
REDUCTION = 3
"""Hyperband goes on with the best third at each rung."""
CONVERGED_AFTER, CONVERGED_GAIN = 8, 0.005
"""Converged: so many values in a row gained less than this share of the spread of all values."""

Curve = Sequence[float]
"""The values of the objective of a trial, epoch by epoch, the lower the better."""


def is_worse_than_median(own: Curve, others: Sequence[Curve]) -> bool:
    """Return whether a trial is worse than the median of the running averages of the others at the same epoch.

    It is compared at the last epoch that enough of the others have come to.
    """
    lengths = sorted((len(curve) for curve in others), reverse=True)
    epochs = min(len(own), lengths[LEAST_OTHERS - 1]) if len(lengths) >= LEAST_OTHERS else 0
    if not epochs:
        return False
    averages = [sum(curve[:epochs]) / epochs for curve in others if len(curve) >= epochs]
    return min(own[:epochs]) > median(averages)


def loses_at_rung(own: Curve, others: Sequence[Curve], least: int, most: int | None) -> bool:
    """Return whether a trial is not among the best third at the last rung that enough trials have come to.

    Args:
        own: its values.
        others: those of the others.
        least: epochs of the first rung; each further one is three times as high.
        most: epochs after which nothing is stopped any more.
    """
    decided, rung = False, least
    while rung <= len(own) and (most is None or rung < most):
        there = sorted(min(curve[:rung]) for curve in (*others, own) if len(curve) >= rung)
        if len(there) > LEAST_OTHERS:
            decided = min(own[:rung]) > there[max(1, len(there) // REDUCTION) - 1]
        rung *= REDUCTION
    return decided


def reached(criteria: Mapping[str, Any], losses: Sequence[float], sign: float) -> bool:
    """Return whether a search has reached what its completion criteria ask for.

    Args:
        criteria: TuningJobCompletionCriteria.
        losses: values of the ended trials in the order of their ends, the lower the better.
        sign: -1 where the values were maximized.
    """
    if not losses:
        return False
    target = criteria.get("TargetObjectiveMetricValue")
    if target is not None and min(losses) <= sign * float(target):
        return True
    patience = (criteria.get("BestObjectiveNotImproving") or {}).get("MaxNumberOfTrainingJobsNotImproving")
    if patience is not None and not_improving(losses) >= int(patience):
        return True
    wanted = (criteria.get("ConvergenceDetected") or {}).get("CompleteOnConvergence") == "Enabled"
    return wanted and has_converged(losses)


def not_improving(losses: Sequence[float]) -> int:
    """Return the number of values since the best one."""
    return len(losses) - 1 - losses.index(min(losses)) if losses else 0


def has_converged(losses: Sequence[float]) -> bool:
    """Return whether the last values gained almost nothing."""
    if len(losses) < 2 * CONVERGED_AFTER:
        return False
    spread = max(losses) - min(losses)
    return min(losses[:-CONVERGED_AFTER]) - min(losses) <= CONVERGED_GAIN * spread
