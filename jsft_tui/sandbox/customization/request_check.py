"""Check what CreateTrainingJob says of a serverless customization."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jsft_tui.sandbox.customization.catalog import BaseModel, ModelCatalog
from jsft_tui.sandbox.customization.model_packages import ModelPackageStore
from jsft_tui.sandbox.http.service import ApiError

SERVERLESS = "ServerlessJobConfig"
_NOT_SERVERLESS = (
    *("AlgorithmSpecification", "ResourceConfig", "EnableManagedSpotTraining", "CheckpointConfig"),
    *("RetryStrategy", "Environment"),
)
_CHANNELS = {"train", "validation"}
_REFUSED = {
    "RLVR": "a language model of 160,000 parameters answers right too rarely for a reward to teach it anything",
    "RLAIF": "there is no Bedrock model to judge the answers",
}
"""Techniques that the sandbox has no trainer for, and why."""


@dataclass(frozen=True)
class Registry:
    """What customizations refer to: the catalog and the model packages."""

    catalog: ModelCatalog
    packages: ModelPackageStore


def check_customization(request: Mapping[str, Any], region: str, registry: Registry) -> None:
    """Check a request with a ServerlessJobConfig.

    Raises:
        ApiError: `ValidationException`, the first reason. Not checked against AWS: the wording of most.
    """
    config = request[SERVERLESS]
    _check_members(request)
    technique, peft = config.get("CustomizationTechnique"), config.get("Peft") or ""
    if config["JobType"] != "FineTuning" or technique is None:
        raise _invalid("The sandbox runs serverless jobs of type FineTuning with a CustomizationTechnique only.")
    model = registry.catalog.of_arn(config["BaseModelArn"], region)
    if model is None:
        raise _invalid(f"Hub content {config['BaseModelArn']} does not exist.")
    recipe = model.recipe(technique, peft, config.get("SequenceLength") or "")
    if recipe is None:
        what = " ".join(filter(None, (technique, peft or "full", config.get("SequenceLength"))))
        raise _invalid(f"{model.model_id} has no recipe for {what} that {region} offers serverless.")
    if technique in _REFUSED:
        raise _invalid(f"The sandbox does not run {technique}: {_REFUSED[technique]}. Use SFT or DPO, or AWS.")
    if model.is_gated and not config.get("AcceptEula"):
        raise _invalid(f"The license of {model.model_id} is not accepted: AcceptEula must be true.")
    _check_values(request.get("HyperParameters", {}), registry.catalog.parameters(recipe, region))
    _check_packages(request.get("ModelPackageConfig") or {}, peft, model, region, registry.packages)


def _invalid(message: str) -> ApiError:
    return ApiError("ValidationException", message)


def _check_members(request: Mapping[str, Any]) -> None:
    given = [name for name in _NOT_SERVERLESS if request.get(name)]
    if given:
        raise _invalid(f"{given[0]} cannot be specified for a serverless training job.")
    names = [entry["ChannelName"] for entry in request.get("InputDataConfig", [])]
    if "train" not in names or not set(names) <= _CHANNELS:
        raise _invalid(f"A serverless job has the channels train and validation, not {', '.join(names) or 'none'}.")


def _check_values(given: Mapping[str, str], declared: Mapping[str, Any]) -> None:
    """Refuse numbers out of range; values off a list are not refused: AWS silently uses the default."""
    for name, value in given.items():
        entry = declared.get(name) or {}
        if entry.get("type") not in ("integer", "float"):
            continue
        try:
            number = float(value)
        except ValueError:
            raise _invalid(f"Hyperparameter {name} is {value!r}, which is not a number.") from None
        low, high = entry.get("min"), entry.get("max")
        if (low is not None and number < low) or (high is not None and number > high):
            raise _invalid(f"Hyperparameter {name} is {value}, which is not between {low} and {high}.")


def _check_packages(
    config: Mapping[str, Any], peft: str, model: BaseModel, region: str, packages: ModelPackageStore
) -> None:
    if not config:
        return
    packages.group(region, config["ModelPackageGroupArn"])
    source = config.get("SourceModelPackageArn")
    if not source:
        return
    base = _base_of(packages.package(region, source))
    if base != model.model_id:
        raise _invalid(f"Model package {source} is a customization of {base}, not of {model.model_id}.")
    if not peft:
        raise _invalid(f"Model package {source} can be continued with LoRA only.")


def _base_of(package: Mapping[str, Any]) -> str:
    container = package["InferenceSpecification"]["Containers"][0]
    return str(container["BaseModel"]["HubContentName"])
