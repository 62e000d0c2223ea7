"""Combinations that transformers refuses, as language models use it.

Source: `TrainingArguments.__post_init__` (training_args.py of 4.38), which raises ValueError for each.
"""

from __future__ import annotations

from collections.abc import Iterator

from jsft_tui.core.hyperparameters.conflicts.conflict import Conflict, Values, is_true, number_of

_EVALUATION = ("evaluation_strategy", "eval_strategy", "evalaution_strategy")
"""Names of one argument: the newer one, and a misspelling in the spec of a released model."""


def evaluation_of(values: Values) -> tuple[str, str] | None:
    """Return the name and the value of the evaluation strategy."""
    return next(((name, values[name]) for name in _EVALUATION if name in values), None)


def _one_precision(values: Values) -> Iterator[Conflict]:
    for pair in (("fp16", "bf16"), ("fp16_full_eval", "bf16_full_eval")):
        if all(is_true(values, name) for name in pair):
            message = f"{pair[0]} and {pair[1]} are both True; at most one may be."
            yield Conflict(pair, message, f"Set {pair[0]} to False, or {pair[1]}.")


def _best_model(values: Values) -> Iterator[Conflict]:
    """Check that a checkpoint exists for each evaluation, so that the best one can be loaded at the end."""
    evaluation, save = evaluation_of(values), values.get("save_strategy")
    if not is_true(values, "load_best_model_at_end") or evaluation is None or save is None:
        return
    name, strategy = evaluation
    names = ("load_best_model_at_end", name, "save_strategy")
    if strategy != save:
        message = f"load_best_model_at_end needs one strategy for both, but {name} is {strategy}, save_strategy {save}."
        yield Conflict(names, message, f"Set {name} and save_strategy to the same value.")
    elif strategy == "steps":
        yield from _round_multiple(values)


def _round_multiple(values: Values) -> Iterator[Conflict]:
    save, evaluate = (
        number_of(values, "save_steps"),
        number_of(values, "eval_steps") or number_of(values, "logging_steps"),
    )
    if not save or not evaluate:
        return
    # As transformers compares: ratios of all steps (below 1) in millionths, never a ratio with a number of steps.
    mixed = (save < 1) != (evaluate < 1)
    if mixed or round(save * 1_000_000) % max(1, round(evaluate * 1_000_000)):
        names = ("load_best_model_at_end", "save_steps", "eval_steps")
        message = f"load_best_model_at_end needs save_steps ({save:g}) to be a multiple of eval_steps ({evaluate:g})."
        yield Conflict(names, message, "Set save_steps to a multiple of eval_steps.")


def _steps_of_strategies(values: Values) -> Iterator[Conflict]:
    evaluation = evaluation_of(values)
    without_steps = values.get("eval_steps") == "0" and not number_of(values, "logging_steps")
    if evaluation and evaluation[1] == "steps" and without_steps:
        message = f"{evaluation[0]} is steps, but eval_steps is 0."
        yield Conflict((evaluation[0], "eval_steps"), message, "Set eval_steps to at least 1.")
    for strategy, steps in (("logging_strategy", "logging_steps"), ("save_strategy", "save_steps")):
        if values.get(strategy) == "steps" and number_of(values, steps) == 0:
            yield Conflict((strategy, steps), f"{strategy} is steps, but {steps} is 0.", f"Set {steps} to at least 1.")
    for steps in ("eval_steps", "save_steps", "logging_steps"):
        number = number_of(values, steps)
        if number is not None and number > 1 and number % 1:
            message = f"{steps} is {number:g}; a number of steps above 1 must be whole."
            yield Conflict((steps,), message, "Write a whole number, or a ratio below 1.")


def _plateau(values: Values) -> Iterator[Conflict]:
    evaluation = evaluation_of(values)
    if values.get("lr_scheduler_type") == "reduce_lr_on_plateau" and evaluation and evaluation[1] == "no":
        names = ("lr_scheduler_type", evaluation[0])
        yield Conflict(names, "lr_scheduler_type reduce_lr_on_plateau needs evaluations.", f"Set {names[1]} to epoch.")


def _early_stopping(values: Values) -> Iterator[Conflict]:
    # EarlyStoppingCallback.on_train_begin asserts both; whether the script adds the callback then is not known.
    evaluation = evaluation_of(values)
    if "early_stopping_patience" not in values or evaluation is None:
        return
    if "load_best_model_at_end" in values and not is_true(values, "load_best_model_at_end"):
        message = "early_stopping_patience has no effect, or ends the job, without load_best_model_at_end."
        yield Conflict(("load_best_model_at_end",), message, "Set load_best_model_at_end to True.", is_certain=False)
    if evaluation[1] == "no":
        message = f"early_stopping_patience has no effect, or ends the job, when {evaluation[0]} is no."
        yield Conflict((evaluation[0],), message, f"Set {evaluation[0]} to epoch.", is_certain=False)


def _overridden(values: Values) -> Iterator[Conflict]:
    """Name values that TrainingArguments documents as overriding others."""
    for winner, loser in (("max_steps", "epoch"), ("max_steps", "epochs"), ("warmup_steps", "warmup_ratio")):
        if (number_of(values, winner) or 0) > 0 and number_of(values, loser):
            message = f"{winner} {values[winner]} overrides {loser} {values[loser]}."
            yield Conflict((winner, loser), message, "Leave one of them at its default.", is_certain=False)


def _quantized(values: Values) -> Iterator[Conflict]:
    # transformers refuses to fine-tune purely quantized models; whether the script quantizes without LoRA is not known.
    if values.get("peft_type", "").lower() == "none" and number_of(values, "bits") in (4.0, 8.0):
        message = f"peft_type is None, but bits is {values['bits']}: quantized weights can be trained with LoRA only."
        yield Conflict(("peft_type", "bits"), message, "Set peft_type to lora, or bits to 16.", is_certain=False)


def _adapters(values: Values) -> Iterator[Conflict]:
    if number_of(values, "lora_alpha") == 0:
        message = "lora_alpha is 0, which multiplies all that LoRA learns by 0."
        yield Conflict(("lora_alpha",), message, "Set lora_alpha to lora_r or more.", is_certain=False)
    if is_true(values, "train_from_scratch") and values.get("peft_type", "").lower() == "lora":
        message = "train_from_scratch starts from random weights, of which peft_type lora trains hardly any."
        yield Conflict(("train_from_scratch", "peft_type"), message, "Set peft_type to None.", is_certain=False)


def _number_or_none(values: Values) -> Iterator[Conflict]:
    # `Optional[int]` in TrainingArguments; a text in specs, for the sake of None.
    name = "eval_accumulation_steps"
    value = values.get(name, "None").strip()
    if value.lower() != "none" and not (value.isascii() and value.isdigit() and int(value[:9]) > 0):
        yield Conflict((name,), f"{name} is {value[:30]!r}; it must be None or a whole number above 0.", "Correct it.")


RULES = (
    _one_precision,
    _number_or_none,
    _best_model,
    _steps_of_strategies,
    _plateau,
    _early_stopping,
    _overridden,
    _quantized,
    _adapters,
)
