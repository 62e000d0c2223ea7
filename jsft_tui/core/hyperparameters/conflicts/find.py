"""Combinations of hyperparameters that the training scripts and their libraries refuse.

Most combinations that consist only of the defaults of the model are left alone: its script was released with them.
"""

from __future__ import annotations

from collections.abc import Iterator

from jsft_tui.core.catalog.spec.hyperparameter import changed
from jsft_tui.core.catalog.spec.spec import ModelSpec
from jsft_tui.core.hyperparameters.conflicts import tabular, tensorflow, transformers
from jsft_tui.core.hyperparameters.conflicts.conflict import Conflict, Values, is_true, number_of
from jsft_tui.core.hyperparameters.conflicts.transformers import evaluation_of
from jsft_tui.core.hyperparameters.values import hyperparameters
from jsft_tui.core.instances.types import InstanceType, instance_type
from jsft_tui.core.run.run import Run


def conflicts(run: Run, spec: ModelSpec) -> list[Conflict]:
    """Return combinations of values that the training script refuses or ignores, defaults included."""
    if spec.recipe is not None:
        return []  # recipes are checked by `rules`; the rules here are those of classical scripts
    values = hyperparameters(run, spec)
    # A cloned job names every value: one that is the model's own is nobody's choice.
    chosen = changed(spec.hyperparameters_on(run.instance.type), run.hyperparameters).keys()
    found = [conflict for rule in _SET_BY_USER for conflict in rule(values) if chosen & set(conflict.names)]
    found += [conflict for conflict in _no_validation(values, run) if chosen & set(conflict.names)]
    found += [conflict for rule in _ALWAYS for conflict in rule(values)]
    if (hardware := instance_type(run.instance.type)) is not None:
        found += _precision_of_hardware(values, hardware)
    return found


# -- Llama scripts (notebooks of amazon-sagemaker-examples)


def _quantization_or_sharding(values: Values) -> Iterator[Conflict]:
    one_of = ("int8_quantization", "enable_fsdp")
    both = [values.get(name) for name in one_of]
    if None not in both and both[0] == both[1]:
        message = f"int8_quantization and enable_fsdp are both {both[0]}; exactly one must be True."
        yield Conflict(one_of, message, "Set one of them to True and the other to False.")


def _instructions_or_chat(values: Values) -> Iterator[Conflict]:
    if is_true(values, "instruction_tuned") and is_true(values, "chat_dataset"):
        message = "instruction_tuned and chat_dataset are both True."
        yield Conflict(("instruction_tuned", "chat_dataset"), message, "Set at most one of them to True.")


# -- rows held back for validation


def _split(values: Values) -> Iterator[Conflict]:
    share, samples = number_of(values, "validation_split_ratio"), number_of(values, "max_train_samples")
    if share is not None and share >= 1:
        message = f"validation_split_ratio is {share:g}, which leaves no rows to train on."
        yield Conflict(("validation_split_ratio",), message, "Set validation_split_ratio to 0.2, for example.")
    if samples == 0:
        message = "max_train_samples is 0, which leaves no rows to train on."
        yield Conflict(("max_train_samples",), message, "Set max_train_samples to -1 for all rows.")


def _no_validation(values: Values, run: Run) -> Iterator[Conflict]:
    """Check that there is something to evaluate on: rows that are held back, or a channel of their own."""
    if number_of(values, "validation_split_ratio") != 0 or "validation" in run.data:
        return
    evaluation = evaluation_of(values)
    wanting: tuple[str, ...] = ("early_stopping",) if is_true(values, "early_stopping") else ()
    wanting += (evaluation[0],) if evaluation and evaluation[1] != "no" else ()
    if wanting:
        message = f"validation_split_ratio is 0 and there is no validation channel, but {wanting[0]} needs such rows."
        names = ("validation_split_ratio", *wanting)
        yield Conflict(names, message, "Set validation_split_ratio to 0.2, for example.", is_certain=False)


def _precision_of_hardware(values: Values, hardware: InstanceType) -> Iterator[Conflict]:
    """Check that the processors can compute in the precision (the end of TrainingArguments.__post_init__)."""
    if is_true(values, "bf16") and hardware.has_bf16 is False:
        message = f"bf16 is True, but the {hardware.gpu_model} of {hardware.name} has no bfloat16."
        yield Conflict(("bf16",), message, "Set bf16 to False and fp16 to True, or choose a newer GPU.")
    if is_true(values, "fp16") and not hardware.gpus and not hardware.neuron_devices:
        message = f"fp16 is True, but {hardware.name} has no GPU."
        yield Conflict(("fp16",), message, "Set fp16 to False, or choose a type with a GPU.")


_ALWAYS = (_quantization_or_sharding, _instructions_or_chat)
"""Rules for defaults too."""

_SET_BY_USER = (*transformers.RULES, *tabular.RULES, *tensorflow.RULES, _split)
"""Rules for combinations with a value that the run sets."""
