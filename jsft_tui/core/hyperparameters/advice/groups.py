"""Hyperparameters in the groups of the form: wrong, tuned, changed, changed by most people, and the rest."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from jsft_tui.core.hyperparameters.form import FormRow


class ValueGroup(Enum):
    """A group, in the order of the form."""

    WRONG = "Wrong"
    TUNED = "Tuned"
    CHANGED = "Changed"
    MOST_USED = "Most used"
    REST = "The rest"


_FAMILIES = (
    # Image, text, and object models with TensorFlow or PyTorch (developer guide, IC-TF-tuning: batch_size,
    # learning_rate, and optimizer have the greatest impact).
    ("epochs", "n_epochs", "batch_size", "train_only_top_layer", "train_only_on_top_layer", "learning_rate",
     "adam_learning_rate", "optimizer", "augmentation", "early_stopping"),
    # Language models (JumpStart, fine-tuning of foundation models).
    ("epoch", "learning_rate", "per_device_train_batch_size", "global_train_batch_size", "instruction_tuned",
     "chat_dataset", "peft_type", "lora_r", "lora_alpha", "max_input_length", "int8_quantization", "enable_fsdp"),
    # Recipes (hyperpod-recipes, launcher/recipe_templatization: what every template has; jumpstart-2026 §2.3).
    ("max_epochs", "learning_rate", "global_batch_size", "lora_rank", "lora_alpha", "dataset_max_len",
     "preset_reward_function", "judge_model_id"),
    # Trees (lightgbm-tuning, catboost-tuning, xgboost-tuning: those with the greatest effect on the objective).
    ("num_boost_round", "learning_rate", "num_leaves", "feature_fraction", "bagging_fraction", "bagging_freq",
     "max_depth", "min_data_in_leaf", "early_stopping_rounds"),
    ("iterations", "learning_rate", "depth", "l2_leaf_reg", "random_strength"),
    ("num_boost_round", "eta", "min_child_weight", "subsample"),
    # Linear models with scikit-learn; AutoGluon-Tabular.
    ("alpha", "penalty", "l1_ratio"),
    ("presets", "auto_stack"),
)  # fmt: skip
"""What most people change, family by family: how long, how much at once, what to train, how fast."""

MOST_USED = tuple(dict.fromkeys(name for family in _FAMILIES for name in family))


def group_of(row: FormRow) -> ValueGroup:
    """Return the group of a row."""
    if row.errors:
        return ValueGroup.WRONG
    if row.tried is not None:
        return ValueGroup.TUNED
    if row.differs:
        return ValueGroup.CHANGED
    return ValueGroup.MOST_USED if _plain(row.name) in MOST_USED else ValueGroup.REST


def grouped(rows: Sequence[FormRow]) -> list[tuple[ValueGroup, Sequence[FormRow]]]:
    """Return the groups that have rows: the most used ones in the order of their table, others in that of the spec."""
    groups = {group: [row for row in rows if group_of(row) is group] for group in ValueGroup}
    groups[ValueGroup.MOST_USED].sort(key=lambda row: MOST_USED.index(_plain(row.name)))
    return [(group, some) for group, some in groups.items() if some]


def _plain(name: str) -> str:
    return name.replace("-", "_")
