"""Which of the values that a search tries tell how good a trial becomes: the share of the variance that each explains.

Each is looked at alone. A number by a parabola through its places on its axis, which also finds a best value in the
middle; a choice by the means of its groups. The share is corrected for the number of what was fitted (adjusted R²):
without that, few trials would make everything important.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import fmean

from jsft_tui.core.tuning.results.axes import TrialAxis, tuned_axes
from jsft_tui.core.tuning.results.progress import Search

LEAST_TRIALS = 8
"""Trials with a value from which on anything is said."""
_MOST, _HARDLY = 0.3, 0.1
"""Shares from which on a value matters, and below which it hardly does."""
_GROUPED = 3
"""Distinct places up to which an axis is taken for one of choices."""


def importance(search: Search) -> dict[str, float]:
    """Return the share of each tuned value, the most important first; empty before there are enough trials."""
    values = {trial.name: trial.objective for trial in search.trials if trial.objective is not None}
    if len(values) < LEAST_TRIALS:
        return {}
    shares = {axis.name: _share(axis, values) for axis in tuned_axes(search)}
    return dict(sorted(shares.items(), key=lambda entry: -entry[1]))


def importance_words(search: Search) -> str:
    """Return what matters in a sentence; empty before there are enough trials."""
    shares = importance(search)
    if not shares:
        return ""
    matters = [name for name, share in shares.items() if share >= _HARDLY]
    hardly = [name for name, share in shares.items() if share < _HARDLY]
    if not matters:
        return "None of the values alone explains how good a trial becomes."
    words = f"{matters[0]} matters most ({shares[matters[0]]:.2g})"
    words += "".join(f", then {name} ({shares[name]:.2g})" for name in matters[1:3])
    return words + (f"; hardly: {', '.join(hardly[:3])}" if hardly else "")


def _share(axis: TrialAxis, values: Mapping[str, float]) -> float:
    pairs = [(axis.places[name], value) for name, value in values.items() if name in axis.places]
    if len(pairs) < LEAST_TRIALS:
        return 0.0
    places, targets = [place for place, _ in pairs], [value for _, value in pairs]
    mean = fmean(targets)
    total = sum((value - mean) ** 2 for value in targets)
    distinct = len(set(places))
    if total <= 0 or distinct < 2:
        return 0.0
    if distinct <= _GROUPED:
        left, fitted = _left_of_groups(pairs), distinct
    else:
        left, fitted = _left_of_parabola(places, targets), 3
    free = len(pairs) - fitted
    if free <= 0:
        return 0.0
    return max(0.0, 1 - (left / free) / (total / (len(pairs) - 1)))


def _left_of_groups(pairs: Sequence[tuple[float, float]]) -> float:
    """Return the squares that the means of the groups leave."""
    groups: dict[float, list[float]] = {}
    for place, value in pairs:
        groups.setdefault(place, []).append(value)
    return sum((value - fmean(group)) ** 2 for group in groups.values() for value in group)


def _left_of_parabola(xs: Sequence[float], ys: Sequence[float]) -> float:
    """Return the squares that the best parabola leaves."""
    sums = [sum(x**power for x in xs) for power in range(5)]
    right = [sum(y * x**power for x, y in zip(xs, ys, strict=True)) for power in range(3)]
    matrix = [[*(sums[row + column] for column in range(3)), right[row]] for row in range(3)]
    solved = _solved(matrix)
    if solved is None:
        mean = fmean(ys)
        return sum((y - mean) ** 2 for y in ys)
    a, b, c = solved
    return sum((y - (a + b * x + c * x * x)) ** 2 for x, y in zip(xs, ys, strict=True))


def _solved(matrix: list[list[float]]) -> tuple[float, float, float] | None:
    """Solve three equations by elimination; None where they have no single solution."""
    for column in range(3):
        pivot = max(range(column, 3), key=lambda row: abs(matrix[row][column]))
        if abs(matrix[pivot][column]) < 1e-12:
            return None
        matrix[column], matrix[pivot] = matrix[pivot], matrix[column]
        for row in range(3):
            if row != column:
                factor = matrix[row][column] / matrix[column][column]
                matrix[row] = [x - factor * y for x, y in zip(matrix[row], matrix[column], strict=True)]
    a, b, c = (matrix[row][3] / matrix[row][row] for row in range(3))
    return a, b, c
