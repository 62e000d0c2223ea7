"""The members of a request that say where a job runs: instances, time limits, network."""

from __future__ import annotations

from typing import Any

from jsft_tui.core.instances.types import DEFAULT_VOLUME_GB, instance_type
from jsft_tui.core.run.run import Run


def resources(run: Run, usual_volume_gb: int | None = None) -> dict[str, Any]:
    """Return `ResourceConfig`.

    Args:
        run: names the instances.
        usual_volume_gb: what the model's spec asks for, on instances whose disk is not fixed.
    """
    hardware = instance_type(run.instance.type)
    fixed_disk = hardware is not None and hardware.has_nvme
    spec_volume = None if fixed_disk else usual_volume_gb
    members = {
        "InstanceType": run.instance.type,
        "InstanceCount": run.instance.count,
        "VolumeSizeInGB": run.volume_gb or spec_volume or DEFAULT_VOLUME_GB,
        # "You can't request a VolumeKmsKeyId when using an instance type with local storage" (ResourceConfig).
        # The SDK drops a key that comes from its defaults file and sends one that was passed (which AWS refuses);
        # a run's key may come from either, so it is dropped, and the `volume` check warns.
        "VolumeKmsKeyId": None if fixed_disk else run.kms.volume,
        "KeepAlivePeriodInSeconds": run.instance.keep_alive,
    }
    return {key: value for key, value in members.items() if value}


def stopping(run: Run) -> dict[str, int]:
    """Return `StoppingCondition`."""
    members = {"MaxRuntimeInSeconds": run.instance.max_runtime}
    if run.instance.spot and run.instance.max_wait:
        members["MaxWaitTimeInSeconds"] = run.instance.max_wait
    elif run.instance.spot:
        members["MaxWaitTimeInSeconds"] = run.instance.max_runtime  # the API's minimum
    return members


def vpc(run: Run) -> dict[str, list[str]] | None:
    """Return `VpcConfig`; None without one."""
    if run.vpc is None:
        return None
    return {"Subnets": list(run.vpc.subnets), "SecurityGroupIds": list(run.vpc.security_group_ids)}
