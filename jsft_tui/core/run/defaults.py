"""Defaults for runs, in layers: each open value of a run is filled from the highest layer that sets it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from jsft_tui.core.customization.customization import Customization
from jsft_tui.core.run.run import KmsKeys, Run, Vpc


@dataclass(frozen=True)
class Defaults:
    """Values for what a run leaves open. None: not set by this layer.

    Attributes:
        origins: name of a setting -> where its value came from, in words.
        layers: the layers that it was overlaid from, the highest first.
    """

    role: str | None = None
    output: str | None = None
    vpc: Vpc | None = None
    volume_key: str | None = None
    output_key: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    encrypt_traffic: bool | None = None
    network_isolation: bool | None = None
    max_cost_usd: float | None = None
    model_package_group: str | None = None
    mlflow_app: str | None = None
    origins: Mapping[str, str] = field(default_factory=dict)
    layers: tuple[Layer, ...] = field(default=(), compare=False)

    def over(self, lower: Defaults) -> Defaults:
        """Overlay this layer on a lower one: single values are replaced, tags and environment merged."""
        return Defaults(
            role=self.role or lower.role,
            output=self.output or lower.output,
            vpc=self.vpc or lower.vpc,
            volume_key=self.volume_key or lower.volume_key,
            output_key=self.output_key or lower.output_key,
            tags={**lower.tags, **self.tags},
            environment={**lower.environment, **self.environment},
            encrypt_traffic=first_set(self.encrypt_traffic, lower.encrypt_traffic),
            network_isolation=first_set(self.network_isolation, lower.network_isolation),
            max_cost_usd=lower.max_cost_usd if self.max_cost_usd is None else self.max_cost_usd,
            model_package_group=self.model_package_group or lower.model_package_group,
            mlflow_app=self.mlflow_app or lower.mlflow_app,
            origins={**lower.origins, **self.origins, **self._shared_origins(lower)},
            layers=(*self.layers, *lower.layers),
        )

    def _shared_origins(self, lower: Defaults) -> dict[str, str]:
        """Return the origins of settings that both layers contribute to."""
        return {
            name: f"{self.origins[name]} + {lower.origins[name]}"
            for name in ("tags", "environment")
            if name in self.origins and name in lower.origins and self.origins[name] != lower.origins[name]
        }

    def from_origin(self, origin: str) -> Defaults:
        """Return the same layer with every value marked as coming from `origin`."""
        apart = ("origins", "layers")
        names = [name for name, value in vars(self).items() if name not in apart and value not in (None, {})]
        return replace(self, origins=dict.fromkeys(names, origin), layers=(Layer(origin, self),))


@dataclass(frozen=True)
class Layer:
    """One of the layers, by the origin of its values."""

    origin: str
    values: Defaults


def with_defaults(run: Run, defaults: Defaults) -> Run:
    """Fill the open values of a run; its own values always win."""
    return replace(
        run,
        output=run.output or defaults.output or "",
        role=run.role or defaults.role,
        vpc=run.vpc or defaults.vpc,
        kms=KmsKeys(run.kms.volume or defaults.volume_key, run.kms.output or defaults.output_key),
        tags={**defaults.tags, **run.tags},
        environment={**defaults.environment, **run.environment},
        encrypt_traffic=first_set(run.encrypt_traffic, defaults.encrypt_traffic),
        network_isolation=first_set(run.network_isolation, defaults.network_isolation),
        max_cost_usd=defaults.max_cost_usd if run.max_cost_usd is None else run.max_cost_usd,
        customization=run.customization and _customization(run.customization, defaults),
    )


def _customization(wanted: Customization, defaults: Defaults) -> Customization:
    return replace(
        wanted,
        model_package_group=wanted.model_package_group or defaults.model_package_group or "",
        mlflow_app=wanted.mlflow_app or defaults.mlflow_app or "",
    )


def first_set(higher: bool | None, lower: bool | None) -> bool | None:
    """Return the higher layer's value, unless it is not set."""
    return lower if higher is None else higher
