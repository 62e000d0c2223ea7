"""Curves of objectives."""

from __future__ import annotations

import math
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from jsft_tui.core.jobs.metrics.objective_curve import (
    MAX_SPAN,
    MOST_PERIODS,
    MOST_POINTS,
    JobCurve,
    candidates,
    final_value,
    objective_curve,
    period_seconds,
)
from jsft_tui.core.jobs.training_job import TrainingJob
from tests.core.jobs.examples import answer


def test_the_objective_or_the_next_metric_with_values_is_drawn() -> None:
    series = {"x:train-loss": [(1.0, 0.5), (2.0, 0.4)], "x:val-accuracy": [(1.5, 0.8)], "x:lr": [(0.0, 0.1)]}

    assert objective_curve(series) == JobCurve("x:val-accuracy", ((1.5, 0.8),))
    assert objective_curve({**series, "x:val-accuracy": []}) == JobCurve("x:train-loss", ((1.0, 0.5), (2.0, 0.4)))
    assert objective_curve({"x:lr": [(0.0, 0.1)], "loss": [(1.0, math.nan)]}) is None


def test_one_held_out_metric_and_one_of_the_training_are_asked_for() -> None:
    names = ["x:train-loss", "x:train-accuracy", "x:val-loss", "x:val-accuracy", "x:lr"]

    assert candidates(names) == ("x:val-accuracy", "x:train-accuracy")
    assert candidates(["loss", "accuracy"]) == ("accuracy",)
    assert candidates(["x:lr"]) == ()


def test_a_long_curve_is_thinned_and_keeps_its_end() -> None:
    curve = objective_curve({"loss": [(float(n), 1000.0 - n) for n in range(1000)]})

    assert curve is not None
    assert len(curve.points) == MOST_POINTS
    assert (curve.points[0], curve.last) == ((0.0, 1000.0), 1.0)


def test_the_final_value_is_the_objectives() -> None:
    job = TrainingJob.parse(answer(), {})

    assert final_value(job) == ("val-accuracy", 0.93)
    assert final_value(replace(job, final_metrics={"lr": 0.1})) is None


@given(st.floats(0, MAX_SPAN))
def test_values_are_few_whatever_the_time(span: float) -> None:
    period = period_seconds(span)
    assert period % 60 == 0
    assert span / period <= MOST_PERIODS
