"""Build model specs from catalog rows, in the format of the specs in AWS's content bucket."""

from __future__ import annotations

from typing import Any

from jsft_tui.sandbox.seed.base import locations
from jsft_tui.sandbox.seed.base.family import Family
from jsft_tui.sandbox.seed.base.parameters import CONTAINER_PARAMETERS
from jsft_tui.sandbox.seed.deploy_only_models import DeployOnlyModel
from jsft_tui.sandbox.seed.hosting import deploy_kwargs, hosting
from jsft_tui.sandbox.seed.models import Model, Release
from jsft_tui.sandbox.seed.recipes.models import RecipeModel, recipe_collection

_IMAGE_REGIONS = ("eu-central-1", "us-east-1", "us-west-2")
_MAX_RUN_SECONDS = 360_000
_SHORT_FRAMEWORKS = {"huggingface": "hf", "pytorch": "pt", "lightgbm": "lgb", "xgboost": "xgb"}


def spec(model: Model, release: Release, region: str) -> dict[str, Any]:
    """Build the spec of one version of a fine-tunable model.

    Args:
        model: the row.
        release: the newest version of the row or an older one.
        region: the sandbox's region; its image URIs are included with those of three well-known regions.
    """
    family = release.family
    return {
        **_identity(model.model_id, release.version, model.url, release.min_sdk),
        "training_supported": True,
        "incremental_training_supported": family.incremental,
        **hosting(model, sorted({*_IMAGE_REGIONS, region})),
        **({"hosting_eula_key": model.eula_key} if model.eula_key else {}),
        "training_vulnerable": bool(model.vulnerabilities),
        "training_dependencies": [],
        "training_vulnerabilities": list(model.vulnerabilities),
        "deprecated": model.deprecated,
        "hyperparameters": [parameter.entry() for parameter in (*CONTAINER_PARAMETERS, *family.hyperparameters)],
        **_training_keys(model, family),
        "metrics": [metric.entry() for metric in family.metrics],
        "default_training_instance_type": family.default_instance,
        "supported_training_instance_types": list(family.instances),
        "model_kwargs": {},
        "deploy_kwargs": deploy_kwargs(model),
        "estimator_kwargs": _estimator_kwargs(family),
        "fit_kwargs": {},
        **({"training_volume_size": family.volume_gb} if family.volume_gb else {}),
        **({"training_enable_network_isolation": True} if family.isolated else {}),
        **({"default_training_dataset_key": family.dataset_key} if family.dataset_key else {}),
        "validation_supported": family.validation,
        "fine_tuning_supported": family.fine_tuning,
        "resource_name_base": resource_name_base(model.model_id),
        **({"gated_bucket": True} if model.eula_key else {}),
        "training_instance_type_variants": _variants(model, family, region),
        "sandbox_runnable": model.runnable,
        **_recipes(model.model_id, region),
    }


def recipe_spec(model: RecipeModel, region: str) -> dict[str, Any]:
    """Build the spec of a model that is customized by recipes only."""
    return {
        **_identity(model.model_id, model.version, model.url, "2.244.2"),
        "training_supported": False,
        "incremental_training_supported": False,
        **_hosting(model.model_id.partition("-")[0], model.model_id),
        "training_artifact_key": locations.BASE_MODEL,
        "training_vulnerable": False,
        "training_dependencies": [],
        "training_vulnerabilities": [],
        "deprecated": False,
        "metrics": [],
        "model_kwargs": {},
        "deploy_kwargs": {},
        "validation_supported": True,
        "fine_tuning_supported": False,
        "resource_name_base": resource_name_base(model.model_id),
        "sandbox_runnable": True,
        **_recipes(model.model_id, region),
    }


def deploy_only_spec(model: DeployOnlyModel) -> dict[str, Any]:
    """Build the spec of a model that cannot be fine-tuned."""
    return {
        **_identity(model.model_id, model.version, model.url, model.min_sdk),
        "training_supported": False,
        "incremental_training_supported": False,
        **_hosting(model.framework, model.model_id),
        **({"hosting_eula_key": model.eula_key} if model.eula_key else {}),
        "training_vulnerable": False,
        "training_dependencies": [],
        "training_vulnerabilities": [],
        "deprecated": model.deprecated,
        "metrics": [],
        "model_kwargs": {},
        "deploy_kwargs": {},
        "validation_supported": False,
        "fine_tuning_supported": False,
        "resource_name_base": resource_name_base(model.model_id),
        **({"gated_bucket": True} if model.eula_key else {}),
        "sandbox_runnable": False,
    }


def resource_name_base(model_id: str) -> str:
    """Return the prefix of the model's job names.

    The pattern of the public specs: framework shortened (`hf-`, `pt-`, `lgb-`, `xgb-`), and for the TensorFlow
    models neither framework and task nor the hub's version number. Stand-in for models whose pattern is not public.
    """
    framework, _, rest = model_id.partition("-")
    if framework == "tensorflow":
        name = rest.partition("-")[2]
        stem, _, last = name.rpartition("-")
        base = stem if last.isdigit() and len(last) == 1 else name
    else:
        base = f"{_SHORT_FRAMEWORKS.get(framework, framework)}-{rest}"
    # A dash and a timestamp of 23 characters follow, and a job name has at most 63 characters.
    return base[:39].rstrip("-")


def _recipes(model_id: str, region: str) -> dict[str, Any]:
    found = recipe_collection(model_id, region)
    return {"recipe_collection": found} if found else {}


def _identity(model_id: str, version: str, url: str, min_sdk: str) -> dict[str, Any]:
    return {"model_id": model_id, "url": url, "version": version, "min_sdk_version": min_sdk}


def _hosting(framework: str, model_id: str) -> dict[str, Any]:
    """Build the hosting half of models that jsft does not deploy, reduced to what spec loaders require.

    Stand-in: keys and types are not those of the real model.
    """
    return {
        "hosting_ecr_specs": {"framework": framework, "framework_version": "1.0.0", "py_version": "py310"},
        "hosting_artifact_key": f"sandbox-not-planted/{model_id}/artifacts/inference/v1.0.0/",
        "hosting_script_key": "source-directory-tarballs/sandbox-not-planted/inference/sourcedir.tar.gz",
        "hosting_use_script_uri": False,
        "inference_vulnerable": False,
        "inference_dependencies": [],
        "inference_vulnerabilities": [],
        "inference_environment_variables": [],
        "default_inference_instance_type": "ml.m5.xlarge",
        "supported_inference_instance_types": ["ml.m5.xlarge"],
    }


def _training_keys(model: Model, family: Family) -> dict[str, Any]:
    keys: dict[str, Any] = {"training_script_key": family.scripts.plain}
    if family.scripts.prepacked:
        keys["training_prepacked_script_key"] = family.scripts.prepacked
        keys["training_prepacked_script_version"] = family.scripts.version
    keys["training_ecr_specs"] = family.container.ecr_specs()
    keys["training_artifact_key"] = family.artifact.format(id=model.model_id)
    return keys


def _estimator_kwargs(family: Family) -> dict[str, Any]:
    kwargs: dict[str, Any] = {"encrypt_inter_container_traffic": True}
    if not family.compressed_output:
        kwargs["disable_output_compression"] = True
    if family.container.framework != "autogluon":  # the public AutoGluon spec sets no maximum run time
        kwargs["max_run"] = _MAX_RUN_SECONDS
    return kwargs


def _variants(model: Model, family: Family, region: str) -> dict[str, Any]:
    regions = sorted({*_IMAGE_REGIONS, region})
    images = {name: family.container.image_uris(name) for name in regions}
    variants: dict[str, Any] = {}
    for instance_family, alias in family.container.aliases_by_family().items():
        variant: dict[str, Any] = {"regional_properties": {"image_uri": f"${alias}"}}
        if model.eula_key and family.gated_artifact and instance_family in family.gated_families:
            key = family.gated_artifact.format(family=instance_family, id=model.model_id)
            variant["properties"] = {"gated_model_key_env_var_value": key}
        variants[instance_family] = variant
    return {"regional_aliases": {name: uris for name, uris in images.items() if uris}, "variants": variants}
