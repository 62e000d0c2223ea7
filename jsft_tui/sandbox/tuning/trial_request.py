"""The CreateTrainingJob request of a trial."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import Any

from jsft_tui.sandbox.tuning.tuning_store import TuningJob

OBJECTIVE_HYPERPARAMETER = "_tuning_objective_metric"
"""The service tells trials their objective in this hyperparameter (sagemaker-training-toolkit, `params.py`)."""

_SHARED = (
    "AlgorithmSpecification",
    "RoleArn",
    "InputDataConfig",
    "VpcConfig",
    "OutputDataConfig",
    "StoppingCondition",
    "EnableNetworkIsolation",
    "EnableInterContainerTrafficEncryption",
    "EnableManagedSpotTraining",
    "RetryStrategy",
    "Environment",
)


def trial_name(job: TuningJob, number: int) -> str:
    """Return the name of a trial's training job, as AWS forms them: `search-003-1a2b3c4d`."""
    mark = zlib.crc32(f"{job.region} {job.name} {job.created} {number}".encode())
    return f"{job.name}-{number:03}-{mark:08x}"


def trial_request(
    request: Mapping[str, Any], name: str, values: Mapping[str, str], tags: Mapping[str, str]
) -> dict[str, Any]:
    """Return the request of a trial.

    Args:
        request: of CreateHyperParameterTuningJob.
        name: of the training job.
        values: the hyperparameters that are tried.
        tags: of the tuning job; its trials have them too.
    """
    definition = request["TrainingJobDefinition"]
    metric = request["HyperParameterTuningJobConfig"]["HyperParameterTuningJobObjective"]["MetricName"]
    static = definition.get("StaticHyperParameters", {})
    trial = {
        **{member: definition[member] for member in _SHARED if member in definition},
        "TrainingJobName": name,
        "HyperParameters": {**static, **values, OBJECTIVE_HYPERPARAMETER: metric},
        "ResourceConfig": resources_of(definition),
        "Tags": [{"Key": key, "Value": value} for key, value in tags.items()],
    }
    if checkpoints := definition.get("CheckpointConfig"):
        # Not checked against AWS: each trial has a folder of its own, or it would go on from another one.
        trial["CheckpointConfig"] = {**checkpoints, "S3Uri": f"{checkpoints['S3Uri'].rstrip('/')}/{name}"}
    return trial


def resources_of(definition: Mapping[str, Any]) -> dict[str, Any]:
    """Return the ResourceConfig of the trials."""
    own = definition.get("HyperParameterTuningResourceConfig")
    if own is None:
        return dict(definition["ResourceConfig"])
    first = (own.get("InstanceConfigs") or [{}])[0]
    kept = {name: value for name, value in own.items() if name not in ("AllocationStrategy", "InstanceConfigs")}
    return {**kept, **first}
