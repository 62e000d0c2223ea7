"""Where the trials of a search stand on the axes of what is tried and of the objective, from 0 to 1."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from jsft_tui.core.jobs.members import mapping, rows, text
from jsft_tui.core.jobs.metrics.objective import short_name
from jsft_tui.core.tuning.results.progress import Search
from jsft_tui.core.tuning.results.trials import Trial

_LOGARITHMIC = ("Logarithmic", "ReverseLogarithmic")
_WIDE = 100
"""How many times the least value the greatest one is from which on a scale that the service chooses is drawn as a
logarithmic one."""


@dataclass(frozen=True)
class TrialAxis:
    """An axis with the places of the trials.

    Attributes:
        name: of the hyperparameter, or of the metric.
        places: trial -> its place from 0 (below) to 1 (above); those without a value are left out.
        labels: places with a label each, the lowest first.
    """

    name: str
    places: Mapping[str, float]
    labels: tuple[tuple[float, str], ...]


def tuned_axes(search: Search) -> list[TrialAxis]:
    """Return the axes of what is tried, in the order of the search."""
    config = mapping(search.job.request.get("HyperParameterTuningJobConfig"))
    ranges = mapping(config.get("ParameterRanges"))
    found: dict[str, TrialAxis] = {}
    for kind in ("ContinuousParameterRanges", "IntegerParameterRanges"):
        for each in rows(ranges.get(kind)):
            name, bounds = text(each.get("Name")), (_number(each.get("MinValue")), _number(each.get("MaxValue")))
            found[name] = _numbers(name, search.trials, bounds, text(each.get("ScalingType")))
    for each in rows(ranges.get("CategoricalParameterRanges")):
        values = each.get("Values")
        name = text(each.get("Name"))
        found[name] = _choices(name, search.trials, list(map(str, values)) if isinstance(values, list) else [])
    for name in search.job.tuned:
        if name not in found:
            found[name] = _numbers(name, search.trials, (None, None), "Auto")
    return [found[name] for name in search.job.tuned if name in found]


def objective_axis(search: Search) -> TrialAxis:
    """Return the axis of the objective, over the values that there are."""
    values = {trial.name: trial.objective for trial in search.trials if trial.objective is not None}
    finite = [value for value in values.values() if math.isfinite(value)]
    low, high = min(finite, default=0.0), max(finite, default=1.0)
    places = {name: _share(value, low, high) for name, value in values.items() if math.isfinite(value)}
    labels = ((0.0, short_value(low)), (1.0, short_value(high))) if high > low else ((0.5, short_value(low)),)
    return TrialAxis(short_name(search.job.metric), places, labels if finite else ())


def short_value(value: float) -> str:
    """Return a number in few characters: `0.0021`, `1e-5`, `.98` stays `0.98`."""
    return f"{value:.4g}".replace("e-0", "e-").replace("e+0", "e+")


def most_telling(axes: Sequence[TrialAxis], weights: Mapping[str, float], most: int) -> list[TrialAxis]:
    """Return so many of the axes, those that matter most; all in their order where there are no more."""
    if len(axes) <= most:
        return list(axes)
    best = sorted(axes, key=lambda axis: -weights.get(axis.name, 0.0))[:most]
    return [axis for axis in axes if axis in best]


def _numbers(name: str, trials: Iterable[Trial], bounds: tuple[float | None, float | None], scaling: str) -> TrialAxis:
    values = {trial.name: number for trial in trials if (number := _number(trial.values.get(name))) is not None}
    low = bounds[0] if bounds[0] is not None else min(values.values(), default=0.0)
    high = bounds[1] if bounds[1] is not None else max(values.values(), default=1.0)
    is_wide = low > 0 and high / low >= _WIDE
    is_log = low > 0 and (scaling in _LOGARITHMIC[:1] or (scaling == "Auto" and is_wide))

    def scaled(value: float) -> float:
        return math.log10(max(value, low)) if is_log else value

    places = {trial: _share(scaled(value), scaled(low), scaled(high)) for trial, value in values.items()}
    middle = 10 ** ((scaled(low) + scaled(high)) / 2) if is_log else (low + high) / 2
    labels = [(0.0, short_value(low)), (0.5, f"{middle:.2g}".replace("e-0", "e-")), (1.0, short_value(high))]
    return TrialAxis(name, places, tuple(labels) if high > low else ((0.5, short_value(low)),))


def _choices(name: str, trials: Iterable[Trial], choices: list[str]) -> TrialAxis:
    given = [trial.values[name] for trial in trials if name in trial.values]
    values = list(dict.fromkeys((*choices, *given)))
    place = {value: number / (len(values) - 1) if len(values) > 1 else 0.5 for number, value in enumerate(values)}
    places = {trial.name: place[trial.values[name]] for trial in trials if name in trial.values}
    return TrialAxis(name, places, tuple((place[value], value) for value in values))


def _share(value: float, low: float, high: float) -> float:
    return min(1.0, max(0.0, (value - low) / (high - low))) if high > low else 0.5


def _number(value: object) -> float | None:
    try:
        found = float(str(value))
    except ValueError:
        return None
    return found if math.isfinite(found) else None
