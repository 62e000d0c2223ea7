"""The request behind a tuning job, from its description, whatever created it."""

from __future__ import annotations

from typing import Any

from jsft_tui.core.request.export.members import TUNING_MEMBERS
from jsft_tui.core.tuning.parse import static_hyperparameters
from jsft_tui.core.tuning.results.tuning_job import TuningJob

_KEYS = ("KmsKeyId", "VolumeKmsKeyId")
"""Members that come back empty when there was no key."""


def past_search(job: TuningJob) -> dict[str, Any]:
    """Return the CreateHyperParameterTuningJob request of a tuning job, with its own name; without AWS's own tags."""
    request = {name: job.request[name] for name in TUNING_MEMBERS if job.request.get(name)}
    definition = dict(request.get("TrainingJobDefinition") or {})
    if definition:
        definition["StaticHyperParameters"] = static_hyperparameters(definition)
        for name in ("HyperParameterTuningResourceConfig", "OutputDataConfig"):
            kept = definition.get(name) or {}
            definition[name] = {key: value for key, value in kept.items() if value or key not in _KEYS}
        request["TrainingJobDefinition"] = {name: value for name, value in definition.items() if value}
    tags = [{"Key": key, "Value": value} for key, value in job.tags.items() if not key.lower().startswith("aws:")]
    return {**request, "Tags": tags} if tags else request
