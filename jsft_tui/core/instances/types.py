"""Training instance types and their hardware."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from jsft_tui.core.instances.hardware import FAMILIES

DEFAULT_VOLUME_GB = 30
"""The SDK's own default (`EstimatorBase(volume_size=30)`); ignored by types with local NVMe."""
MAX_VOLUME_GB = 16_384
"""The largest EBS volume (EBS, general purpose SSD); the account's quota is usually 1,024."""

# SageMaker developer guide, jumpstart-fine-tune: the chart that a first reader will have seen.
LEGACY_FAMILIES = frozenset({"p2", "p3", "m4", "c4"})
"""Families that AWS has retired or nearly retired; many specs still name them as default."""

_NO_BF16_GPUS = frozenset({"K80", "V100", "T4"})


@dataclass(frozen=True)
class InstanceType:
    """Hardware of one instance type.

    Attributes:
        name: for example `ml.g5.12xlarge`.
        family: for example `g5`.
        vcpus: virtual CPUs.
        memory_gib: host memory.
        gpus: GPUs of one instance (0 for CPU and Trainium types).
        gpu_model: for example `A10G`, None without GPUs.
        gpu_memory_gib: usable memory of one GPU; None when there is none or it is unknown.
        neuron_devices: Trainium devices of one instance.
        nvme_gb: local NVMe store; 0 for none, None when unknown.
    """

    name: str
    family: str
    vcpus: int
    memory_gib: float
    gpus: int = 0
    gpu_model: str | None = None
    gpu_memory_gib: float | None = None
    neuron_devices: int = 0
    nvme_gb: int | None = 0

    @property
    def devices(self) -> int:
        """The devices that share a batch: GPUs, else Neuron devices, else the CPU as one."""
        return self.gpus or self.neuron_devices or 1

    @property
    def has_nvme(self) -> bool:
        """Whether it trains on local NVMe: the volume size is fixed and a volume key is refused.

        Source: CreateTrainingJob, ResourceConfig.VolumeSizeInGB and VolumeKmsKeyId.
        """
        return self.nvme_gb is None or self.nvme_gb > 0

    @property
    def is_legacy(self) -> bool:
        """Whether AWS has retired or nearly retired the family."""
        return self.family in LEGACY_FAMILIES

    @property
    def has_bf16(self) -> bool | None:
        """Whether its GPUs compute in bfloat16 (Ampere and later do); None without GPUs."""
        return None if not self.gpus else self.gpu_model not in _NO_BF16_GPUS

    @property
    def notes(self) -> tuple[str, ...]:
        """Short notes for choosing an instance type."""
        notes = []
        if self.is_legacy:
            notes.append("old type, often not available" if self.family != "p2" else "retired")
        if self.has_bf16 is False:
            notes.append(f"{self.gpu_model} has no bf16")
        return tuple(notes)


def family_of(instance_type: str) -> str:
    """Return the family in a type's name (`ml.g5.12xlarge`: `g5`); empty when it is not a type's name."""
    match = re.fullmatch(r"(?:ml\.)?([a-z0-9-]+)\.[a-z0-9-]+", instance_type)
    return match[1] if match else ""


@cache
def instance_types() -> Mapping[str, InstanceType]:
    """Return all known training instance types by name."""
    found: dict[str, InstanceType] = {}
    for line in FAMILIES.replace("\\\n", "").splitlines():
        family, accelerator, sizes = (part.strip() for part in line.split("|"))
        for size in sizes.split(","):
            instance = _read_size(family, accelerator, size.strip())
            found[instance.name] = instance
    return found


def instance_type(name: str) -> InstanceType | None:
    """Return an instance type; None when this version does not know it."""
    return instance_types().get(name)


def unknown_type(name: str) -> InstanceType:
    """Return a placeholder, without hardware, for a type that this version does not know."""
    return InstanceType(name, family_of(name), vcpus=0, memory_gib=0.0, nvme_gb=None)


def _read_size(family: str, accelerator: str, text: str) -> InstanceType:
    size, hardware = text.split()
    hardware, _, nvme = hardware.partition("+")
    vcpus, memory, *count = hardware.split("/")
    model, _, each = accelerator.partition(", ")
    devices = int(count[0]) if count else 0
    is_gpu = devices > 0 and each != "-"
    return InstanceType(
        name=f"ml.{family}.{size}",
        family=family,
        vcpus=int(vcpus),
        memory_gib=float(memory),
        gpus=devices if is_gpu else 0,
        gpu_model=model if is_gpu else None,
        gpu_memory_gib=float(each) if is_gpu and each != "?" else None,
        neuron_devices=0 if is_gpu else devices,
        nvme_gb=None if nvme == "?" else int(nvme or 0),
    )
