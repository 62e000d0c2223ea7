"""The metric that counts, and its best value."""

from __future__ import annotations

import math

import pytest

from jsft_tui.core.objective import best, by_importance, lower_is_better, objective, short_name


@pytest.mark.parametrize(
    ("metrics", "expected"),
    [
        (["tflow-ic:train-loss", "tflow-ic:val-loss", "tflow-ic:train-accuracy", "tflow-ic:val-accuracy"], 3),
        (["huggingface-textgeneration:train-loss", "huggingface-textgeneration:eval-loss"], 1),
        (["validation:rmse", "train:rmse"], 0),
        (["throughput"], None),
        ([], None),
    ],
)
def test_held_out_scores_count_before_losses_and_before_training(metrics: list[str], expected: int | None) -> None:
    assert objective(metrics) == (None if expected is None else metrics[expected])


def test_the_best_value_is_the_highest_score_or_the_lowest_loss() -> None:
    found = best({"val-accuracy": [(1.0, 0.5), (2.0, 0.9), (3.0, 0.9), (4.0, math.nan)], "val-loss": [(1.0, 9.0)]})
    assert found is not None
    assert (found.metric, found.value, found.time) == ("val-accuracy", 0.9, 2.0)
    loss = best({"eval_loss": [(1.0, 3.0), (2.0, 1.0), (3.0, 2.0)]})
    assert loss is not None
    assert loss.value == 1.0
    assert best({"val-accuracy": []}) is None
    assert best({"learning-rate": [(1.0, 0.1)]}) is None


def test_names_that_tell_no_direction_are_said_to_tell_none() -> None:
    assert lower_is_better("perplexity") is True
    assert lower_is_better("multi_logloss") is True
    assert lower_is_better("map") is False
    assert lower_is_better("steps-per-second") is None


def test_all_metrics_keep_their_place_and_lose_their_family() -> None:
    names = ["a:train-loss", "a:val-loss", "a:lr", "a:val-acc"]
    assert by_importance(names)[0] == "a:val-acc"
    assert sorted(by_importance(names)) == sorted(names)
    assert short_name("a:val-acc") == "val-acc"
    assert short_name("plain") == "plain"
