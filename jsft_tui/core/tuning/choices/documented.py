"""Ranges that AWS documents for JumpStart's algorithms.

Sources: SageMaker developer guide, "Tune an Image Classification - TensorFlow model" (IC-TF-tuning), "Tune a Text
Classification - TensorFlow model" (text-classification-tensorflow-tuning), "Tune a LightGBM model" (lightgbm-tuning),
"Tune a CatBoost model" (catboost-tuning), "Tune a TabTransformer model" (tabtransformer-tuning); JumpStart's notebooks
for TensorFlow object detection and Stable Diffusion.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from jsft_tui.core.run.tuning import Choices, Range, Scale, Span

_OPTIMIZERS = Choices(("sgd", "adam", "rmsprop", "nesterov", "adagrad", "adadelta"))
_SHARE = Span("1e-06", "0.999", Scale.LINEAR)
_RATE = Span("0.001", "0.01")

_FAMILIES: tuple[tuple[re.Pattern[str], Mapping[str, Range]], ...] = (
    (
        re.compile(r"tensorflow-ic-"),
        {
            "batch_size": Span("8", "512"),
            "learning_rate": Span("1e-06", "0.5", Scale.LOG),
            "optimizer": _OPTIMIZERS,
            "momentum": Span("0.0", "0.999"),
            "regularizers_l2": Span("0.0", "0.999"),
            "beta_1": _SHARE,
            "beta_2": _SHARE,
            "rho": _SHARE,
            "epsilon": Span("1e-08", "1.0", Scale.LOG),  # the guide calls it `eps`
            "train_only_top_layer": Choices(("True", "False")),
        },
    ),
    (
        re.compile(r"tensorflow-tc-"),
        {"batch_size": Span("4", "128"), "learning_rate": Span("1e-06", "0.5", Scale.LOG)},
    ),
    (
        re.compile(r"tensorflow-od"),
        {"learning_rate": Span("1e-05", "0.1", Scale.LOG), "batch_size": Choices(("8", "16", "32"))},
    ),
    (
        re.compile(r"lightgbm-"),
        {
            "learning_rate": _RATE,
            "num_leaves": Span("10", "100"),
            "feature_fraction": Span("0.1", "1.0"),
            "bagging_fraction": Span("0.1", "1.0"),
            "bagging_freq": Span("0", "10"),
            "max_depth": Span("15", "100"),
            "min_data_in_leaf": Span("10", "200"),
        },
    ),
    (
        re.compile(r"catboost-"),
        {
            "learning_rate": _RATE,
            "depth": Span("4", "10"),
            "l2_leaf_reg": Span("2", "10"),
            "random_strength": Span("0", "10"),
        },
    ),
    (
        re.compile(r"pytorch-tabtransformer"),
        {
            "learning_rate": _RATE,
            "input_dim": Choices(("16", "32", "64", "128", "256", "512")),
            "n_blocks": Span("1", "12"),
            "attn_dropout": Span("0.0", "0.8"),
            "mlp_dropout": Span("0.0", "0.8"),
            "frac_shared_embed": Span("0.0", "0.5"),
        },
    ),
    (
        re.compile(r"model-txt2img-|stabilityai-"),
        {"learning_rate": Span("1e-07", "3e-06", Scale.LOG), "max_steps": Span("50", "400")},
    ),
)


def documented_range(model_id: str, name: str) -> Range | None:
    """Return the range that AWS documents for a hyperparameter of a model; None if there is none."""
    return next((ranges.get(name) for models, ranges in _FAMILIES if models.match(model_id)), None)
