"""Publish a training job's instance metrics, as far as this machine provides them."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

from jsft_tui.sandbox.cloudwatch.metrics import MetricsService
from jsft_tui.sandbox.sagemaker.job_output import METRIC_NAMESPACE
from jsft_tui.sandbox.sagemaker.processes import GroupUsage, group_usage, total_memory


class HostMetrics:
    """CPU, memory and disk of one job, published under dimension `Host` = `<job>/algo-1`.

    Units are CloudWatch's for training jobs: CPUUtilization sums over cores (0-100 for each),
    MemoryUtilization and DiskUtilization are 0-100. There are no GPU metrics, because there is no GPU; without
    `/proc` (macOS) only DiskUtilization is published.
    """

    def __init__(self, job_name: str, group: int, folder: Path, metrics: MetricsService) -> None:
        self._dimensions = {"Host": f"{job_name}/algo-1"}
        self._group = group
        self._folder = folder
        self._metrics = metrics
        self._before: GroupUsage | None = group_usage(group)
        self._measured = time.monotonic()

    def publish(self) -> None:
        """Measure the usage since the previous call and store the values."""
        now, use = time.monotonic(), group_usage(self._group)
        disk = shutil.disk_usage(self._folder)
        values = {"DiskUtilization": 100 * disk.used / disk.total}
        if use is not None and self._before is not None and now > self._measured:
            # The CPU seconds of a process that has ended are no longer counted: report 0 rather than a negative value.
            seconds = max(0.0, use.cpu_seconds - self._before.cpu_seconds)
            values["CPUUtilization"] = 100 * seconds / (now - self._measured)
            values["MemoryUtilization"] = 100 * use.resident_bytes / total_memory()
        self._before, self._measured = use, now
        stamp = time.time()
        self._metrics.put_values(
            METRIC_NAMESPACE, self._dimensions, [(name, stamp, value) for name, value in values.items()]
        )
