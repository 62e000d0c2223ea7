"""JumpStart's catalog: manifest entries and model specs.

A spec is the S3 spec format (snake_case JSON at `community_models/<id>/specs_v<version>.json`). Only what
matters for training and deploying is read; unknown fields are ignored, missing ones have the SDK's defaults
(`sagemaker.core.jumpstart.types.JumpStartMetadataBaseFields`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from packaging.version import InvalidVersion, Version

from jsft_tui.core.catalog.cards import ModelCard, RecipeCard
from jsft_tui.core.catalog.spec.ecr import EcrSpec
from jsft_tui.core.catalog.spec.hosting import Hosting, parse_hosting
from jsft_tui.core.catalog.spec.hyperparameter import HyperparameterSpec, Scope
from jsft_tui.core.catalog.spec.recipe import Recipe, parse_recipes
from jsft_tui.core.catalog.spec.variants import InstanceVariants
from jsft_tui.core.catalog.task import Task, framework_and_task
from jsft_tui.core.common.errors import usage
from jsft_tui.core.common.remedy import Remedy, RemedyCommand
from jsft_tui.core.common.text import did_you_mean


@dataclass(frozen=True)
class ManifestEntry:
    """One version of one model, as the region's manifest lists it."""

    model_id: str
    version: str
    spec_key: str
    min_sdk_version: str = ""
    deprecated: bool = False

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> ManifestEntry:
        """Read an entry of `models_manifest.json`."""
        return cls(
            model_id=str(data["model_id"]),
            version=str(data["version"]),
            spec_key=str(data["spec_key"]),
            min_sdk_version=str(data.get("min_version") or ""),
            deprecated=bool(data.get("deprecated")),
        )


@dataclass(frozen=True)
class MetricDefinition:
    """A metric and the regular expression that finds it in the job's log (group 1 is the value)."""

    name: str
    regex: str


@dataclass(frozen=True)
class ModelSpec:
    """What fine-tuning needs from a model's spec.

    S3 keys are relative to the region's content bucket (for `gated_*` the gated one).

    Attributes:
        training_supported: whether it has a classical training script.
        recipes: how it can be customized otherwise.
        hosting: how its models are deployed.
        recipe: the one that a run uses, whose hyperparameters and instance types the spec then has
            (`core.customization.recipes.choice.recipe_spec`); None for the classical script.
    """

    model_id: str
    version: str
    training_supported: bool = False
    incremental_training_supported: bool = False
    training_vulnerable: bool = False
    training_vulnerabilities: tuple[str, ...] = ()
    deprecated: bool = False
    deprecated_message: str = ""
    usage_info_message: str = ""
    url: str = ""
    resource_name_base: str = ""
    hyperparameters: tuple[HyperparameterSpec, ...] = ()
    metrics: tuple[MetricDefinition, ...] = ()
    default_instance_type: str | None = None
    instance_types: tuple[str, ...] = ()
    training_script_key: str = ""
    training_prepacked_script_key: str = ""
    training_artifact_key: str = ""
    training_ecr: EcrSpec | None = None
    variants: InstanceVariants = field(default_factory=InstanceVariants)
    training_volume_gb: int | None = None
    network_isolation: bool | None = None
    encrypt_traffic: bool = False
    max_run_seconds: int | None = None
    uncompressed_output: bool = False
    default_dataset_key: str = ""
    validation_supported: bool = False
    gated_bucket: bool = False
    eula_key: str = ""
    model_package_artifacts: Mapping[str, str] = field(default_factory=dict)
    recipes: tuple[Recipe, ...] = ()
    recipe: Recipe | None = None
    sandbox_runnable: bool | None = None
    hosting: Hosting = field(default_factory=Hosting)

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> ModelSpec:
        """Read a spec.

        Raises:
            Problem: it has no model id or version (code `BadModelSpec`).
        """
        if not data.get("model_id") or not data.get("version"):
            raise usage("BadModelSpec", "a model spec names no model_id or no version.")
        return cls(**_identity(data), **_training(data), **_access(data), hosting=parse_hosting(data))

    @property
    def task(self) -> Task:
        """The task, from the second part of the model id."""
        return framework_and_task(self.model_id)[1]

    @property
    def framework(self) -> str:
        """The framework, the first part of the model id."""
        return framework_and_task(self.model_id)[0]

    @property
    def fine_tunable(self) -> bool:
        """Whether it can be fine-tuned, by its script or by a recipe."""
        return self.training_supported or bool(self.recipes)

    @property
    def gated(self) -> bool:
        """Whether a license must be accepted (the SDK's `is_gated_model`)."""
        return self.gated_bucket or bool(self.eula_key)

    @property
    def card(self) -> ModelCard:
        """The summary for lists."""
        return ModelCard(
            self.model_id,
            self.version,
            self.task,
            self.framework,
            fine_tunable=self.fine_tunable,
            gated=self.gated,
            deprecated=self.deprecated,
            vulnerable=self.training_vulnerable,
            default_instance_type=self.default_instance_type,
            sandbox_runnable=self.sandbox_runnable,
            has_script=self.training_supported,
            recipes=tuple(
                RecipeCard(each.technique.value, each.adapter.value, each.serverless_regions, each.instance_regions)
                for each in self.recipes
            ),
        )

    @property
    def algorithm_hyperparameters(self) -> tuple[HyperparameterSpec, ...]:
        """The hyperparameters that users edit."""
        return tuple(spec for spec in self.hyperparameters if spec.scope is Scope.ALGORITHM)

    def hyperparameter(self, name: str) -> HyperparameterSpec | None:
        """Return a hyperparameter by name; None when the model has none."""
        return next((spec for spec in self.hyperparameters if spec.name == name), None)

    def hyperparameters_on(self, instance_type: str) -> tuple[HyperparameterSpec, ...]:
        """Return all hyperparameters, with the defaults that they have on an instance type."""
        own = self.variants.hyperparameters(instance_type) if instance_type else {}
        return tuple(replace(each, default=own.get(each.name, each.default)) for each in self.hyperparameters)

    @property
    def script_key(self) -> str:
        """The key of the training code: the prepacked one wins (SDK, `artifacts/script_uris.py`)."""
        return self.training_prepacked_script_key or self.training_script_key

    def artifact_key(self, instance_type: str) -> str:
        """Return the key of the pretrained weights for an instance type."""
        return self.variants.training_artifact(instance_type) or self.training_artifact_key

    def metrics_on(self, instance_type: str) -> tuple[MetricDefinition, ...]:
        """Return the metric definitions on an instance type: its own replace those of the same name."""
        own = [MetricDefinition(name, regex) for name, regex in self.variants.metrics(instance_type)]
        replaced = {metric.name for metric in own}
        return (*(metric for metric in self.metrics if metric.name not in replaced), *own)


def _identity(data: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "model_id": str(data["model_id"]),
        "version": str(data["version"]),
        "training_supported": bool(data.get("training_supported")),
        "incremental_training_supported": bool(data.get("incremental_training_supported")),
        "training_vulnerable": bool(data.get("training_vulnerable")),
        "training_vulnerabilities": tuple(map(str, data.get("training_vulnerabilities") or ())),
        "deprecated": bool(data.get("deprecated")),
        "deprecated_message": _text(data, "deprecated_message"),
        "usage_info_message": _text(data, "usage_info_message"),
        "url": _text(data, "url"),
        "resource_name_base": _text(data, "resource_name_base"),
        "recipes": parse_recipes(data.get("recipe_collection") or ()),
        "sandbox_runnable": data.get("sandbox_runnable"),
    }


def _training(data: Mapping[str, Any]) -> dict[str, Any]:
    estimator = data.get("estimator_kwargs") or {}
    return {
        "hyperparameters": tuple(map(HyperparameterSpec.parse, data.get("hyperparameters") or ())),
        "metrics": tuple(MetricDefinition(str(m["Name"]), str(m["Regex"])) for m in data.get("metrics") or ()),
        "default_instance_type": data.get("default_training_instance_type"),
        "instance_types": tuple(data.get("supported_training_instance_types") or ()),
        "training_script_key": _text(data, "training_script_key"),
        "training_prepacked_script_key": _text(data, "training_prepacked_script_key"),
        "training_artifact_key": _text(data, "training_artifact_key"),
        "training_ecr": EcrSpec.parse(data.get("training_ecr_specs")),
        "variants": InstanceVariants.parse(data.get("training_instance_type_variants")),
        "training_volume_gb": data.get("training_volume_size"),
        "network_isolation": data.get("training_enable_network_isolation"),
        "encrypt_traffic": bool(estimator.get("encrypt_inter_container_traffic")),
        "max_run_seconds": estimator.get("max_run"),
        "uncompressed_output": bool(estimator.get("disable_output_compression")),
        "default_dataset_key": _text(data, "default_training_dataset_key"),
        "validation_supported": bool(data.get("validation_supported")),
    }


def _access(data: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "gated_bucket": bool(data.get("gated_bucket")),
        "eula_key": _text(data, "hosting_eula_key"),
        "model_package_artifacts": dict(data.get("training_model_package_artifact_uris") or {}),
    }


def _text(data: Mapping[str, Any], name: str) -> str:
    return str(data.get(name) or "")


def version_key(version: str) -> Version:
    """Return a sort key for a version (`2.0.10` after `2.0.9`); invalid versions sort first."""
    try:
        return Version(version)
    except InvalidVersion:
        return Version("0.dev0")


def newest(entries: Iterable[ManifestEntry]) -> dict[str, ManifestEntry]:
    """Return the newest version of each model, in the order of the model ids."""
    found: dict[str, ManifestEntry] = {}
    for entry in entries:
        held = found.get(entry.model_id)
        if held is None or version_key(entry.version) > version_key(held.version):
            found[entry.model_id] = entry
    return dict(sorted(found.items()))


def select(entries: Sequence[ManifestEntry], model_id: str, version: str = "*") -> ManifestEntry:
    """Return the entry for a model and a version: `*` is the newest, `2.*` the newest that fits.

    Raises:
        Problem: no such model (`UnknownModel`, with the nearest names) or version (`UnknownModelVersion`).
    """
    versions = [entry for entry in entries if entry.model_id == model_id]
    if not versions:
        near = did_you_mean(model_id, {entry.model_id for entry in entries})
        remedy = near or Remedy("Search for it", RemedyCommand.SEARCH)
        raise usage("UnknownModel", f"there is no JumpStart model {model_id!r} in this region.", remedy)
    pattern = re.compile(re.escape(version).replace(r"\*", ".*"))
    fitting = [entry for entry in versions if pattern.fullmatch(entry.version)]
    if not fitting:
        known = ", ".join(sorted((entry.version for entry in versions), key=version_key, reverse=True)[:8])
        raise usage("UnknownModelVersion", f"{model_id} has no version {version!r}.", f"Known: {known}.")
    return max(fitting, key=lambda entry: version_key(entry.version))
