"""Compare an existing job with a request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_AS_SENT = ("HyperParameters", "Environment")
"""Members of CreateTrainingJob that come back as they were sent: an entry more makes it another job."""
_ONLY_IF_SENT = (
    "VpcConfig",
    "CheckpointConfig",
    "EnableManagedSpotTraining",
    "EnableNetworkIsolation",
    "EnableInterContainerTrafficEncryption",
)
"""Members that a job has only if they were asked for, though the service may fill in more inside them."""


def matches_request(described: Mapping[str, Any], requested: Mapping[str, Any]) -> bool:
    """Return whether a described job has everything that was requested.

    The service adds fields (ARNs, times, defaults such as an empty KmsKeyId); it drops none that were sent.
    Tags are not part of DescribeTrainingJob and are left out.

    Not checked against AWS: that hyperparameters and environment come back without additions.
    """
    wanted = {name: value for name, value in requested.items() if name != "Tags"}
    return (
        covers(described, wanted)
        and all(covers(wanted.get(name), described.get(name)) for name in _AS_SENT)
        and all(wanted.get(name) or not described.get(name) for name in _ONLY_IF_SENT)
    )


def covers(described: Any, requested: Any) -> bool:
    """Return whether a described value has everything of a requested one."""
    if not requested and not described:
        return True  # False and "nothing" are the same to the service
    if isinstance(requested, Mapping):
        return isinstance(described, Mapping) and all(covers(described.get(key), requested[key]) for key in requested)
    if isinstance(requested, (list, tuple)):
        if not isinstance(described, (list, tuple)) or len(described) != len(requested):
            return False
        return all(covers(theirs, ours) for theirs, ours in zip(described, requested, strict=True))
    return bool(described == requested) or requested is None
