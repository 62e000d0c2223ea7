"""The volume: its size and its key, unless the instance type's disk is fixed."""

from __future__ import annotations

from collections.abc import Iterator

from jsft_tui.core.common.fixes import Fix, FixKind
from jsft_tui.core.customization.method import ON_INSTANCES
from jsft_tui.core.instances.types import DEFAULT_VOLUME_GB, instance_type
from jsft_tui.core.preflight.base.check import Check, CheckResult, Plan, passed, warn
from jsft_tui.core.preflight.base.inputs import Inputs
from jsft_tui.core.preflight.base.subject import Subject

QUOTA_GB = 1024
"""Default quota "Size of EBS volume for a training job instance"."""


def evaluate(plan: Plan, inputs: Inputs) -> Iterator[CheckResult]:
    """Warn about disk settings that will have no effect."""
    hardware, run = instance_type(plan.run.instance.type), plan.run
    if hardware is not None and hardware.has_nvme:
        disk = f"{hardware.nvme_gb} GB of local NVMe" if hardware.nvme_gb else "local NVMe"
        if run.kms.volume:
            message = f"{hardware.name} has {disk}, which takes no volume key: kms.volume is not sent."
            yield warn(message, "Remove kms.volume.", Fix(FixKind.DROP_VOLUME_KEY))
        if run.volume_gb and hardware.nvme_gb and run.volume_gb > hardware.nvme_gb:
            yield warn(f"volume_gb {run.volume_gb} has no effect: {hardware.name} has {disk}.")
        yield passed(f"{disk}, fixed.", detail="NVMe disk")
        return
    size = run.volume_gb or plan.spec.training_volume_gb or DEFAULT_VOLUME_GB
    if size > QUOTA_GB:
        message = f"{size} GB is more than the usual quota of {QUOTA_GB} GB."
        yield warn(message, "Request a higher quota, or use a smaller volume.")
    yield passed(f"{size} GB.", detail=f"{size} GB disk")


CHECK = Check("volume", Subject.INSTANCE, 180, evaluate, methods=ON_INSTANCES, label="Disk")
