"""Values that were tried in one's own runs of a model, and what came of each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from jsft_tui.core.jobs.history import PastRun
from jsft_tui.core.jobs.metrics.objective import lower_is_better
from jsft_tui.core.jobs.metrics.objective_curve import final_value

MOST = 5


@dataclass(frozen=True)
class TriedValue:
    """A value, and the run that tells most of it.

    Attributes:
        value: as it was sent.
        run: the best one with it; the newest if none has an objective.
    """

    value: str
    run: PastRun


def tried_values(name: str, runs: Iterable[PastRun]) -> tuple[TriedValue, ...]:
    """Return the values of a hyperparameter in the runs of its model that have ended.

    The ones tried last, at most five, sorted by value. `runs` are the newest first.
    """
    by_value: dict[str | float, list[PastRun]] = {}
    for run in runs:
        sent = run.job.hyperparameters.get(name)
        if sent is not None and run.job.status.is_final:
            by_value.setdefault(_comparable(sent), []).append(run)
    newest = list(by_value.items())[:MOST]
    newest.sort(key=lambda pair: (isinstance(pair[0], str), pair[0]))
    return tuple(TriedValue(some[0].job.hyperparameters[name], _best(some)) for _, some in newest)


def _comparable(value: str) -> str | float:
    try:
        return float(value)
    except ValueError:
        return value


def _best(runs: list[PastRun]) -> PastRun:
    """Return the best of runs with the same objective as the newest one that has any; else the newest."""
    judged = [(run, found) for run in runs if (found := final_value(run.job)) is not None]
    if not judged:
        return runs[0]
    metric = judged[0][1][0]
    sign = -1 if lower_is_better(metric) else 1
    return max((pair for pair in judged if pair[1][0] == metric), key=lambda pair: sign * pair[1][1])[0]
