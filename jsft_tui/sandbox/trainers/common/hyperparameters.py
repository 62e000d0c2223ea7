"""Declare every hyperparameter of the runnable models once.

The catalog's specs and the trainers both use these tables, so a spec offers exactly what a trainer implements.
Names, defaults and ranges come from the real models:

- `IMAGE`: the JumpStart spec of `tensorflow-ic-bit-m-r101x1-ilsvrc2012-classification-1` 4.0.6, which stands for the
  `tensorflow-ic` family;
- `TEXT`: the developer guide's page "Text Classification - TensorFlow Hyperparameters";
- `LINEAR`: the JumpStart spec of `sklearn-classification-linear` 1.3.1; the regression has no public spec;
- `BOOSTING`: the JumpStart spec of `xgboost-classification-model` 2.1.1; the regression has no public spec;
- `PAIRS`, `QUESTIONS`: the later generation's spelling of `huggingface-spc-bert-base-cased` 2.0.3 and
  `pytorch-eqa-bert-base-cased` 1.0.0; `SIMILARITY` has no public spec;
- `GPT`: the developer guide's table of commonly supported hyperparameters in "Fine-tune a large language model";
- `LLAMA`: the JumpStart spec of `meta-textgeneration-llama-3-1-70b` 2.16.2.

Other defaults: a model that starts without pretrained weights learns nothing in a few epochs at the 2e-5 of a
pretrained one, so `PAIRS`, `QUESTIONS`, `GPT` and `LLAMA` have a larger `learning_rate`; `GPT` has two more epochs, and
`LLAMA` the `per_device_train_batch_size` of `meta-textgeneration-llama-2-7b` 3.0.0.

Left out, because the trainers do not implement it:

- `image_resize_interpolation` has no `lanczos5`, `gaussian` or `mitchellcubic` (Pillow has no such filter);
- text `optimizer` has no `adamw` (its weight decay is not documented), hence no `warmup_steps_fraction`;
- text `train_only_on_top_layer`, pairs and questions `train_only_top_layer`: without pretrained weights there is
  nothing to freeze; questions `reinitialize_top_layer`: there are no classes that could differ;
- language `preprocessing_num_workers`, and of `LLAMA` everything about adapters, quantization and sharding (`lora_r`,
  `lora_alpha`, `target_modules`, `lora_dropout`, `int8_quantization`, `enable_fsdp`) and `chat_template`.

This module must stay free of numpy and Pillow: the sandbox's server imports it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

HyperparameterType = Literal["int", "float", "text"]


@dataclass(frozen=True)
class Hyperparameter:
    """One hyperparameter.

    Attributes:
        name: as the JumpStart spec spells it.
        type: how the string in a CreateTrainingJob request is parsed.
        default: the value if the request does not contain it.
        min: smallest number allowed; None: no bound.
        max: largest number allowed; None: no bound.
        options: the allowed texts; empty: any.
    """

    name: str
    type: HyperparameterType
    default: int | float | str
    min: float | None = None
    max: float | None = None
    options: tuple[str, ...] = ()


def _flag(name: str, default: str) -> Hyperparameter:
    """Declare a boolean hyperparameter, which JumpStart represents as the text `True` or `False`."""
    return Hyperparameter(name, "text", default, options=("False", "True"))


def _fraction(name: str, default: float) -> Hyperparameter:
    """Declare a number from 0 to 1."""
    return Hyperparameter(name, "float", default, min=0.0, max=1.0)


_EARLY_STOPPING = (
    _flag("early_stopping", "False"),
    Hyperparameter("early_stopping_patience", "int", 5, min=1, max=1000),
    _fraction("early_stopping_min_delta", 0.0),
)
_OPTIMIZER = (
    Hyperparameter("optimizer", "text", "adam", options=("adam", "sgd", "nesterov", "rmsprop", "adagrad", "adadelta")),
    _fraction("learning_rate", 0.001),
    _fraction("beta_1", 0.9),
    _fraction("beta_2", 0.999),
    _fraction("momentum", 0.9),
    _fraction("epsilon", 1e-7),
    _fraction("rho", 0.95),
)
_REINITIALIZE = Hyperparameter("reinitialize_top_layer", "text", "Auto", options=("Auto", "True", "False"))

IMAGE: tuple[Hyperparameter, ...] = (
    _flag("train_only_top_layer", "True"),
    Hyperparameter("epochs", "int", 5, min=1, max=1000),
    Hyperparameter("batch_size", "int", 32, min=1, max=1024),
    *_OPTIMIZER,
    _fraction("initial_accumulator_value", 0.1),
    _REINITIALIZE,
    *_EARLY_STOPPING,
    _fraction("dropout_rate", 0.2),
    _fraction("regularizers_l2", 0.0001),
    _fraction("label_smoothing", 0.1),
    Hyperparameter(
        "image_resize_interpolation",
        "text",
        "bilinear",
        options=("bilinear", "nearest", "bicubic", "area", "lanczos3"),
    ),
    _flag("augmentation", "False"),
    Hyperparameter(
        "augmentation_random_flip",
        "text",
        "horizontal_and_vertical",
        options=("horizontal_and_vertical", "horizontal", "vertical", "None"),
    ),
    Hyperparameter("augmentation_random_rotation", "float", 0.2, min=-1.0, max=1.0),
    Hyperparameter("augmentation_random_zoom", "float", 0.1, min=-1.0, max=1.0),
    _flag("binary_mode", "False"),
    Hyperparameter("eval_metric", "text", "accuracy", options=("accuracy", "precision", "recall", "auc", "prc")),
    _fraction("validation_split_ratio", 0.2),
    Hyperparameter("random_seed", "int", 123, min=0),
)
"""Image classification (`tensorflow-ic-*`)."""

TEXT: tuple[Hyperparameter, ...] = (
    # Not checked against AWS: the upper bounds of epochs and batch_size, and that random_seed exists;
    # they are those of the tensorflow-ic family.
    Hyperparameter("epochs", "int", 10, min=1, max=1000),
    Hyperparameter("batch_size", "int", 32, min=1, max=1024),
    *_OPTIMIZER,
    _fraction("initial_accumulator_value", 0.0001),
    _REINITIALIZE,
    *_EARLY_STOPPING,
    _fraction("dropout_rate", 0.2),
    _fraction("regularizers_l2", 0.0001),
    _fraction("validation_split_ratio", 0.2),
    Hyperparameter("random_seed", "int", 123, min=0),
)
"""Text classification (`tensorflow-tc-*`)."""

LINEAR: tuple[Hyperparameter, ...] = (
    Hyperparameter("tol", "float", 0.0001, min=1e-20, max=50.0),
    Hyperparameter("penalty", "text", "l2", options=("l1", "l2", "elasticnet", "none")),
    Hyperparameter("alpha", "float", 0.0001, min=1e-20, max=999.0),
    _fraction("l1_ratio", 0.15),
)
"""Tabular classification and regression with a linear model (`sklearn-classification-linear`)."""

BOOSTING: tuple[Hyperparameter, ...] = (
    Hyperparameter("num_boost_round", "int", 5000, min=1, max=700_000),
    Hyperparameter("early_stopping_rounds", "int", 30, min=1, max=5000),
    Hyperparameter("learning_rate", "float", 0.3, min=1e-20, max=1.0),
    Hyperparameter("gamma", "float", 0.0, min=0.0),
    Hyperparameter("min_child_weight", "float", 1.0, min=0.0),
    Hyperparameter("max_depth", "int", 6, min=1),
    Hyperparameter("subsample", "float", 1.0, min=1e-20, max=1.0),
    Hyperparameter("colsample_bytree", "float", 1.0, min=1e-20, max=1.0),
    Hyperparameter("reg_lambda", "float", 1.0, min=0.0, max=200.0),
    Hyperparameter("reg_alpha", "float", 0.0, min=0.0, max=200.0),
)
"""Tabular classification and regression with boosted trees (`xgboost-classification-model`)."""


def _rate(default: float) -> Hyperparameter:
    """Declare the learning rate of a Hugging Face model."""
    return Hyperparameter("learning_rate", "float", default, min=1e-8, max=1.0)


PAIRS: tuple[Hyperparameter, ...] = (
    Hyperparameter("epochs", "int", 3, min=1, max=1000),
    _rate(0.001),
    Hyperparameter("batch_size", "int", 8, min=1, max=1024),
    _REINITIALIZE,
)
"""Sentence pair classification (`huggingface-spc-*`)."""

QUESTIONS: tuple[Hyperparameter, ...] = (
    Hyperparameter("epochs", "int", 3, min=1, max=1000),
    _rate(0.003),
    Hyperparameter("batch_size", "int", 4, min=1, max=1024),
)
"""Question answering (`huggingface-eqa-*`)."""

SIMILARITY: tuple[Hyperparameter, ...] = (
    Hyperparameter("batch_size", "int", 32, min=1, max=1024),
    Hyperparameter("max_seq_length", "text", "None"),
    _flag("store_text_with_embedding", "True"),
)
"""Sentence similarity (`huggingface-sentencesimilarity-*`)."""


def _limit(name: str) -> Hyperparameter:
    """Declare a maximum number; -1 is none."""
    return Hyperparameter(name, "int", -1, min=-1)


GPT: tuple[Hyperparameter, ...] = (
    Hyperparameter("epoch", "int", 5, min=1, max=1000),
    _rate(0.004),
    _flag("instruction_tuned", "False"),
    Hyperparameter("per_device_train_batch_size", "int", 4, min=1, max=1000),
    Hyperparameter("per_device_eval_batch_size", "int", 4, min=1, max=1000),
    _limit("max_train_samples"),
    _limit("max_val_samples"),
    _limit("max_input_length"),
    _fraction("validation_split_ratio", 0.2),
    Hyperparameter("train_data_split_seed", "int", 0, min=0),
)
"""Text generation (`huggingface-textgeneration1-*`)."""

LLAMA: tuple[Hyperparameter, ...] = (
    Hyperparameter("epoch", "int", 5, min=1, max=1000),
    _rate(0.004),
    _flag("instruction_tuned", "False"),
    _flag("chat_dataset", "True"),
    _flag("add_input_output_demarcation_key", "True"),
    Hyperparameter("per_device_train_batch_size", "int", 4, min=1, max=1000),
    Hyperparameter("per_device_eval_batch_size", "int", 1, min=1, max=1000),
    _limit("max_train_samples"),
    _limit("max_val_samples"),
    Hyperparameter("seed", "int", 10, min=1, max=1000),
    _limit("max_input_length"),
    _fraction("validation_split_ratio", 0.2),
    Hyperparameter("train_data_split_seed", "int", 0, min=0),
)
"""Text generation (`meta-textgeneration-llama-3-*`)."""

METRIC_REGEXES: dict[str, str] = {
    "val_accuracy": r"val_accuracy: ([0-9\.]+)",
    "val_loss": r"val_loss: ([0-9\.]+)",
    "train_loss": r"train_loss: ([0-9\.]+)",
    "train_accuracy": r"train_accuracy: ([0-9\.]+)",
}
"""Regexes of the metrics in an epoch's line of the image, text and linear trainers (`metric_lines.keras_lines`).

The first is the real `tensorflow-ic` spec's regex; the others are analogous. Image jobs in binary mode with another
`eval_metric` print it too, as `val_precision: `, `val_recall: `, `val_auc: ` or `val_prc: `.
"""
