"""What deploying needs from a model's spec, with the inference configuration that the SDK chooses applied.

Sources: `sagemaker.core.jumpstart.types` (JumpStartMetadataBaseFields, JumpStartMetadataConfig) and the specs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from jsft_tui.core.catalog.spec.ecr import EcrSpec
from jsft_tui.core.catalog.spec.variants import InstanceVariants

_RANKING = "overall"
"""The ranking of configurations that the SDK uses (JumpStartConfigRankingName.DEFAULT)."""

_NOT_OVERRIDDEN = frozenset(
    {
        *("model_id", "url", "version", "min_sdk_version", "resource_name_base", "gated_bucket"),
        *("deprecated", "deprecated_message", "deprecate_warn_message"),
        *("training_supported", "incremental_training_supported"),
    }
)
"""Fields that a configuration leaves alone (JumpStartConfigComponent.OVERRIDING_DENY_LIST)."""


@dataclass(frozen=True)
class EnvironmentVariable:
    """A variable of the hosting container.

    Attributes:
        is_for_model: whether the SDK sends it with CreateModel (`required_for_model_class`).
    """

    name: str
    value: str
    is_for_model: bool


@dataclass(frozen=True)
class Payload:
    """An example of a request (`default_payloads`).

    Attributes:
        body: what is sent: JSON, a text, or `$s3<key>` for an object of the content bucket.
        prompt_key: the JMESPath of the prompt in the body; empty: none is named.
        output_keys: name of a part of the answer -> its JMESPath.
    """

    name: str
    content_type: str
    accept: str = ""
    body: Any = None
    prompt_key: str = ""
    output_keys: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Formats:
    """What an endpoint of the model takes and answers (`predictor_specs`); empty where the spec does not say."""

    content_type: str = ""
    accept: str = ""
    content_types: tuple[str, ...] = ()
    accepts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Hosting:
    """How the models of a spec are deployed.

    Attributes:
        config_name: the inference configuration that was applied; empty for specs without any.
        default_type: the instance type that the spec suggests; it may be gone from AWS.
        types: all that it names.
        script_key: the inference code in the content bucket.
        is_repacked: whether the code is put into the archive of the trained model before it is deployed.
        volume_gb: the volume for types that have none of their own.
        timeouts: `deploy_kwargs`: settings of the variant by the SDK's names.
        memory_mb: the memory that the model needs (`hosting_resource_requirements`); None: not said.
        accelerators: the GPUs or Neuron devices that it needs; None: not said.
    """

    config_name: str = ""
    default_type: str | None = None
    types: tuple[str, ...] = ()
    variants: InstanceVariants = field(default_factory=InstanceVariants)
    ecr: EcrSpec | None = None
    environment: tuple[EnvironmentVariable, ...] = ()
    network_isolation: bool = False
    script_key: str = ""
    is_repacked: bool = True
    volume_gb: int | None = None
    timeouts: Mapping[str, Any] = field(default_factory=dict)
    formats: Formats = field(default_factory=Formats)
    payloads: tuple[Payload, ...] = ()
    memory_mb: int | None = None
    accelerators: int | None = None

    @property
    def is_known(self) -> bool:
        """Return whether the spec says with which container its models are deployed."""
        return bool(self.variants.variants) or self.ecr is not None


def parse_hosting(data: Mapping[str, Any]) -> Hosting:
    """Read how the models of a spec are deployed, by the SDK's choice among its inference configurations."""
    name = inference_config(data)
    fields = _with_config(data, name)
    needs = fields.get("hosting_resource_requirements") or {}
    # A model package brings its variables itself (JumpStartMetadataConfig.resolved_config).
    is_package = bool(name) and bool(fields.get("hosting_model_package_arns"))
    return Hosting(
        config_name=name,
        default_type=fields.get("default_inference_instance_type"),
        types=tuple(fields.get("supported_inference_instance_types") or ()),
        variants=InstanceVariants.parse(fields.get("hosting_instance_type_variants")),
        ecr=EcrSpec.parse(fields.get("hosting_ecr_specs")),
        environment=() if is_package else _environment(fields.get("inference_environment_variables") or ()),
        network_isolation=bool(fields.get("inference_enable_network_isolation")),
        script_key=str(fields.get("hosting_script_key") or ""),
        # The SDK's default is True, and a prepacked model needs no code (`use_inference_script_uri`).
        is_repacked=fields.get("hosting_prepacked_artifact_key") is None
        and bool(fields.get("hosting_use_script_uri", True)),
        volume_gb=fields.get("inference_volume_size"),
        timeouts=dict(fields.get("deploy_kwargs") or {}),
        formats=_formats(fields.get("predictor_specs") or {}),
        payloads=tuple(_payload(key, each) for key, each in (fields.get("default_payloads") or {}).items()),
        memory_mb=needs.get("min_memory_mb"),
        accelerators=needs.get("num_accelerators"),
    )


def inference_config(data: Mapping[str, Any]) -> str:
    """Return the inference configuration that the SDK deploys a trained model with; empty for specs without any.

    That is the one that the first training configuration names, else the first in the ranking, else the first by name.
    """
    configs = data.get("inference_configs") or {}
    training = data.get("training_configs") or {}
    if training:
        first = _first(training, data.get("training_config_rankings"))
        if named := (training.get(first) or {}).get("default_inference_config"):
            return str(named) if named in configs else ""
    return _first(configs, data.get("inference_config_rankings"))


def _first(configs: Mapping[str, Any], rankings: Mapping[str, Any] | None) -> str:
    ranked = ((rankings or {}).get(_RANKING) or {}).get("rankings") or sorted(configs)
    return next((str(name) for name in ranked if name in configs), "")


def _with_config(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return the fields of a spec, replaced by those of the components of a configuration."""
    fields = data
    components = data.get("inference_config_components") or {}
    for each in (data.get("inference_configs") or {}).get(name, {}).get("component_names") or ():
        own = {key: value for key, value in (components.get(each) or {}).items() if key not in _NOT_OVERRIDDEN}
        fields = _merged(fields, own)
    return fields


def _merged(under: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Merge two documents, objects member by member (SDK, `deep_override_dict`)."""
    merged = dict(under)
    for key, value in over.items():
        below = merged.get(key)
        merged[key] = _merged(below, value) if isinstance(below, Mapping) and isinstance(value, Mapping) else value
    return merged


def _environment(variables: Sequence[Mapping[str, Any]]) -> tuple[EnvironmentVariable, ...]:
    return tuple(
        EnvironmentVariable(str(each["name"]), str(each.get("default")), bool(each.get("required_for_model_class")))
        for each in variables
    )


def _formats(data: Mapping[str, Any]) -> Formats:
    return Formats(
        str(data.get("default_content_type") or ""),
        str(data.get("default_accept_type") or ""),
        tuple(map(str, data.get("supported_content_types") or ())),
        tuple(map(str, data.get("supported_accept_types") or ())),
    )


def _payload(name: str, data: Mapping[str, Any]) -> Payload:
    return Payload(
        name,
        str(data.get("content_type") or ""),
        str(data.get("accept") or ""),
        data.get("body"),
        str(data.get("prompt_key") or ""),
        dict(data.get("output_keys") or {}),
    )
