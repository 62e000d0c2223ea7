"""Combinations that a library refuses block; the same values apart, and a model's own defaults, do not."""

from __future__ import annotations

import pytest

from jsft_tui.core.hyperparameters.conflicts.find import conflicts
from jsft_tui.core.run.run import InstanceChoice
from tests.core.catalog.specs import hyperparameter, model_spec, training_run

DEFAULTS = {
    "transformers": {
        "fp16": "True",
        "bf16": "False",
        "evaluation_strategy": "steps",
        "eval_steps": "20",
        "save_strategy": "steps",
        "save_steps": "500",
        "logging_strategy": "steps",
        "logging_steps": "8",
        "load_best_model_at_end": "True",
        "early_stopping_patience": "3",
        "lr_scheduler_type": "linear",
        "max_steps": "-1",
        "epoch": "1",
        "warmup_steps": "0",
        "warmup_ratio": "0.1",
        "validation_split_ratio": "0.2",
        "max_train_samples": "-1",
        "peft_type": "lora",
        "bits": "4",
        "lora_alpha": "16",
        "train_from_scratch": "False",
    },
    "TensorFlow": {
        "optimizer": "adam",
        "momentum": "0.9",
        "early_stopping": "False",
        "early_stopping_patience": "5",
        "binary_mode": "False",
        "eval_metric": "accuracy",
        "validation_split_ratio": "0.2",
    },
    "scikit-learn": {"penalty": "l2", "l1_ratio": "0.15"},
    "LightGBM": {
        "boosting": "gbdt",
        "bagging_freq": "5",
        "bagging_fraction": "0.53",
        "feature_fraction": "0.74",
        "is_unbalance": "False",
        "scale_pos_weight": "1.0",
        "num_leaves": "67",
        "max_depth": "11",
        "early_stopping_rounds": "30",
    },
    "CatBoost": {
        "grow_policy": "SymmetricTree",
        "max_leaves": "31",
        "boosting_type": "Plain",
        "sampling_frequency": "PerTreeLevel",
        "depth": "6",
        "thread_count": "-1",
    },
    "AutoGluon": {
        "num_stack_levels": "0",
        "num_bag_folds": "0",
        "num_bag_sets": "1",
        "auto_stack": "False",
        "set_best_to_refit_full": "False",
        "refit_full": "False",
    },
}

REFUSED = [
    ("transformers", "bf16=True"),
    ("transformers", "evaluation_strategy=epoch"),
    ("transformers", "evaluation_strategy=no"),
    ("transformers", "save_strategy=no"),
    ("transformers", "eval_steps=300"),
    ("transformers", "save_steps=30"),
    ("transformers", "save_steps=0.5"),
    ("transformers", "save_steps=0.5 eval_steps=0.2"),
    ("transformers", "eval_steps=0 logging_steps=0"),
    ("transformers", "logging_steps=0"),
    ("transformers", "logging_steps=8.5"),
    ("transformers", "lr_scheduler_type=reduce_lr_on_plateau evaluation_strategy=no load_best_model_at_end=False"),
    ("LightGBM", "boosting=rf bagging_freq=0 feature_fraction=1.0"),
    ("LightGBM", "boosting=rf bagging_fraction=1.0 feature_fraction=1.0"),
    ("LightGBM", "boosting=goss"),
    ("LightGBM", "is_unbalance=True scale_pos_weight=2.0"),
    ("CatBoost", "max_leaves=40"),
    ("CatBoost", "grow_policy=Depthwise boosting_type=Ordered"),
    ("CatBoost", "grow_policy=Lossguide boosting_type=Ordered"),
    ("AutoGluon", "set_best_to_refit_full=True"),
    ("transformers", "validation_split_ratio=1"),
    ("transformers", "max_train_samples=0"),
    ("transformers", "eval_accumulation_steps=abc"),
    ("transformers", "eval_accumulation_steps=0"),
    ("CatBoost", "depth=17"),
    ("CatBoost", "depth=6.5"),
    ("CatBoost", "thread_count=0"),
]

DOUBTFUL = [
    ("transformers", "max_steps=10"),
    ("transformers", "warmup_steps=10"),
    ("transformers", "load_best_model_at_end=False"),
    ("CatBoost", "grow_policy=Lossguide max_leaves=40"),
    ("AutoGluon", "num_stack_levels=1"),
    ("AutoGluon", "num_bag_sets=2"),
    ("transformers", "validation_split_ratio=0"),
    ("transformers", "peft_type=None"),
    ("transformers", "lora_alpha=0"),
    ("transformers", "train_from_scratch=True"),
    ("LightGBM", "num_leaves=4096 max_depth=3"),
    ("LightGBM", "bagging_freq=0"),
    ("LightGBM", "boosting=dart"),
    ("TensorFlow", "momentum=0.5"),
    ("TensorFlow", "early_stopping_patience=2"),
    ("TensorFlow", "eval_metric=auc"),
    ("TensorFlow", "early_stopping=True validation_split_ratio=0"),
    ("scikit-learn", "l1_ratio=0.5"),
]

TAKEN = [
    ("transformers", "fp16=False bf16=True"),
    ("transformers", "fp16=False"),
    ("transformers", "evaluation_strategy=epoch save_strategy=epoch"),
    ("transformers", "eval_steps=250"),
    ("transformers", "eval_accumulation_steps=None"),
    ("transformers", "eval_accumulation_steps=4"),
    ("transformers", "eval_steps=0 save_steps=80"),
    ("transformers", "save_steps=0.5 eval_steps=0.25"),
    ("transformers", "lr_scheduler_type=reduce_lr_on_plateau"),
    ("LightGBM", "boosting=rf"),
    ("LightGBM", "boosting=rf bagging_freq=0"),
    ("LightGBM", "boosting=goss bagging_freq=0"),
    ("LightGBM", "boosting=dart"),
    ("LightGBM", "is_unbalance=True"),
    ("LightGBM", "scale_pos_weight=2.0"),
    ("CatBoost", "grow_policy=Lossguide sampling_frequency=PerTree"),
    ("AutoGluon", "num_stack_levels=1 num_bag_folds=5"),
    ("transformers", "peft_type=None bits=16"),
    ("transformers", "evaluation_strategy=no load_best_model_at_end=False validation_split_ratio=0"),
    ("CatBoost", "depth=20 grow_policy=Lossguide"),
    ("TensorFlow", "momentum=0.5 optimizer=sgd"),
    ("TensorFlow", "momentum=0.9 early_stopping_patience=5 eval_metric=accuracy"),  # its own, spelled out
    ("TensorFlow", "eval_metric=auc binary_mode=True"),
    ("LightGBM", "num_leaves=4096 max_depth=-1"),
    ("scikit-learn", "l1_ratio=0.5 penalty=elasticnet"),
    ("AutoGluon", "set_best_to_refit_full=True refit_full=True"),
]


def found(library: str, values: str) -> list[bool]:
    """Return for each conflict whether it is certain."""
    model = model_spec(hyperparameters=[hyperparameter(*each, "text") for each in DEFAULTS[library].items()])
    run = training_run(hyperparameters=dict(pair.split("=") for pair in values.split()))
    return [conflict.is_certain for conflict in conflicts(run, model)]


@pytest.mark.parametrize(("library", "values"), REFUSED)
def test_what_the_library_refuses_is_refused(library: str, values: str) -> None:
    assert True in found(library, values)


@pytest.mark.parametrize(("library", "values"), DOUBTFUL)
def test_what_has_no_effect_is_doubted(library: str, values: str) -> None:
    assert found(library, values) == [False]


@pytest.mark.parametrize(("library", "values"), TAKEN)
def test_what_the_library_takes_is_taken(library: str, values: str) -> None:
    assert True not in found(library, values)


@pytest.mark.parametrize("library", DEFAULTS)
def test_a_model_s_own_defaults_are_taken(library: str) -> None:
    assert found(library, "") == []


@pytest.mark.parametrize(
    ("instance", "values", "refused"),
    [
        ("ml.p3.2xlarge", {"bf16": "True", "fp16": "False"}, ["bf16"]),
        ("ml.g5.2xlarge", {"bf16": "True", "fp16": "False"}, []),
        ("ml.m5.xlarge", {}, ["fp16"]),
        ("ml.m5.xlarge", {"fp16": "False"}, []),
    ],
    ids=["bf16 on V100", "bf16 on A10G", "fp16 on CPU", "fp32 on CPU"],
)
def test_the_precision_fits_the_hardware(instance: str, values: dict[str, str], refused: list[str]) -> None:
    model = model_spec(hyperparameters=[hyperparameter(*each, "text") for each in DEFAULTS["transformers"].items()])
    run = training_run(hyperparameters=values, instance=InstanceChoice(instance))
    assert [name for conflict in conflicts(run, model) for name in conflict.names] == refused
