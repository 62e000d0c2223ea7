"""Defaults for runs, in layers: what a run leaves open is filled from the highest layer that says something."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from jsft_tui.core.run.run import KmsKeys, Run, Vpc


@dataclass(frozen=True)
class Defaults:
    """What a run gets when it does not say otherwise. None: this layer says nothing.

    Attributes:
        origins: name of a setting -> where its value came from, in words.
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
    origins: Mapping[str, str] = field(default_factory=dict)

    def over(self, lower: Defaults) -> Defaults:
        """This layer laid over a lower one: single values replace, tags and environment merge."""
        return Defaults(
            role=self.role or lower.role,
            output=self.output or lower.output,
            vpc=self.vpc or lower.vpc,
            volume_key=self.volume_key or lower.volume_key,
            output_key=self.output_key or lower.output_key,
            tags={**lower.tags, **self.tags},
            environment={**lower.environment, **self.environment},
            encrypt_traffic=first_said(self.encrypt_traffic, lower.encrypt_traffic),
            network_isolation=first_said(self.network_isolation, lower.network_isolation),
            max_cost_usd=lower.max_cost_usd if self.max_cost_usd is None else self.max_cost_usd,
            origins={**lower.origins, **self.origins, **self._shared_origins(lower)},
        )

    def _shared_origins(self, lower: Defaults) -> dict[str, str]:
        """The origins of what both layers have a part in."""
        return {
            name: f"{self.origins[name]} + {lower.origins[name]}"
            for name in ("tags", "environment")
            if name in self.origins and name in lower.origins and self.origins[name] != lower.origins[name]
        }

    def from_origin(self, origin: str) -> Defaults:
        """The same layer, with everything that it says marked as coming from there."""
        said = [name for name, value in vars(self).items() if name != "origins" and value not in (None, {})]
        return replace(self, origins=dict.fromkeys(said, origin))


def with_defaults(run: Run, defaults: Defaults) -> Run:
    """The run with what it leaves open filled in; what it says itself always wins."""
    return replace(
        run,
        output=run.output or defaults.output or "",
        role=run.role or defaults.role,
        vpc=run.vpc or defaults.vpc,
        kms=KmsKeys(run.kms.volume or defaults.volume_key, run.kms.output or defaults.output_key),
        tags={**defaults.tags, **run.tags},
        environment={**defaults.environment, **run.environment},
        encrypt_traffic=first_said(run.encrypt_traffic, defaults.encrypt_traffic),
        network_isolation=first_said(run.network_isolation, defaults.network_isolation),
        max_cost_usd=defaults.max_cost_usd if run.max_cost_usd is None else run.max_cost_usd,
    )


def first_said(higher: bool | None, lower: bool | None) -> bool | None:
    """The higher layer's word, unless it says nothing."""
    return lower if higher is None else higher
