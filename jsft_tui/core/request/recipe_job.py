"""Run + recipe -> CreateTrainingJob of a customization on instances: a training job with a rendered recipe.

The result equals what the SFTTrainer and the DPOTrainer of the SageMaker SDK v3 send with
`compute=TrainingJobCompute(...)` and `disable_output_compression=True` (sagemaker-train 1.27), and for what these
trainers do not pass on (spot, KMS keys, checkpoints, isolation) what its `ModelTrainer.from_recipe` sends.
The recipe is a file that must be in S3 before the request is sent: `launch_files`. Its place is named after its
content, so that requests differ where only their recipes do, and no launch replaces the recipe of another job.
"""

from __future__ import annotations

import hashlib
from typing import Any

from jsft_tui.core.catalog.job_tags import (
    CUSTOMIZATION_TAG,
    HUB_NAME_TAG,
    MODEL_ID_TAG,
    MODEL_VERSION_TAG,
    RECIPE_CHANNEL,
    RECIPE_HYPERPARAMETER,
)
from jsft_tui.core.catalog.spec.recipe import Recipe
from jsft_tui.core.catalog.spec.recipe_template import RecipeTemplate
from jsft_tui.core.catalog.spec.spec import ModelSpec
from jsft_tui.core.catalog.technique import Technique
from jsft_tui.core.common.errors import Problem, blocked
from jsft_tui.core.customization.customization import Customization
from jsft_tui.core.customization.on_instances.render import INSTEAD, rendered_recipe
from jsft_tui.core.customization.recipes.values import sent_values
from jsft_tui.core.request.channels import s3_channel
from jsft_tui.core.request.customization import PUBLIC_HUB, channels
from jsft_tui.core.request.machines import resources, stopping, vpc
from jsft_tui.core.request.place import Place
from jsft_tui.core.run.run import Run

RECIPE_FILE = "recipe.yaml"
"""The name of the recipe's file in its channel."""
TECHNIQUES = (Technique.SFT, Technique.DPO)
"""What jsft launches on instances; the requests of others were not compared with the SDK's."""

_MOUNT = "/opt/ml/input/data"
_DIGITS = 12
_MODEL_DIR = "/opt/ml/model"


def recipe_job_request(run: Run, wanted: Customization, spec: ModelSpec, place: Place) -> dict[str, Any]:
    """Build the request.

    Raises:
        Problem: the run has no data, or its recipe cannot be run on instances by jsft (kind BLOCKED).
    """
    recipe = checked_recipe(wanted, spec, place.region)
    text = recipe_text(run, wanted, spec)
    sources = channels(run, spec)
    if weights := weights_uri(spec, place):
        sources["model"] = weights
    request: dict[str, Any] = {
        "TrainingJobName": run.name,
        "HyperParameters": {RECIPE_HYPERPARAMETER: f"{_MOUNT}/{RECIPE_CHANNEL}/{RECIPE_FILE}"},
        "AlgorithmSpecification": {"TrainingImage": recipe.image_in(place.region), "TrainingInputMode": "File"},
        "RoleArn": run.role or "",
        "InputDataConfig": [
            *(s3_channel(name, uri) for name, uri in sources.items()),
            {**s3_channel(RECIPE_CHANNEL, _recipe_uri(run, text)), "InputMode": "File"},
        ],
        "OutputDataConfig": _output(run),
        "ResourceConfig": resources(run),
        "StoppingCondition": stopping(run),
        "Tags": _tags(run, wanted, spec, recipe),
        "EnableInterContainerTrafficEncryption": bool(run.encrypt_traffic),
        "EnableNetworkIsolation": bool(run.network_isolation),
        "EnableManagedSpotTraining": run.instance.spot,
        "Environment": dict(run.environment),
        "VpcConfig": vpc(run),
        "CheckpointConfig": {"S3Uri": run.checkpoint} if run.checkpoint else None,
    }
    return {name: value for name, value in request.items() if value or name == "RoleArn"}


def launch_files(run: Run, spec: ModelSpec) -> dict[str, str]:
    """Return the files that must be in S3 before the request of a run is sent: URI -> text.

    Raises:
        Problem: the recipe cannot be rendered.
    """
    if run.customization is None or run.instance.is_serverless:
        return {}
    text = recipe_text(run, run.customization, spec)
    return {_recipe_uri(run, text): text}


def recipe_folder(run: Run) -> str:
    """Return the URI below which the recipe of a run is put: in the job's own place in the output."""
    return f"{run.output.rstrip('/')}/{run.name}/input/{RECIPE_CHANNEL}/"


def _recipe_uri(run: Run, text: str) -> str:
    return f"{recipe_folder(run)}{hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]}/{RECIPE_FILE}"


def recipe_text(run: Run, wanted: Customization, spec: ModelSpec) -> str:
    """Render the recipe of a run.

    Raises:
        Problem: it has no template, or one that cannot be rendered.
    """
    template = spec.recipe.template if spec.recipe else None
    if template is None:
        raise refused("the template of its recipe could not be read")
    return rendered_recipe(template, sent_values(spec, run.hyperparameters, wanted), _system(run, wanted, spec))


def checked_recipe(wanted: Customization, spec: ModelSpec, region: str) -> Recipe:
    """Return the recipe of a run on instances.

    Raises:
        Problem: jsft cannot run it there; the message says why.
    """
    recipe = spec.recipe
    if recipe is None:
        raise refused(f"no recipe of {spec.model_id} is chosen")
    if why := not_on_instances(spec, wanted.technique):
        raise refused(why)
    if wanted.source_model_package:
        raise refused("continuing from a model package (source_model_package) is for serverless")
    if not recipe.image_in(region):
        others = ", ".join(recipe.instance_regions) or "no region"
        why = f"{recipe.title} of {spec.model_id} has no image for instances in {region}."
        raise blocked("NoRecipeImage", why, f"Regions that have one: {others}.")
    return recipe


def not_on_instances(spec: ModelSpec, technique: Technique) -> str:
    """Return why jsft runs no recipe of a technique for a model on instances; empty where it does."""
    if technique not in TECHNIQUES:
        known = " and ".join(each.value for each in TECHNIQUES)
        return f"on instances, jsft runs {known} only: {technique.value} was not compared with the SDK's requests"
    if spec.gated_bucket:
        return "the weights are gated, and the SDK's request for recipes on instances cannot accept a license"
    return ""


def refusal(spec: ModelSpec, technique: Technique) -> str:
    """Return the same as a sentence for a screen, with who can; empty where jsft can."""
    why = not_on_instances(spec, technique)
    return f"{why[0].upper()}{why[1:]}. Serverless, Studio, or the SDK can." if why else ""


def weights_uri(spec: ModelSpec, place: Place) -> str:
    """Return the URI of the channel `model`; empty where the recipe names its weights itself.

    Raises:
        Problem: the recipe needs weights, and the model's spec names none.
    """
    template = spec.recipe.template if spec.recipe else None
    if template is None or not _needs_weights(template):
        return ""
    key = spec.training_artifact_key
    if not key:
        raise refused(f"{spec.model_id} {spec.version} names no weights for training")
    return key if key.startswith("s3://") else f"s3://{place.buckets.models or place.buckets.content}/{key}"


def refused(why: str) -> Problem:
    """Return why a recipe is not run on instances, and what to do instead."""
    return blocked("NotOnInstances", f"a customization on instances cannot be launched: {why}.", INSTEAD)


def _needs_weights(template: RecipeTemplate) -> bool:
    return "model_name_or_path" in template.parameters and not template.default("model_name_or_path")


def _system(run: Run, wanted: Customization, spec: ModelSpec) -> dict[str, str]:
    """Return the parameters that channels and settings of the job decide."""
    recipe = spec.recipe
    assert recipe is not None and recipe.template is not None, "it has been checked"
    declared = recipe.template.parameters
    values = {_PATHS[name]: _mounted(name, uri) for name, uri in channels(run, spec).items() if name in _PATHS}
    if _needs_weights(recipe.template):
        values["model_name_or_path"] = f"{_MOUNT}/model"
    if "output_path" in declared:
        values["output_path"] = _MODEL_DIR
    if "replicas" not in declared:
        values["replicas"] = str(run.instance.count)
    if wanted.mlflow_app:
        usual = f"{spec.model_id}-{wanted.technique.value}"
        values["mlflow_tracking_uri"] = wanted.mlflow_app
        values["mlflow_experiment_name"] = wanted.mlflow_experiment or usual
        values["mlflow_run_name"] = wanted.mlflow_run or usual
    return values


_PATHS = {"train": "data_path", "validation": "validation_data_path"}
"""Channels -> parameters with their paths in the container."""


def _mounted(channel: str, uri: str) -> str:
    """Return where the container finds the data of a channel: a file by its name, a folder as the channel's folder."""
    name = uri.rstrip("/").rpartition("/")[2]
    return f"{_MOUNT}/{channel}/{name}" if "." in name else f"{_MOUNT}/{channel}"


def _output(run: Run) -> dict[str, str]:
    # Uncompressed: packing tens of GB takes long on instances that are paid for, and the SDK's guide advises it.
    members = {"S3OutputPath": run.output, "KmsKeyId": run.kms.output, "CompressionType": "NONE"}
    return {name: value for name, value in members.items() if value}


def _tags(run: Run, wanted: Customization, spec: ModelSpec, recipe: Recipe) -> list[dict[str, str]]:
    title = f"{wanted.technique.value} {wanted.adapter.value} {recipe.sequence_length}".rstrip()
    tags = {
        MODEL_ID_TAG: spec.model_id,
        MODEL_VERSION_TAG: spec.version,
        HUB_NAME_TAG: PUBLIC_HUB,
        CUSTOMIZATION_TAG: title,
    }
    own = {key: value for key, value in run.tags.items() if key not in tags}
    return [{"Key": key, "Value": value} for key, value in {**tags, **own}.items()]
