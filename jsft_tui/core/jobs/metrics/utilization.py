"""Convert instance metrics to percent of the instances."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from jsft_tui.core.instances.types import InstanceType


class InstanceMetric(Enum):
    """The instance metrics of training jobs, by CloudWatch's names (guide, monitoring-cloudwatch)."""

    CPU = "CPUUtilization"
    MEMORY = "MemoryUtilization"
    GPU = "GPUUtilization"
    GPU_MEMORY = "GPUMemoryUtilization"
    DISK = "DiskUtilization"

    @property
    def label(self) -> str:
        """Return a short label."""
        return _LABELS[self]


_LABELS = {
    InstanceMetric.CPU: "CPU",
    InstanceMetric.MEMORY: "memory",
    InstanceMetric.GPU: "GPU",
    InstanceMetric.GPU_MEMORY: "GPU memory",
    InstanceMetric.DISK: "disk",
}


@dataclass(frozen=True)
class Reading:
    """One CloudWatch value of a host; `time` is epoch seconds."""

    host: str
    metric: InstanceMetric
    time: float
    value: float


@dataclass(frozen=True)
class HostUtilization:
    """The latest utilization of a host: metric -> percent of the whole instance, 0 to 100."""

    host: str
    percent: dict[InstanceMetric, float]


@dataclass(frozen=True)
class JobUtilization:
    """The utilization of a job: the latest of each host, and (time, percent) of all GPUs, oldest first."""

    hosts: Sequence[HostUtilization] = ()
    gpu: Sequence[tuple[float, float]] = ()


def share(metric: InstanceMetric, value: float, instance: InstanceType) -> float:
    """Convert a value to percent of the whole instance.

    CPU counts 100 for each vCPU, GPU and GPU memory 100 for each GPU; memory and disk are already percent
    (guide, monitoring-cloudwatch).
    """
    if metric is InstanceMetric.CPU:
        return value / max(1, instance.vcpus)
    if metric in (InstanceMetric.GPU, InstanceMetric.GPU_MEMORY):
        return value / max(1, instance.gpus)
    return value


def latest_use(readings: Iterable[Reading], instance: InstanceType) -> list[HostUtilization]:
    """Return the newest value of each metric by host."""
    newest: dict[tuple[str, InstanceMetric], Reading] = {}
    for reading in readings:
        key = (reading.host, reading.metric)
        if key not in newest or reading.time >= newest[key].time:
            newest[key] = reading
    hosts = sorted({host for host, _ in newest})
    return [
        HostUtilization(
            host, {m: share(m, newest[host, m].value, instance) for m in InstanceMetric if (host, m) in newest}
        )
        for host in hosts
    ]


def gpu_shares(readings: Sequence[Reading], instance: InstanceType) -> list[tuple[float, float]]:
    """Return (time, percent) of all GPUs of all hosts together, oldest first; empty without GPUs."""
    by_time: dict[float, list[float]] = {}
    for reading in readings:
        if reading.metric is InstanceMetric.GPU:
            by_time.setdefault(reading.time, []).append(share(reading.metric, reading.value, instance))
    return [(time, sum(values) / len(values)) for time, values in sorted(by_time.items())]
