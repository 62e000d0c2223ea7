"""The disk of each instance of a run, and the data that must fit on it."""

from __future__ import annotations

from dataclasses import dataclass

from jsft_tui.core.catalog.spec.spec import ModelSpec
from jsft_tui.core.instances.types import DEFAULT_VOLUME_GB, instance_type
from jsft_tui.core.run.run import Run
from jsft_tui.core.storage.archived import NO_TIERS, TierFacts
from jsft_tui.core.storage.key_rules import KeyFinding

GB, GIB = 10**9, 2**30
"""NVMe disks are sold in GB, EBS volumes in GiB (EC2 user guide)."""


@dataclass(frozen=True)
class SizeFacts:
    """The size of a prefix in bytes and objects, what is wrong with its keys, and what is known of archive tiers.

    The numbers are a lower bound when the listing is not complete.
    """

    total: int
    objects: int
    complete: bool = True
    keys: tuple[KeyFinding, ...] = ()
    tiers: TierFacts = NO_TIERS


def disk_bytes(run: Run, spec: ModelSpec) -> int | None:
    """Return the bytes of disk of one instance; None when the type or its NVMe store is unknown."""
    hardware = instance_type(run.instance.type)
    if hardware is None:
        return None
    if hardware.has_nvme:
        return hardware.nvme_gb * GB if hardware.nvme_gb else None
    return (run.volume_gb or spec.training_volume_gb or DEFAULT_VOLUME_GB) * GIB


def disk_is_fixed(run: Run) -> bool:
    """Return whether the type's local NVMe store is its only disk."""
    hardware = instance_type(run.instance.type)
    return hardware is not None and hardware.has_nvme


def in_words(size: int) -> str:
    """Format bytes in decimal units: `1.9 GB`."""
    value, unit = float(size), "B"
    for larger in ("kB", "MB", "GB", "TB"):
        if value < 1000:
            break
        value, unit = value / 1000, larger
    return f"{value:.0f} {unit}" if unit == "B" or value >= 100 else f"{value:.1f} {unit}"
