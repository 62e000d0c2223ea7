"""The encoding of hyperparameters in JumpStart's jobs."""

from __future__ import annotations

import json
from collections.abc import Mapping


def decoded_hyperparameters(encoded: Mapping[str, str]) -> dict[str, str]:
    """Decode a job's values to what the user wrote: JSON strings unquoted, those of the service left out."""
    return {name: _decoded(value) for name, value in encoded.items() if not name.startswith(_OF_THE_SERVICE)}


_OF_THE_SERVICE = ("sagemaker_", "_tuning_")
"""The container's hyperparameters, and those that a tuning job adds to its trials (`_tuning_objective_metric`)."""


def _decoded(value: str) -> str:
    if not value.lstrip().startswith('"'):
        return value  # no JSON text: parsing what anybody nested here would cost a stack
    try:
        decoded = json.loads(value)
    except ValueError:
        return value  # the SDK v3 and the console send bare text
    return decoded if isinstance(decoded, str) else value
