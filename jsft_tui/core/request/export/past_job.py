"""The request behind a job, from its description, whatever created it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jsft_tui.core.jobs.training_job import TrainingJob
from jsft_tui.core.request.export.members import REQUEST_MEMBERS

_ANSWERS = ("SelectedInstanceType", "SelectedInstanceCount")
"""Members of ResourceConfig that DescribeTrainingJob returns and CreateTrainingJob does not accept."""
_KEYS = ("KmsKeyId", "VolumeKmsKeyId")
"""Members that come back empty when there was no key."""


def past_request(job: TrainingJob) -> dict[str, Any]:
    """Return the CreateTrainingJob request of a job, with the job's own name.

    It includes defaults that the service filled in (a compression type, a run time), which describe the same job. Not
    included: SessionChainingConfig, which DescribeTrainingJob does not return, and AWS's own tags.
    """
    described = {name: job.request[name] for name in REQUEST_MEMBERS if job.request.get(name)}
    for name in ("ResourceConfig", "OutputDataConfig"):
        if name in described:
            described[name] = _as_sent(described[name])
    if "HyperParameters" in described:  # without those that a tuning job adds to its trials
        values = described["HyperParameters"]
        described["HyperParameters"] = {
            name: value for name, value in values.items() if not name.startswith("_tuning_")
        }
    tags = [{"Key": key, "Value": value} for key, value in job.tags.items() if not key.lower().startswith("aws:")]
    return {**described, "Tags": tags} if tags else described


def _as_sent(members: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if name not in _ANSWERS and (value or name not in _KEYS)}
