"""Spaces, strategies and stopping rules of the sandbox's searches, without a sandbox."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsft_tui.sandbox.tuning.space import Category, Number, Space
from jsft_tui.sandbox.tuning.stopping import (
    has_converged,
    is_worse_than_median,
    loses_at_rung,
    not_improving,
    reached,
)
from jsft_tui.sandbox.tuning.strategies import Seen, next_values

NUMBERS = [
    Number("x", 1e-5, 0.1, False, "Logarithmic"),
    Number("x", -3.0, 5.0, False, "Linear"),
    Number("x", 0.1, 0.999, False, "ReverseLogarithmic"),
    Number("x", 2.0, 512.0, True, "Logarithmic"),
    Number("x", 0.0, 7.0, True, "Linear"),
]


@pytest.mark.parametrize("number", NUMBERS, ids=lambda number: f"{number.scale}-{number.is_whole}")
@given(st.floats(0, 1))
def test_every_position_has_a_value_inside_the_range_and_back(number: Number, position: float) -> None:
    value = number.value(position)

    assert number.low <= float(value) <= number.high
    back = number.position(value)
    assert back is not None
    if not number.is_whole:
        assert back == pytest.approx(position, abs=1e-6)


def test_the_middle_of_a_range_is_that_of_its_scale() -> None:
    assert float(NUMBERS[0].value(0.5)) == pytest.approx(1e-3)
    assert float(NUMBERS[1].value(0.5)) == pytest.approx(1.0)
    assert float(NUMBERS[2].value(0.5)) == pytest.approx(1 - math.sqrt(0.9 * 0.001))


def test_auto_is_logarithmic_for_wide_ranges_only() -> None:
    def scale(low: str, high: str) -> str:
        ranges = {"ContinuousParameterRanges": [{"Name": "x", "MinValue": low, "MaxValue": high}]}
        (found,) = Space.parse(ranges).parameters
        assert isinstance(found, Number)
        return found.scale

    assert [scale("1e-5", "0.1"), scale("0.1", "0.9"), scale("0", "1000")] == ["Logarithmic", "Linear", "Linear"]


def test_a_grid_has_every_combination_once() -> None:
    space = Space((Category("a", ("1", "2", "3")), Category("b", ("x", "y"))))
    tried = [next_values("Grid", space, number, 0, [], []) for number in range(6)]

    assert len({tuple(values.items()) for values in tried}) == 6


def test_the_same_search_tries_the_same_values() -> None:
    space = Space((NUMBERS[0], Category("b", ("x", "y"))))

    assert next_values("Random", space, 4, 7, [], []) == next_values("Random", space, 4, 7, [], [])
    assert next_values("Random", space, 4, 7, [], []) != next_values("Random", space, 5, 7, [], [])


def loss(values: dict[str, str]) -> float:
    """A valley with its lowest point at a rate of 0.001 and kind y."""
    return abs(math.log10(float(values["rate"])) + 3) + (0.0 if values["kind"] == "y" else 0.5)


def lowest(strategy: str, seed: int, trials: int) -> float:
    space = Space((Number("rate", 1e-6, 1.0, False, "Logarithmic"), Category("kind", ("x", "y", "z"))))
    seen: list[Seen] = []
    for number in range(trials):
        values = next_values(strategy, space, number, seed, seen, [])
        point = space.point(values)
        assert point is not None
        seen.append(Seen(point, loss(values)))
    return min(each.loss for each in seen)


def test_the_bayesian_strategy_finds_what_chance_does_not() -> None:
    seeds = range(12)
    learned = sorted(lowest("Bayesian", seed, 16) for seed in seeds)
    drawn = sorted(lowest("Random", seed, 16) for seed in seeds)

    assert learned[6] < 0.15
    assert learned[6] < drawn[6] / 2


def test_the_median_rule() -> None:
    others = [[3.0, 2.0, 1.0], [3.0, 2.0, 1.5], [4.0]]

    assert is_worse_than_median([5.0, 5.0], others)
    assert not is_worse_than_median([5.0, 2.0], others)
    assert not is_worse_than_median([], others)
    assert is_worse_than_median([9.0] * 40, others), "at the last epoch that two others have come to"
    assert not is_worse_than_median([9.0], [[1.0]]), "one other is not enough"


def test_hyperband_goes_on_with_the_best_third() -> None:
    others = [[5.0], [4.0], [3.0], [2.0], [1.0]]

    assert loses_at_rung([6.0], others, 1, 27)
    assert not loses_at_rung([0.5], others, 1, 27)
    assert not loses_at_rung([6.0], [[5.0]], 1, 27), "too few have come as far"
    assert not loses_at_rung([6.0], others, 1, 1), "the last rung is the end"


COMPLETION: dict[str, tuple[dict[str, Any], list[float], bool]] = {
    "target": ({"TargetObjectiveMetricValue": 0.9}, [-0.5, -0.95], True),
    "no target yet": ({"TargetObjectiveMetricValue": 0.9}, [-0.5, -0.8], False),
    "patience": ({"BestObjectiveNotImproving": {"MaxNumberOfTrainingJobsNotImproving": 3}}, [-1, -0.5, 0, 0], True),
    "gain": ({"BestObjectiveNotImproving": {"MaxNumberOfTrainingJobsNotImproving": 3}}, [-1, 0, 0, -2], False),
    "nothing": ({}, [-1], False),
    "no values": ({"TargetObjectiveMetricValue": 0.9}, [], False),
}


@pytest.mark.parametrize("name", COMPLETION)
def test_completion_criteria_of_a_maximized_objective(name: str) -> None:
    criteria, losses, expected = COMPLETION[name]
    assert reached(criteria, losses, -1.0) is expected


def test_convergence_is_many_trials_without_a_gain() -> None:
    assert has_converged([5.0, 4, 3, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1])
    assert not has_converged([16.0 - number for number in range(16)])
    assert not_improving([3.0, 1.0, 2.0, 2.0]) == 2
