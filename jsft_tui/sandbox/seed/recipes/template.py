"""Write the templates of recipe jobs on instances.

Keys and places of the placeholders: aws/sagemaker-hyperpod-recipes (`llmft_recipe_template_parameters.json` and the
recipes of gpt-oss), which AWS's published templates are made of. Left out: what the sandbox's trainer has no use for.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from jsft_tui.sandbox.seed.recipes.models import TECHNIQUES, TRAINED_HERE, Recipe

_ARGUMENTS = "training_config.training_args"
_MODEL = "training_config.model_config"
_SETS = "training_config.datasets"
_ADAPTER: Mapping[str, str] = {
    "lora_rank": f"{_MODEL}.peft_config.r",
    "lora_alpha": f"{_MODEL}.peft_config.lora_alpha",
    "lora_dropout": f"{_MODEL}.peft_config.lora_dropout",
    "merge_weights": f"{_ARGUMENTS}.merge_weights",
}
_PREFERENCES: Mapping[str, str] = {"adam_beta": f"{_ARGUMENTS}.beta"}
_COMMON: Mapping[str, str] = {
    "name": "run.name",
    "results_directory": "run.results_dir",
    "model_name_or_path": f"{_MODEL}.model_name_or_path",
    "temperature": f"{_MODEL}.generation_cfg.temperature",
    "training_data_name": f"{_SETS}.train_data.name",
    "data_path": f"{_SETS}.train_data.file_path",
    "validation_data_name": f"{_SETS}.val_data.name",
    "validation_data_path": f"{_SETS}.val_data.file_path",
    "train_val_split_ratio": f"{_SETS}.train_val_split_ratio",
    "mlflow_tracking_uri": "training_config.mlflow.tracking_uri",
    "mlflow_run_id": "training_config.mlflow.run_id",
    "max_epochs": f"{_ARGUMENTS}.max_epochs",
    "global_batch_size": f"{_ARGUMENTS}.train_batch_size",
    "output_path": f"{_ARGUMENTS}.training_dir",
    "resume_from_path": f"{_ARGUMENTS}.resume_checkpoint_path",
    "learning_rate": f"{_ARGUMENTS}.learning_rate",
    "lr_scheduler": f"{_ARGUMENTS}.lr_scheduler",
    "lr_warmup_steps_ratio": f"{_ARGUMENTS}.lr_warmup_ratio",
    "weight_decay": f"{_ARGUMENTS}.weight_decay",
    "gradient_clipping": f"{_ARGUMENTS}.gradient_clipping",
    "gradient_clipping_threshold": f"{_ARGUMENTS}.gradient_clipping_threshold",
    "dataset_max_len": f"{_ARGUMENTS}.max_len",
    "seed": f"{_ARGUMENTS}.seed",
    "logging_steps": f"{_ARGUMENTS}.logging_steps",
}
PLACES: Mapping[str, str] = {**_COMMON, **_ADAPTER, **_PREFERENCES}
"""Where a recipe has the value of each parameter: keys, separated by dots."""
_STAND_IN = """\
# Sandbox stand-in: the sandbox has no trainer for {technique}.
# The SageMaker SDK checks that a template exists also for serverless jobs.
recipe: {name}
"""


def template_of(recipe: Recipe) -> str:
    """Return the template of a recipe."""
    if recipe.technique not in TRAINED_HERE:
        return _STAND_IN.format(technique=recipe.technique, name=recipe.name)
    document: dict[str, Any] = {
        "display_name": f"{recipe.model.title} {TECHNIQUES[recipe.technique]} on GPU, 4K sequence length",
        "version": "1.0.0",
        "instance_types": list(recipe.model.instances),
        "run": {"model_type": "llm_finetuning_aws"},
        "trainer": {"devices": 8, "num_nodes": 1},
        "training_config": {
            "model_config": {"peft_config": {"peft_type": "lora"} if recipe.has_adapter else None},
            "training_args": {"trainer_type": recipe.technique.lower()},
        },
    }
    places = {**_COMMON, **(_ADAPTER if recipe.has_adapter else {})}
    if recipe.technique == "DPO":
        places |= _PREFERENCES
    for name, place in places.items():
        _put(document, place.split("."), f"{{{{{name}}}}}")
    text: str = yaml.safe_dump(document, sort_keys=False, width=1000)
    return text


def _put(document: dict[str, Any], keys: list[str], value: str) -> None:
    *folders, last = keys
    for key in folders:
        document = document.setdefault(key, {})
    document[last] = value
