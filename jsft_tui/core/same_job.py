"""Whether a job that exists is the one that a request asks for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def answers(described: Any, requested: Any) -> bool:
    """Whether everything that was requested is in what the service describes.

    The service adds fields (ARNs, times, defaults such as an empty KmsKeyId); it drops none that were sent.
    Tags are not part of DescribeTrainingJob and are left out.
    """
    if isinstance(requested, Mapping):
        if not isinstance(described, Mapping):
            return False
        wanted = {key: value for key, value in requested.items() if key != "Tags"}
        return all(answers(described.get(key), value) for key, value in wanted.items())
    if isinstance(requested, (list, tuple)):
        if not isinstance(described, (list, tuple)) or len(described) != len(requested):
            return False
        return all(answers(theirs, ours) for theirs, ours in zip(described, requested, strict=True))
    # False and "nothing" are the same to the service.
    return bool(described == requested) or (not requested and not described)
