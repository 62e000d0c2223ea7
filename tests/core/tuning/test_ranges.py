"""Ranges to start from, objectives, and what autotune may search, for every real and every seeded spec."""

from __future__ import annotations

import pytest

from jsft_tui.core.catalog.spec.hyperparameter import HyperparameterType, Scope
from jsft_tui.core.catalog.spec.spec import MetricDefinition, ModelSpec
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.run.tuning import Choices, Direction, Objective, Range, Scale, Span, Strategy, Tuning
from jsft_tui.core.tuning.choices.ranges import range_errors, suggested_range
from jsft_tui.core.tuning.choices.tunable import auto_parameters, is_switch
from jsft_tui.core.tuning.objectives import chosen_objective
from tests.common.shared_data import needs_shared_data, spec, spec_files
from tests.core.catalog.small_spec import SPEC, small_spec

IMAGE = "tensorflow-ic-bit-m-r101x1-ilsvrc2012-classification-1"
REAL = [pytest.param(path.parent.name, path.stem.removeprefix("specs_v"), id=path.parent.name) for path in spec_files()]


@needs_shared_data
@pytest.mark.parametrize(("model_id", "version"), REAL)
def test_every_suggested_range_is_one_that_the_spec_allows(model_id: str, version: str) -> None:
    model = spec(model_id, version)
    suggested = {each.name: suggested_range(model, each.name) for each in model.hyperparameters}
    ranges = {name: tried for name, tried in suggested.items() if tried is not None}

    assert list(range_errors(Tuning(ranges), model)) == []
    assert not [name for name in ranges if name.startswith("sagemaker_")]
    for each in model.algorithm_hyperparameters:
        if each.name in ("learning_rate", "epochs", "batch_size", "optimizer"):
            assert each.name in ranges


@needs_shared_data
def test_ranges_are_the_documented_ones_where_there_are() -> None:
    image, tables = spec(IMAGE), spec("lightgbm-classification-model")

    assert suggested_range(image, "learning_rate") == Span("1e-06", "0.5", Scale.LOG)
    assert suggested_range(image, "batch_size") == Span("8", "512")
    assert suggested_range(tables, "num_leaves") == Span("10", "100")


@needs_shared_data
def test_other_ranges_lie_around_the_value() -> None:
    model = spec("meta-textgeneration-llama-2-7b")

    assert suggested_range(model, "learning_rate") == Span("1e-05", "0.001", Scale.LOG)
    assert suggested_range(model, "learning_rate", "0.002") == Span("0.0002", "0.02", Scale.LOG)
    assert suggested_range(model, "lora_r") == Choices(("8", "16", "32", "64"))
    assert suggested_range(model, "seed") is None
    assert suggested_range(model, "max_input_length") is None  # -1


@needs_shared_data
@pytest.mark.parametrize(("model_id", "version"), REAL)
def test_autotune_gets_numbers_only_and_no_plumbing(model_id: str, version: str) -> None:
    model = spec(model_id, version)
    names = auto_parameters(model, ("learning_rate",), ("max_depth",))
    declared = [each for each in model.hyperparameters if each.name in names]

    assert "learning_rate" not in names
    assert "max_depth" not in names
    assert {each.type for each in declared} <= {HyperparameterType.INT, HyperparameterType.FLOAT}
    assert {each.scope for each in declared} <= {Scope.ALGORITHM}
    assert not any(map(is_switch, declared))
    assert not [name for name in names if "sagemaker" in name or "seed" in name or "worker" in name]


def with_metrics(*names: str) -> ModelSpec:
    return small_spec(metrics=[{"Name": name, "Regex": "x"} for name in names])


DIRECTIONS = {
    "lightgbm-classification:multi-log-loss": Direction.MINIMIZE,
    "catboost-classification:logloss": Direction.MINIMIZE,
    "catboost:MultiClass-Logloss": Direction.MINIMIZE,
    "pytorch-ic:val-accuracy": Direction.MAXIMIZE,
    "lightgbm-regression:rmse": Direction.MINIMIZE,
    "tabtransformer:f1-score": Direction.MAXIMIZE,
    "od:Val_localization": Direction.MINIMIZE,
    "huggingface-textgeneration:eval-ppl": Direction.MINIMIZE,
}


@pytest.mark.parametrize("metric", DIRECTIONS)
def test_the_direction_is_the_metrics_own(metric: str) -> None:
    chosen = chosen_objective(Tuning(), with_metrics(metric), "ml.m5.xlarge")

    assert (chosen.metric, chosen.direction, chosen.regex) == (metric, DIRECTIONS[metric], None)


def test_an_objective_may_be_named_shortly() -> None:
    model = with_metrics("ic:train-loss", "ic:val-accuracy")

    assert chosen_objective(Tuning(), model, "ml.m5.xlarge").metric == "ic:val-accuracy"
    asked = Tuning(objective=Objective("train-loss"))
    assert chosen_objective(asked, model, "ml.m5.xlarge").metric == "ic:train-loss"


NO_OBJECTIVE = {
    "NoObjective": (with_metrics(), Objective("accuracy")),
    "UnknownMetric": (with_metrics("ic:val-accuracy"), Objective("val-acuracy")),
    "NoDirection": (with_metrics("speed"), Objective("speed")),
}


@pytest.mark.parametrize("code", NO_OBJECTIVE)
def test_an_objective_that_cannot_be_one_blocks(code: str) -> None:
    model, objective = NO_OBJECTIVE[code]

    with pytest.raises(Problem) as refused:
        chosen_objective(Tuning(objective=objective), model, "ml.m5.xlarge")

    assert refused.value.code == code


def test_a_regular_expression_makes_an_objective() -> None:
    own = Objective("mine", Direction.MAXIMIZE, "m=(.*)")
    chosen = chosen_objective(Tuning(objective=own), with_metrics(), "ml.m5.xlarge")

    assert (chosen.metric, chosen.regex) == ("mine", "m=(.*)")
    assert MetricDefinition("mine", "m=(.*)") not in small_spec().metrics


WRONG: dict[str, tuple[dict[str, Range], str]] = {
    "unknown": ({"epoch": Span("1", "5")}, "epoch is not a hyperparameter of this model. Did you mean epochs?"),
    "container": ({"sagemaker_program": Choices(("a",))}, "cannot be searched: it is set by the container"),
    "backwards": ({"epochs": Span("5", "1")}, "the first must be the lower one"),
    "no fraction": ({"epochs": Span("1.5", "3")}, "must be a whole number"),
    "log from 0": ({"rate": Span("0", "1", Scale.LOG)}, "logarithmic scale"),
    "reverse": ({"rate": Span("0", "1", Scale.REVERSE_LOG)}, "reverse logarithmic"),
    "twice": ({"epochs": Choices(("1", "1"))}, "a value twice"),
    "too many": ({"epochs": Choices(tuple(map(str, range(31))))}, "31 values"),
    "below": ({"bounded": Span("0", "2")}, "allowed"),
    "outside": ({"bounded": Choices(("1", "9"))}, "allowed"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_with_a_range_is_said(name: str) -> None:
    bounded = {"name": "bounded", "type": "float", "default": 1, "min": 0.5, "max": 2, "scope": "algorithm"}
    model = small_spec(hyperparameters=[*SPEC["hyperparameters"], bounded])
    ranges, expected = WRONG[name]

    found = list(range_errors(Tuning(ranges), model))

    assert len(found) == 1
    assert expected in found[0]


def test_a_grid_takes_lists_only() -> None:
    grid = Tuning({"epochs": Span("1", "5")}, strategy=Strategy.GRID)

    assert "lists of values only" in next(range_errors(grid, small_spec()))


NUMBERS: dict[str, tuple[str, object, dict[str, object]]] = {
    "rate": ("float", 0.1, {}),
    "rounds": ("int", 5, {"min": 1, "max": 9}),
    "off": ("int", -1, {}),
    "flag": ("int", 0, {"min": 0, "max": 1}),
    "one_of": ("int", 2, {"options": ["2", "4"]}),
    "word": ("text", "a", {"options": ["a", "b"]}),
    "yes": ("text", "True", {"options": ["True", "False"]}),
    "switch": ("bool", True, {}),
    "random_seed": ("int", 1, {}),
    "num_threads": ("int", 0, {}),
    "max_train_samples": ("int", 10, {}),
    "validation_split_ratio": ("float", 0.2, {}),
}


def test_switches_texts_and_plumbing_stay_as_they_are_whatever_their_type() -> None:
    declared = [
        {"name": name, "type": kind, "default": default, "scope": "algorithm", **more}
        for name, (kind, default, more) in NUMBERS.items()
    ]
    model = small_spec(hyperparameters=declared)

    assert auto_parameters(model, (), ()) == ("rate", "rounds")
    assert suggested_range(model, "flag") == Choices(("0", "1"))
    assert suggested_range(model, "one_of") == Choices(("2", "4"))
    assert suggested_range(model, "switch") == Choices(("True", "False"))
