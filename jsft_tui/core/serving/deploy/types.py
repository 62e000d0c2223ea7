"""The instance types that a trained model can be deployed to, and which of them is suggested."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from jsft_tui.core.catalog.spec.spec import ModelSpec
from jsft_tui.core.instances.types import LEGACY_FAMILIES, family_of, instance_type

_GPU_FAMILIES = ("g", "p", "inf", "trn")


@dataclass(frozen=True)
class SuggestedType:
    """An instance type, and the default of the spec that it replaces; empty where it is the default."""

    name: str
    instead_of: str = ""


def hosting_types(spec: ModelSpec, trained_on: str = "") -> tuple[str, ...]:
    """Return the types that a model can be deployed to, by the spec.

    Args:
        spec: the spec.
        trained_on: the instance type of the training, on which some models depend (Trainium).
    """
    own = spec.variants.inference_types(trained_on) if trained_on else ()
    return own or spec.hosting.types


def default_hosting_type(spec: ModelSpec, trained_on: str = "") -> str:
    """Return the type that the SDK would choose; empty where the spec names none."""
    own = spec.variants.default_inference_type(trained_on) if trained_on else None
    return own or spec.hosting.default_type or next(iter(hosting_types(spec, trained_on)), "")


def is_retired(name: str) -> bool:
    """Return whether AWS has retired or nearly retired a type."""
    return family_of(name) in LEGACY_FAMILIES


def suggested_type(spec: ModelSpec, trained_on: str = "", offered: Collection[str] = ()) -> SuggestedType | None:
    """Return the spec's default, or where AWS has retired it the first of its types that is like it.

    Args:
        spec: the spec.
        trained_on: the instance type of the training.
        offered: types that the region offers; empty: not known.
    """
    default = default_hosting_type(spec, trained_on)
    alive = [name for name in hosting_types(spec, trained_on) if _is_alive(name, offered)]
    if default and _is_alive(default, offered):
        return SuggestedType(default)
    alike = [name for name in alive if has_accelerator(name) == has_accelerator(default)]
    found = next(iter(alike or alive), None)
    return SuggestedType(found, default) if found else None


def has_accelerator(name: str) -> bool:
    """Return whether a type has GPUs or Neuron devices; of a type without known hardware its family says it."""
    hardware = instance_type(name)
    if hardware is not None:
        return bool(hardware.gpus or hardware.neuron_devices)
    return family_of(name).startswith(_GPU_FAMILIES)


def _is_alive(name: str, offered: Collection[str]) -> bool:
    return not is_retired(name) and (not offered or name in offered)
