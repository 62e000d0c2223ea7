"""A recipe job on instances as a run: technique and adapter from its tag, values from its recipe."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from jsft_tui.core.catalog.content import ContentBuckets
from jsft_tui.core.catalog.job_tags import CUSTOMIZATION_TAG, HUB_NAME_TAG, RECIPE_CHANNEL, RECIPE_HYPERPARAMETER
from jsft_tui.core.catalog.spec.hyperparameter import Scope
from jsft_tui.core.catalog.spec.spec import ModelSpec
from jsft_tui.core.catalog.technique import Adapter, Technique
from jsft_tui.core.common.errors import usage
from jsft_tui.core.common.text import clean
from jsft_tui.core.customization.customization import Customization
from jsft_tui.core.customization.on_instances.read_back import values_in
from jsft_tui.core.customization.on_instances.recipe_yaml import RecipeYamlError
from jsft_tui.core.request.parse import run_from_request, tags_of
from jsft_tui.core.request.rerun.clone import ClonedRun

_NAMES = {"train": "training"}
_OURS = (CUSTOMIZATION_TAG, HUB_NAME_TAG)


def recipe_customization(request: Mapping[str, Any]) -> Customization | None:
    """Return the customization of a recipe job on instances; None for other jobs.

    Raises:
        Problem: the job does not say which recipe it runs: jsft did not launch it (code `CannotClone`).
    """
    if RECIPE_HYPERPARAMETER not in (request.get("HyperParameters") or {}):
        return None
    technique, adapter, length, *_ = (*tags_of(request).get(CUSTOMIZATION_TAG, "").split(), "", "", "")
    found = Technique.find(technique)
    if found is None:
        why = f"{clean(str(request.get('TrainingJobName')))} does not say which recipe it runs: jsft did not launch it."
        raise usage("CannotClone", why, "Write a run file: jsft plan MODEL --technique SFT --instance TYPE.")
    return Customization(found, Adapter.find(adapter) or Adapter.LORA, length)


def recipe_uri_of(request: Mapping[str, Any]) -> str:
    """Return where the recipe of a job is; empty if it has none."""
    for channel in request.get("InputDataConfig") or ():
        if channel["ChannelName"] == RECIPE_CHANNEL:
            return str(((channel.get("DataSource") or {}).get("S3DataSource") or {}).get("S3Uri") or "")
    return ""


def cloned_recipe_job(
    request: Mapping[str, Any], wanted: Customization, spec: ModelSpec, buckets: ContentBuckets, recipe: str
) -> ClonedRun:
    """Return the run that comes closest to a recipe job on instances.

    Args:
        request: a DescribeTrainingJob answer with the job's tags as `Tags`.
        wanted: its customization.
        spec: its model, with the hyperparameters and the template of the recipe.
        buckets: the region's content buckets.
        recipe: the job's recipe.

    Raises:
        Problem: its recipe cannot be read (code `CannotClone`).
    """
    values = _values(str(request["TrainingJobName"]), recipe, spec)
    kept = [
        {**channel, "ChannelName": _NAMES.get(channel["ChannelName"], channel["ChannelName"])}
        for channel in request.get("InputDataConfig") or ()
        if channel["ChannelName"] != RECIPE_CHANNEL
    ]
    run = run_from_request({**request, "InputDataConfig": kept, "HyperParameters": {}}, spec, buckets)
    recorded = replace(
        wanted,
        mlflow_app=values.get("mlflow_tracking_uri", ""),
        mlflow_experiment=values.get("mlflow_experiment_name", ""),
        mlflow_run=values.get("mlflow_run_name", ""),
    )
    shown = {name: value for name, value in values.items() if _is_own(name, value, spec)}
    return ClonedRun(
        replace(
            run,
            customization=recorded,
            hyperparameters=shown,
            tags={key: value for key, value in run.tags.items() if key not in _OURS},
            encrypt_traffic=run.encrypt_traffic or None,
            network_isolation=run.network_isolation or None,
        )
    )


def _values(name: str, recipe: str, spec: ModelSpec) -> dict[str, str]:
    template = spec.recipe.template if spec.recipe else None
    try:
        if template is not None:
            return values_in(recipe, template)
        why = "the template of its recipe could not be read"
    except RecipeYamlError as error:
        why = f"its recipe cannot be read: {error}"
    raise usage("CannotClone", f"the values of {clean(name)} are not known: {why}.", "Write a run file instead.")


def _is_own(name: str, value: str, spec: ModelSpec) -> bool:
    """Return whether a value is one that users set: all that the recipe shows."""
    declared = spec.hyperparameter(name)
    return declared is not None and declared.scope is Scope.ALGORITHM and bool(value)
