"""Declare what recipes let a user set: the sandbox's override-parameter files and its trainer read these tables.

Names, types, defaults, ranges and descriptions: aws/sagemaker-hyperpod-recipes,
`launcher/recipe_templatization/{llmft,verl}_recipe_template_parameters.json`, the source of AWS's published files.

This module must stay free of numpy: the sandbox's server imports it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from jsft_tui.sandbox.trainers.common.hyperparameters import Hyperparameter

Kind = Literal["integer", "float", "string", "boolean"]
HYPERPARAMETER = "hyperparameter"


@dataclass(frozen=True)
class RecipeParameter:
    """One entry of an override-parameter file.

    Attributes:
        name: its key.
        kind: how its value is written.
        default: the value if a job does not set it.
        minimum: smallest number allowed; None: no bound.
        maximum: largest number allowed; None: no bound.
        values: the allowed values; empty: any.
        description: for users; empty for what the platform sets.
        required: whether the file says so.
    """

    name: str
    kind: Kind
    default: int | float | str | bool
    minimum: float | None = None
    maximum: float | None = None
    values: tuple[int | str, ...] = ()
    description: str = ""
    required: bool = True

    def entry(self) -> dict[str, Any]:
        """Return the entry of the file."""
        bounds = {"min": self.minimum, "max": self.maximum, "enum": list(self.values) or None}
        category = {"category": HYPERPARAMETER, "description": self.description} if self.description else {}
        return {
            "type": self.kind,
            "required": self.required,
            "default": self.default,
            **{name: value for name, value in bounds.items() if value is not None},
            **category,
        }

    def hyperparameter(self) -> Hyperparameter:
        """Return it as the trainer reads it. Values off a list are replaced before (`on_list`)."""
        if self.kind == "boolean":
            return Hyperparameter(self.name, "text", str(self.default), options=("False", "True"))
        if self.kind == "string":
            return Hyperparameter(self.name, "text", str(self.default))
        kind: Literal["int", "float"] = "int" if self.kind == "integer" else "float"
        default = int(self.default) if kind == "int" else float(self.default)
        return Hyperparameter(self.name, kind, default, self.minimum, self.maximum)


def _platform(name: str, default: str = "", *, required: bool = True) -> RecipeParameter:
    return RecipeParameter(name, "string", default, required=required)


def _first(job: str) -> tuple[RecipeParameter, ...]:
    """Return the entries of the platform that files begin with."""
    return (
        _platform("name", job),
        *map(_platform, ("results_directory", "model_name_or_path", "training_data_name", "data_path")),
        *map(_platform, ("validation_data_name", "validation_data_path")),
    )


_LAST = (
    _platform("mlflow_tracking_uri", required=False),
    _platform("mlflow_run_id", required=False),
    _platform("output_path"),
    _platform("resume_from_path", required=False),
    _platform("namespace", "default"),
)


def _epochs(default: int) -> RecipeParameter:
    text = "Number of complete passes through the entire training dataset."
    return RecipeParameter("max_epochs", "integer", default, 1, 100, description=text)


def _batch(*values: int) -> RecipeParameter:
    text = "Total number of training samples processed per optimizer step across all compute instances."
    return RecipeParameter("global_batch_size", "integer", values[0], values=values, description=text)


def _rate(default: float, low: float, high: float) -> RecipeParameter:
    text = "Step size for weight updates during optimization. Lower for RL to avoid policy collapse."
    return RecipeParameter("learning_rate", "float", default, low, high, description=text)


_OPTIMIZATION = (
    RecipeParameter(
        "lr_scheduler",
        "string",
        "cosine",
        values=("cosine", "constant"),
        description="Learning rate decay schedule over training.",
    ),
    RecipeParameter(
        "lr_warmup_steps_ratio",
        "float",
        0.1,
        0,
        1,
        description="Fraction of all training steps in which the learning rate rises from 0 to its value.",
    ),
    RecipeParameter("weight_decay", "float", 0.0, 0.0, 1.0, description="L2 regularization of the weights."),
    RecipeParameter(
        "gradient_clipping",
        "boolean",
        default=True,
        description="Whether gradients are scaled down if their norm exceeds the threshold.",
    ),
    RecipeParameter(
        "gradient_clipping_threshold",
        "float",
        1.0,
        0.0,
        5.0,
        description="Maximum gradient norm.",
    ),
    RecipeParameter(
        "dataset_max_len",
        "integer",
        4096,
        256,
        131072,
        description="Maximum length in tokens. Longer sequences are truncated.",
    ),
    RecipeParameter("seed", "integer", 42, 0, 2147483647, description="Seed of shuffling and initialization."),
    RecipeParameter("logging_steps", "integer", 1, 1, 100, description="Steps between two logged metrics."),
    RecipeParameter(
        "train_val_split_ratio",
        "float",
        0.9,
        0.0,
        1.0,
        description="Fraction of the dataset that is trained on, where there is no validation data.",
        required=False,
    ),
)
ADAPTER = (
    RecipeParameter(
        "lora_rank",
        "integer",
        16,
        values=(8, 16, 32, 64, 128),
        description="Columns of the low-rank matrices. A lower rank means fewer trained parameters.",
    ),
    RecipeParameter(
        "lora_alpha",
        "integer",
        32,
        values=(16, 32, 64, 128, 256),
        description="Scaling factor. The adapter's product is multiplied by alpha / rank.",
    ),
    RecipeParameter("lora_dropout", "float", 0.05, 0.0, 1.0, description="Dropout of the adapter's inputs."),
    RecipeParameter(
        "merge_weights",
        "boolean",
        default=True,
        description="Whether the adapter is merged into the base model after training.",
    ),
)
"""What only LoRA recipes have."""
_TEMPERATURE = RecipeParameter(
    "temperature", "float", 0.6, 0.0, 2.0, description="Sampling temperature for evaluation and generation."
)
SFT = (
    *_first("llmft-sft-job"),
    _epochs(5),
    _batch(8, 16, 32, 64, 128, 256, 512, 1024),
    _rate(1e-4, 5e-7, 1e-4),
    *_OPTIMIZATION,
    *_LAST,
    _TEMPERATURE,
)
DPO = (
    *_first("llmft-dpo-job"),
    _epochs(3),
    _batch(16, 32, 64, 128),
    _rate(1e-4, 5e-7, 1e-4),
    RecipeParameter(
        "adam_beta",
        "float",
        0.1,
        0.001,
        1,
        description="Weight of the distance to the reference model in the preference loss.",
    ),
    *_OPTIMIZATION,
    *_LAST,
    _TEMPERATURE,
)
REWARD_FUNCTIONS = ("", "gsm8k", "prime_code", "prime_math")


def _count(name: str, default: int, low: int, high: int, text: str) -> RecipeParameter:
    return RecipeParameter(name, "integer", default, low, high, description=text)


_GRPO = (
    _epochs(3),
    _batch(128, 256, 512, 1024),
    _rate(1e-5, 1e-7, 1e-3),
    _count("max_prompt_length", 1024, 512, 16384, "Maximum tokens of a prompt."),
    _count("rollout_n", 8, 1, 32, "Answers that are sampled for each prompt."),
    RecipeParameter("kl_loss_coef", "float", 0.001, 0, 1, description="Weight of the distance to the base model."),
    RecipeParameter("clip_ratio", "float", 0.2, 0, 1, description="Largest change of a probability in a step."),
)
RLVR = (
    *_first("verl-grpo-rlvr"),
    *_GRPO,
    RecipeParameter(
        "preset_reward_function",
        "string",
        "",
        values=REWARD_FUNCTIONS,
        description="A reward function of the service, instead of an evaluator.",
        required=False,
    ),
    _platform("reward_lambda_arn", required=False),
    *_LAST,
)
RLAIF = (
    *_first("verl-grpo-rlaif"),
    *_GRPO,
    RecipeParameter(
        "judge_model_id",
        "string",
        "bedrock/openai.gpt-oss-120b-1:0",
        description="The Bedrock model that judges answers.",
    ),
    RecipeParameter(
        "judge_prompt_template",
        "string",
        "cot.jinja",
        values=tuple(f"{name}.jinja" for name in ("cot", "evaluate", "faithfulness", "summarize", "grader")),
        description="What the judge is asked.",
    ),
    *_LAST,
)
PARAMETERS: Mapping[str, tuple[RecipeParameter, ...]] = {"SFT": SFT, "DPO": DPO, "RLVR": RLVR, "RLAIF": RLAIF}
"""By technique, without those of LoRA."""


def parameters_of(technique: str, *, has_adapter: bool) -> tuple[RecipeParameter, ...]:
    """Return the parameters of a recipe."""
    return (*PARAMETERS[technique], *(ADAPTER if has_adapter else ()))


def off_list(given: Mapping[str, str], declared: tuple[RecipeParameter, ...]) -> dict[str, str]:
    """Return the values that are not on their lists, each with the default that AWS silently uses instead.

    Source: an AWS sample for Qwen3 4B that was run end to end (batch sizes off the list fall back).
    """
    listed = {one.name: one for one in declared if one.values}
    return {
        name: str(listed[name].default)
        for name, value in given.items()
        if name in listed and value not in map(str, listed[name].values)
    }
