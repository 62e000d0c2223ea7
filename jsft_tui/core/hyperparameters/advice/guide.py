"""What happens with a value that is too high or too low, what is usual, and on which scale to think of it.

Effects are those of the libraries' own guides (Keras optimizers, Hugging Face TrainingArguments and PEFT, "Parameters
Tuning" of LightGBM). Ranges that a name has here are the ranges that the developer guide recommends for tuning
(IC-TF-tuning, lightgbm-tuning, catboost-tuning, xgboost-tuning). A learning rate differs too much from model to model
for one range: usual is a tenth of the model's own default to ten times it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from jsft_tui.core.catalog.spec.hyperparameter import HyperparameterSpec


class Scale(Enum):
    """How far apart two values feel."""

    LOG = "log"
    LINEAR = "linear"


@dataclass(frozen=True)
class Guide:
    """What to know of a hyperparameter.

    Attributes:
        high: what a value does that is too high, a sentence without its subject; empty if there is nothing to say.
        low: what a value does that is too low.
        usual: the range that is usual; None if none is known.
        around_default: whether a tenth of the default to ten times it is usual.
        scale: on which to step.
        factor: by which a step multiplies on a log scale.
    """

    high: str = ""
    low: str = ""
    usual: tuple[float, float] | None = None
    around_default: bool = False
    scale: Scale = Scale.LINEAR
    factor: int = 10


_RATE = Guide(
    "the loss jumps or turns NaN.", "it learns nothing in time.", around_default=True, scale=Scale.LOG
)  # fmt: skip
_EPOCHS = Guide("it learns the examples by heart, and costs more.", "it stops before it has learned enough.")
_BATCH = Guide(
    "the GPU runs out of memory.", "slow, and the loss jumps about.", (8, 512), scale=Scale.LOG, factor=2
)  # fmt: skip
_DEVICE_BATCH = Guide("the GPU runs out of memory.", "slow.", scale=Scale.LOG, factor=2)
_DECAY = Guide("weights stay near zero: it learns too little.", "it may overfit.", scale=Scale.LOG)
_DEPTH = Guide("it overfits, and needs more memory.", "it misses what depends on several columns.")
_ROUNDS = Guide("slow; without early stopping it overfits.", "it stops before it has learned enough.")
_SHARE = Guide("trees resemble each other, which may overfit.", "each tree sees too little.", (0.1, 1))
_SAMPLE = Guide("trees resemble each other, which may overfit.", "each tree sees too little.", (0.5, 1))

_GUIDES = {
    "learning_rate": _RATE,
    "adam_learning_rate": _RATE,
    "eta": _RATE,
    "epochs": _EPOCHS,
    "epoch": _EPOCHS,
    "n_epochs": _EPOCHS,
    "max_epochs": _EPOCHS,
    "global_batch_size": Guide(
        "few updates; it needs as many records.", "slow, and the loss jumps about.", scale=Scale.LOG, factor=2
    ),
    "lora_rank": Guide("more memory; it may overfit.", "it cannot learn much that is new.", scale=Scale.LOG, factor=2),
    "batch_size": _BATCH,
    "per_device_train_batch_size": _DEVICE_BATCH,
    "per_device_eval_batch_size": _DEVICE_BATCH,
    "global_train_batch_size": _DEVICE_BATCH,
    "gradient_accumulation_steps": Guide("few updates: it learns slowly.", scale=Scale.LOG, factor=2),
    "momentum": Guide("it overshoots.", "slow.", (0, 0.999)),
    "beta_1": Guide(usual=(1e-6, 0.999)),
    "beta_2": Guide(usual=(1e-6, 0.999)),
    "epsilon": Guide(scale=Scale.LOG),
    "adam_epsilon": Guide(scale=Scale.LOG),
    "weight_decay": _DECAY,
    "regularizers_l2": _DECAY,
    "lambda_l1": _DECAY,
    "lambda_l2": _DECAY,
    "alpha": _DECAY,
    "dropout_rate": Guide("it learns too little.", "it may overfit."),
    "lora_dropout": Guide("it learns too little.", "it may overfit."),
    "label_smoothing": Guide("it is never sure of anything.", "it may be too sure."),
    "warmup_ratio": Guide("most of the time goes by at low rates.", "the loss may jump at the start."),
    "max_grad_norm": Guide("a bad batch may throw it off.", "it learns slowly."),
    "lora_r": Guide("more memory; it may overfit.", "it cannot learn much that is new.", scale=Scale.LOG, factor=2),
    "lora_alpha": Guide("works like a rate that is too high.", "adapters hardly count.", scale=Scale.LOG, factor=2),
    "max_input_length": Guide(
        "the GPU runs out of memory.", "long examples are cut off.", scale=Scale.LOG, factor=2
    ),
    "num_boost_round": _ROUNDS,
    "iterations": _ROUNDS,
    "early_stopping_patience": Guide("it goes on for nothing.", "it stops at the first bad luck."),
    "early_stopping_rounds": Guide("it goes on for nothing.", "it stops at the first bad luck."),
    "max_depth": _DEPTH,
    "depth": Guide(_DEPTH.high, _DEPTH.low, (4, 10)),
    "num_leaves": Guide("it overfits.", "it misses details.", (10, 100)),
    "min_data_in_leaf": Guide("it misses details.", "it overfits.", (10, 200)),
    "min_child_weight": Guide("it misses details.", "it overfits."),
    "feature_fraction": _SHARE,
    "bagging_fraction": _SHARE,
    "bagging_freq": Guide(usual=(0, 10)),
    "subsample": _SAMPLE,
    "colsample_bytree": _SAMPLE,
    "l2_leaf_reg": Guide("it learns too little.", "it may overfit.", (2, 10)),
    "random_strength": Guide("it learns too little.", "it may overfit.", (0, 10)),
}  # fmt: skip
_NOTHING = Guide()


def guide(name: str) -> Guide:
    """Return what to know of a hyperparameter. Hyphens equal underscores."""
    return _GUIDES.get(name.replace("-", "_"), _NOTHING)


def usual_range(declared: HyperparameterSpec) -> tuple[float, float] | None:
    """Return the usual values of a hyperparameter, within those that are allowed; None if none are known."""
    found = guide(declared.name)
    usual = found.usual
    default = _number(declared.default_text)
    if found.around_default and default:
        usual = (default / 10, default * 10)
    if usual is None or not declared.is_number:
        return None
    low = max(usual[0], declared.minimum if declared.minimum is not None else usual[0])
    high = min(usual[1], declared.maximum if declared.maximum is not None else usual[1])
    return (low, high) if low < high else None


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
