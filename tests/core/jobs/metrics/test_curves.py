"""Grouping and smoothing of metrics."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsft_tui.core.jobs.metrics.curves import grouped, logarithmic, nearest, smoothed, stepped
from jsft_tui.core.jobs.metrics.objective import by_importance


@pytest.mark.parametrize(
    ("metrics", "groups"),
    [
        (["train-loss", "val-loss"], [("train-loss", "val-loss")]),
        (["val_accuracy", "val_loss", "train_loss", "train_accuracy"],
         [("train_accuracy", "val_accuracy"), ("train_loss", "val_loss")]),
        (["x:eval-loss", "x:eval-ppl", "x:train-loss"], [("x:train-loss", "x:eval-loss"), ("x:eval-ppl",)]),
        (["eval_epoch_loss", "train_epoch_loss"], [("train_epoch_loss", "eval_epoch_loss")]),
        (["eval_loss", "loss", "epoch"], [("loss", "eval_loss"), ("epoch",)]),
        (["val_acc", "test_acc"], [("val_acc",), ("test_acc",)]),
        (["val_acc", "test_acc", "train_acc"], [("train_acc", "val_acc"), ("test_acc",)]),
        (["val", "epoch", "step"], [("val",), ("epoch",), ("step",)]),
        (["Val_CrossEntropy", "Train_CrossEntropy"], [("Train_CrossEntropy", "Val_CrossEntropy")]),
        ([], []),
    ],
)  # fmt: skip
def test_training_and_validation_of_the_same_are_together(metrics: list[str], groups: list[tuple[str, ...]]) -> None:
    assert grouped(metrics) == groups


@given(st.lists(st.sampled_from(["train", "val", "loss", "x:val-loss", "acc", "eval_acc", "", "-"]), unique=True))
def test_no_metric_is_lost_or_twice(metrics: list[str]) -> None:
    ordered = by_importance(metrics)
    assert sorted(name for group in grouped(ordered) for name in group) == sorted(metrics)


def test_smoothing_begins_at_the_first_value_and_lags_behind() -> None:
    points = [(0.0, 1.0), (1.0, math.nan), (2.0, 0.0), (3.0, 0.0)]
    assert smoothed(points, 0.0) == points
    found = smoothed(points, 0.5)
    assert found[0] == (0.0, 1.0)
    assert str(found[1][1]) == "nan"
    assert [round(y, 4) for _, y in found[2:]] == [0.3333, 0.1429]


@given(st.lists(st.floats(-1e6, 1e6), min_size=1), st.floats(0, 0.99))
def test_smoothed_values_stay_between_the_least_and_the_most(values: list[float], factor: float) -> None:
    points = [(float(number), value) for number, value in enumerate(values)]
    slack = 1e-6 * max(1.0, *map(abs, values))
    assert all(min(values) - slack <= y <= max(values) + slack for _, y in smoothed(points, factor))


def test_logarithms_of_what_has_none_are_no_numbers() -> None:
    found = logarithmic([(0, 100.0), (1, 0.0), (2, -1.0), (3, math.inf)])
    assert found[0] == (0.0, 2.0)
    assert all(math.isnan(y) for _, y in found[1:])


def test_steps_go_to_the_next_point_far_enough_and_end_at_the_outermost() -> None:
    points = [(float(x), 0.0) for x in (0, 1, 2, 3, 10)]
    assert [stepped(points, 0, least, 1) for least in (0.0, 1.0, 1.5, 4.0, 99.0)] == [1, 1, 2, 10, 10]
    assert [stepped(points, 10, least, -1) for least in (0.0, 7.5, 99.0)] == [3, 2, 0]
    assert nearest(points, 4.0) == (3.0, 0.0)
    assert nearest(points, 99.0) == (10.0, 0.0)
    assert nearest([], 1.0) is None
