"""Suggest a first run for a model, with a sensible value for every setting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from jsft_tui.core.catalog.spec.spec import ModelSpec
from jsft_tui.core.hyperparameters.batch import batch_rule
from jsft_tui.core.instances.types import InstanceType, instance_type
from jsft_tui.core.run.defaults import Defaults
from jsft_tui.core.run.name import job_name
from jsft_tui.core.run.run import AUTO, DEFAULT_MAX_RUNTIME, InstanceChoice, ModelChoice, Run
from jsft_tui.core.sizing.pricing import Price

_MAIN_HYPERPARAMETERS = ("epochs", "epoch", "n_epochs", "num_boost_round", "iterations", "learning_rate")


@dataclass(frozen=True)
class Market:
    """Known prices and free quota; empty mappings: nothing is known."""

    prices: Mapping[str, Price] = field(default_factory=dict)
    free: Mapping[str, float] = field(default_factory=dict)
    """Instance type -> instances that may still be started (absent: not known)."""
    in_use: Mapping[str, int] = field(default_factory=dict)
    """Instance type -> instances that running jobs use (absent: not known)."""


def first_run(spec: ModelSpec, defaults: Defaults, market: Market, now: float, name: str = "") -> Run:
    """Suggest a run with defaults for a model.

    Args:
        spec: the model.
        defaults: role, output and so on.
        market: used to choose an instance type that can be started.
        now: epoch seconds, for the job's name.
        name: the job's name; empty to make one.
    """
    return Run(
        name=name or job_name(spec.resource_name_base or spec.model_id, now),
        model=ModelChoice(spec.model_id, spec.version),
        instance=InstanceChoice(
            choose_instance(spec, market),
            max_runtime=min(DEFAULT_MAX_RUNTIME, spec.max_run_seconds or DEFAULT_MAX_RUNTIME),
        ),
        output=defaults.output or "",
        hyperparameters=main_hyperparameters(spec),
        role=defaults.role,
        max_cost_usd=defaults.max_cost_usd,
    )


def main_hyperparameters(spec: ModelSpec) -> dict[str, str]:
    """Return the hyperparameters changed most often, at their defaults, with an automatic batch size."""
    chosen = {name: declared.default_text for name in _MAIN_HYPERPARAMETERS if (declared := spec.hyperparameter(name))}
    rule = batch_rule(spec)
    return {**chosen, rule.parameter: AUTO} if rule else chosen


def choose_instance(spec: ModelSpec, market: Market) -> str:
    """Choose an instance type that the model supports and the account can start.

    This is the spec's own default when it is not a legacy type and has quota; else, of the supported types of the same
    kind with the nearest number of GPUs, the cheapest that has quota; else still the default (preflight will report
    the reason). A default that this version does not know is trusted.
    """
    default = spec.default_instance_type or (spec.instance_types[0] if spec.instance_types else "")
    wanted = instance_type(default)
    if _startable(default, market) and not (wanted and wanted.is_legacy):
        return default
    known = [found for name in spec.instance_types if (found := instance_type(name))]
    candidates = [found for found in known if _startable(found.name, market) and not found.is_legacy]
    candidates.sort(key=lambda found: (*_distance(found, wanted), _price(found, market), found.vcpus))
    return candidates[0].name if candidates else default


def _startable(name: str, market: Market) -> bool:
    return market.free.get(name, 1.0) >= 1


def _distance(found: InstanceType, wanted: InstanceType | None) -> tuple[bool, int]:
    """Return a type's distance from the desired one: kind of hardware, then number of GPUs."""
    if wanted is None:
        return False, 0
    same_kind = (found.gpus > 0, found.neuron_devices > 0) == (wanted.gpus > 0, wanted.neuron_devices > 0)
    return not same_kind, abs(found.gpus - wanted.gpus)


def _price(instance: InstanceType, market: Market) -> float:
    price = market.prices.get(instance.name)
    return price.usd_per_hour if price else float("inf")
