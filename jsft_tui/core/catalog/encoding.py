"""The encoding of hyperparameters in JumpStart's jobs."""

from __future__ import annotations

import json
from collections.abc import Mapping


def decoded_hyperparameters(encoded: Mapping[str, str]) -> dict[str, str]:
    """Decode a job's values to what the user wrote: JSON strings unquoted, `sagemaker_*` left out."""
    return {name: _decoded(value) for name, value in encoded.items() if not name.startswith("sagemaker_")}


def _decoded(value: str) -> str:
    try:
        decoded = json.loads(value)
    except ValueError:
        return value  # the SDK v3 and the console send bare text
    return decoded if isinstance(decoded, str) else value
