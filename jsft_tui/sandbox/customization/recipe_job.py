"""Recipe jobs on instances: training jobs whose only hyperparameter names a recipe, which is a channel.

On AWS, the container of the recipe's image reads it. Here the trainer of serverless customizations does: the values
of the recipe become its hyperparameters.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from jsft_tui.sandbox.seed.recipes.template import PLACES

HYPERPARAMETER = "sagemaker_recipe_local_path"
CONFIG = "input/config/serverlessjobconfig.json"
"""The file that tells the trainer what to do; on AWS, only serverless jobs have it."""
_VALUES = "input/config/hyperparameters.json"
_OPT_ML = "/opt/ml"
_TRAINED_HERE = {"sft": "SFT", "dpo": "DPO"}
_DATA, _WEIGHTS = "data_path", "model_name_or_path"


class BadRecipe(Exception):
    """The recipe cannot be run; the message says why."""


def is_recipe_job(request: Mapping[str, Any]) -> bool:
    """Return whether a training job runs a recipe on instances."""
    return HYPERPARAMETER in request.get("HyperParameters", {}) and "ServerlessJobConfig" not in request


def prepare(base: Path, request: Mapping[str, Any]) -> None:
    """Write a recipe's values where the trainer reads hyperparameters, and what it shall do.

    Args:
        base: the job's folder, with its channels.
        request: CreateTrainingJob's parameters.

    Raises:
        BadRecipe: it is missing, no recipe that the sandbox has a trainer for, or names files that are not there.
    """
    recipe = _read(base, str(request["HyperParameters"][HYPERPARAMETER]))
    technique = _TRAINED_HERE.get(str(_at(recipe, "training_config.training_args.trainer_type")))
    if technique is None:
        raise BadRecipe("the sandbox runs recipes of trainer_type sft and dpo only")
    values = {name: _at(recipe, place) for name, place in PLACES.items()}
    for name in (_DATA, _WEIGHTS):
        path = str(values[name] or "")
        if not path or not _inside(base, path).exists():
            raise BadRecipe(f"{PLACES[name]} of the recipe is {path!r}, which does not exist")
    texts = {name: str(value) for name, value in values.items() if value not in (None, "")}
    (base / _VALUES).write_text(json.dumps(texts, indent=1))
    has_adapter = _at(recipe, "training_config.model_config.peft_config") is not None
    model = str(_at(recipe, "display_name") or "a recipe")
    task = {"CustomizationTechnique": technique, "BaseModelArn": model, **({"Peft": "LORA"} if has_adapter else {})}
    (base / CONFIG).write_text(json.dumps(task, indent=1))


def log_lines(base: Path) -> list[str]:
    """Return what the sandbox itself says in the log of a prepared job."""
    values = json.loads((base / _VALUES).read_text())
    no_server = "there is no MLflow server here: metrics are in this log"
    return [no_server] if values.get("mlflow_tracking_uri") else []


def _read(base: Path, place: str) -> Mapping[str, Any]:
    path = _inside(base, place)
    try:
        recipe = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise BadRecipe(f"the recipe {place} cannot be read: {' '.join(str(error).split())}") from error
    if not isinstance(recipe, dict):
        raise BadRecipe(f"the recipe {place} is not a mapping")
    return recipe


def _inside(base: Path, place: str) -> Path:
    return Path(place.replace(_OPT_ML, str(base), 1)) if place.startswith(_OPT_ML) else base / place


def _at(recipe: Mapping[str, Any], place: str) -> Any:
    value: Any = recipe
    for key in place.split("."):
        value = value.get(key) if isinstance(value, Mapping) else None
    return value
