"""Values that TensorFlow's models ignore beside others.

Source: developer guide, IC-TF-Hyperparameter and its siblings: "Used only when", "Ignored for other optimizers".
"""

from __future__ import annotations

from collections.abc import Iterator

from jsft_tui.core.hyperparameters.conflicts.conflict import Conflict, Values, is_true

_OPTIMIZERS = {
    "momentum": ("sgd", "nesterov", "rmsprop"),
    "beta_1": ("adam", "adamw"),
    "beta_2": ("adam", "adamw"),
    "rho": ("adadelta", "rmsprop"),
    "initial_accumulator_value": ("adagrad",),
}
_SWITCHES = {
    "early_stopping_patience": "early_stopping",
    "early_stopping_min_delta": "early_stopping",
    "augmentation_random_flip": "augmentation",
    "augmentation_random_rotation": "augmentation",
    "augmentation_random_zoom": "augmentation",
}
_BINARY_METRICS = frozenset({"precision", "recall", "auc", "prc"})


def _of_another_optimizer(values: Values) -> Iterator[Conflict]:
    chosen = values.get("optimizer")
    for name, optimizers in _OPTIMIZERS.items():
        if chosen is not None and name in values and chosen not in optimizers:
            message = f"{name} has no effect with the optimizer {chosen}."
            yield Conflict((name,), message, f"It belongs to {', '.join(optimizers)}.", is_certain=False)


def _switched_off(values: Values) -> Iterator[Conflict]:
    for name, switch in _SWITCHES.items():
        if name in values and switch in values and not is_true(values, switch):
            yield Conflict(
                (name,), f"{name} has no effect while {switch} is False.", f"Set {switch} to True.", is_certain=False
            )


def _metric_of_two_classes(values: Values) -> Iterator[Conflict]:
    metric = values.get("eval_metric")
    if metric in _BINARY_METRICS and "binary_mode" in values and not is_true(values, "binary_mode"):
        message = f"eval_metric {metric} is for binary_mode only, which is False."
        names = ("eval_metric", "binary_mode")
        yield Conflict(names, message, "Set binary_mode to True, or eval_metric to accuracy.", is_certain=False)


RULES = (_of_another_optimizer, _switched_off, _metric_of_two_classes)
