"""The direction of metrics, by the names in JumpStart's specs."""

from __future__ import annotations

import math

import pytest

from jsft_tui.core.jobs.metrics.objective import (
    Best,
    best,
    best_of,
    by_importance,
    is_plateau,
    lower_is_better,
    objective,
    short_name,
)


@pytest.mark.parametrize(
    ("metric", "lower"),
    [
        ("tflow-ic:val-accuracy", False),
        ("pytorch-ic:val-accuracy", False),
        ("hugginface-spc:eval-accuracy", False),
        ("eval_f1", False),
        ("auc", False),
        ("val_precision", False),
        ("r2", False),
        ("mxnet-semseg:val-loss", True),
        ("huggingface-textgeneration:eval-loss", True),
        ("huggingface-textgeneration:eval-ppl", True),
        ("meta-textgenerationneuron:train-loss", True),
        ("lightgbm-classification:multi-log-loss", True),
        ("catboost-classification:multi-logloss", True),
        ("rmse", True),
        ("binary_logloss", True),
        ("Val_localization", True),
        ("Val_CrossEntropy", True),
        ("fid_score", True),
        ("train_avg_loss", True),
    ],
)
def test_the_way_up_is_known_by_the_name(metric: str, lower: bool) -> None:
    assert lower_is_better(metric) is lower


def test_the_best_value_is_the_first_of_several_alike() -> None:
    assert best_of("val_loss", [(1, 0.5), (2, 0.2), (3, 0.2), (4, 0.9)]) == Best("val_loss", 0.2, 2)
    assert best_of("val-accuracy", [(1, 0.5), (2, 0.9), (3, 0.9)]) == Best("val-accuracy", 0.9, 2)
    assert best_of("val-accuracy", []) is None


def test_the_objective_is_held_out_and_a_score_if_there_is_one() -> None:
    assert objective(["x:train-loss", "x:eval-loss", "x:val-accuracy"]) == "x:val-accuracy"
    assert objective(["x:train-loss", "x:eval-ppl"]) == "x:eval-ppl"
    assert objective(["x:epoch", "steps"]) is None
    assert objective([]) is None


def test_a_plateau_needs_values_and_no_gain() -> None:
    falling = [(float(step), 1.0 / (step + 1)) for step in range(10)]
    flat = falling + [(float(step), 0.1) for step in range(10, 20)]

    assert not is_plateau("loss", falling, 5, 0.01)
    assert is_plateau("loss", flat, 5, 0.01)
    assert not is_plateau("loss", flat[:9], 5, 0.01)
    assert is_plateau("accuracy", [(0.0, 0.1), (1.0, 0.9), *((float(n), 0.9) for n in range(2, 12))], 5, 0.01)


def test_what_is_as_good_as_it_can_be_is_no_plateau() -> None:
    def flat(first: float, value: float) -> list[tuple[float, float]]:
        return [(0.0, first), *((float(step), value) for step in range(1, 12))]

    assert not is_plateau("accuracy", flat(0.2, 1.0), 5, 0.01)
    assert not is_plateau("accuracy", flat(1.0, 1.0), 5, 0.01)
    assert not is_plateau("val-accuracy", flat(0.2, 0.995), 5, 0.01)
    assert not is_plateau("f1", flat(40.0, 100.0), 5, 0.01)
    assert not is_plateau("loss", flat(2.3, 0.0), 5, 0.01)
    assert is_plateau("accuracy", flat(0.2, 0.95), 5, 0.01)
    assert is_plateau("f1", flat(40.0, 90.0), 5, 0.01)
    assert is_plateau("train_loss", flat(0.2, -0.5), 5, 0.01)  # a likelihood has no bound
    assert is_plateau("bleu", flat(0.2, 1.0), 5, 0.01)


def test_the_best_of_a_job_is_that_of_its_objective() -> None:
    found = best({"val-accuracy": [(1.0, 0.5), (2.0, 0.9), (4.0, math.nan)], "val-loss": [(1.0, 9.0)]})

    assert found == Best("val-accuracy", 0.9, 2.0)
    assert best({"val-accuracy": []}) is None
    assert best({"learning-rate": [(1.0, 0.1)]}) is None
    assert lower_is_better("steps-per-second") is None


def test_all_metrics_keep_their_place_and_lose_their_family() -> None:
    names = ["a:train-loss", "a:val-loss", "a:lr", "a:val-acc"]

    assert by_importance(names)[0] == "a:val-acc"
    assert sorted(by_importance(names)) == sorted(names)
    assert short_name("a:val-acc") == "val-acc"
    assert short_name("plain") == "plain"
