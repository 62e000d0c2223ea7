"""The hardware of an instance type in words, in the units of its makers: 24 GB, not 22.35 GiB."""

from __future__ import annotations

from collections.abc import Mapping

from jsft_tui.core.catalog.spec.spec import ModelSpec
from jsft_tui.core.instances.types import InstanceType

GIB, GB = 2**30, 10**9
BF16 = "bf16"
"""Hyperparameter by which a training script computes in bfloat16, and the word in a model's id for it."""


def gpu_memory_gb(hardware: InstanceType) -> int | None:
    """Return the memory of one GPU as its maker names it; None if it has none or it is not known.

    EC2 reports it in whole GiB under the maker's number (T4: 16), or the usable bytes (A10G: 22.35 GiB of 24 GB).
    """
    gib = hardware.gpu_memory_gib
    if gib is None:
        return None
    return int(gib) if float(gib).is_integer() else round(gib * GIB / GB)


def gpu_words(hardware: InstanceType) -> str:
    """Return GPUs and the memory of one: `4 × T4 16 GB`, `CPU`."""
    if hardware.neuron_devices:
        return _times(hardware.neuron_devices, "Trainium")
    if not hardware.gpus:
        return "CPU" if hardware.vcpus else "?"
    memory = gpu_memory_gb(hardware)
    return _times(hardware.gpus, f"{hardware.gpu_model} {memory} GB" if memory else str(hardware.gpu_model))


def gpu_model_words(hardware: InstanceType) -> str:
    """Return GPUs without their memory: `4 × T4`."""
    return _times(hardware.gpus, str(hardware.gpu_model)) if hardware.gpus else gpu_words(hardware)


def _times(count: int, what: str) -> str:
    return f"{count} × {what}" if count > 1 else what


def machine_words(hardware: InstanceType) -> tuple[str, ...]:
    """Return CPUs, memory and local disk: `48 vCPU`, `192 GB RAM`, `900 GB NVMe`; empty if they are not known."""
    if not hardware.vcpus:
        return ()
    disk = (f"{hardware.nvme_gb:,} GB NVMe",) if hardware.nvme_gb else ("NVMe",) if hardware.has_nvme else ()
    return (f"{hardware.vcpus} vCPU", f"{hardware.memory_gib:g} GB RAM", *disk)


def wants_bf16(spec: ModelSpec, values: Mapping[str, str]) -> bool:
    """Return whether a model is to compute in bfloat16.

    Args:
        spec: the model, whose default counts unless the run says otherwise.
        values: hyperparameters of the run.
    """
    declared = spec.hyperparameter(BF16)
    default = declared.default_text if declared is not None else ""
    return values.get(BF16, default).lower() == "true" or BF16 in spec.model_id.lower().split("-")


def number_formats(hardware: InstanceType, *, with_bf16: bool) -> str:
    """Return the floating point formats of a type's GPUs; empty without GPUs. bf16 only if the model is to use it."""
    if not hardware.gpus:
        return ""
    if not with_bf16:
        return "fp32 and fp16"
    return "fp32, fp16 and bf16" if hardware.has_bf16 else f"fp32 and fp16; {hardware.gpu_model} has no bf16"
