"""Values of a spec for an instance type or family: image, weights, environment, hyperparameters, metrics.

The exact type wins over the family, as in `sagemaker.core.jumpstart.types.JumpStartInstanceTypeVariants`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from jsft_tui.core.instances.types import family_of


@dataclass(frozen=True)
class InstanceVariants:
    """`training_instance_type_variants` of a spec, or its `hosting_instance_type_variants`.

    Attributes:
        aliases: region -> alias -> value; a regional property `$alias` is looked up here.
        variants: instance type or family -> `{"regional_properties": ..., "properties": ...}`.
    """

    aliases: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    variants: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @classmethod
    def parse(cls, data: Mapping[str, Any] | None) -> InstanceVariants:
        """Read the field; a missing one means no variants."""
        data = data or {}
        return cls(data.get("regional_aliases") or {}, data.get("variants") or {})

    def image_uri(self, instance_type: str, region: str) -> str | None:
        """Return the image for an instance type in a region; None when the spec names none."""
        for name in self._names(instance_type):
            alias = self._section(name, "regional_properties").get("image_uri")
            if alias:
                regional = self.aliases.get(region, {})
                return regional.get(str(alias).removeprefix("$")) if str(alias).startswith("$") else None
        return None

    def training_artifact(self, instance_type: str) -> str | None:
        """Return the key (or URI) of weights for an instance type; None when it has none of its own."""
        uri = self._property(instance_type, "training_artifact_uri")
        return uri or self._property(instance_type, "training_artifact_key")

    def gated_artifact(self, instance_type: str) -> str | None:
        """Return the key of gated weights for an instance type, in the gated content bucket."""
        return self._property(instance_type, "gated_model_key_env_var_value")

    def environment(self, instance_type: str) -> dict[str, str]:
        """Return environment variables for an instance type."""
        merged: dict[str, str] = {}
        for name in reversed(self._names(instance_type)):
            merged |= self._section(name, "properties").get("environment_variables") or {}
        return merged

    def hyperparameters(self, instance_type: str) -> dict[str, Any]:
        """Return defaults that differ on an instance type."""
        merged: dict[str, Any] = {}
        for name in reversed(self._names(instance_type)):
            for entry in self._section(name, "properties").get("hyperparameters") or ():
                merged[str(entry["name"])] = entry.get("default")
        return merged

    def default_inference_type(self, instance_type: str) -> str | None:
        """Return the type that a model trained on an instance type is deployed to, where it is a special one."""
        return self._property(instance_type, "default_inference_instance_type")

    def inference_types(self, instance_type: str) -> tuple[str, ...]:
        """Return the types that a model trained on an instance type can be deployed to; empty: those of the spec."""
        found: dict[str, None] = {}
        for name in self._names(instance_type):
            named = self._section(name, "properties").get("supported_inference_instance_types") or ()
            found.update(dict.fromkeys(map(str, named)))
        return tuple(found)

    def metrics(self, instance_type: str) -> list[tuple[str, str]]:
        """Return metric definitions (name, regex) that replace the model's own of the same name."""
        merged: dict[str, str] = {}
        for name in self._names(instance_type):
            for entry in self._section(name, "properties").get("metrics") or ():
                merged.setdefault(str(entry["Name"]), str(entry["Regex"]))
        return list(merged.items())

    def _names(self, instance_type: str) -> tuple[str, ...]:
        return (instance_type, family_of(instance_type))

    def _section(self, name: str, section: str) -> Mapping[str, Any]:
        return (self.variants.get(name) or {}).get(section) or {}

    def _property(self, instance_type: str, name: str) -> str | None:
        for key in self._names(instance_type):
            if value := self._section(key, "properties").get(name):
                return str(value)
        return None
