"""What the instances of a job are busy with, in percent of what they have."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from jsft_tui.core.instances.types import InstanceType


class MachineMetric(Enum):
    """The instance metrics of training jobs, by CloudWatch's names (guide, monitoring-cloudwatch)."""

    CPU = "CPUUtilization"
    MEMORY = "MemoryUtilization"
    GPU = "GPUUtilization"
    GPU_MEMORY = "GPUMemoryUtilization"
    DISK = "DiskUtilization"

    @property
    def label(self) -> str:
        """The metric in a word or two."""
        return _LABELS[self]


_LABELS = {
    MachineMetric.CPU: "CPU",
    MachineMetric.MEMORY: "memory",
    MachineMetric.GPU: "GPU",
    MachineMetric.GPU_MEMORY: "GPU memory",
    MachineMetric.DISK: "disk",
}


@dataclass(frozen=True)
class Reading:
    """One value of a host, as CloudWatch gives it; `time` in epoch seconds."""

    host: str
    metric: MachineMetric
    time: float
    value: float


@dataclass(frozen=True)
class Use:
    """What a host was busy with lately: metric -> percent of the whole instance, 0 to 100."""

    host: str
    percent: dict[MachineMetric, float]


@dataclass(frozen=True)
class MachineUse:
    """What all instances of a job were busy with: each host lately, and (time, percent) of all GPUs, oldest first."""

    hosts: Sequence[Use] = ()
    gpu: Sequence[tuple[float, float]] = ()


def share(metric: MachineMetric, value: float, instance: InstanceType) -> float:
    """A value as percent of the whole instance.

    CPU counts 100 for each vCPU, GPU and GPU memory 100 for each GPU; memory and disk are percent already
    (guide, monitoring-cloudwatch).
    """
    if metric is MachineMetric.CPU:
        return value / max(1, instance.vcpus)
    if metric in (MachineMetric.GPU, MachineMetric.GPU_MEMORY):
        return value / max(1, instance.gpus)
    return value


def latest_use(readings: Iterable[Reading], instance: InstanceType) -> list[Use]:
    """The newest value of each metric, host by host."""
    newest: dict[tuple[str, MachineMetric], Reading] = {}
    for reading in readings:
        key = (reading.host, reading.metric)
        if key not in newest or reading.time >= newest[key].time:
            newest[key] = reading
    hosts = sorted({host for host, _ in newest})
    return [
        Use(host, {m: share(m, newest[host, m].value, instance) for m in MachineMetric if (host, m) in newest})
        for host in hosts
    ]


def gpu_shares(readings: Sequence[Reading], instance: InstanceType) -> list[tuple[float, float]]:
    """(time, percent) of all GPUs of all hosts together, oldest first; empty without GPUs."""
    by_time: dict[float, list[float]] = {}
    for reading in readings:
        if reading.metric is MachineMetric.GPU:
            by_time.setdefault(reading.time, []).append(share(reading.metric, reading.value, instance))
    return [(time, sum(values) / len(values)) for time, values in sorted(by_time.items())]
